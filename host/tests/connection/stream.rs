//! Framed bodies: lines and `Content-Length` over TCP and Unix sockets.

use super::*;
use pintle_core::frame::Framing;

fn small() -> Limits {
    let mut limits = patient();
    limits.core.body = 1000;
    limits
}

#[tokio::test]
async fn lines_are_answered_and_bad_ones_harm_nobody() {
    let server = start(tcp(), patient());
    let mut client = server.connect().await;
    let cases: &[(&[u8], Value)] = &[
        (br#"{"jsonrpc":"2.0","id":"a","method":"S.echo","params":["x"]}"#, json!("x")),
        (b"{", json!(-32700)),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"S.echo\",\"params\":[\"\xff\"]}", json!(-32700)),
        (b"text {\"msg\": 1}", json!(-32700)),
        (b"[]", json!(-32600)),
        (br#"{"jsonrpc":"2.0","id":1,"method":"Client.double","params":[1]}"#, json!(-32601)),
        (br#"{"jsonrpc":"2.0","id":1,"method":"S.echo","params":[1]}"#, json!(-32602)),
        (br#"{"jsonrpc":"2.0","id":1,"method":"S.echo","params":["last"]}"#, json!("last")),
    ];
    for (line, expected) in cases {
        client.write(&[*line, b"\r\n"].concat()).await;
        let reply = client.hear().await;
        let got = if reply["error"].is_null() { &reply["result"] } else { &reply["error"]["code"] };
        assert_eq!(got, expected, "{}", String::from_utf8_lossy(line));
    }
    // A notification has no reply, an empty line is nothing, and two in one piece are two.
    let one = request(1, "S.echo", json!(["one"]));
    let batch = json!([request(2, "S.echo", json!(["two"])), {"jsonrpc": "2.0", "method": "S.echo", "params": ["x"]}]);
    client
        .write(
            format!("{}\n\n{one}\n{batch}\n", json!({"jsonrpc": "2.0", "method": "S.echo", "params": ["x"]}))
                .as_bytes(),
        )
        .await;
    assert_eq!(client.hear().await["result"], "one");
    assert_eq!(client.hear().await[0]["result"], "two");
}

#[tokio::test]
async fn half_a_line_may_be_late() {
    let server = start(tcp(), patient());
    let mut client = server.connect().await;
    let line = format!("{}\n", request(1, "S.echo", json!(["x"])));
    let (first, second) = line.split_at(20);
    client.write(first.as_bytes()).await;
    server.serves().await;
    client.write(second.as_bytes()).await;
    assert_eq!(client.hear().await["result"], "x");
}

#[tokio::test]
async fn half_a_line_has_its_time() {
    let server = start(tcp(), Limits { body_time: SHORT, ..patient() });
    let mut client = server.connect().await;
    client.write(b"{\"jsonrpc\"").await;
    assert_eq!(client.finish().await, "");
    server.serves().await;
}

#[tokio::test]
async fn half_a_line_behind_a_whole_one_has_its_time_too() {
    let server = start(tcp(), Limits { body_time: SHORT, ..patient() });
    let mut client = server.connect().await;
    let whole = request(1, "S.echo", json!(["x"]));
    client.write(format!("{whole}\n{{\"jsonrpc\"").as_bytes()).await;
    assert_eq!(client.hear().await["result"], "x");
    assert_eq!(client.finish().await, "");
}

#[tokio::test]
async fn an_empty_line_begins_nothing() {
    let server = start(tcp(), Limits { body_time: SHORT, ..patient() });
    let mut client = server.connect().await;
    client.write(b"\r\n\n").await;
    tokio::time::sleep(4 * SHORT).await;
    client.say(&request(1, "S.echo", json!(["x"]))).await;
    assert_eq!(client.hear().await["result"], "x");
}

#[tokio::test]
async fn an_idle_connection_has_its_time_unless_it_waits_to_be_called() {
    let limits = Limits { idle_time: SHORT, ..patient() };
    let server = start(Listener { callbacks: Vec::new(), ..tcp() }, limits.clone());
    assert_eq!(server.connect().await.finish().await, "");
    let server = start(tcp(), limits);
    let mut client = server.connect().await;
    let id = client.id().await;
    tokio::time::sleep(4 * SHORT).await;
    let mut other = server.connect().await;
    other.say(&request(1, "S.tell", json!([id, "hello"]))).await;
    assert_eq!(other.hear().await["result"], "sent");
    assert_eq!(client.hear().await, note("hello"));
}

#[tokio::test]
async fn what_is_no_frame_is_answered_and_the_connection_closed() {
    let lines = start(tcp(), small());
    let measured = start(Listener { framing: Framing::ContentLength, ..tcp() }, small());
    let good = request(1, "S.echo", json!(["x"])).to_string();
    let head = format!("Content-Length: {}\r\n\r\n", good.len());
    let cases: &[(&Running, String, i32)] = &[
        (&lines, "x".repeat(1001), -32004),
        (&lines, "x".repeat(100_000), -32004),
        (&lines, format!("{}\n{good}\n", "x".repeat(1001)), -32004),
        (&measured, "Content-Length: 1001\r\n\r\n".to_owned(), -32004),
        (&measured, "Content-Length: 9223372036854775808\r\n\r\n".to_owned(), -32004),
        (&measured, "Content-Length: -1\r\n\r\n".to_owned(), -32700),
        (&measured, "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}".to_owned(), -32700),
        (&measured, format!("{good}\n"), -32700),
    ];
    for (server, bytes, code) in cases {
        let mut client = server.connect().await;
        client.write(bytes.as_bytes()).await;
        let answer = client.finish().await;
        let body = answer.split_once("\r\n\r\n").map_or(answer.as_str(), |(_, body)| body);
        let reply: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{bytes:.50}: {answer:?}"));
        assert_eq!((&reply["error"]["code"], &reply["id"]), (&json!(code), &Value::Null), "{bytes:.50}");
    }
    lines.serves().await;
    let mut client = measured.connect().await;
    client.write(format!("{head}{good}").as_bytes()).await;
    let mut reply = vec![0; 20];
    soon(client.0.read_exact(&mut reply)).await.unwrap();
    assert!(reply.starts_with(b"Content-Length: "), "{}", String::from_utf8_lossy(&reply));
}

#[tokio::test]
async fn the_end_of_the_input_lets_what_runs_finish() {
    let mut server = start(tcp(), patient());
    let mut client = server.connect().await;
    client.say(&request(1, "S.wait", json!([]))).await;
    client.write(b"{\"half\"").await;
    assert_eq!(server.event().await, "waiting");
    client.0.get_mut().shutdown().await.unwrap();
    assert_eq!(client.hear().await["error"]["code"], -32700);
    server.go.add_permits(1);
    assert_eq!(client.hear().await["result"], "waited");
    assert_eq!(client.finish().await, "");
}

#[tokio::test]
async fn connections_are_counted() {
    let server = start(tcp(), Limits { connections: 1, ..patient() });
    let mut first = server.connect().await;
    first.id().await;
    let mut second = server.connect().await;
    assert_eq!(second.hear().await["error"]["code"], -32003);
    assert_eq!(second.finish().await, "");
}

#[tokio::test]
async fn calls_of_one_connection_wait_in_its_socket() {
    let mut server = start(tcp(), Limits { connection_calls: 2, ..patient() });
    let mut client = server.connect().await;
    for id in 1..=3 {
        client.say(&request(id, "S.wait", json!([]))).await;
    }
    assert_eq!((server.event().await, server.event().await), ("waiting".to_owned(), "waiting".to_owned()));
    server.serves().await;
    assert!(server.events.try_recv().is_err(), "three run at the same time");
    server.go.add_permits(3);
    for _ in 1..=3 {
        assert_eq!(client.hear().await["result"], "waited");
    }
}

#[tokio::test]
async fn draining_finishes_what_runs_and_refuses_the_rest() {
    let mut server = start(tcp(), patient());
    let (mut idle, mut busy) = (server.connect().await, server.connect().await);
    idle.id().await;
    busy.say(&request(1, "S.wait", json!([]))).await;
    server.event().await;
    server.stop();
    assert_eq!(idle.finish().await, "");
    busy.say(&request(2, "S.echo", json!(["x"]))).await;
    assert_eq!(busy.hear().await["error"]["code"], -32002);
    server.go.add_permits(1);
    assert_eq!(busy.hear().await["result"], "waited");
    assert_eq!(busy.finish().await, "");
    assert!(soon(server.end).await.unwrap());
}

#[tokio::test]
async fn a_peer_that_never_reads_is_closed() {
    let limits = Limits { unread_bytes: 100_000, ..patient() };
    let server = start(tcp(), limits);
    let mut lazy = server.connect().await;
    let id = lazy.id().await;
    let mut other = server.connect().await;
    other.say(&request(1, "S.flood", json!([id, 1_000_000]))).await;
    assert_eq!(other.hear().await["result"], "the peer does not read what it is sent");
    other.say(&request(2, "S.tell", json!([id, "x"]))).await;
    assert_eq!(other.hear().await["result"], "there is no such connection");
    // It finds what its buffers hold, and then the end.
    assert!(lazy.finish().await.starts_with(r#"{"jsonrpc":"2.0","method":"Client.note""#));
}

#[tokio::test]
async fn a_peer_that_asks_and_never_reads_has_its_time() {
    let mut server = start(tcp(), Limits { write_time: SHORT, ..patient() });
    let mut lazy = server.connect().await;
    let id = lazy.id().await;
    for number in 0..100 {
        lazy.say(&request(number, "S.big", json!([1 << 20]))).await;
    }
    let gone = async {
        loop {
            let mut other = server.connect().await;
            other.say(&request(2, "S.tell", json!([id, "x"]))).await;
            if other.hear().await["result"] == "there is no such connection" {
                return;
            }
        }
    };
    soon(gone).await;
    server.stop();
    assert!(soon(server.end).await.unwrap());
}

#[cfg(unix)]
#[tokio::test]
async fn unix_sockets() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rpc.socket");
    // A dead server's file is in nobody's way.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let listener = || Listener { endpoint: Endpoint::Unix(path.clone()), ..tcp() };
    let mut server = start(listener(), patient());
    assert_eq!(server.url, format!("unix:{}", path.display()));
    let mut client = BufReader::new(tokio::net::UnixStream::connect(&path).await.unwrap());
    client.write_all(format!("{}\n", request(1, "S.who", json!([]))).as_bytes()).await.unwrap();
    let mut line = String::new();
    soon(client.read_line(&mut line)).await.unwrap();
    assert!(line.contains(r#"\"transport\":\"unix\""#) && line.contains(r#"\"remote\":\"local\""#), "{line}");
    // A living one's is.
    let engine = Engine::builder(contract()).build().unwrap();
    let (events, _) = unbounded_channel();
    let mut second =
        Server::new(Script { events, go: Arc::new(Semaphore::new(0)), closed: false }, patient());
    let error = second.listen(listener(), engine).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse, "{error}");
    server.stop();
    assert!(soon(server.end).await.unwrap());
    assert!(!path.exists(), "the file is left");
}
