//! Who may call: filters, the check of callers, bearer tokens.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pintle::admission::{Bearer, Check, Deciding, Filter, Guard, Outcome, Parameters, Request};
use pintle::config::{Limits, Listener};
use pintle::drive::{Answer, Driver, Gate, Handler, Invocation};
use pintle::net::context::{Context, Remote};
use pintle::server::Server;
use pintle::shutdown::Shutdown;
use pintle_core::{Builder, Code, Contract, Engine, RpcError};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Barrier;

const CONTRACT: &str = "namespace t

errors {
  1001 Banned \"banned\"
}

enum Color {
  red
}

struct Who {
  transport string
  headers map[string]string
  traceparent string [optional]
}

struct Narrow {
  transport int
}

interface S {
  add(a int, b int) int
  who() string
  fail() int
  lie() int
}

interface Auth {
  check(ctx string) map[string]string
  object(ctx Who) string
  narrow(ctx Narrow) string
  color(ctx Color) string
  count(ctx int) string
  two(a string, b string) string
  none() string
}
";

fn contract() -> Contract {
    struct One;
    impl pintle_core::idl::Loader for One {
        fn load(&mut self, _: &str) -> Result<String, String> {
            Ok(CONTRACT.to_owned())
        }
    }
    let parsed = pintle_core::idl::parse("t.pulse", &mut One);
    parsed.contract.unwrap_or_else(|| panic!("{:?}", parsed.diagnostics))
}

/// Answers calls; the check answers by the header `x-do`.
#[derive(Default)]
struct Script {
    checks: Mutex<Vec<Value>>,
}

impl Handler for Script {
    async fn call<'a>(&'a self, invocation: Invocation<'a>) -> Answer {
        let params: Vec<Value> = serde_json::from_str(invocation.params).unwrap();
        match invocation.method.name.as_str() {
            "S.add" => {
                Answer::Return((params[0].as_i64().unwrap() + params[1].as_i64().unwrap()).to_string().into())
            }
            "S.who" => {
                let context = invocation.context.json(invocation.request, invocation.deadline, None);
                Answer::Return(Value::from(context).to_string().into_bytes())
            }
            "S.fail" => Answer::Error(RpcError::new(7, "no")),
            "S.lie" => Answer::Return(b"\"text\"".to_vec()),
            "Auth.check" => {
                let ctx: Value = serde_json::from_str(params[0].as_str().unwrap()).unwrap();
                let what = ctx["headers"]["x-do"].as_str().unwrap_or("user").to_owned();
                self.checks.lock().unwrap().push(ctx);
                match what.as_str() {
                    "user" => Answer::Object(b"{\"result\":{\"user\":\"ann\"}}".to_vec()),
                    "banned" => Answer::Error(RpcError::new(1001, "").with_data("{\"until\":5}")),
                    "undeclared" => Answer::Error(RpcError::new(9, "the secret")),
                    "invalid" => Answer::Error(RpcError::new(-32602, "the secret")),
                    "lie" => Answer::Return(b"\"the secret\"".to_vec()),
                    "trap" => Answer::Fail(RpcError::from(Code::PluginFailed).with_detail("the secret")),
                    "full" => Answer::Fail(RpcError::from(Code::Overloaded).with_detail("the secret")),
                    "panic" => panic!("the secret"),
                    _ => std::future::pending().await,
                }
            }
            "Auth.object" => Answer::Return(Value::from(params[0].to_string()).to_string().into()),
            name => panic!("{name} was called"),
        }
    }
}

struct World {
    driver: Driver<Script>,
    engine: Arc<Engine>,
    _shutdown: Shutdown,
}

fn builder() -> Builder {
    Engine::builder(contract()).serves(["S"]).admission(true).commands(true)
}

fn world(guard: Guard) -> World {
    let shutdown = Shutdown::new();
    let driver = Driver {
        handler: Script::default(),
        call_deadline: Duration::from_secs(3600),
        calls: Gate::new(10),
        cancellation: shutdown.cancellation(),
        guard,
    };
    World { driver, engine: builder().build().unwrap(), _shutdown: shutdown }
}

fn request(id: u32, method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

impl World {
    async fn ask(&self, headers: &[(&'static str, &str)], body: Value) -> Value {
        let headers = headers.iter().map(|(name, value)| {
            (http::HeaderName::from_static(name), http::HeaderValue::from_str(value).unwrap())
        });
        let context = Context {
            transport: "http",
            remote: Remote::Ip(([127, 0, 0, 1], 9).into()),
            forwarded: None,
            connection: Arc::default(),
            headers: Arc::new(headers.collect()),
            peers: Arc::default(),
            auth: Default::default(),
        };
        let slot = self.driver.calls.enter().unwrap();
        let reply = self.driver.drive(&self.engine, body.to_string().into(), context, slot).await;
        reply.map_or(Value::Null, |reply| serde_json::from_slice(&reply).unwrap())
    }

    async fn add(&self) -> Value {
        self.ask(&[], request(1, "S.add", json!([1, 2]))).await
    }
}

type Seen = Arc<Mutex<Vec<Value>>>;

/// Does what the parameter `do` of the caller says, and writes down what it saw.
#[derive(Clone, Default)]
struct Scripted {
    name: &'static str,
    seen: Seen,
    supplies: &'static [(&'static str, &'static str)],
}

impl Filter for Scripted {
    fn before<'a>(&'a self, request: Request<'a>) -> Deciding<'a> {
        Box::pin(async move {
            let params = request.params.map(str::to_owned);
            self.seen.lock().unwrap().push(json!([self.name, request.method.name, params, request.id]));
            match params.as_deref() {
                Some("[\"refuse\"]") => Err(RpcError::new(-32005, "Unauthorized").with_detail("go away")),
                Some("[\"hang\"]") => std::future::pending().await,
                Some("[\"panic\"]") => panic!("the filter fails"),
                _ => Ok(self.supplies.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()),
            }
        })
    }

    fn after(&self, request: Request<'_>, outcome: Option<&Outcome<'_>>) {
        let outcome = match outcome {
            None => Value::Null,
            Some(Outcome::Result(result)) => Value::from(*result),
            Some(Outcome::Error(error)) => json!([error.code, error.message]),
        };
        self.seen.lock().unwrap().push(json!(["after", self.name, request.method.name, outcome]));
        assert_ne!(request.method.name, "S.fail", "the filter fails behind a call");
    }
}

fn filtered(supplies: &'static [(&'static str, &'static str)]) -> (World, Seen) {
    let filter = Scripted { name: "f", supplies, ..Scripted::default() };
    let seen = filter.seen.clone();
    (world(Guard::default().filter(filter)), seen)
}

fn taken(seen: &Seen) -> Vec<Value> {
    std::mem::take(&mut *seen.lock().unwrap())
}

#[tokio::test]
async fn a_filter_sees_calls_and_outcomes() {
    let (world, seen) = filtered(&[]);
    assert_eq!(world.add().await["result"], 3);
    assert_eq!(taken(&seen), [json!(["f", "S.add", "[1,2]", "1"]), json!(["after", "f", "S.add", "3"])]);
    // What the caller does not get, a filter does not see.
    world.ask(&[], request(2, "S.lie", json!([]))).await;
    assert_eq!(taken(&seen)[1], json!(["after", "f", "S.lie", [-32603, "Internal error"]]));
    let notification = json!({"jsonrpc": "2.0", "method": "S.add", "params": {"a": 1, "b": 2}});
    assert_eq!(world.ask(&[], notification).await, Value::Null);
    assert_eq!(
        taken(&seen),
        [json!(["f", "S.add", "{\"a\":1,\"b\":2}", null]), json!(["after", "f", "S.add", null])]
    );
    // Built-ins and calls that are not run: only before. What cannot be called: not at all.
    assert_eq!(world.ask(&[], request(3, "ping", json!([]))).await["result"], "pong");
    assert_eq!(world.ask(&[], request(3, "S.add", json!(["x", 1]))).await["error"]["code"], -32602);
    assert_eq!(world.ask(&[], request(3, "Auth.check", json!(["{}"]))).await["error"]["code"], -32601);
    assert_eq!(world.ask(&[], json!({"jsonrpc": "1.0"})).await["error"]["code"], -32600);
    assert_eq!(taken(&seen), [json!(["f", "ping", "[]", "3"]), json!(["f", "S.add", "[\"x\",1]", "3"])]);
}

#[tokio::test]
async fn a_filter_refuses_before_parameters_are_looked_at() {
    let (world, seen) = filtered(&[]);
    let reply = world.ask(&[], request(1, "S.add", json!(["refuse"]))).await;
    let data = json!({"detail": "go away"});
    assert_eq!(reply["error"], json!({"code": -32005, "message": "Unauthorized", "data": data}));
    assert_eq!(taken(&seen).len(), 1, "a call that was refused has no outcome");
}

#[tokio::test]
async fn a_filter_that_panics_lets_nothing_through() {
    let (world, seen) = filtered(&[]);
    let batch = json!([
        request(1, "S.add", json!(["panic"])),
        request(2, "S.add", json!([1, 2])),
        request(3, "S.fail", json!([]))
    ]);
    let reply = world.ask(&[], batch).await;
    assert_eq!(reply[0]["error"], json!({"code": -32603, "message": "Internal error"}));
    assert_eq!((&reply[1]["result"], &reply[2]["error"]["code"]), (&json!(3), &json!(7)));
    assert_eq!(taken(&seen).len(), 5);
}

#[tokio::test]
async fn admission_has_the_deadline_of_the_call() {
    let (mut world, _) = filtered(&[]);
    world.driver.call_deadline = Duration::from_millis(50);
    let batch = json!([request(1, "S.add", json!(["hang"])), request(2, "S.add", json!([1, 2]))]);
    let reply = world.ask(&[], batch).await;
    assert_eq!((&reply[0]["error"]["code"], &reply[1]["result"]), (&json!(-32001), &json!(3)));
}

#[tokio::test]
async fn what_filters_supply_is_checked() {
    let (supplied, _) = filtered(&[("b", "5")]);
    assert_eq!(supplied.ask(&[], request(1, "S.add", json!({"a": 1}))).await["result"], 6);
    assert_eq!(supplied.ask(&[], request(1, "S.add", json!([1]))).await["result"], 6);
    // The caller may not give it too, by name or by position.
    for params in [json!({"a": 1, "b": 2}), json!([1, 2])] {
        assert_eq!(supplied.ask(&[], request(1, "S.add", params)).await["error"]["code"], -32602);
    }
    const BAD: &[&[(&str, &str)]] = &[
        &[("b", "\"x\"")],
        &[("b", "5,\"a\":6")],
        &[("b", "5 6")],
        &[("c", "5")],
        &[("b", "")],
        &[("b", "5"), ("b", "5")],
    ];
    for supplies in BAD {
        let (world, _) = filtered(supplies);
        let reply = world.ask(&[], request(1, "S.add", json!({"a": 1}))).await;
        assert_eq!(reply["error"]["code"], -32602, "{supplies:?}");
    }
}

#[tokio::test]
async fn filters_stand_in_a_row() {
    let seen = Seen::default();
    let one = |name, supplies| Scripted { name, seen: seen.clone(), supplies };
    let guard = Guard::default().filter(one("1", &[("a", "1")])).filter(one("2", &[("b", "2")]));
    let world = world(guard);
    assert_eq!(world.ask(&[], request(1, "S.add", json!({}))).await["result"], 3);
    let order: Vec<_> = taken(&seen).iter().map(|line| line[0] == "after" && line[1] == "1").collect();
    assert_eq!(order, [false, false, false, true]);
    world.ask(&[], request(1, "S.add", json!(["refuse"]))).await;
    assert_eq!(taken(&seen).len(), 1, "the second is asked although the first refused");
}

/// Waits until two are there.
struct Together(Barrier);

impl Filter for Together {
    fn before<'a>(&'a self, _: Request<'a>) -> Deciding<'a> {
        Box::pin(async {
            self.0.wait().await;
            Ok(Parameters::new())
        })
    }
}

#[tokio::test]
async fn a_batch_is_admitted_at_the_same_time() {
    let world = world(Guard::default().filter(Together(Barrier::new(2))));
    let batch = json!([request(1, "S.add", json!([1, 2])), request(2, "S.add", json!([3, 4]))]);
    let reply = world.ask(&[], batch).await;
    assert_eq!((&reply[0]["result"], &reply[1]["result"]), (&json!(3), &json!(7)));
}

#[tokio::test]
async fn calls_that_wait_for_admission_are_counted() {
    let (mut world, _) = filtered(&[]);
    world.driver.calls = Gate::new(1);
    let batch = json!([request(1, "S.add", json!([1, 2])), request(2, "S.add", json!([1, 2]))]);
    let reply = world.ask(&[], batch).await;
    assert_eq!((&reply[0]["result"], &reply[1]["error"]["code"]), (&json!(3), &json!(-32003)));
    assert_eq!(world.add().await["result"], 3, "a place was not given back");
}

#[tokio::test]
async fn without_anybody_who_decides_nobody_is_let_in() {
    assert_eq!(world(Guard::default()).add().await["error"]["code"], -32005);
    // And an engine that does not ask is not served by a server that must be asked.
    let (filter, limits) = (Guard::default().filter(Scripted::default()), Limits::default());
    let mut server = Server::guarded(Script::default(), limits, filter);
    let engine = builder().admission(false).build().unwrap();
    assert!(server.listen(Listener::default(), engine).is_err());
    assert!(server.listen(Listener::default(), builder().build().unwrap()).is_ok());
}

fn checked() -> World {
    world(Guard::default().check(Check::new(&contract(), "Auth.check").unwrap()))
}

#[tokio::test]
async fn the_check_is_asked_once_for_a_body() {
    let world = checked();
    let batch = json!([
        request(1, "S.who", json!([])),
        request(2, "S.add", json!([1, 2])),
        request(3, "S.add", json!([3, 4]))
    ]);
    let reply = world.ask(&[("authorization", "Bearer x"), ("cookie", "c")], batch).await;
    let ctx: Value = serde_json::from_str(reply[0]["result"].as_str().unwrap()).unwrap();
    assert_eq!(ctx["auth"], json!({"user": "ann"}));
    assert_eq!((&reply[1]["result"], &reply[2]["result"]), (&json!(3), &json!(7)));
    let checks = std::mem::take(&mut *world.driver.handler.checks.lock().unwrap());
    let [ctx] = checks.as_slice() else { panic!("{checks:?}") };
    assert_eq!(ctx["headers"], json!({"authorization": "Bearer x", "cookie": "c"}));
    assert_eq!((&ctx["transport"], ctx.get("request")), (&json!("http"), None));
    // Nobody is asked about a body without calls.
    world.ask(&[], json!({"jsonrpc": "1.0"})).await;
    assert!(world.driver.handler.checks.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_check_refuses_and_nothing_leaks() {
    let mut world = checked();
    world.driver.call_deadline = Duration::from_millis(500);
    let unauthorized = json!({"code": -32005, "message": "Unauthorized"});
    let cases = [
        ("banned", json!({"code": 1001, "message": "banned", "data": {"until": 5}})),
        ("undeclared", unauthorized.clone()),
        ("invalid", unauthorized.clone()),
        ("lie", unauthorized.clone()),
        ("trap", unauthorized),
        ("panic", json!({"code": -32603, "message": "Internal error"})),
        ("full", json!({"code": -32003, "message": "Overloaded", "data": {"retryAfterMs": 1000}})),
        ("hang", json!({"code": -32001, "message": "Deadline exceeded"})),
    ];
    for (what, error) in cases {
        // A stranger does not learn that the parameters are wrong.
        let reply = world.ask(&[("x-do", what)], request(1, "S.add", json!(["x"]))).await;
        assert_eq!(reply["error"], error, "{what}");
        let reply = world.ask(&[("x-do", what)], request(1, "pulserpc-idl", json!([]))).await;
        assert_eq!(reply["error"], error, "{what}");
    }
    assert_eq!(world.ask(&[], request(1, "S.add", json!(["x"]))).await["error"]["code"], -32602);
}

#[tokio::test]
async fn the_check_takes_a_string_or_a_struct() {
    let contract = contract();
    let world = world(Guard::default().check(Check::new(&contract, "Auth.object").unwrap()));
    let reply = world.ask(&[("x-a", "b")], request(1, "S.who", json!([]))).await;
    let ctx: Value = serde_json::from_str(reply["result"].as_str().unwrap()).unwrap();
    let given: Value = serde_json::from_str(ctx["auth"].as_str().unwrap()).unwrap();
    assert_eq!((&given["transport"], &given["headers"]), (&json!("http"), &json!({"x-a": "b"})));
    let refused = |method: &str| Check::new(&contract, method).unwrap_err();
    for (method, why) in [
        ("Auth.nothing", "no method Auth.nothing"),
        ("check", "no method check"),
        ("", "no method"),
        ("Auth.none", "one parameter"),
        ("Auth.two", "one parameter"),
        ("Auth.count", "a string or a struct"),
        ("Auth.color", "a string or a struct"),
        ("Auth.narrow", "cannot take ctx as Narrow: "),
    ] {
        assert!(refused(method).contains(why), "{method}: {}", refused(method));
    }
}

/// The head and the body of the answer to a request whose own body never comes.
async fn refusal(address: &str, headers: &str) -> (String, Value) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let text = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{headers}content-length: 50\r\n\r\n"
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&answer);
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && let Ok(body) = serde_json::from_str(body)
        {
            return (format!("{head}\r\n"), body);
        }
        let read = stream.read_buf(&mut answer);
        let count = tokio::time::timeout(Duration::from_secs(20), read).await.expect("no answer").unwrap();
        assert!(count > 0, "{}", String::from_utf8_lossy(&answer));
    }
}

/// Whether a call with these headers is let in.
async fn enters(address: &str, headers: &str) -> bool {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let body = request(1, "S.who", json!([])).to_string();
    let text = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
         {headers}content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.starts_with("HTTP/1.1 200") && answer.contains(r#"\"auth\":{\"bearer\":\"ann\"}"#)
}

#[tokio::test]
async fn bearer_tokens() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("tokens");
    std::fs::write(&file, "ann:old\n").unwrap();
    let guard = Guard::default().bearer(Bearer::file(&file).unwrap());
    assert!(!guard.decides(), "calls are judged one by one for no reason");
    let mut server = Server::guarded(Script::default(), Limits::default(), guard);
    let engine = builder().admission(false).build().unwrap();
    let url = server.listen(Listener::default(), engine).unwrap();
    tokio::spawn(server.run(std::future::pending()));
    let address = url.strip_prefix("http://").unwrap();
    for stranger in [
        "",
        "authorization: Bearer wrong\r\n",
        "authorization: Bearer\r\n",
        "authorization: Bearer \r\n",
        "authorization: Basic old\r\n",
        "authorization: old\r\n",
        "authorization: Bearer ann:old\r\n",
        "authorization: Bearer old\r\nauthorization: Bearer old\r\n",
        "authorization: Bearer old, Bearer old\r\n",
        "cookie: authorization=old\r\n",
    ] {
        let (answer, body) = refusal(address, stranger).await;
        assert!(answer.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{stranger}: {answer}");
        assert!(answer.contains("\r\nwww-authenticate: Bearer\r\n"), "{answer}");
        assert_eq!(
            (&body["error"]["code"], &body["error"]["message"]),
            (&json!(-32005), &json!("Unauthorized"))
        );
        assert_eq!(body.get("id"), Some(&Value::Null));
    }
    for friend in ["authorization: Bearer old\r\n", "Authorization: bearer  old \r\n"] {
        assert!(enters(address, friend).await, "{friend}");
    }
    // The file is replaced while calls go on.
    std::fs::write(dir.path().join("next"), "ann:new\n").unwrap();
    std::fs::rename(dir.path().join("next"), &file).unwrap();
    let changed = async {
        while !enters(address, "authorization: Bearer new\r\n").await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), changed).await.expect("the new token is not let in");
    assert!(!enters(address, "authorization: Bearer old\r\n").await);
}
