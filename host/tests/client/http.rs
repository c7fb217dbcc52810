//! HTTP: what is sent, and what every kind of answer means.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pintle::client::{Client, ClientError, RawValue};
use pintle_core::Contract;
use pintle_core::contract::diff::{Rules, Verdict};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{LONG, Message, Peer, SHORT, bind, client, contract, parsed};

/// A server that answers each request with the text that `answer` makes of it, and counts its connections. An answer of
/// nothing hangs up.
async fn serve(answer: impl Fn(&Message) -> String + Send + Sync + 'static) -> (String, Arc<AtomicUsize>) {
    let (listener, address) = bind().await;
    let (count, answer) = (Arc::new(AtomicUsize::new(0)), Arc::new(answer));
    let counted = count.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            let (answer, mut peer) = (answer.clone(), Peer::new(stream));
            tokio::spawn(async move {
                while let Some(message) = peer.message(true).await {
                    match answer(&message) {
                        text if text.is_empty() => return,
                        text => peer.write(&text).await,
                    }
                }
            });
        }
    });
    (format!("http://{address}/rpc"), count)
}

fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

fn ok(body: &str) -> String {
    response("200 OK", "content-type: application/json\r\n", body)
}

/// Adds up, whatever the id.
fn sum(message: &Message) -> String {
    let request = super::json(&message.body);
    let sum: i64 = request["params"].as_array().unwrap().iter().map(|term| term.as_i64().unwrap()).sum();
    ok(&json!({ "jsonrpc": "2.0", "id": request["id"], "result": sum }).to_string())
}

#[tokio::test]
async fn calls_share_a_connection_that_is_kept() {
    let (url, connections) = serve(sum).await;
    let client = client().connect(&url).await.unwrap();
    for n in 0..3 {
        assert_eq!(client.call::<i64>("Map.add", (n, 1)).await.unwrap(), n + 1);
    }
    assert_eq!(connections.load(Ordering::Relaxed), 1);
    let calls = (0..20).map(|n| client.request("Map.add").params((n, n)).call::<i64>());
    let sums = futures_util::future::try_join_all(calls).await.unwrap();
    assert_eq!(sums, (0..20).map(|n| 2 * n).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_opened_again() {
    let (url, connections) =
        serve(|message| sum(message).replacen("content-type", "connection: close\r\ncontent-type", 1)).await;
    let client = client().connect(&url).await.unwrap();
    for _ in 0..3 {
        assert_eq!(client.call::<i64>("Map.add", (1, 1)).await.unwrap(), 2);
    }
    assert_eq!(connections.load(Ordering::Relaxed), 3);
}

/// What an answer comes to, in few words.
async fn outcome(text: &str) -> String {
    let text = text.to_owned();
    let (url, _) = serve(move |_| text.clone()).await;
    let client = client().max_reply(1000).connect(&url).await.unwrap();
    match client.call::<Value>("Map.add", (1, 1)).await {
        Ok(value) => format!("ok {value}"),
        Err(ClientError::Remote(remote)) => format!("remote {remote}"),
        Err(ClientError::Broken(problems)) => format!("broken {}", problems[0]),
        Err(ClientError::Transport(why)) => why.replace(&url, "URL"),
        Err(error) => format!("{error:?}"),
    }
}

#[tokio::test]
async fn answers_of_every_kind() {
    let html = "<html><title>\u{1b}[31mNot here</title></html>";
    let strange = |status: &str| format!("URL answered {status} and no reply");
    let unauthorized = r#"{"jsonrpc":"2.0","error":{"code":-32005,"message":"Unauthorized"},"id":null}"#;
    let cases: [(String, String); 19] = [
        (ok(r#"{"jsonrpc":"2.0","id":1,"result":2}"#), "ok 2".to_owned()),
        (ok(r#" {"result" : 2.0, "id" : 1, "error" : null} "#), "ok 2".to_owned()),
        (
            ok(r#"{"jsonrpc":"2.0","id":1,"result":"2"}"#),
            "broken the value: expected int, got string".to_owned(),
        ),
        (
            ok(r#"{"jsonrpc":"2.0","id":1,"error":{"code":7,"message":""}}"#),
            "remote Too far (TooFar, 7)".to_owned(),
        ),
        (ok(r#"{"jsonrpc":"2.0","id":1,"error":{"code":8,"message":"x"}}"#), "remote x (8)".to_owned()),
        (response("401 Unauthorized", "", unauthorized), "remote Unauthorized (-32005)".to_owned()),
        (ok(r#"{"jsonrpc":"2.0","id":2,"result":2}"#), "the reply has no answer to this call".to_owned()),
        (ok(r#"{"jsonrpc":"2.0","id":"1","result":2}"#), "the reply has no answer to this call".to_owned()),
        (ok(r#"{"jsonrpc":"2.0","id":1}"#), strange("200 OK")),
        (ok("[]"), "the reply has no answer to this call".to_owned()),
        (ok("2"), strange("200 OK")),
        (ok(html), strange("200 OK")),
        (response("404 Not Found", "", html), strange("404 Not Found")),
        (response("500 Internal Server Error", "", html), strange("500 Internal Server Error")),
        (response("302 Found", "location: http://127.0.0.1:1/\r\n", ""), strange("302 Found")),
        (response("204 No Content", "", ""), strange("204 No Content")),
        (ok(&"x".repeat(1001)), "too long an answer from".to_owned()),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\n12".to_owned(),
            "half an answer".to_owned(),
        ),
        ("nonsense\r\n\r\n".to_owned(), "no answer from".to_owned()),
    ];
    for (text, expected) in cases {
        // Half an answer needs a server that goes away.
        let got = match text.ends_with("\r\n\r\n12") {
            true => half(&text).await,
            false => outcome(&text).await,
        };
        assert!(got.starts_with(&expected), "{text}\n{got}\n{expected}");
    }
}

/// What an answer comes to whose server goes away behind it.
async fn half(text: &str) -> String {
    let (listener, address) = bind().await;
    let text = text.to_owned();
    tokio::spawn(async move {
        let mut peer = Peer::new(listener.accept().await.unwrap().0);
        peer.message(true).await;
        peer.write(&text).await;
    });
    let client = client().connect(&format!("http://{address}")).await.unwrap();
    client.call::<Value>("Map.add", (1, 1)).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_server_that_never_answers_is_left_after_a_time() {
    let (listener, address) = bind().await;
    let (gone, mut told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut peer = Peer::new(listener.accept().await.unwrap().0);
        peer.message(true).await;
        gone.send(peer.line().await.is_none()).unwrap();
    });
    let client = client().timeout(LONG).connect(&format!("http://{address}")).await.unwrap();
    let error = client.request("Map.add").params((1, 1)).timeout(SHORT).call::<Value>().await.unwrap_err();
    assert_eq!(error, ClientError::Timeout(SHORT));
    assert_eq!(told.recv().await, Some(true), "the connection is given up too");
}

#[tokio::test]
async fn nobody_there() {
    let (listener, address) = bind().await;
    drop(listener);
    let client = client().connect(&format!("http://{address}")).await.unwrap();
    let error = client.call::<Value>("Map.add", (1, 1)).await.unwrap_err();
    assert!(matches!(&error, ClientError::Transport(why) if why.contains("cannot reach")), "{error}");
}

#[tokio::test]
async fn headers_ids_extra_data_and_the_full_response() {
    let (url, _) = serve(|message| {
        let request = super::json(&message.body);
        let seen = json!([message.start, message.headers, request]).to_string();
        let reply = json!({ "jsonrpc": "2.0", "id": request["id"], "result": seen }).to_string();
        response("200 OK", "x-served-by: a\r\nx-served-by: b\r\n", &reply)
    })
    .await;
    let client = Client::builder()
        .unchecked()
        .header("x-a".parse().unwrap(), "client".parse().unwrap())
        .header("x-b".parse().unwrap(), "client".parse().unwrap())
        .extra("token", "t")
        .ids(|| RawValue::from_string("\"own\"".to_owned()).unwrap())
        .connect(&url)
        .await
        .unwrap();
    let request = client.request("any.method").params(json!({ "a": 1 }));
    let response = request.header("x-b".parse().unwrap(), "call".parse().unwrap()).response().await.unwrap();
    assert_eq!(response.status.unwrap(), 200);
    assert_eq!(response.headers.get_all("x-served-by").iter().count(), 2);
    let seen = super::json(&response.read::<String>().unwrap());
    assert_eq!(seen[0], "POST /rpc HTTP/1.1");
    assert_eq!((&seen[1]["x-a"], &seen[1]["x-b"]), (&json!("client"), &json!("call")));
    assert_eq!(seen[1]["content-type"], "application/json");
    assert_eq!(url, format!("http://{}/rpc", seen[1]["host"].as_str().unwrap()));
    let params = json!({ "a": 1, "token": "t" });
    assert_eq!(seen[2], json!({ "jsonrpc": "2.0", "method": "any.method", "params": params, "id": "own" }));
    let seen = super::json(&client.call::<String>("any.method", [1]).await.unwrap());
    assert_eq!(seen[2]["params"], json!([1]), "by position there is no place for it");
}

#[tokio::test]
async fn what_breaks_the_contract_is_not_sent() {
    let (url, connections) = serve(sum).await;
    let client = client().connect(&url).await.unwrap();
    let error = client.call::<Value>("Map.add", (1, "1")).await.unwrap_err();
    assert!(error.to_string().contains("b: expected int, got string"), "{error}");
    let error = client.call::<Value>("Map.add", 1).await.unwrap_err();
    assert!(matches!(error, ClientError::NotSent { .. }), "{error}");
    let error = client.call::<Value>("Map.remove", ()).await.unwrap_err();
    assert_eq!(error, ClientError::UnknownMethod("Map.remove".to_owned()));
    assert!(client.batch().call("Map.add", (1,)).is_err());
    assert_eq!(connections.load(Ordering::Relaxed), 0);
    // By name and position are the same call.
    assert_eq!(client.call::<i64>("Map.add", json!({ "b": 1, "a": 2.0 })).await.unwrap(), 3);
    // The result is what the contract says, and the caller wants something else.
    let error = client.call::<String>("Map.add", (1, 1)).await.unwrap_err();
    assert!(matches!(error, ClientError::Type(_)), "{error}");
}

#[tokio::test]
async fn a_mounted_interface_is_called_by_its_path() {
    let (url, _) = serve(|message| {
        let request = super::json(&message.body);
        ok(&json!({ "jsonrpc": "2.0", "id": request["id"], "error": {
            "code": 1, "message": request["method"]
        }})
        .to_string())
    })
    .await;
    let client = client().mount("geo", "Map").connect(&url).await.unwrap();
    let error = client.call::<i64>("geo.add", (1, 2)).await.unwrap_err();
    assert_eq!(error.remote().unwrap().error.message, "geo.add");
    assert!(matches!(client.call::<i64>("Map.add", (1, 2)).await, Err(ClientError::UnknownMethod(_))));
}

#[tokio::test]
async fn notifications() {
    let (seen, mut told) = mpsc::unbounded_channel();
    let (url, _) = serve(move |message| {
        seen.send(super::json(&message.body)).unwrap();
        match message.body.contains("[1,1]") {
            true => response("204 No Content", "", ""),
            false => response(
                "503 Service Unavailable",
                "",
                r#"{"error":{"code":-32003,"message":"Overloaded"},"id":null}"#,
            ),
        }
    })
    .await;
    let client = client().connect(&url).await.unwrap();
    client.notify("Map.add", (1, 1)).await.unwrap();
    assert_eq!(told.recv().await.unwrap().get("id"), None);
    assert_eq!(client.notify("Map.add", (1, 2)).await.unwrap_err().code(), Some(-32003));
}

#[tokio::test]
async fn a_batch_gives_each_call_its_own_answer() {
    let (url, _) = serve(|message| {
        let requests = super::json(&message.body);
        let requests = requests.as_array().unwrap();
        assert!(requests.iter().all(|request| request["jsonrpc"] == "2.0"));
        // In another order, one with an error, one left out.
        let reply = json!([
            { "jsonrpc": "2.0", "id": requests[2]["id"], "error": { "code": 7, "message": "" } },
            { "jsonrpc": "2.0", "id": requests[0]["id"], "result": 3 },
        ]);
        ok(&reply.to_string())
    })
    .await;
    let client = client().connect(&url).await.unwrap();
    let mut batch = client.batch();
    batch.call("Map.add", (1, 2)).unwrap().notify("Map.add", (5, 5)).unwrap();
    batch.call_as(&RawValue::from_string("\"far\"".to_owned()).unwrap(), "Map.add", (3, 4)).unwrap();
    batch.call("Map.add", (5, 6)).unwrap();
    let mut answered = batch.send().await.unwrap().into_iter();
    let first = answered.next().unwrap();
    assert_eq!((first.id.as_str(), first.read::<i64>().unwrap()), ("1", 3));
    let second = answered.next().unwrap();
    assert_eq!(second.id, "\"far\"");
    assert_eq!(second.result.unwrap_err().remote().unwrap().name.as_deref(), Some("TooFar"));
    let third = answered.next().unwrap();
    assert!(matches!(third.result, Err(ClientError::Transport(_))));
    assert!(answered.next().is_none());
    assert!(client.batch().send().await.unwrap().is_empty());
}

/// A server that only has a contract, under the name `idl`.
async fn with_contract(idl: &'static str, contract: Contract) -> String {
    let (url, _) = serve(move |message| {
        let request = super::json(&message.body);
        let text = match idl {
            "pulserpc-idl" => contract.to_json(),
            _ => contract.to_barrister(None).unwrap(),
        };
        ok(&match request["method"] == idl {
            true => format!("{{\"jsonrpc\":\"2.0\",\"id\":{},\"result\":{text}}}", request["id"]),
            false => json!({ "jsonrpc": "2.0", "id": request["id"], "error": {
                "code": -32601, "message": "Method not found"
            }})
            .to_string(),
        })
    })
    .await;
    url
}

#[tokio::test]
async fn the_servers_own_contract_is_taken() {
    for (idl, text) in [
        ("pulserpc-idl", super::CONTRACT),
        ("barrister-idl", "namespace test\ninterface Map {\n  add(a int, b int) int\n}\n"),
    ] {
        let url = with_contract(idl, parsed(text)).await;
        let client = Client::connect(&url).await.unwrap();
        assert_eq!(client.contract().unwrap().interfaces()[0].name, "Map");
        assert!(matches!(client.call::<i64>("Map.add", ["x", "y"]).await, Err(ClientError::NotSent { .. })));
    }
    let url = with_contract("none", parsed("namespace a\ninterface A {\n  f()\n}\n")).await;
    let error = Client::connect(&url).await.unwrap_err();
    assert!(matches!(error, ClientError::NoContract(_)), "{error}");
}

#[tokio::test]
async fn auditors_see_what_differs() {
    let other = parsed(&super::CONTRACT.replace("add(a int, b int)", "add(a int, b string)"));
    let url = with_contract("pulserpc-idl", other).await;
    let client = client().connect(&url).await.unwrap();
    let mut seen = Vec::new();
    let logged = client.verify(Rules::Strict, |delta| {
        seen.push(delta.to_string());
        Verdict::Log
    });
    assert_eq!(logged.await.unwrap().len(), seen.len());
    assert!(seen.iter().any(|delta| delta.contains("add")), "{seen:?}");
    let error = client.verify(Rules::PulseRpc, Verdict::by_severity).await.unwrap_err();
    assert!(matches!(&error, ClientError::NotSent { reason, .. } if reason.contains("add")), "{error}");

    let url = with_contract("pulserpc-idl", contract()).await;
    let client = super::client().connect(&url).await.unwrap();
    assert!(client.verify(Rules::PulseRpc, |_| Verdict::Fail).await.unwrap().is_empty());
}
