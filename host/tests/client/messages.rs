//! Connections that go both ways: bytes with either framing, WebSocket, Unix sockets, commands.

use futures_util::{FutureExt, SinkExt, StreamExt};
use pintle::client::{Callback, Client, ClientError, Framing, RpcError};
use serde_json::{Value, json};
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::{LONG, Peer, SHORT, bind, client};

/// A client and its peer, lines between them.
async fn pair(builder: pintle::client::Builder) -> (Client, Peer<DuplexStream>) {
    let (near, far) = tokio::io::duplex(1 << 16);
    (builder.over(near).await.unwrap(), Peer::new(far))
}

#[tokio::test]
async fn a_hundred_calls_are_answered_in_any_order() {
    for framing in [Framing::Lines, Framing::ContentLength] {
        let (listener, address) = bind().await;
        tokio::spawn(async move {
            let mut peer = Peer::new(listener.accept().await.unwrap().0);
            let mut requests = Vec::new();
            for _ in 0..100 {
                let body = match framing {
                    Framing::Lines => peer.line().await.unwrap(),
                    Framing::ContentLength => peer.message(false).await.unwrap().body,
                };
                requests.push(super::json(&body));
            }
            for request in requests.iter().rev() {
                let sum = request["params"][0].as_i64().unwrap() + request["params"][1].as_i64().unwrap();
                let body = json!({ "jsonrpc": "2.0", "result": sum, "id": request["id"] }).to_string();
                match framing {
                    Framing::Lines => peer.write(&format!("{body}\n")).await,
                    Framing::ContentLength => {
                        peer.write(&format!("Content-Length: {}\r\n\r\n{body}", body.len())).await;
                    }
                }
            }
            peer.line().await
        });
        let client = client().framing(framing).connect(&format!("tcp://{address}")).await.unwrap();
        let calls = (0..100).map(|n| client.request("Map.add").params((n, n)).call::<i64>());
        let sums = futures_util::future::try_join_all(calls).await.unwrap();
        assert_eq!(sums, (0..100).map(|n| 2 * n).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn when_the_connection_ends_every_open_call_ends() {
    let (client, mut peer) = pair(client()).await;
    let calls: Vec<_> = (0..10)
        .map(|n| {
            let request = client.request("Map.add").params((n, n));
            tokio::spawn(request.call::<i64>())
        })
        .collect();
    for _ in 0..10 {
        peer.read().await;
    }
    assert_eq!(client.closed(), None);
    drop(peer);
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert!(matches!(&error, ClientError::Transport(why) if why.contains("hung up")), "{error}");
    }
    assert!(client.closed().is_some());
    assert!(matches!(client.call::<i64>("Map.add", (1, 1)).await, Err(ClientError::Transport(_))));
    assert!(matches!(client.notify("Map.add", (1, 1)).await, Err(ClientError::Transport(_))));
}

#[tokio::test]
async fn nonsense_answers_nothing() {
    let (client, mut peer) = pair(client()).await;
    let call = tokio::spawn(client.request("Map.add").params((1, 1)).call::<i64>());
    let request = peer.read().await;
    for nonsense in [
        r#"{"jsonrpc":"2.0","id":77,"result":1}"#,
        r#"{"jsonrpc":"2.0","id":"1","result":1}"#,
        r#"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}"#,
        r#"{"result":1,"id":{}}"#,
        r#"[{"jsonrpc":"2.0","id":77,"result":1}]"#,
        r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}"#,
        "",
    ] {
        peer.write(&format!("{nonsense}\n")).await;
    }
    peer.answer(&request, "2").await;
    assert_eq!(call.await.unwrap().unwrap(), 2);
    // What is no JSON at all is no response either, and requests are answered.
    peer.write("what?\n").await;
    assert_eq!(peer.read().await["error"]["code"], -32700);
    let call = tokio::spawn(client.request("Map.add").params((1, 1)).call::<i64>());
    let request = peer.read().await;
    peer.answer(&request, "\"2\"").await;
    assert!(matches!(call.await.unwrap(), Err(ClientError::Broken(_))));
}

#[tokio::test]
async fn a_call_that_is_given_up_is_cancelled() {
    let (client, mut peer) = pair(client()).await;
    let error = client.request("Map.add").params((1, 1)).timeout(SHORT).call::<i64>().await.unwrap_err();
    assert_eq!(error, ClientError::Timeout(SHORT));
    let request = peer.read().await;
    let cancel =
        |id: &Value| json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": id } });
    assert_eq!(peer.read().await, cancel(&request["id"]));

    let call = tokio::spawn(client.request("Map.add").params((1, 2)).call::<i64>());
    let request = peer.read().await;
    call.abort();
    assert_eq!(peer.read().await, cancel(&request["id"]));
    // An answer that comes all the same is nobody's.
    peer.answer(&request, "3").await;

    let mut batch = client.batch();
    batch.call("Map.add", (1, 1)).unwrap().call("Map.add", (2, 2)).unwrap().timeout(SHORT);
    assert!(matches!(batch.send().await, Err(ClientError::Timeout(_))));
    let requests = peer.read().await;
    for request in requests.as_array().unwrap() {
        assert_eq!(peer.read().await, cancel(&request["id"]));
    }
}

#[tokio::test]
async fn a_body_over_the_limit_ends_the_connection() {
    let (client, mut peer) = pair(client().max_reply(1000)).await;
    let call = tokio::spawn(client.request("Map.add").params((1, 1)).call::<i64>());
    let request = peer.read().await;
    peer.answer(&request, &format!("\"{}\"", "x".repeat(1000))).await;
    let error = call.await.unwrap().unwrap_err();
    assert!(matches!(&error, ClientError::Transport(why) if why.contains("1000 bytes")), "{error}");
}

#[tokio::test]
async fn a_batch_goes_out_in_one_body_and_may_come_back_in_many() {
    let (client, mut peer) = pair(client()).await;
    let mut batch = client.batch();
    batch
        .call("Map.add", (1, 2))
        .unwrap()
        .notify("Map.add", (0, 0))
        .unwrap()
        .call("Map.add", (3, 4))
        .unwrap();
    let sent = tokio::spawn(batch.send());
    let requests = peer.read().await;
    assert_eq!((requests.as_array().unwrap().len(), requests[1].get("id")), (3, None));
    peer.answer(&requests[2], "7").await;
    peer.answer(&requests[0], "3").await;
    let answered = sent.await.unwrap().unwrap();
    let answered: Vec<_> =
        answered.into_iter().map(|one| (one.id.clone(), one.read::<i64>().unwrap())).collect();
    assert_eq!(answered, [("1".to_owned(), 3), ("2".to_owned(), 7)]);
    let mut batch = client.batch();
    batch.notify("Map.add", (1, 2)).unwrap();
    assert!(batch.send().await.unwrap().is_empty());
    assert_eq!(peer.read().await[0]["params"], json!([1, 2]));
}

/// A client that says what it is called with; `wait` waits for ever.
async fn called() -> (Client, Peer<DuplexStream>, mpsc::UnboundedReceiver<(String, Value)>) {
    let (seen, told) = mpsc::unbounded_channel();
    let builder = client().callbacks(["Listener"], move |callback: Callback| {
        seen.send((callback.method().to_owned(), super::json(callback.json()))).unwrap();
        async move {
            match callback.name() {
                "wait" => std::future::pending().await,
                _ if callback.is_notification() => Ok(()),
                _ => Err(RpcError::new(7, "")),
            }
        }
    });
    let (client, peer) = pair(builder).await;
    (client, peer, told)
}

#[tokio::test]
async fn the_server_calls() {
    let (_client, mut peer, mut told) = called().await;
    for n in 0..50 {
        let params = json!({ "to": { "x": n, "y": 0 } });
        peer.write(&format!(
            "{}\n",
            json!({ "jsonrpc": "2.0", "method": "Listener.moved", "params": params })
        ))
        .await;
    }
    for n in 0..50 {
        let (method, params) = told.recv().await.unwrap();
        assert_eq!((method.as_str(), params), ("Listener.moved", json!([{ "x": n, "y": 0 }])));
    }
    let mut ask = async |text: &str| {
        peer.write(&format!("{text}\n")).await;
        peer.read().await
    };
    let declared =
        ask(r#"{"jsonrpc":"2.0","id":"a","method":"Listener.moved","params":[{"x":1,"y":2}]}"#).await;
    assert_eq!(
        declared,
        json!({ "jsonrpc": "2.0", "id": "a", "error": { "code": 7, "message": "Too far" } })
    );
    let wrong = ask(r#"{"jsonrpc":"2.0","id":1,"method":"Listener.moved","params":[{"x":"1","y":2}]}"#).await;
    assert_eq!(wrong["error"]["code"], -32602);
    // What the server serves cannot be called here, and neither can what nobody serves.
    for method in ["Map.add", "Listener.fly"] {
        let wrong = ask(&json!({ "jsonrpc": "2.0", "id": 1, "method": method }).to_string()).await;
        assert_eq!(wrong["error"]["code"], -32601, "{method}");
    }
    // The server gives up on what waits.
    peer.write("{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"Listener.wait\"}\n").await;
    peer.write("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":9}}\n").await;
    let cancelled = peer.read().await;
    assert_eq!((&cancelled["id"], &cancelled["error"]["code"]), (&json!(9), &json!(-32002)));
}

#[tokio::test]
async fn a_server_that_calls_without_end_is_left() {
    let (client, mut peer, _told) = called().await;
    for id in 0..200 {
        peer.write(&format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"Listener.wait\"}}\n")).await;
    }
    let error = client.call::<i64>("Map.add", (1, 1)).await.unwrap_err();
    assert!(matches!(&error, ClientError::Transport(why) if why.contains("faster")), "{error}");
}

#[tokio::test]
async fn a_client_that_serves_nothing_says_so() {
    let (_client, mut peer) = pair(Client::builder().unchecked()).await;
    peer.write("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Listener.moved\"}\n").await;
    assert_eq!(peer.read().await["error"]["code"], -32601);
    let error = Client::builder().unchecked().callbacks(["Listener"], |_| async { Ok(()) });
    assert!(matches!(error.over(tokio::io::duplex(1).0).await, Err(ClientError::NotSent { .. })));
}

#[tokio::test]
async fn closing_sends_what_waits_and_hangs_up() {
    let (client, mut peer) = pair(client()).await;
    let other = client.clone();
    client.notify("Map.add", (1, 1)).await.unwrap();
    let closing = tokio::spawn(client.close());
    assert_eq!(peer.read().await["method"], "Map.add");
    assert_eq!(peer.line().await, None);
    drop(peer);
    closing.await.unwrap();
    assert!(matches!(other.call::<i64>("Map.add", (1, 1)).await, Err(ClientError::Transport(_))));
}

#[tokio::test]
async fn websockets() {
    let (listener, address) = bind().await;
    let server = tokio::spawn(async move {
        let mut socket = accept_async(listener.accept().await.unwrap().0).await.unwrap();
        let mut next = async |reply: fn(String) -> Message| {
            let request = socket.next().await.unwrap().unwrap().into_text().unwrap();
            let request = super::json(&request);
            socket.send(Message::Ping("x".into())).await.unwrap();
            let result = json!({ "jsonrpc": "2.0", "id": request["id"], "result": 3 }).to_string();
            socket.send(reply(result)).await.unwrap();
            assert!(socket.next().await.unwrap().unwrap().is_pong());
        };
        next(|text| Message::Text(text.into())).await;
        next(|text| Message::Binary(text.into_bytes().into())).await;
        let close = CloseFrame { code: 1013.into(), reason: "full".into() };
        socket.close(Some(close)).await.unwrap();
    });
    let client = client().connect(&format!("ws://{address}/path")).await.unwrap();
    for _ in 0..2 {
        assert_eq!(client.call::<i64>("Map.add", (1, 2)).await.unwrap(), 3);
    }
    server.await.unwrap();
    let error = client.call::<i64>("Map.add", (1, 2)).await.unwrap_err();
    assert!(matches!(&error, ClientError::Transport(why) if why.contains("1013: full")), "{error}");
}

#[tokio::test]
async fn a_server_without_websocket_says_why() {
    let (listener, address) = bind().await;
    tokio::spawn(async move {
        let mut peer = Peer::new(listener.accept().await.unwrap().0);
        while peer.line().await.is_some_and(|line| !line.is_empty()) {}
        peer.write("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
    });
    let error = client().connect(&format!("ws://{address}/path")).await.unwrap_err();
    assert!(matches!(&error, ClientError::Transport(why) if why.contains("404")), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn unix_sockets() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("socket");
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    tokio::spawn(async move {
        let mut peer = Peer::new(listener.accept().await.unwrap().0);
        let request = peer.read().await;
        peer.answer(&request, "3").await;
    });
    let client = client().connect(&format!("unix:{}", path.display())).await.unwrap();
    assert_eq!(client.call::<i64>("Map.add", (1, 2)).await.unwrap(), 3);
}

#[cfg(unix)]
#[tokio::test]
async fn a_command_lives_as_long_as_its_client() {
    use rustix::process::{Pid, test_kill_process};

    let dir = tempfile::tempdir().unwrap();
    let (script, id) = (dir.path().join("server"), dir.path().join("id"));
    std::fs::write(&script, format!("echo $$ > {}\nexec cat\n", id.display())).unwrap();
    let client = client().connect(&format!("stdio:sh {}", script.display())).await.unwrap();
    // An echo is a request of the server's, which is answered, and echoed.
    let error = client.call::<i64>("Map.add", (1, 2)).await.unwrap_err();
    assert_eq!(error.code(), Some(-32601));
    let id: i32 = std::fs::read_to_string(&id).unwrap().trim().parse().unwrap();
    let id = Pid::from_raw(id).unwrap();
    assert!(test_kill_process(id).is_ok());
    drop(client);
    assert!(test_kill_process(id).is_err());
    let error = super::client().connect("stdio:/nowhere/server").await.unwrap_err();
    assert!(matches!(&error, ClientError::Transport(why) if why.contains("/nowhere/server")), "{error}");
}

#[tokio::test]
async fn a_writer_that_is_not_read_does_not_stop_the_reader() {
    // The peer answers only when it has been asked for more than the pipe holds, and reads nothing before.
    let (near, far) = tokio::io::duplex(256);
    let client = client().over(near).await.unwrap();
    let call = tokio::spawn(client.request("Map.add").params((1, 1)).call::<i64>());
    let more: Vec<_> =
        (0..20).map(|n| tokio::spawn(client.request("Map.add").params((n, n)).call::<i64>())).collect();
    tokio::task::yield_now().await;
    let mut peer = Peer::new(far);
    peer.write(&"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":2}\n".repeat(20)).await;
    assert_eq!(tokio::time::timeout(LONG, call).await.unwrap().unwrap().unwrap(), 2);
    assert!(more.into_iter().all(|call| call.now_or_never().is_none()));
}
