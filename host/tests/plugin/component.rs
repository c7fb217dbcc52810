//! What only components have: what they are told of, their shape, their imports and exports.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pintle::plugin::{
    CallContext, Engine, EngineOptions, FailureKind, GuestLimits, Invocation, Isolation, Level, NestedCall,
    PeerCall, PluginInfo, PluginOptions, Reaching, Refused, inspect,
};
use pintle_core::{Code, RpcError};

use crate::{
    COMPONENT, Got, THREE_INSTANCES, call, engine, limited, lines, load, options, own, plugin, wasm,
};

/// Keeps what it is asked, and answers it.
#[derive(Default)]
struct Asked(Mutex<Vec<String>>);

impl CallContext for Asked {
    fn json(&self) -> String {
        r#"{"ctx":1}"#.to_owned()
    }

    fn call(&self, call: NestedCall) -> Option<Reaching> {
        Some(Box::pin(async move {
            tokio::task::yield_now().await;
            Ok(format!("[{:?},{}]", call.method, call.params))
        }))
    }

    fn send(&self, to: &str, method: &str, params: &str) -> Result<(), Refused> {
        self.0.lock().unwrap().push(format!("{to:?} {method} {params}"));
        if to.is_empty() { Ok(()) } else { Err(Refused::NoConnection) }
    }

    fn request(&self, _: PeerCall) -> Option<Reaching> {
        Some(Box::pin(async { Err(RpcError::new(7, "busy").with_data("[1]")) }))
    }
}

#[tokio::test]
async fn a_component_reaches_what_it_is_granted() {
    for isolation in [Isolation::Call, Isolation::Pool, Isolation::Single] {
        let plugin = plugin(COMPONENT, options(isolation)).await;
        let asked = Arc::new(Asked::default());
        let cases = [
            ("c", Got::Result(r#"{"ctx":1}"#.to_owned())),
            ("q", Got::Result(r#"["Client.note",["q"]]"#.to_owned())),
            ("r", Got::Error(7)),
            ("s", Got::Result("0".to_owned())),
            ("k", Got::Result("2".to_owned())),
            ("x", Got::Result(r#"["x"]"#.to_owned())),
            ("e", Got::Error(42)),
        ];
        for (letter, expected) in cases {
            let context: Option<Arc<dyn CallContext>> = Some(asked.clone());
            let params = format!(r#"["{letter}"]"#);
            let invocation = Invocation { context, ..Invocation::new("Test.method", &params) };
            assert_eq!(plugin.call(invocation, own).await.unwrap(), expected, "{letter}");
        }
        assert_eq!(*asked.0.lock().unwrap(), [r#""" Client.note ["s"]"#]);
        // One call's grants are not the next one's.
        let not_found = Got::Error(Code::MethodNotFound.number());
        let nothing = [
            ("c", Got::Result("{}".to_owned())),
            ("q", not_found),
            ("r", Got::Error(Code::MethodNotFound.number())),
            ("s", Got::Result("2".to_owned())),
        ];
        for (letter, expected) in nothing {
            assert_eq!(call(&plugin, &format!(r#"["{letter}"]"#)).await.unwrap(), expected, "{letter}");
        }
    }
}

#[tokio::test]
async fn a_component_sends_so_much_and_no_more() {
    let limits = GuestLimits { sends: 7, ..GuestLimits::default() };
    let plugin = plugin(COMPONENT, limited(Isolation::Pool, limits)).await;
    let asked = Arc::new(Asked::default());
    let context: Option<Arc<dyn CallContext>> = Some(asked.clone());
    let invocation = Invocation { context, ..Invocation::new("Test.method", r#"["S"]"#) };
    assert_eq!(plugin.call(invocation, own).await.unwrap(), Got::Result("4".to_owned()));
    assert_eq!(asked.0.lock().unwrap().len(), 7);
}

#[tokio::test]
async fn the_error_of_a_component_arrives_whole() {
    let plugin = plugin(COMPONENT, options(Isolation::Pool)).await;
    let read = |answer: pintle::plugin::Answer<'_>| match answer {
        pintle::plugin::Answer::Error(error) => error,
        other => panic!("{other:?}"),
    };
    let error = plugin.call(Invocation::new("Test.method", r#"["e"]"#), read).await.unwrap();
    assert_eq!(error, RpcError::new(42, "no").with_data(r#"{"a":1}"#));
}

#[tokio::test]
async fn a_long_line_is_cut() {
    let (log, mut lines) = lines();
    let plugin = plugin(COMPONENT, PluginOptions { log, ..options(Isolation::Pool) }).await;
    call(&plugin, r#"["L"]"#).await.unwrap();
    let (level, _, text) = lines.recv().await.unwrap();
    assert_eq!((level, text.len()), (Level::Trace, 8 << 10));
}

/// They take their time, all of it inside of one call, and none of them stays.
#[tokio::test]
async fn a_million_host_calls_end_in_time() {
    let limits = GuestLimits { run_time: Duration::from_secs(60), ..GuestLimits::default() };
    let long = plugin(COMPONENT, limited(Isolation::Pool, limits)).await;
    call(&long, r#"["h"]"#).await.unwrap();
    assert_eq!(long.instances()[0].memory, 2 * 65536 + 8 * TABLES);
}

/// Elements of the tables of a component: its own, and those that its imports need.
const TABLES: usize = 7;

/// A component of the bytes world with one line replaced or added: imports before everything, parts in between.
fn small(import: &str, shape: &str, start: &str) -> String {
    format!(
        r#"(component
          {import}
          (type $shape (record {shape}))
          (core module $code
            (memory (export "memory") 1)
            {start}
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8))
            (func (export "handle") (param i32 i32 i32 i32) (result i32) (i32.const 0)))
          (core instance $main (instantiate $code))
          (export $rpc-error "rpc-error" (type $shape))
          (func $handle (param "method" string) (param "params" string) (result (result string (error $rpc-error)))
            (canon lift (core func $main "handle")
              (memory (core memory $main "memory")) (realloc (core func $main "realloc"))))
          (export "handle" (func $handle)))"#
    )
}

const SHAPE: &str = r#"(field "code" s32) (field "message" string) (field "data" (option string))"#;

#[tokio::test]
async fn refuses_by_name() {
    let host = |function: &str| {
        format!(
            r#"(import "pintle:plugin/host@1.0.0" (instance (export "{function}" (func (param "line" string)))))"#
        )
    };
    let cases = [
        (
            "(component)".to_owned(),
            "missing export `handle`: `func(method: string, params: string) -> result<",
        ),
        (
            r#"(component (core module $m) (export "handle" (core module $m)))"#.to_owned(),
            "`handle` is a core module",
        ),
        (
            small("", &SHAPE.replace("s32", "s64"), ""),
            "code: s64, message: string, data: option<string> }>`, expected `func(method: string, params: string)",
        ),
        (
            small(r#"(import "env:host/shell" (instance (export "run" (func))))"#, SHAPE, ""),
            "unknown import `env:host/shell`: an interface with run",
        ),
        (
            small(r#"(import "run" (func (param "a" u8) (result (list u8))))"#, SHAPE, ""),
            "unknown import `run`: func(a: u8) -> list<u8>",
        ),
        (small(&host("shout"), SHAPE, ""), "shout"),
        (small(&host("log"), SHAPE, ""), "log"),
        (
            small(r#"(import "wasi:nothing/here@0.2.0" (instance (export "run" (func))))"#, SHAPE, ""),
            "wasi:nothing/here",
        ),
        (small("", SHAPE, "(func $start unreachable) (start $start)"), "start-up failed"),
    ];
    let engine = engine();
    for (component, expected) in cases {
        let error = load(&engine, &component, options(Isolation::Pool)).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{component}: {error}");
    }
    load(&engine, &small("", SHAPE, ""), options(Isolation::Pool)).await.unwrap();
}

#[tokio::test]
async fn a_start_up_that_loops_is_refused() {
    let limits = GuestLimits { start_time: Duration::from_millis(30), ..GuestLimits::default() };
    let component = small("", SHAPE, "(func $start (loop (br 0))) (start $start)");
    let error = load(&engine(), &component, limited(Isolation::Pool, limits)).await.unwrap_err().to_string();
    assert!(error.contains("start-up ran for more than 30ms"), "{error}");
}

#[tokio::test]
async fn memories_at_the_start_count() {
    let limits = GuestLimits { memory: 1 << 20, ..GuestLimits::default() };
    let component = small("", SHAPE, "(memory 16)");
    let error = load(&engine(), &component, limited(Isolation::Pool, limits)).await.unwrap_err().to_string();
    assert!(error.contains("start-up failed"), "{error}");
}

/// The usual shape takes a slot; what has more memories than a slot lives on demand and takes none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_component_lives_in_a_slot_if_it_fits() {
    let one = Engine::new(EngineOptions { slots: 1, ..EngineOptions::default() }).unwrap();
    let (log, mut lines) = lines();
    let limits = GuestLimits { run_time: Duration::from_secs(3600), ..GuestLimits::default() };
    let looping = PluginOptions { log, ..limited(Isolation::Pool, limits) };
    let plugin = Arc::new(load(&one, COMPONENT, looping).await.unwrap());
    let holder = plugin.clone();
    let holder = tokio::spawn(async move { call(&holder, r#"["l"]"#).await });
    lines.recv().await.unwrap();
    let failure = call(&plugin, r#"["x"]"#).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Overloaded, "{failure}");
    let large = load(&one, THREE_INSTANCES, options(Isolation::Pool)).await.unwrap();
    call(&large, "[]").await.unwrap();
    holder.abort();
    assert!(holder.await.unwrap_err().is_cancelled());
    call(&plugin, r#"["x"]"#).await.unwrap();
}

#[test]
fn describes_a_component() {
    let PluginInfo::Component(info) = inspect(&wasm(COMPONENT)).unwrap() else { panic!() };
    assert_eq!(info.imports, ["pintle:plugin/host@1.0.0"]);
    assert_eq!(info.exports, ["handle"]);
    assert_eq!((info.memories, info.wasi, info.interfaces), (1, false, None));
    let info = inspect(&wasm(THREE_INSTANCES)).unwrap();
    assert_eq!(info.interfaces().unwrap(), ["Three"]);
    // What a module inside says is not said by the component.
    let inside = small("", SHAPE, r#"(@custom "pintle.interfaces" "[\"Inside\"]")"#);
    assert_eq!(inspect(&wasm(&inside)).unwrap().interfaces(), None);
}

#[tokio::test]
async fn the_only_plugin_may_load_without_saying_what_it_serves() {
    let plugin = load(&engine(), COMPONENT, options(Isolation::Pool)).await.unwrap();
    assert_eq!(plugin.info().interfaces(), None);
}
