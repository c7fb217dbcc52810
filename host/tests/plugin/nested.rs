//! Plugins that call each other through the server, and those that try to make a harm of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use pintle::admission::Guard;
use pintle::drive::{Answer, Driver, Gate};
use pintle::handlers::{Handlers, Served};
use pintle::ledger::Ledger;
use pintle::net::context::{Context, Remote};
use pintle::plugin::{GuestLimits, Isolation, PluginOptions};
use pintle::shutdown::Shutdown;
use pintle_core::{Contract, Engine, RpcError};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::{engine, lines, load};

const RELAY: &str = include_str!("../guests/relay.wat");
const RELAY_COMPONENT: &str = include_str!("../guests/relay_component.wat");

const CONTRACT: &str = "namespace t\n\ninterface A {\n  go() int\n}\n\ninterface B {\n  go() int\n}\n\ninterface C {\n  \
    add(a int, b int) int\n  lie() int\n  fail() int\n  hang() int\n  busy() int\n  wait() int\n  who() string\n}\n";

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

/// A guest that calls `method` and answers what it got.
fn relay(guest: &str, method: &str, params: &str, times: u32) -> String {
    let quote = |text: &str| text.replace('\\', "\\5c").replace('"', "\\22");
    guest
        .replace("METHOD_LEN", &method.len().to_string())
        .replace("PARAMS_LEN", &params.len().to_string())
        .replace("\"METHOD\"", &format!("\"{}\"", quote(method)))
        .replace("\"PARAMS\"", &format!("\"{}\"", quote(params)))
        .replace("TIMES)", &format!("{times})"))
}

/// A plugin for an interface: what it calls, and what it may call.
struct Spec {
    guest: &'static str,
    interface: &'static str,
    method: &'static str,
    params: &'static str,
    times: u32,
    grants: &'static [&'static str],
    options: PluginOptions,
}

fn spec(interface: &'static str, method: &'static str) -> Spec {
    let options = PluginOptions::new(interface);
    Spec { guest: RELAY, interface, method, params: "[]", times: 1, grants: &["A", "B", "C"], options }
}

impl Spec {
    fn params(mut self, params: &'static str) -> Spec {
        self.params = params;
        self
    }

    /// As a component, which does not log what it got.
    fn component(mut self) -> Spec {
        self.guest = RELAY_COMPONENT;
        self
    }

    fn single(mut self) -> Spec {
        self.options.isolation = Isolation::Single;
        self
    }
}

struct World {
    handlers: Vec<Arc<Served>>,
    driver: Driver<Arc<Handlers>>,
    engine: Arc<Engine>,
    log: UnboundedReceiver<(pintle::plugin::Level, String, String)>,
    /// Lets a `C.wait` go on.
    go: Arc<Semaphore>,
    /// Told by each `C.wait` and `C.hang` that runs, and by each `C.hang` that is dropped.
    signs: Arc<Semaphore>,
    _shutdown: Shutdown,
}

async fn world(specs: Vec<Spec>) -> World {
    let runtime = engine();
    let (sink, log) = lines();
    let (mut handlers, mut all) = (Handlers::default(), Vec::new());
    for spec in specs {
        let wat = relay(spec.guest, spec.method, spec.params, spec.times);
        let options = PluginOptions { log: sink.clone(), ..spec.options };
        let served = Arc::new(Served {
            send: false,
            plugin: Arc::new(load(&runtime, &wat, options).await.unwrap()),
            headers: None,
            calls: spec.grants.iter().map(|name| (*name).to_owned()).collect(),
            debug_errors: false,
            ledger: Ledger::default(),
        });
        handlers.plugin(spec.interface, served.clone());
        all.push(served);
    }
    let (go, signs) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (go2, signs2) = (go.clone(), signs.clone());
    handlers.function("C", move |invocation| {
        let (go, signs) = (go2.clone(), signs2.clone());
        Box::pin(async move {
            match invocation.method.name.as_str() {
                "C.add" => {
                    let [a, b]: [i64; 2] = serde_json::from_str(invocation.params).unwrap();
                    Answer::Return((a + b).to_string().into())
                }
                "C.lie" => Answer::Return("\"no number\"".into()),
                "C.fail" => Answer::Error(RpcError::new(7, "a \"reason\"").with_data("[1]")),
                "C.hang" => {
                    let _dropped = Sign(signs.clone());
                    signs.add_permits(1);
                    std::future::pending().await
                }
                "C.busy" => {
                    for _ in 0..30 {
                        let since = Instant::now();
                        while since.elapsed() < Duration::from_millis(10) {}
                        tokio::task::yield_now().await;
                    }
                    Answer::Return("1".into())
                }
                "C.wait" => {
                    signs.add_permits(1);
                    go.acquire().await.unwrap().forget();
                    Answer::Return("1".into())
                }
                _ => {
                    let ctx = invocation.context.json(invocation.request, invocation.deadline, None);
                    Answer::Return(Value::from(ctx).to_string().into())
                }
            }
        })
    });
    let engine = Engine::builder(contract()).build().unwrap();
    handlers.inside(engine.clone());
    let shutdown = Shutdown::new();
    let driver = Driver {
        handler: Arc::new(handlers),
        call_deadline: Duration::from_secs(3600),
        calls: Gate::new(100),
        cancellation: shutdown.cancellation(),
        guard: Guard::default(),
    };
    World { handlers: all, driver, engine, log, go, signs, _shutdown: shutdown }
}

struct Sign(Arc<Semaphore>);

impl Drop for Sign {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

impl World {
    /// The response to a call from outside.
    async fn ask(&self, method: &str) -> Value {
        let body = json!({"jsonrpc": "2.0", "id": 9, "method": method, "params": []}).to_string();
        let context = Context {
            transport: "http",
            remote: Remote::Ip(([127, 0, 0, 1], 9).into()),
            forwarded: None,
            connection: Arc::default(),
            headers: Arc::default(),
            peers: Arc::default(),
            auth: "{\"user\":\"ann\"}".to_owned().into(),
        };
        let slot = self.driver.calls.enter().unwrap();
        let reply = self.driver.drive(&self.engine, body.into(), context, slot).await.unwrap();
        serde_json::from_slice(&reply).unwrap()
    }

    /// What guests were answered since the last time, the innermost first.
    fn answers(&mut self) -> Vec<Value> {
        let lines = std::iter::from_fn(|| self.log.try_recv().ok());
        lines.map(|(_, _, text)| serde_json::from_str(&text).unwrap_or(Value::from(text))).collect()
    }

    /// What the guest of `A` is answered.
    async fn answer(spec: Spec) -> Value {
        let mut world = world(vec![spec]).await;
        world.ask("A.go").await;
        world.answers().remove(0)
    }
}

#[tokio::test]
async fn a_call_is_checked_both_ways() {
    let answer = |method, params| World::answer(spec("A", method).params(params));
    assert_eq!(answer("C.add", "[2,3]").await, json!({"result": 5}));
    assert_eq!(answer("C.add", "{\"b\":2,\"a\":3.0}").await, json!({"result": 5}));
    assert_eq!(
        answer("C.fail", "[]").await,
        json!({"error": {"code": 7, "message": "a \"reason\"", "data": [1]}})
    );
    for (method, params, code) in [
        ("C.add", "[2,\"3\"]", -32602),
        ("C.add", "[2]", -32602),
        ("C.lie", "[]", -32603),
        ("C.nothing", "[]", -32601),
        ("C.add\",\"params\":[1,2],\"x\":\"", "[2,3]", -32601),
        ("C.add", "[2,3],\"id\":1", -32600),
        ("C.add", "[2,3]} {", -32600),
        ("C.add", "7", -32600),
        ("C.add", "", -32600),
        ("C.add", "[2,3", -32600),
    ] {
        assert_eq!(answer(method, params).await["error"]["code"], code, "{method} {params}");
    }
}

#[tokio::test]
async fn without_a_grant_there_is_no_such_method() {
    let absent = json!({"error": {"code": -32601, "message": "Method not found"}});
    for method in ["C.add", "C.nothing", "pulserpc-idl", "add", "", "D.x", ".C.add"] {
        let ungranted = Spec { grants: &["B", "", "t"], ..spec("A", method).params("[2,3]") };
        assert_eq!(World::answer(ungranted).await, absent, "{method}");
    }
    let world = world(vec![Spec { grants: &["B"], ..spec("A", "C.add") }]).await;
    world.ask("A.go").await;
    assert_eq!(world.handlers[0].plugin.counts().refused_grants, 1);
}

#[tokio::test]
async fn what_is_called_sees_the_caller_from_outside() {
    let answer = World::answer(spec("A", "C.who")).await;
    let ctx: Value = serde_json::from_str(answer["result"].as_str().unwrap()).unwrap();
    assert_eq!((&ctx["request"], &ctx["remote"]), (&json!("9"), &json!("127.0.0.1:9")));
    assert_eq!(ctx["auth"], json!({"user": "ann"}));
}

#[tokio::test]
async fn a_circle_ends_at_depth_8() {
    let mut world = world(vec![spec("A", "B.go"), spec("B", "A.go")]).await;
    assert_eq!(world.ask("A.go").await["error"]["code"], -32603);
    let answers = world.answers();
    // Nine guests ran: the one that was called from outside and eight inside of it.
    assert_eq!(answers.len(), 9);
    let detail = json!({"detail": "Calls between plugins nest deeper than 8."});
    assert_eq!(answers[0], json!({"error": {"code": -32004, "message": "Too large", "data": detail}}));
    // An error of a reserved code is not the guest's to answer.
    assert!(answers[1..].iter().all(|answer| answer["error"]["code"] == -32603));
    assert!(world.handlers.iter().all(|served| served.plugin.instances().iter().all(|one| !one.busy)));
}

#[tokio::test]
async fn a_circle_of_both_kinds_ends_too() {
    let mut world = world(vec![spec("A", "B.go"), spec("B", "A.go").component()]).await;
    assert_eq!(world.ask("A.go").await["error"]["code"], -32603);
    let answers = world.answers();
    // Five of the nine guests were modules.
    assert_eq!((answers.len(), &answers[0]["error"]["code"]), (5, &json!(-32004)));
    assert!(answers[1..].iter().all(|answer| answer["error"]["code"] == -32603));
    assert!(world.handlers.iter().all(|served| served.plugin.instances().iter().all(|one| !one.busy)));
}

#[tokio::test]
async fn a_single_plugin_is_not_entered_again() {
    for (first, logged) in [(spec("A", "B.go"), 2), (spec("A", "B.go").component(), 1)] {
        let mut world = world(vec![first.single(), spec("B", "A.go")]).await;
        assert_eq!(world.ask("A.go").await["error"]["code"], -32603);
        let answers = world.answers();
        let detail = json!({"detail": "The call would wait for itself."});
        assert_eq!(
            answers[0],
            json!({"error": {"code": -32000, "message": "Plugin failed", "data": detail}})
        );
        assert_eq!(answers.len(), logged);
        assert_eq!(world.handlers[0].plugin.counts().replaced, 0, "it was no fault of the instance");
    }
}

#[tokio::test]
async fn a_nested_call_does_not_wait_for_an_instance() {
    let one = GuestLimits { instances: 1, ..GuestLimits::default() };
    for single in [true, false] {
        let mut busy = spec("B", "C.wait");
        busy.options.limits = one.clone();
        let busy = if single { busy.single() } else { busy };
        let mut world = world(vec![spec("A", "B.go"), busy]).await;
        let holder = world.ask("B.go");
        let second = async {
            world.signs.acquire().await.unwrap().forget();
            let answer = world.ask("A.go").await;
            world.go.add_permits(1);
            answer
        };
        let (first, _) = tokio::join!(holder, second);
        assert_eq!(first["result"], 1);
        let answers = world.answers();
        let told = &answers[0]["error"];
        assert_eq!(
            (&told["code"], &told["data"]["retryAfterMs"]),
            (&json!(-32003), &json!(100)),
            "{answers:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_one_behind_the_other_find_a_single_plugin_free() {
    let mut many = Spec { times: 200, ..spec("A", "B.go") };
    many.options.limits.log_lines = 200;
    let mut world = world(vec![many, spec("B", "C.add").params("[1,1]").single()]).await;
    assert_eq!(world.ask("A.go").await["result"], 2);
    let answers = world.answers();
    assert!(answers.iter().all(|answer| *answer == json!({"result": 2})), "{answers:?}");
}

#[tokio::test]
async fn what_a_guest_waits_for_is_not_its_run_time() {
    for mut waiting in [spec("A", "C.busy"), spec("A", "C.busy").component()] {
        waiting.options.limits.run_time = Duration::from_millis(100);
        let world = world(vec![waiting]).await;
        assert_eq!(world.ask("A.go").await["result"], 1);
    }
}

#[tokio::test]
async fn a_nested_call_has_the_deadline_of_the_first() {
    for inner in [spec("B", "C.hang"), spec("B", "C.hang").component()] {
        let mut world = world(vec![spec("A", "B.go"), inner]).await;
        world.driver.call_deadline = Duration::from_millis(50);
        assert_eq!(world.ask("A.go").await["error"]["code"], -32001);
        // It began, and was dropped.
        world.signs.acquire_many(2).await.unwrap().forget();
        world.driver.call_deadline = Duration::ZERO;
        assert_eq!(world.ask("A.go").await["error"]["code"], -32001);
    }
}

#[tokio::test]
async fn a_guest_that_waits_can_be_stopped() {
    let hang = || spec("A", "C.hang");
    let all = [hang(), hang().single(), hang().component(), hang().component().single()];
    for waiting in all {
        let world = world(vec![waiting]).await;
        let kill = async {
            world.signs.acquire().await.unwrap().forget();
            let plugin = &world.handlers[0].plugin;
            assert!(plugin.instances()[0].busy && plugin.kill(plugin.instances()[0].id));
            world.signs.acquire().await.unwrap().forget();
        };
        let (reply, ()) = tokio::join!(world.ask("A.go"), kill);
        let detail = json!({"detail": "The instance that served the call was stopped."});
        assert_eq!(reply["error"], json!({"code": -32002, "message": "Cancelled", "data": detail}));
    }
}

#[tokio::test]
async fn a_lying_guest_is_a_trap() {
    for (method_len, params_len) in [("0x7fffffff", "2"), ("5", "0xffffffff")] {
        let wat =
            RELAY.replace("METHOD_LEN", method_len).replace("PARAMS_LEN", params_len).replace("TIMES)", "1)");
        let plugin = load(&engine(), &wat, PluginOptions::new("A")).await.unwrap();
        let failure = crate::call(&plugin, "[]").await.unwrap_err();
        assert_eq!(failure.kind, pintle::plugin::FailureKind::Trap);
        assert!(failure.reason.contains("outside of the memory"), "{}", failure.reason);
    }
}
