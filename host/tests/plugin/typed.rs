//! Components with a function for each method of a contract.

use std::sync::Arc;

use pintle::plugin::{Answer, FailureKind, GuestLimits, Invocation, Isolation, Level, Plugin, PluginOptions};
use pintle_core::idl::{self, Loader};
use pintle_core::{Code, Contract, Engine, Exchange, Outcome, RpcError, Step};
use serde_json::{Value, json};
use wit_parser::abi::{AbiVariant, WasmType};
use wit_parser::{Resolve, WorldItem};

use crate::guests::HOST;
use crate::{componentize, engine, limited, lines, options};

const SHAPES: &str = include_str!("../guests/shapes.pulse");
const GUEST: &str = include_str!("../guests/shapes.wat");

fn contract(text: &str) -> Arc<Contract> {
    struct One(String);
    impl Loader for One {
        fn load(&mut self, _: &str) -> Result<String, String> {
            Ok(self.0.clone())
        }
    }
    let parsed = idl::parse("shapes.pulse", &mut One(text.to_owned()));
    Arc::new(parsed.contract.unwrap_or_else(|| panic!("{:?}", parsed.diagnostics)))
}

fn component() -> Vec<u8> {
    componentize(&[HOST, &wit(SHAPES)], "plugin", GUEST)
}

async fn shapes(isolation: Isolation) -> Plugin {
    load(component(), options(isolation)).await.unwrap()
}

async fn load(component: Vec<u8>, options: PluginOptions) -> Result<Plugin, String> {
    let options = PluginOptions { contract: Some(contract(SHAPES)), ..options };
    Plugin::load(&engine(), component, options).await.map_err(|error| error.to_string())
}

/// What a caller gets, past the core both ways.
async fn ask(plugin: &Plugin, method: &str, params: Value) -> Value {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": format!("Shapes.{method}"), "params": params});
    let engine = Engine::builder(contract(SHAPES)).build().unwrap();
    let mut exchange = Exchange::open(&engine, body.to_string());
    loop {
        match exchange.poll() {
            Step::Call(call) => {
                let name = engine.method(call.method).name.clone();
                let read = |answer: Answer<'_>| match answer {
                    Answer::Return(json) => Ok(json),
                    Answer::Error(error) => Err(error),
                    Answer::Result(_) => panic!("a component has no answer object"),
                };
                let answer = plugin.call(Invocation::new(&name, exchange.params(&call)), read).await;
                // What was wrong with it is for the log.
                let _ = match &answer {
                    Ok(Ok(json)) => exchange.complete(call.ticket, Outcome::Return(json.as_bytes())),
                    Ok(Err(error)) => exchange.complete(call.ticket, Outcome::Error(error.clone())),
                    Err(failure) => exchange.complete(call.ticket, Outcome::Fail(failure.error.clone())),
                };
            }
            Step::Reply(reply) => {
                let mut reply: Value = serde_json::from_slice(&reply.unwrap()).unwrap();
                return match reply.get_mut("result") {
                    Some(result) => result.take(),
                    None => json!({"error": reply["error"].take()}),
                };
            }
            _ => panic!("an exchange of one call goes on"),
        }
    }
}

fn item(name: &str, count: i64) -> Value {
    json!({"itemName": name, "count": count})
}

#[tokio::test]
async fn every_type_goes_there_and_back() {
    let full = json!({
        "baseId": "b", "text": "t\n\"ü\u{1}", "whole": i64::MIN, "exact": 0.1, "truth": true, "kind": "VeryLarge",
        "item": item("", -1), "items": [item("a", 1), item("b", i64::MAX)], "names": {"": 0, "x\"": 2},
        "deep": {"k": [item("c", 3)], "none": []},
        "tree": {"value": 1, "children": [{"value": 2, "children": []}]}, "nothing": {},
        "maybeText": "m", "maybeItem": item("d", 4), "maybeTree": {"value": 3, "children": []}, "maybeKind": "small",
    });
    let mut bare = full.clone();
    let optional = ["maybeText", "maybeItem", "maybeTree", "maybeKind"];
    bare.as_object_mut().unwrap().retain(|name, _| !optional.contains(&name.as_str()));
    bare["exact"] = json!(1e300);
    for isolation in [Isolation::Call, Isolation::Pool, Isolation::Single] {
        let plugin = shapes(isolation).await;
        assert_eq!(plugin.info().interfaces().unwrap(), ["Shapes"]);
        for _ in 0..3 {
            assert_eq!(ask(&plugin, "echo", json!([full])).await, full);
            assert_eq!(ask(&plugin, "echo", json!({"all": bare})).await, bare);
        }
        // What is unknown is dropped, and null is absent, in whatever order.
        let mut strange = bare.clone();
        strange["unknown"] = json!([{"deep": [1]}]);
        strange["maybeText"] = Value::Null;
        let last = strange.as_object_mut().unwrap().shift_remove("text").unwrap();
        strange["text"] = last;
        assert_eq!(ask(&plugin, "echo", json!([strange])).await, bare);
    }
}

/// A name that is no text is one that the contract does not know.
#[tokio::test]
async fn unknown_names_may_be_anything() {
    let plugin = shapes(Isolation::Single).await;
    let first = plugin.instances()[0].id;
    let item = r#"{"itemName":"a","\ud800":[],"count":1}"#;
    let all = format!(
        r#"[{{"baseId":"","text":"","whole":1,"exact":1,"truth":true,"kind":"small","item":{item},"items":[],"names":{{}},"deep":{{}},"tree":{{"value":1,"children":[]}},"nothing":{{}}}}]"#
    );
    plugin.call(Invocation::new("Shapes.echo", &all), |_| ()).await.unwrap();
    assert_eq!(plugin.instances()[0].id, first);
}

/// Values may be hundreds of times larger than their text.
#[tokio::test]
async fn parameters_that_grow_are_too_large() {
    let limits = GuestLimits { memory: 4 << 20, ..GuestLimits::default() };
    let plugin = load(component(), limited(Isolation::Single, limits)).await.unwrap();
    let first = plugin.instances()[0].id;
    let item = r#"{"itemName":"","count":1},"#.repeat(20_000);
    let all = format!(r#"[{{"items":[{}]}}]"#, item.trim_end_matches(','));
    let failure = plugin.call(Invocation::new("Shapes.echo", &all), |_| ()).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.error.code),
        (FailureKind::TooLarge, Code::TooLarge.number()),
        "{failure}"
    );
    assert_eq!(plugin.instances()[0].id, first);
}

#[tokio::test]
async fn numbers_stay_what_they_are() {
    let plugin = shapes(Isolation::Pool).await;
    for text in ["0.1", "1e-7", "1.2345678901234568e17", "5e-324", "1.7976931348623157e308", "-0.0", "3.0"] {
        let params = format!("[{text}]");
        let read = |answer: Answer<'_>| match answer {
            Answer::Return(json) => json,
            other => panic!("{other:?}"),
        };
        let answer = plugin.call(Invocation::new("Shapes.exact", &params), read).await.unwrap();
        assert_eq!(answer, text);
    }
    for whole in ["-0", "-9223372036854775808", "9223372036854775807"] {
        let params = format!("[{whole}]");
        plugin.call(Invocation::new("Shapes.some", &params), |_| ()).await.unwrap();
    }
}

#[tokio::test]
async fn optional_values_and_no_values() {
    let plugin = shapes(Isolation::Pool).await;
    assert_eq!(ask(&plugin, "some", json!([1])).await, Value::Null);
    assert_eq!(ask(&plugin, "some", json!([1, null])).await, Value::Null);
    assert_eq!(ask(&plugin, "some", json!([1, "x"])).await, "x");
    assert_eq!(ask(&plugin, "nothing", json!([])).await, Value::Null);
    assert_eq!(ask(&plugin, "kind", json!([1])).await, "VeryLarge");
    assert_eq!(ask(&plugin, "tree", json!([0])).await, json!({"value": 1, "children": []}));
    assert_eq!(ask(&plugin, "names", json!([1])).await, json!({"a": 1}));
}

#[tokio::test]
async fn what_the_host_has_is_there_too() {
    let (log, mut lines) = lines();
    let options = PluginOptions { log, ..options(Isolation::Pool) };
    let plugin = load(component(), options).await.unwrap();
    assert_eq!(ask(&plugin, "nothing", json!([])).await, Value::Null);
    let line = (Level::Warn, "Shapes.nothing".to_owned(), "a".to_owned());
    assert_eq!(lines.recv().await.unwrap(), line);
}

#[tokio::test]
async fn errors_have_their_codes() {
    let plugin = shapes(Isolation::Pool).await;
    let error = |how: &str, message: &str| ask(&plugin, "fail", json!([how, message]));
    let declared = json!({"error": {"code": 10, "message": "why", "data": [7]}});
    assert_eq!(error("d", "why").await, declared);
    assert_eq!(error("D", "").await, json!({"error": {"code": 10, "message": "too many"}}));
    assert_eq!(error("o", "else").await, json!({"error": {"code": 77, "message": "else"}}));
}

/// What a guest answers that is no answer: the caller learns nothing, and the next call is served.
#[tokio::test]
async fn answers_that_are_none() {
    let told = json!({"detail": "The handler's result breaks the contract."});
    let internal = json!({"error": {"code": -32603, "message": "Internal error", "data": told}});
    let failed = json!({"error": {"code": -32000, "message": "Plugin failed"}});
    let cases = [
        ("names", 2, &internal), // a key twice
        ("exact", 1, &failed),   // infinite
        ("exact", 2, &failed),   // not a number
        ("tree", 1, &failed),    // not JSON
        ("tree", 2, &failed),    // two values
        ("tree", 5, &failed),    // more of it
        ("kind", 2, &failed),    // no such case
        ("names", 1 << 20, &failed),
        ("names", 1 << 31, &failed),
    ];
    for isolation in [Isolation::Call, Isolation::Pool, Isolation::Single] {
        let plugin = shapes(isolation).await;
        for (method, how, expected) in cases {
            assert_eq!(ask(&plugin, method, json!([how])).await, *expected, "{method} {how}");
            assert_eq!(ask(&plugin, "exact", json!([0.5])).await, 0.5);
        }
        assert_eq!(ask(&plugin, "fail", json!(["t", ""])).await, failed);
        assert_eq!(ask(&plugin, "nothing", json!([])).await, Value::Null);
    }
}

#[tokio::test]
async fn an_answer_over_the_limit_is_too_large() {
    let limits = GuestLimits { answer: 100, ..GuestLimits::default() };
    let plugin = load(component(), limited(Isolation::Pool, limits)).await.unwrap();
    let long = format!("[1,{:?}]", "x".repeat(101));
    let failure = plugin.call(Invocation::new("Shapes.some", &long), |_| ()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::TooLarge, "{failure}");
    let long = format!("[\"o\",{:?}]", "x".repeat(101));
    let failure = plugin.call(Invocation::new("Shapes.fail", &long), |_| ()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::TooLarge, "{failure}");
    // Quotes make a text longer.
    let quotes = format!("[1,{:?}]", "\"".repeat(60));
    let failure = plugin.call(Invocation::new("Shapes.some", &quotes), |_| ()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::TooLarge, "{failure}");
    let message = |answer: Answer<'_>| matches!(answer, Answer::Error(RpcError { code: 77, .. }));
    assert!(plugin.call(Invocation::new("Shapes.fail", "[\"o\",\"\"]"), message).await.unwrap());
}

/// Parameters that did not come past the core.
#[tokio::test]
async fn parameters_that_were_not_checked_fail() {
    let plugin = shapes(Isolation::Pool).await;
    let wrong = [
        ("some", "[]"),
        ("some", "[1.5]"),
        ("some", "[1,2]"),
        ("some", "[1,\"a\",2]"),
        ("some", "{\"number\":1}"),
        ("some", "nonsense"),
        ("exact", "[\"1\"]"),
        ("exact", "[null]"),
        ("echo", "[{}]"),
        ("more", "[]"),
    ];
    for (method, params) in wrong {
        let method = format!("Shapes.{method}");
        let failure = plugin.call(Invocation::new(&method, params), |_| ()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Answer, "{method} {params}: {failure}");
    }
    assert_eq!(ask(&plugin, "nothing", json!([])).await, Value::Null);
}

/// About as deep as types of components go: nothing on the way there and back runs out of stack.
#[tokio::test]
async fn structs_in_structs() {
    const DEPTH: usize = 90;
    let structs: String = (1..DEPTH).map(|at| format!("struct S{at} {{ s S{} }}\n", at + 1)).collect();
    let text = format!(
        "namespace shapes\ninterface Shapes {{\n  echo(value S1) S1\n}}\n{structs}struct S{DEPTH} {{ s int }}\n"
    );
    let guest = r#"(module
        (memory (export "memory") 1)
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
        (func (export "pintle:shapes/shapes#echo") (param i64) (result i32)
          (i64.store (i32.const 8) (local.get 0))
          (i32.const 0)))"#;
    let options = PluginOptions { contract: Some(contract(&text)), ..options(Isolation::Pool) };
    let component = componentize(&[HOST, &wit(&text)], "plugin", guest);
    let plugin = Plugin::load(&engine(), component, options).await.unwrap();
    let value = format!("{}7{}", r#"{"s":"#.repeat(DEPTH), "}".repeat(DEPTH));
    let read = |answer: Answer<'_>| matches!(answer, Answer::Return(json) if json == value);
    let params = format!("[{value}]");
    assert!(plugin.call(Invocation::new("Shapes.echo", &params), read).await.unwrap());
}

/// A component that was made for another contract, and where it differs from ours.
#[tokio::test]
async fn types_are_held_against_the_contract() {
    let cases = [
        (
            "maybe string [optional]) string",
            "maybe string) string",
            "`some` has at `maybe` the type `string`, expected `option<string>`",
        ),
        (
            "some(number int",
            "some(amount int",
            "`some` has the parameters (amount, maybe), expected (number, maybe)",
        ),
        ("  nothing()\n", "", "`nothing` is missing: func()"),
        ("nothing()", "nothing() int", "`nothing` has at `result` the type `s64`, expected `no value`"),
        (
            "kind(value int) Kind",
            "kind(value int)",
            "`kind` has at `result` the type `no value`, expected `enum { small, very-large }`",
        ),
        ("VeryLarge", "Large", "the type `enum { small, large }`, expected `enum { small, very-large }`"),
        ("count    int", "number   int", "expected `record { item-name, count }`"),
        (
            "  count    int",
            "  count    float",
            "`echo` has at `all.item.count` the type `f64`, expected `s64`",
        ),
        ("children []Node", "children []Item", "expected `string`"),
        (
            "deep      map[string][]Item",
            "deep      map[string][]string",
            "at `all.deep.[].[]` the type `string`, expected `record",
        ),
        (
            "names     map[string]int",
            "names     []int",
            "at `all.names` the type `list<s64>`, expected `list<tuple<string, …>>`",
        ),
        (
            "10 TooMany",
            "10 TooFew",
            "a function has at `error` the type `variant { too-few, other }`, expected `variant { too-many, other }`",
        ),
        (
            "interface Shapes",
            "interface Forms",
            "export `pintle:shapes/forms` is no interface of the contract, which has `pintle:shapes/shapes`",
        ),
        ("namespace shapes", "namespace forms", "`pintle:forms/shapes` is no interface of the contract"),
    ];
    for (ours, theirs, expected) in cases {
        assert!(SHAPES.contains(ours), "{ours}");
        let other = SHAPES.replace(ours, theirs).replace("raises (TooMany)", "");
        let error = load(made_for(&other), options(Isolation::Pool)).await.unwrap_err();
        assert!(error.contains(expected), "{ours}: {error}");
    }
    let alone = Plugin::load(&engine(), component(), options(Isolation::Pool)).await.unwrap_err();
    assert!(alone.to_string().contains("needs the contract"), "{alone}");
}

/// A component that exports what this contract has, and traps.
fn made_for(text: &str) -> Vec<u8> {
    let wit = wit(text);
    let mut resolve = Resolve::default();
    resolve.push_str("plugin.wit", HOST).unwrap();
    let package = resolve.push_str("test.wit", &wit).unwrap();
    let world = resolve.select_world(&[package], Some("plugin")).unwrap();
    let list = |name: &str, types: &[WasmType]| {
        let types: Vec<String> = types
            .iter()
            .map(|ty| format!("{ty:?}").to_lowercase().replace("pointer", "i32").replace("length", "i32"))
            .collect();
        format!("({name} {})", types.join(" "))
    };
    let mut functions = String::new();
    for (key, item) in &resolve.worlds[world].exports {
        let WorldItem::Interface { id, .. } = item else { panic!() };
        for function in resolve.interfaces[*id].functions.values() {
            let ty = resolve.wasm_signature(AbiVariant::GuestExport, function);
            let name = function.legacy_core_export_name(Some(&resolve.name_world_key(key))).into_owned();
            let (params, results) = (list("param", &ty.params), list("result", &ty.results));
            functions += &format!("(func (export \"{name}\") {params} {results} unreachable)\n");
        }
    }
    let memory = r#"(memory (export "memory") 1)"#;
    let alloc = r#"(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)"#;
    componentize(&[HOST, &wit], "plugin", &format!("(module {memory} {alloc} {functions})"))
}

/// What this contract is in WIT, with only its first interface exported.
fn wit(text: &str) -> String {
    crate::guests::wit(&contract(text)).replace("  export others;\n", "")
}
