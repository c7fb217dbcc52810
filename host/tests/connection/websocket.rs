//! WebSocket on the path of HTTP: the handshake, messages in kind, and every close code.

use super::*;
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, Message};

fn http() -> Listener {
    Listener {
        path: "/rpc".to_owned(),
        origins: vec!["https://app.example".to_owned()],
        callbacks: vec!["Client".to_owned()],
        ..Listener::default()
    }
}

type Socket = WebSocketStream<TcpStream>;

async fn open(server: &Running, headers: &[(&'static str, &str)]) -> Result<Socket, Error> {
    let mut request = server.url.replace("http://", "ws://").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    let address = server.url.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    tokio_tungstenite::client_async(request, stream).await.map(|(socket, _)| socket)
}

async fn say(socket: &mut Socket, body: &Value) {
    socket.send(Message::text(body.to_string())).await.unwrap();
}

async fn hear(socket: &mut Socket) -> Value {
    loop {
        match soon(socket.next()).await.unwrap().unwrap() {
            Message::Text(text) => return serde_json::from_str(&text).unwrap(),
            Message::Ping(_) | Message::Pong(_) => (),
            other => panic!("{other:?} is no reply"),
        }
    }
}

/// The code and the reason that the server closes with.
async fn closed(socket: &mut Socket) -> (u16, String) {
    loop {
        match soon(socket.next()).await {
            Some(Ok(Message::Close(Some(frame)))) => return (frame.code.into(), frame.reason.to_string()),
            Some(Ok(Message::Close(None))) => return (1005, String::new()),
            Some(Ok(_)) => (),
            other => panic!("{other:?} is no close"),
        }
    }
}

async fn serves(server: &Running) {
    let mut socket = open(server, &[]).await.unwrap();
    say(&mut socket, &request(1, "S.echo", json!(["x"]))).await;
    assert_eq!(hear(&mut socket).await["result"], "x");
}

#[tokio::test]
async fn messages_are_answered_in_kind() {
    let server = start(http(), patient());
    let mut socket = open(&server, &[("x-test", "1"), ("cookie", "2")]).await.unwrap();
    let body = request(1, "S.echo", json!(["é"])).to_string();
    socket.send(Message::text(body.clone())).await.unwrap();
    let text = soon(socket.next()).await.unwrap().unwrap();
    assert_eq!(text, Message::text(r#"{"jsonrpc":"2.0","result":"é","id":1}"#));
    socket.send(Message::binary(body)).await.unwrap();
    let binary = soon(socket.next()).await.unwrap().unwrap();
    assert_eq!(binary, Message::binary(r#"{"jsonrpc":"2.0","result":"é","id":1}"#));
    socket.send(Message::text("{")).await.unwrap();
    assert_eq!(hear(&mut socket).await["error"]["code"], -32700);
    say(&mut socket, &request(1, "S.who", json!([]))).await;
    let context = hear(&mut socket).await["result"].as_str().unwrap().to_owned();
    assert!(
        context.contains(r#""transport":"websocket""#) && context.contains(r#""x-test":"1""#),
        "{context}"
    );
    assert!(!context.contains("cookie"), "{context}");
    socket.send(Message::Ping("alive".into())).await.unwrap();
    assert_eq!(soon(socket.next()).await.unwrap().unwrap(), Message::Pong("alive".into()));
    socket.close(None).await.unwrap();
    assert_eq!(closed(&mut socket).await.0, 1005);
}

#[tokio::test]
async fn both_sides_call() {
    let server = start(http(), patient());
    let mut socket = open(&server, &[]).await.unwrap();
    say(&mut socket, &request(1, "S.ask", json!(["", 4]))).await;
    let asked = hear(&mut socket).await;
    assert_eq!(asked["method"], "Client.double");
    say(&mut socket, &json!({"jsonrpc": "2.0", "id": asked["id"], "result": 8})).await;
    assert_eq!(hear(&mut socket).await["result"], "8");
}

#[tokio::test]
async fn only_who_may_call_is_let_in() {
    let server = start(http(), patient());
    for (name, value, status) in [
        ("origin", "https://app.example", None),
        ("origin", "https://evil.example", Some(403)),
        ("origin", "null", Some(403)),
        ("host", "evil.example", Some(403)),
        ("sec-websocket-version", "12", Some(400)),
    ] {
        let got = match open(&server, &[(name, value)]).await {
            Ok(_) => None,
            Err(Error::Http(response)) => Some(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        };
        assert_eq!(got, status, "{name}: {value}");
    }
    let server = start(Listener { websocket: false, ..http() }, patient());
    assert!(matches!(open(&server, &[]).await, Err(Error::Http(response)) if response.status() == 405));
}

#[tokio::test]
async fn bad_messages_get_their_codes() {
    let mut limits = patient();
    limits.core.body = 1000;
    let server = start(http(), limits);
    let text = |bytes: &'static [u8], last| Frame::message(bytes, OpCode::Data(Data::Text), last);
    let too_large = Message::text("x".repeat(1001));
    let mut reserved = text(b"{}", true);
    reserved.header_mut().rsv1 = true;
    let cases = [
        (vec![too_large], 1009),
        (
            vec![
                Message::Frame(text(&[b'x'; 900], false)),
                Message::Frame(Frame::message(vec![b'x'; 900], OpCode::Data(Data::Continue), true)),
            ],
            1009,
        ),
        (vec![Message::Frame(text(b"\"\xff\"", true))], 1007),
        (vec![Message::Frame(reserved)], 1002),
        (vec![Message::Frame(Frame::message(vec![b'x'], OpCode::Data(Data::Continue), true))], 1002),
    ];
    for (messages, code) in cases {
        let mut socket = open(&server, &[]).await.unwrap();
        for message in messages {
            socket.send(message).await.unwrap();
        }
        assert_eq!(closed(&mut socket).await.0, code);
    }
    // A size that is only announced.
    let mut socket = open(&server, &[]).await.unwrap();
    let head = [&[0x81, 0xff][..], &(1u64 << 62).to_be_bytes(), &[0; 4], b"some"].concat();
    socket.get_mut().write_all(&head).await.unwrap();
    assert_eq!(closed(&mut socket).await.0, 1009);
    serves(&server).await;
}

#[tokio::test]
async fn the_end_of_the_server_is_told() {
    let mut server = start(http(), patient());
    let mut idle = open(&server, &[]).await.unwrap();
    let mut busy = open(&server, &[]).await.unwrap();
    say(&mut busy, &request(1, "S.wait", json!([]))).await;
    server.event().await;
    server.stop();
    assert_eq!(closed(&mut idle).await, (1001, "the server is stopping".to_owned()));
    server.go.add_permits(1);
    assert_eq!(hear(&mut busy).await["result"], "waited");
    assert_eq!(closed(&mut busy).await.0, 1001);
    assert!(soon(server.end).await.unwrap());
}

#[tokio::test]
async fn a_peer_that_goes_away_ends_its_calls() {
    let mut server = start(Listener { on_disconnect: Some("S.left".to_owned()), ..http() }, patient());
    let mut socket = open(&server, &[]).await.unwrap();
    say(&mut socket, &request(1, "S.hang", json!([]))).await;
    assert_eq!(server.event().await, "hanging");
    socket.close(None).await.unwrap();
    assert_eq!((server.event().await, server.event().await), ("dropped".to_owned(), "left".to_owned()));
    // Without a word, too.
    let mut socket = open(&server, &[]).await.unwrap();
    say(&mut socket, &request(1, "S.hang", json!([]))).await;
    assert_eq!(server.event().await, "hanging");
    drop(socket);
    assert_eq!((server.event().await, server.event().await), ("dropped".to_owned(), "left".to_owned()));
}

#[tokio::test]
async fn a_peer_that_never_reads_is_told_why_it_is_closed() {
    let server = start(http(), Limits { unread_bytes: 100_000, ..patient() });
    let mut lazy = open(&server, &[]).await.unwrap();
    say(&mut lazy, &request(0, "S.who", json!([]))).await;
    let context: Value = serde_json::from_str(hear(&mut lazy).await["result"].as_str().unwrap()).unwrap();
    let mut other = open(&server, &[]).await.unwrap();
    say(&mut other, &request(1, "S.flood", json!([context["connection"], 1_000_000]))).await;
    assert_eq!(hear(&mut other).await["result"], "the peer does not read what it is sent");
    assert_eq!(closed(&mut lazy).await, (1013, "too much waits to be read".to_owned()));
    serves(&server).await;
}

#[tokio::test]
async fn the_living_are_told_from_the_dead() {
    let mut server = start(
        Listener { on_disconnect: Some("S.left".to_owned()), ..http() },
        Limits { idle_time: 4 * SHORT, ..patient() },
    );
    // One that does not even read answers no ping.
    let _dead = open(&server, &[]).await.unwrap();
    let mut living = open(&server, &[]).await.unwrap();
    let left = async { server.event().await };
    let heard = async {
        loop {
            soon(living.next()).await.unwrap().unwrap();
        }
    };
    tokio::select! {
        event = left => assert_eq!(event, "left"),
        () = heard => unreachable!(),
    }
    say(&mut living, &request(1, "S.echo", json!(["x"]))).await;
    assert_eq!(hear(&mut living).await["result"], "x");
}

#[tokio::test]
async fn a_handler_that_panics_costs_its_connection() {
    let server = start(http(), patient());
    let mut socket = open(&server, &[]).await.unwrap();
    say(&mut socket, &request(1, "S.panic", json!([]))).await;
    assert_eq!(closed(&mut socket).await, (1011, "internal error".to_owned()));
    serves(&server).await;
}
