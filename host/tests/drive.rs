//! Calls through a server in this process: order, time, room and the end.

use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HOST};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use pintle::config::{Limits, Listener};
use pintle::drive::{Answer, Handler, Invocation};
use pintle::server::Server;
use pintle_core::{Contract, Engine, RpcError};
use serde_json::{Value, json};
use tokio::sync::{Barrier, Semaphore, oneshot};

/// Answers by the method's name.
struct Script {
    together: Barrier,
    running: Arc<Semaphore>,
}

impl Handler for Script {
    async fn call<'a>(&'a self, invocation: Invocation<'a>) -> Answer {
        match invocation.method.name.as_str() {
            "S.meet" => {
                self.together.wait().await;
                Answer::Return(invocation.params.trim_matches(['[', ']']).into())
            }
            "S.hang" => {
                self.running.add_permits(1);
                std::future::pending().await
            }
            "S.fail" => Answer::Error(RpcError::new(7, "no")),
            "S.lie" => Answer::Return(b"\"text\"".to_vec()),
            "S.who" => {
                let context = invocation.context.json(invocation.request, invocation.deadline, None);
                Answer::Return(Value::from(context).to_string().into_bytes())
            }
            name => panic!("{name} was called"),
        }
    }
}

struct Running {
    address: String,
    running: Arc<Semaphore>,
    stop: Option<oneshot::Sender<()>>,
    end: tokio::task::JoinHandle<bool>,
}

fn contract() -> Contract {
    let text = "namespace t\ninterface S {\n  meet(n int) int\n  hang() int\n  fail() int\n  lie() int\n  who() string\n}\n";
    struct One(String);
    impl pintle_core::idl::Loader for One {
        fn load(&mut self, _: &str) -> Result<String, String> {
            Ok(self.0.clone())
        }
    }
    let parsed = pintle_core::idl::parse("s.pulse", &mut One(text.to_owned()));
    parsed.contract.unwrap_or_else(|| panic!("{:?}", parsed.diagnostics))
}

fn start(limits: Limits) -> Running {
    let running = Arc::new(Semaphore::new(0));
    let script = Script { together: Barrier::new(2), running: running.clone() };
    let mut server = Server::new(script, limits);
    let url = server.listen(Listener::default(), Engine::builder(contract()).build().unwrap()).unwrap();
    let (stop, stopped) = oneshot::channel();
    let end = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    let address = url.trim_start_matches("http://").to_owned();
    Running { address, running, stop: Some(stop), end }
}

async fn call(server: &Running, body: Value) -> (u16, Value) {
    let stream = tokio::net::TcpStream::connect(&server.address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = http::Request::post("/")
        .header(HOST, &server.address)
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body.to_string())))
        .unwrap();
    let response = sender.send_request(request).await.unwrap();
    let status = response.status().as_u16();
    let reply = response.into_body().collect().await.unwrap().to_bytes();
    // A kept connection would be waited for when the server stops.
    drop(sender);
    connection.await.unwrap().unwrap();
    (status, serde_json::from_slice(&reply).unwrap_or(Value::Null))
}

fn request(id: u32, method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

#[tokio::test]
async fn a_batch_runs_at_the_same_time_and_keeps_its_order() {
    let server = start(Limits::default());
    // Each of the two waits for the other.
    let (status, reply) = call(
        &server,
        json!([
            request(1, "S.meet", json!([10])),
            request(2, "S.fail", json!([])),
            request(3, "S.meet", json!([30]))
        ]),
    )
    .await;
    assert_eq!(status, 200);
    assert_eq!(reply[0], json!({"jsonrpc": "2.0", "result": 10, "id": 1}));
    assert_eq!(reply[1]["error"]["code"], 7);
    assert_eq!(reply[2]["result"], 30);
}

#[tokio::test]
async fn outcomes() {
    let server = start(Limits::default());
    let (status, reply) = call(&server, request(1, "S.fail", json!([]))).await;
    assert_eq!((status, &reply["error"]["message"]), (200, &json!("no")));
    assert_eq!(call(&server, request(1, "S.lie", json!([]))).await.1["error"]["code"], -32603);
    assert_eq!(call(&server, request(1, "S.meet", json!(["x"]))).await.1["error"]["code"], -32602);
    assert_eq!(call(&server, request(1, "S.nothing", json!([]))).await.1["error"]["code"], -32601);
    let notification = json!({"jsonrpc": "2.0", "method": "S.fail"});
    assert_eq!(call(&server, notification).await, (204, Value::Null));
    let (_, reply) = call(&server, request(7, "S.who", json!([]))).await;
    let context: Value = serde_json::from_str(reply["result"].as_str().unwrap()).unwrap();
    assert_eq!((&context["transport"], &context["request"]), (&json!("http"), &json!("7")));
}

#[tokio::test]
async fn a_call_has_its_deadline() {
    let server = start(Limits { call_deadline: Duration::from_millis(50), ..Limits::default() });
    assert_eq!(call(&server, request(1, "S.hang", json!([]))).await.1["error"]["code"], -32001);
    let both = json!([request(1, "S.hang", json!([])), request(2, "S.fail", json!([]))]);
    let (_, reply) = call(&server, both).await;
    assert_eq!((&reply[0]["error"]["code"], &reply[1]["error"]["code"]), (&json!(-32001), &json!(7)));
}

#[tokio::test]
async fn calls_are_counted() {
    let server =
        start(Limits { concurrent_calls: 1, call_deadline: Duration::from_secs(1), ..Limits::default() });
    let first = call(&server, request(1, "S.hang", json!([])));
    let second = async {
        server.running.acquire().await.unwrap().forget();
        call(&server, request(2, "S.fail", json!([]))).await
    };
    let (first, (status, second)) = tokio::join!(first, second);
    assert_eq!(first.1["error"]["code"], -32001);
    assert_eq!((status, &second["error"]["code"]), (503, &json!(-32003)));
    // Its place is free again, but a batch of two has none for its second call.
    let both = json!([request(1, "S.fail", json!([])), request(2, "S.fail", json!([]))]);
    let (status, reply) = call(&server, both).await;
    assert_eq!((status, &reply[0]["error"]["code"]), (200, &json!(7)));
    assert_eq!(
        reply[1]["error"],
        json!({"code": -32003, "message": "Overloaded", "data": {"retryAfterMs": 1000}})
    );
}

#[tokio::test]
async fn the_end_cancels_what_hangs() {
    let mut server = start(Limits { drain_time: Duration::from_millis(50), ..Limits::default() });
    let end = server.stop.take().unwrap();
    let stop = async {
        server.running.acquire().await.unwrap().forget();
        end.send(()).unwrap();
    };
    let ((_, reply), ()) = tokio::join!(call(&server, request(1, "S.hang", json!([]))), stop);
    assert_eq!(reply["error"]["code"], -32002);
    assert!(!server.end.await.unwrap(), "it says that nothing was cancelled");
}
