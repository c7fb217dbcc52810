//! `on_connect` and `on_disconnect`.

use super::*;
use pintle::net::connections::Peers;

fn listener() -> Listener {
    Listener { on_connect: Some("S.joined".to_owned()), on_disconnect: Some("S.left".to_owned()), ..tcp() }
}

#[tokio::test]
async fn a_handler_is_told_who_comes_and_goes() {
    let mut server = start(listener(), Limits { drain_time: SHORT, ..patient() });
    let mut client = server.connect().await;
    assert_eq!(client.hear().await, note("welcome"));
    assert_eq!(server.event().await, "joined");
    client.say(&request(1, "S.hang", json!([]))).await;
    assert_eq!(server.event().await, "hanging");
    server.stop();
    drop(client);
    // The end of the input does not end the call; the drain does.
    assert_eq!((server.event().await, server.event().await), ("dropped".to_owned(), "left".to_owned()));
}

#[tokio::test]
async fn a_handler_is_told_when_a_bad_peer_is_closed() {
    let mut server = start(Listener { callbacks: vec!["Client".to_owned()], ..listener() }, {
        let mut limits = patient();
        limits.core.body = 10;
        limits
    });
    let mut client = server.connect().await;
    client.write(&[b'x'; 100]).await;
    assert_eq!((server.event().await, server.event().await), ("joined".to_owned(), "left".to_owned()));
    assert!(client.finish().await.contains("-32004"));
}

#[tokio::test]
async fn methods_that_cannot_be_told_are_refused_at_the_start() {
    let (events, _) = unbounded_channel();
    let mut server =
        Server::new(Script { events, go: Arc::new(Semaphore::new(0)), closed: false }, patient());
    let engine = Engine::builder(contract()).build().unwrap();
    for (method, part) in [
        ("S.nothing", "no such method"),
        ("T.joined", "no interface T"),
        ("joined", "Interface.method"),
        ("S.hang", "one string"),
        ("S.ask", "one string"),
        ("pulserpc-idl", "Interface.method"),
    ] {
        let listener = Listener { on_connect: Some(method.to_owned()), ..tcp() };
        let error = server.listen(listener, engine.clone()).unwrap_err().to_string();
        assert!(error.contains(part) && error.contains("on_connect"), "{method}: {error}");
    }
    let listener = Listener { callbacks: vec!["T".to_owned()], ..tcp() };
    let error = server.listen(listener, engine).unwrap_err().to_string();
    assert!(error.contains("no interface T"), "{error}");
}

/// Others can send to it from the moment that it is let in, so it must not stay when it breaks off then.
#[tokio::test]
async fn a_connection_that_breaks_off_while_it_is_greeted_is_told_as_ended() {
    let greeting = Some("S.enter".to_owned());
    let mut server = start(Listener { on_connect: greeting, ..listener() }, patient());
    let client = server.connect().await;
    assert_eq!(server.event().await, "asked");
    client.0.get_ref().set_zero_linger().unwrap();
    drop(client);
    let peers = Peers { all: server.connections.clone(), ..Peers::default() };
    let told = async {
        // Whoever writes first learns that nobody is there.
        while server.events.is_empty() {
            let _ = peers.send("*", "Client.note", r#"["anybody?"]"#);
            tokio::task::yield_now().await;
        }
    };
    soon(told).await;
    assert_eq!(server.event().await, "left");
}
