//! simplerpc over TCP and remotipy over HTTP: what the host adds to what the core translates.

use super::*;
use pintle::config::Dialect;

fn simplerpc() -> Listener {
    Listener { dialect: Dialect::SimpleRpc("S".to_owned()), on_connect: Some("S.joined".to_owned()), ..tcp() }
}

async fn line(client: &mut Client) -> String {
    let mut line = String::new();
    soon(client.0.read_line(&mut line)).await.unwrap();
    line.trim_end().to_owned()
}

#[tokio::test]
async fn lines_of_simplerpc_are_answered_in_their_order() {
    let mut server = start(simplerpc(), patient());
    let mut client = server.connect().await;
    assert_eq!(line(&mut client).await, r#"note{"text":"welcome"}"#);
    for (say, answer) in [
        (r#"echo{"text": "é"}"#, r#"OKAY{"result":"\u00e9"}"#),
        (r#"tell{"to": "", "text": "x"}"#, r#"note{"text":"x"}"#),
        ("", r#"OKAY{"result":"sent"}"#),
        (r#"joined{"id": 1}"#, r#"FAIL{"reason":"InvalidParams","#),
        ("note{}", r#"FAIL{"reason":"MethodNotFound","#),
        ("no brace", r#"FAIL{"reason":"MalformedPayload","#),
        (r#"{"text": "x"}"#, r#"FAIL{"reason":"MalformedPayload","#),
        ("echo{", r#"FAIL{"reason":"MalformedPayload","#),
        (r#"ask{"to": "", "n": 1}"#, r#"OKAY{"result":"Method not found (-32601)"}"#),
    ] {
        client.write(format!("{say}\n").as_bytes()).await;
        let got = line(&mut client).await;
        assert!(got.starts_with(answer), "{say}: {got}");
    }
    // The first of them waits, and so do the others.
    let numbers: String = (0..100).map(|n| format!("echo{{\"text\": \"{n}\"}}\n")).collect();
    client.write(format!("wait{{}}\n{numbers}").as_bytes()).await;
    assert_eq!((server.event().await, server.event().await), ("joined".to_owned(), "waiting".to_owned()));
    server.go.add_permits(1);
    assert_eq!(line(&mut client).await, r#"OKAY{"result":"waited"}"#);
    for n in 0..100 {
        assert_eq!(line(&mut client).await, format!(r#"OKAY{{"result":"{n}"}}"#));
    }
}

#[tokio::test]
async fn a_line_of_simplerpc_over_the_limit_fails_and_ends_the_connection() {
    let mut limits = patient();
    limits.core.body = 100;
    let server = start(simplerpc(), limits);
    let mut client = server.connect().await;
    client.write(&[b'x'; 200]).await;
    let rest = client.finish().await;
    assert!(rest.contains("\nFAIL{\"reason\":\"Unknown\",\"message\":\"Too large"), "{rest}");
}

#[tokio::test]
async fn a_dialect_speaks_for_interfaces_that_there_are() {
    let (events, _) = unbounded_channel();
    let mut server =
        Server::new(Script { events, go: Arc::new(Semaphore::new(0)), closed: false }, patient());
    let engine = Engine::builder(contract()).build().unwrap();
    let simple = |name: &str, callbacks: &[&str]| Listener {
        dialect: Dialect::SimpleRpc(name.to_owned()),
        callbacks: callbacks.iter().map(|name| (*name).to_owned()).collect(),
        ..tcp()
    };
    assert!(server.listen(simple("", &["Client"]), engine.clone()).is_ok(), "S is the only one left");
    for (listener, part) in [
        (simple("T", &[]), "no interface T"),
        (simple("", &[]), "say which"),
        (simple("S", &["S", "Client"]), "one interface"),
    ] {
        let error = server.listen(listener, engine.clone()).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[tokio::test]
async fn bodies_of_remotipy_are_always_answered_with_200() {
    let mut limits = patient();
    limits.core.body = 100;
    let listener = Listener { dialect: Dialect::Remotipy("S".to_owned()), ..Listener::default() };
    let server = start(listener, limits);
    let post = async |headers: &str, body: &str| {
        let mut client = server.connect().await;
        let length = body.len();
        let text = format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
        );
        client.write(text.as_bytes()).await;
        let answer = client.finish().await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head[9..12].to_owned(), body.to_owned())
    };
    let ok = |body: &str| ("200".to_owned(), body.to_owned());
    assert_eq!(post("", r#"{"method": "echo", "params": ["x"]}"#).await, ok("\"x\""));
    assert_eq!(
        post("content-type: text/plain\r\n", r#"{"method": "echo", "params": ["x"]}"#).await,
        ok("\"x\"")
    );
    for (body, class) in [
        (r#"{"method": "nothing", "params": []}"#.to_owned(), "MethodNotFound"),
        (r#"{"method": "echo", "params": [1]}"#.to_owned(), "TypeError"),
        ("{".to_owned(), "ValueError"),
        ("x".repeat(101), "InternalError"),
    ] {
        let (status, answer) = post("", &body).await;
        assert!(
            status == "200" && answer.contains(&format!("\"cls\":\"{class}\"")),
            "{body}: {status} {answer}"
        );
    }
    assert_eq!(post("origin: https://evil.example\r\n", "{}").await.0, "403");
}
