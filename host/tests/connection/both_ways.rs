//! Calls in both directions on one connection, and what is no answer to any.

use super::*;

#[tokio::test]
async fn replies_come_as_they_are_ready_and_what_hangs_can_be_cancelled() {
    let mut server = start(tcp(), patient());
    let mut client = server.connect().await;
    client.say(&request(1, "S.hang", json!([]))).await;
    client.say(&request(2, "S.echo", json!(["x"]))).await;
    assert_eq!(client.hear().await["id"], 2);
    let give_up = |id: Value| json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": id}});
    client.say(&give_up("1".into())).await;
    client.say(&give_up(7.into())).await;
    client.say(&give_up(1.into())).await;
    let reply = client.hear().await;
    assert_eq!((&reply["id"], &reply["error"]["code"]), (&json!(1), &json!(-32002)));
    assert_eq!((server.event().await, server.event().await), ("hanging".to_owned(), "dropped".to_owned()));
    // In one piece, and one of a batch.
    let batch = json!([request(3, "S.hang", json!([])), request(4, "S.echo", json!(["y"]))]);
    client.write(format!("{batch}\n{}\n", give_up(3.into())).as_bytes()).await;
    let reply = client.hear().await;
    assert_eq!((&reply[0]["error"]["code"], &reply[1]["result"]), (&json!(-32002), &json!("y")));
}

#[tokio::test]
async fn a_handler_calls_its_caller() {
    let server = start(tcp(), patient());
    let mut client = server.connect().await;
    let mut ask = async |answer: &dyn Fn(&Value) -> Value| {
        client.say(&request(1, "S.ask", json!(["", 21]))).await;
        let asked = client.hear().await;
        assert_eq!((&asked["method"], &asked["params"]), (&json!("Client.double"), &json!([21])));
        client.say(&answer(&asked["id"])).await;
        client.hear().await["result"].as_str().unwrap().to_owned()
    };
    let good = ask(&|id| json!({"jsonrpc": "2.0", "id": id, "result": 42})).await;
    assert_eq!(good, "42");
    let wrong = ask(&|id| json!({"jsonrpc": "2.0", "id": id, "result": "42"})).await;
    assert_eq!(wrong, "Internal error (-32603)");
    let failed = ask(&|id| json!({"jsonrpc": "2.0", "id": id, "error": {"code": 7, "message": "no"}})).await;
    assert_eq!(failed, "no (7)");
    let batch = ask(&|id| json!([{"jsonrpc": "2.0", "id": id, "result": 1}])).await;
    assert_eq!(batch, "1");
}

#[tokio::test]
async fn a_call_to_a_peer_has_the_time_of_the_call_that_makes_it() {
    let server = start(tcp(), Limits { call_deadline: SHORT, ..patient() });
    let mut client = server.connect().await;
    client.say(&request(1, "S.ask", json!(["", 1]))).await;
    let asked = client.hear().await;
    // Which of the two comes first is a matter of luck.
    let replies = [client.hear().await, client.hear().await];
    let given_up = json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": asked["id"]}});
    assert!(replies.contains(&given_up), "{replies:?}");
    // Too late.
    client.say(&json!({"jsonrpc": "2.0", "id": asked["id"], "result": 2})).await;
    client.say(&request(2, "S.echo", json!(["x"]))).await;
    assert_eq!(client.hear().await["result"], "x");
}

#[tokio::test]
async fn the_end_of_a_connection_cancels_what_it_was_asked() {
    let server = start(tcp(), patient());
    let (mut gone, mut other) = (server.connect().await, server.connect().await);
    let id = gone.id().await;
    other.say(&request(1, "S.ask", json!([id, 1]))).await;
    assert_eq!(gone.hear().await["method"], "Client.double");
    drop(gone);
    assert_eq!(other.hear().await["result"], "Cancelled (-32002)");
    other.say(&request(2, "S.ask", json!([id, 1]))).await;
    assert_eq!(other.hear().await["result"], "Cancelled (-32002)");
}

#[tokio::test]
async fn what_nobody_waits_for_is_never_answered() {
    let server = start(tcp(), patient());
    let mut client = server.connect().await;
    for noise in [
        json!({"jsonrpc": "2.0", "id": 1, "result": 1}),
        json!({"jsonrpc": "2.0", "id": null, "error": {"code": -32700, "message": "Parse error"}}),
        json!([{"jsonrpc": "2.0", "id": null, "error": {"code": -32600, "message": "Invalid Request"}}]),
        json!({"jsonrpc": "2.0", "id": "x", "error": {"code": 1, "message": ""}}),
    ] {
        client.say(&noise).await;
    }
    client.say(&request(9, "S.echo", json!(["x"]))).await;
    assert_eq!(client.hear().await["id"], 9);
}

#[tokio::test]
async fn notes_go_to_the_caller_to_another_or_to_all() {
    let server = start(tcp(), patient());
    let (mut one, mut two) = (server.connect().await, server.connect().await);
    let (first, second) = (one.id().await, two.id().await);
    assert_ne!(first, second);
    let tell = |to: &str| request(1, "S.tell", json!([to, to]));
    one.say(&tell("")).await;
    assert_eq!(one.hear().await, note(""));
    assert_eq!(one.hear().await["result"], "sent");
    one.say(&tell(&second)).await;
    assert_eq!(one.hear().await["result"], "sent");
    assert_eq!(two.hear().await, note(&second));
    one.say(&tell("*")).await;
    assert_eq!(one.hear().await, note("*"));
    assert_eq!(one.hear().await["result"], "sent");
    assert_eq!(two.hear().await, note("*"));
    one.say(&tell("nobody")).await;
    assert_eq!(one.hear().await["result"], "there is no such connection");
}

#[tokio::test]
async fn only_callbacks_can_be_sent() {
    let server = start(Listener { callbacks: Vec::new(), ..tcp() }, patient());
    let mut client = server.connect().await;
    client.say(&request(1, "S.tell", json!(["", "x"]))).await;
    assert_eq!(client.hear().await["result"], "Method not found (-32601)");
    let server = start(tcp(), patient());
    let mut client = server.connect().await;
    let id = client.id().await;
    let peers = pintle::net::connections::Peers { own: None, all: server.connections.clone() };
    for (method, params) in [
        ("S.echo", "[\"x\"]"),
        ("pulserpc-idl", "[]"),
        ("Client.note", "[1]"),
        ("Client.note", "[\"x\"]\n{}"),
        ("Client.note", "[\"a\nb\"]"),
    ] {
        assert!(matches!(peers.send(&id, method, params), Err(SendError::Invalid(_))), "{method} {params}");
    }
    assert!(matches!(peers.send("*", "Client.note", "[1]"), Err(SendError::Invalid(_))));
    // A line break between tokens cannot end the frame.
    peers.send(&id, "Client.note", "[\n\"x\"\r\n]").unwrap();
    assert_eq!(client.hear().await, note("x"));
}
