//! Servers that speak simplerpc and remotipy.

use pintle::client::{Callback, Client, ClientError, Dialect, Framing};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{Peer, SHORT, bind, client};

#[tokio::test]
async fn simplerpc_pairs_by_order() {
    let (seen, mut told) = mpsc::unbounded_channel();
    let builder = client().dialect(Dialect::Simplerpc).mount("", "Map").callbacks(
        ["Listener"],
        move |callback: Callback| {
            seen.send((callback.method().to_owned(), callback.json().to_owned())).unwrap();
            async { Ok(()) }
        },
    );
    let (near, far) = tokio::io::duplex(1 << 16);
    let (client, mut peer) = (builder.over(near).await.unwrap(), Peer::new(far));
    let call = |n: i64| tokio::spawn(client.request("add").params((n, n)).call::<i64>());

    // One is given up before it is answered: its answer is nobody's, and the next call gets its own.
    let error = client.request("add").params((0, 0)).timeout(SHORT).call::<i64>().await.unwrap_err();
    assert_eq!(error, ClientError::Timeout(SHORT));
    assert_eq!(peer.line().await.unwrap(), r#"add{"a":0,"b":0}"#);
    let mut calls = Vec::new();
    for n in 1..=100 {
        calls.push(call(n));
        assert_eq!(peer.line().await.unwrap(), format!(r#"add{{"a":{n},"b":{n}}}"#));
    }
    peer.write("moved{\"x\":1,\"y\":2}\nwhat\nmoved{\"x\":\"1\"}\n").await;
    for n in 0..=100 {
        peer.write(&format!("OKAY{{\"result\":{}}}\n", 2 * n)).await;
    }
    for (n, call) in (1..).zip(calls) {
        assert_eq!(call.await.unwrap().unwrap(), 2 * n);
    }
    let message = ("Listener.moved".to_owned(), r#"[{"x":1,"y":2}]"#.to_owned());
    assert_eq!(told.recv().await.unwrap(), message);
    assert!(told.try_recv().is_err());

    // What fails has a name, and what nobody waits for is answered all the same.
    client.notify("add", (5, 5)).await.unwrap();
    assert_eq!(peer.line().await.unwrap(), r#"add{"a":5,"b":5}"#);
    let point = json!({ "x": 1, "y": 2 });
    let find = tokio::spawn(client.request("find").params((point, "a")).call::<Value>());
    assert_eq!(peer.line().await.unwrap(), r#"find{"at":{"x":1,"y":2},"name":"a"}"#);
    peer.write("OKAY{\"result\":10}\nFAIL{\"reason\":\"TooFar\",\"message\":\"further\"}\n").await;
    let error = find.await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "further (TooFar, 7)");
    assert!(matches!(client.batch().send().await, Ok(answered) if answered.is_empty()));
    let mut batch = client.batch();
    batch.call("add", (1, 1)).unwrap();
    assert!(matches!(batch.send().await, Err(ClientError::NotSent { .. })));
    let open = call(1);
    peer.line().await.unwrap();
    drop(peer);
    assert!(matches!(open.await.unwrap(), Err(ClientError::Transport(_))));
}

#[tokio::test]
async fn lines_of_the_server_are_not_answered_by_who_serves_nothing() {
    let (near, far) = tokio::io::duplex(1 << 16);
    let client = Client::builder().unchecked().dialect(Dialect::Simplerpc).over(near).await.unwrap();
    let mut peer = Peer::new(far);
    peer.write("welcome{\"msg\":\"hi\"}\nOKAY{}\n").await;
    let call = tokio::spawn(client.request("thanks").params(json!({ "msg": "é" })).call::<Value>());
    assert_eq!(peer.line().await.unwrap(), "thanks{\"msg\":\"\\u00e9\"}");
    peer.write("OKAY{\"a\":1}\n").await;
    assert_eq!(call.await.unwrap().unwrap(), json!({ "a": 1 }));
}

/// What a call of remotipy comes to whose server answers `body`; and what the server saw.
async fn remotipy(status: &str, body: &str) -> (Result<Option<String>, ClientError>, Value) {
    let (listener, address) = bind().await;
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let server = tokio::spawn(async move {
        let mut peer = Peer::new(listener.accept().await.unwrap().0);
        let message = peer.message(true).await.unwrap();
        peer.write(&answer).await;
        super::json(&message.body)
    });
    let client = client().dialect(Dialect::Remotipy).mount("", "Map");
    let client = client.connect(&format!("http://{address}/")).await.unwrap();
    let result = client.call("find", (json!({ "x": 1, "y": 2 }), "a")).await;
    assert!(matches!(client.notify("add", (1, 2)).await, Err(ClientError::NotSent { .. })));
    (result, server.await.unwrap())
}

#[tokio::test]
async fn remotipy_calls_travel_with_their_classes() {
    let (result, seen) = remotipy("200 OK", "\"here\"").await;
    assert_eq!(result.unwrap().as_deref(), Some("here"));
    let point = json!({ "_class": "Point", "_data": { "x": 1, "y": 2 } });
    assert_eq!(seen, json!({ "method": "find", "params": [point, "a"] }));
    assert_eq!(remotipy("200 OK", "null").await.0.unwrap(), None);
    let exception = json!({
        "_class": "SerializableException", "_data": { "cls": "TooFar", "message": "no" }, "exception": true
    });
    let error = remotipy("200 OK", &exception.to_string()).await.0.unwrap_err();
    assert_eq!(error.remote().unwrap().name.as_deref(), Some("TooFar"));
    assert!(matches!(remotipy("200 OK", "1").await.0, Err(ClientError::Broken(_))));
    for (status, body) in [("200 OK", "<html>"), ("404 Not Found", "null")] {
        assert!(matches!(remotipy(status, body).await.0, Err(ClientError::Transport(_))), "{status} {body}");
    }
}

#[tokio::test]
async fn each_dialect_has_its_transports() {
    let refused = async |builder: pintle::client::Builder, target: &str| {
        let error = builder.connect(target).await.unwrap_err();
        assert!(matches!(&error, ClientError::NotSent { .. }), "{target}: {error}");
    };
    refused(client().dialect(Dialect::Simplerpc), "http://127.0.0.1:1/").await;
    refused(client().dialect(Dialect::Simplerpc), "ws://127.0.0.1:1/").await;
    refused(client().dialect(Dialect::Remotipy), "tcp://127.0.0.1:1").await;
    let measured = client().dialect(Dialect::Simplerpc).framing(Framing::ContentLength);
    refused(measured, "tcp://127.0.0.1:1").await;
    let error =
        Client::builder().dialect(Dialect::Remotipy).connect("http://127.0.0.1:1/").await.unwrap_err();
    assert!(matches!(error, ClientError::NoContract(_)), "{error}");
}
