//! The check of callers, on connections.

use pintle::admission::Check;

use super::*;

fn guarded(closed: bool) -> Running {
    let guard = Guard::default().check(Check::new(&contract(), "S.enter").unwrap());
    let (joined, left) = (Some("S.joined".to_owned()), Some("S.left".to_owned()));
    let limits = Limits { drain_time: SHORT, ..patient() };
    start_guarded(Listener { on_connect: joined, on_disconnect: left, ..tcp() }, limits, guard, closed)
}

#[tokio::test]
async fn a_stranger_is_told_so_and_nobody_else_is_told_of_him() {
    let mut server = guarded(true);
    let mut client = server.connect().await;
    let refusal = client.hear().await;
    assert_eq!((&refusal["error"]["code"], &refusal["id"]), (&json!(-32005), &Value::Null), "{refusal}");
    assert!(!refusal.to_string().contains("secret"));
    assert_eq!(client.finish().await, "");
    assert_eq!(server.event().await, "asked");
    server.stop();
    assert!(soon(server.end).await.unwrap());
    assert_eq!(server.events.try_recv().ok(), None, "he was neither joined nor left");
}

#[tokio::test]
async fn every_message_is_asked_about_and_can_be_given_up_meanwhile() {
    let mut server = guarded(false);
    let mut client = server.connect().await;
    assert_eq!(server.event().await, "asked");
    server.go.add_permits(1);
    assert_eq!((client.hear().await, server.event().await), (note("welcome"), "joined".to_owned()));

    client.say(&request(1, "S.who", json!([]))).await;
    assert_eq!(server.event().await, "asked");
    server.go.add_permits(1);
    let context: Value = serde_json::from_str(client.hear().await["result"].as_str().unwrap()).unwrap();
    assert_eq!(context["auth"], "friend");

    client.say(&request(2, "S.echo", json!(["x"]))).await;
    assert_eq!(server.event().await, "asked");
    client.say(&json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 2}})).await;
    let given_up = client.hear().await;
    assert_eq!((&given_up["error"]["code"], &given_up["id"]), (&json!(-32002), &json!(2)), "{given_up}");
}
