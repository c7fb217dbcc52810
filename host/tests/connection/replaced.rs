//! What serves is replaced while connections are open.

use super::*;

/// What serves instead, with a peer's method that takes another parameter.
fn successor(server: &Running) -> (UnboundedReceiver<String>, Script, Arc<Engine>) {
    let contract = contract_of(&CONTRACT.replace("note(text string)", "note(text string, loud bool)"));
    let (events, told) = unbounded_channel();
    let engine = Engine::builder(contract).serves(["S"]).build().unwrap();
    (told, Script { events, go: server.go.clone(), closed: false }, engine)
}

#[tokio::test]
async fn calls_end_with_what_they_began_with_and_the_next_meet_what_serves_then() {
    let mut server = start(tcp(), patient());
    let (mut client, mut other) = (server.connect().await, server.connect().await);
    client.say(&request(1, "S.wait", json!([]))).await;
    assert_eq!(server.event().await, "waiting");
    // Before: the peer is told what it serves by the old contract.
    let tell = |to: &str| request(2, "S.tell", json!([to, "x"]));
    other.say(&tell("")).await;
    assert_eq!(other.hear().await, note("x"));
    assert_eq!(other.hear().await["result"], "sent");

    let (mut told, script, engine) = successor(&server);
    server.live.replace(script, Guard::default(), vec![engine]).unwrap();
    // The same connection, by the new contract: this message lacks a parameter.
    other.say(&tell("")).await;
    assert!(other.hear().await["result"].as_str().unwrap().contains("Invalid params"));
    client.say(&request(3, "S.wait", json!([]))).await;
    assert_eq!(soon(told.recv()).await.unwrap(), "waiting");
    server.go.add_permits(2);
    let mut ids = [client.hear().await["id"].clone(), client.hear().await["id"].clone()];
    ids.sort_by_key(Value::as_u64);
    assert_eq!(ids, [1, 3]);
    // Nothing of the old one is left: its last sender is gone.
    assert_eq!(soon(server.events.recv()).await, None);
}

#[tokio::test]
async fn what_does_not_fit_the_listeners_replaces_nothing() {
    let server = start(tcp(), patient());
    let (_told, script, _) = successor(&server);
    let bare = Engine::builder(contract_of("namespace t\ninterface S {\n  echo(text string) string\n}\n"));
    let error = server.live.replace(script, Guard::default(), vec![bare.build().unwrap()]).unwrap_err();
    assert!(error.to_string().contains("callbacks: the contract has no interface Client"), "{error}");
    let (_told, script, _) = successor(&server);
    assert!(server.live.replace(script, Guard::default(), Vec::new()).is_err());
    server.serves().await;
}
