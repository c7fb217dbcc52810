//! The dialects as pairs of lines: `tests/dialects/*.jsonl`, over the interface `Chat` of `chat.pulse`.
//!
//! A case is `in` (text, or a list of texts, `{"hex"}` and `{"repeat", "times"}`) and the exact `out`. `PINTLE_ACCEPT=1`
//! writes what comes out into the files; read the difference before you keep it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pintle_core::dialect::{InterfaceError, Request, remotipy, simplerpc};
use pintle_core::idl::{Loader, parse};
use pintle_core::{
    Admission, Builder, CallError, Code, Engine, Exchange, Expected, Limits, Prepared, RpcError, Step,
};
use serde_core::de::IgnoredAny;
use serde_json::Value;

struct Files;

impl Loader for Files {
    fn load(&mut self, key: &str) -> Result<String, String> {
        fs::read_to_string(tests().join(key)).map_err(|why| why.to_string())
    }
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialects")
}

fn builder() -> Builder {
    let parsed = parse("chat.pulse", &mut Files);
    let why: String = parsed.diagnostics.iter().map(|d| parsed.sources.render(d)).collect();
    Engine::builder(parsed.contract.unwrap_or_else(|| panic!("{why}")))
}

fn engine() -> Arc<Engine> {
    builder().serves(["Chat"]).build().expect("an engine")
}

/// The reply to a body that a dialect made; the handlers are those that `chat.pulse` describes.
fn reply(engine: &Arc<Engine>, body: Vec<u8>) -> Option<Vec<u8>> {
    engine.handle(body, |method, params| match method.name.strip_prefix("Chat.").expect("a method of Chat") {
        "nothing" => Ok("null".to_owned()),
        "fail" => {
            let params: Value = serde_json::from_str(params).expect("a list");
            let code = params[0].as_i64().expect("a code") as i32;
            let message = params[1].as_str().expect("a message").into();
            Err(RpcError { code, message, data: params[2].as_str().map(Into::into) })
        }
        name if name.starts_with("raw") => {
            let [json]: [String; 1] = serde_json::from_str(params).expect("a text");
            Ok(json)
        }
        _ => {
            // The first parameter as it is written.
            let mut stream = serde_json::Deserializer::from_str(&params[1..]).into_iter::<IgnoredAny>();
            stream.next().expect("a parameter").expect("JSON");
            Ok(params[1..=stream.byte_offset()].to_owned())
        }
    })
}

fn bytes(input: &Value) -> Vec<u8> {
    match input {
        Value::String(text) => text.clone().into_bytes(),
        Value::Array(parts) => parts.iter().flat_map(bytes).collect(),
        part => match (&part["hex"], part["repeat"].as_str(), part["times"].as_u64()) {
            (Value::String(hex), ..) => {
                let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("digits");
                (0..hex.len()).step_by(2).map(byte).collect()
            }
            (_, Some(text), Some(times)) => text.repeat(times as usize).into_bytes(),
            _ => panic!("{part}"),
        },
    }
}

/// Runs the cases of a file.
fn cases(name: &str, speak: impl Fn(&[u8]) -> Vec<u8>) {
    let path = tests().join(name);
    let text = fs::read_to_string(&path).expect("cases");
    let mut accepted = String::new();
    let mut wrong = Vec::new();
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap_or_else(|why| panic!("{line}: {why}"));
        let out = String::from_utf8(speak(&bytes(&case["in"]))).expect("UTF-8");
        if case["out"] != *out {
            wrong.push(format!("{}\n  expected {}\n  got      {out:?}", case["case"], case["out"]));
        }
        let head = line.split(", \"out\":").next().expect("a beginning").trim_end_matches('}');
        accepted += &format!("{head}, \"out\": {}}}\n", Value::from(out));
    }
    if std::env::var_os("PINTLE_ACCEPT").is_some() {
        fs::write(path, accepted).expect("the file is written");
        return;
    }
    assert!(text.lines().count() >= 20);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn simplerpc_servers_answer_lines() {
    let engine = engine();
    let server = simplerpc::Server::new(&engine, "Chat").expect("a server");
    cases("simplerpc-server.jsonl", |line| {
        let answer = match server.request(line) {
            Request::Call { body, method } => {
                assert!(engine.method(method).name.starts_with("Chat."));
                server.reply(reply(&engine, body).as_deref())
            }
            Request::Answer(answer) => answer,
        };
        assert!(answer.is_ascii() && !answer.iter().any(|byte| matches!(byte, b'\n' | b'\r')));
        answer
    });
}

#[test]
fn remotipy_servers_answer_bodies() {
    let engine = engine();
    let server = remotipy::Server::new(&engine, "Chat").expect("a server");
    cases("remotipy-server.jsonl", |body| {
        let answer = match server.request(body) {
            Request::Call { body, method } => server.reply(method, reply(&engine, body).as_deref()),
            Request::Answer(answer) => answer,
        };
        serde_json::from_slice::<IgnoredAny>(&answer).expect("JSON");
        answer
    });
}

#[test]
fn remotipy_needs_some_names_for_itself() {
    struct Text(&'static str);
    impl Loader for Text {
        fn load(&mut self, _key: &str) -> Result<String, String> {
            Ok(format!("namespace a interface I {{ f() }} {}", self.0))
        }
    }
    for (structs, name) in [
        ("struct SerializableException { cls string }", "SerializableException"),
        ("struct S { a int _class string }", "S._class"),
    ] {
        let contract = parse("a.pulse", &mut Text(structs)).contract.expect("a contract");
        let engine = Engine::builder(contract).build().expect("an engine");
        let server = remotipy::Server::new(&engine, "I").map(drop);
        assert_eq!(server, Err(InterfaceError::Reserved(name.into())));
        assert!(simplerpc::Server::new(&engine, "I").is_ok());
    }
}

#[test]
fn remotipy_answers_are_held_to_the_limit_of_replies() {
    let answer = |limit: usize, call: &str| {
        let limits = Limits { reply: limit, ..Limits::default() };
        let engine = builder().limits(limits).build().expect("an engine");
        let server = remotipy::Server::new(&engine, "Chat").expect("a server");
        let answer = match server.request(call.as_bytes()) {
            Request::Call { body, method } => server.reply(method, reply(&engine, body).as_deref()),
            Request::Answer(answer) => answer,
        };
        String::from_utf8(answer).expect("UTF-8")
    };
    let list = vec![r#"{"name":"a"}"#; 40].join(",");
    let calls = [
        format!(r#"{{"method":"echoList","params":[[{list}]]}}"#),
        format!(r#"{{"method":"fail","params":[100,"{}"]}}"#, "x".repeat(500)),
        format!(r#"{{"method":"{}","params":[]}}"#, "x".repeat(500)),
    ];
    for call in calls {
        let whole = answer(1 << 20, &call);
        assert_eq!(answer(whole.len(), &call), whole);
        let cut = answer(whole.len() - 1, &call);
        let message = format!("Too large: The reply has more than {} bytes.", whole.len() - 1);
        assert!(cut.contains(&message) && cut.contains(r#""cls":"InternalError""#), "{cut}");
    }
}

#[test]
fn remotipy_says_nothing_of_the_contract_before_a_call_is_admitted() {
    let engine = builder().admission(true).build().expect("an engine");
    let server = remotipy::Server::new(&engine, "Chat").expect("a server");
    let call = br#"{"method":"echo","params":[{"_class":"Mark","_data":{}}]}"#;
    let Request::Call { body, method } = server.request(call) else { panic!("a call") };
    let mut exchange = Exchange::open(&engine, body);
    let Step::Admit(request) = exchange.poll() else { panic!("a request") };
    exchange.admit(request.ticket, Admission::Refuse(Code::Unauthorized.into()));
    let Step::Reply(reply) = exchange.poll() else { panic!("a reply") };
    let answer = String::from_utf8(server.reply(method, reply.as_deref())).expect("UTF-8");
    assert!(answer.contains(r#"{"cls":"InternalError","message":"Unauthorized"}"#), "{answer}");
}

/// A call of a method of `Chat`, or, behind `?`, of one that no contract has.
fn prepared(engine: &Arc<Engine>, method: &str, params: &str) -> Result<Prepared, CallError> {
    match method.strip_prefix('?') {
        Some(method) => Prepared::unchecked(engine.limits(), method, params),
        None => Prepared::new(engine, &format!("Chat.{method}"), params, &[]),
    }
}

/// What came of it, or the error with its data.
fn told(outcome: Result<String, CallError>) -> Vec<u8> {
    let told = outcome.unwrap_or_else(|error| match error {
        CallError::Rpc(error) => format!("error: {error} {}", error.data.as_deref().unwrap_or("-")),
        error => format!("error: {error}"),
    });
    told.into_bytes()
}

/// Cases of calls: `method parameters` in, the message out.
fn call_cases(name: &str, engine: &Arc<Engine>, call: impl Fn(&Prepared) -> Result<Vec<u8>, CallError>) {
    cases(name, |input| {
        let (method, params) = str::from_utf8(input).expect("UTF-8").split_once(' ').expect("two parts");
        let written = prepared(engine, method, params).and_then(|prepared| call(&prepared));
        told(written.map(|message| String::from_utf8(message).expect("UTF-8")))
    });
}

/// Cases of answers: `method message` in, the result out.
fn answer_cases(
    name: &str,
    engine: &Arc<Engine>,
    answer: impl Fn(&[u8], &Expected) -> Result<String, CallError>,
) {
    cases(name, |input| {
        let mut parts = input.splitn(2, |byte| *byte == b' ');
        let method = str::from_utf8(parts.next().expect("a method")).expect("UTF-8");
        // Parameters that the method takes: what was asked says nothing about the answer.
        let params = match method {
            "echo" => "[{\"msg\":\"\"}]",
            "echoInt" => "[1]",
            "echoText" => "[\"\"]",
            "echoList" => "[[]]",
            "echoWords" | "echoTable" => "[{}]",
            "echoNamed" => "[{\"name\":\"\"}]",
            "echoNode" => "[{}]",
            "fail" => "[1,\"\"]",
            _ => "[]",
        };
        let call = prepared(engine, method, params).expect("a call");
        told(answer(parts.next().expect("a message"), call.expected()))
    });
}

#[test]
fn simplerpc_clients_write_lines() {
    call_cases("simplerpc-call.jsonl", &engine(), |call| {
        let line = simplerpc::call(call)?;
        assert!(line.is_ascii() && !line.iter().any(|byte| matches!(byte, b'\n' | b'\r')));
        Ok(line)
    });
}

#[test]
fn simplerpc_clients_read_answers() {
    answer_cases("simplerpc-answer.jsonl", &engine(), simplerpc::answer);
}

#[test]
fn remotipy_clients_write_bodies() {
    let engine = engine();
    let client = remotipy::Client::new(&engine).expect("a client");
    call_cases("remotipy-call.jsonl", &engine, |call| client.call(call));
}

#[test]
fn remotipy_clients_read_answers() {
    let engine = engine();
    let client = remotipy::Client::new(&engine).expect("a client");
    answer_cases("remotipy-answer.jsonl", &engine, |body, expected| client.answer(body, expected));
}

/// One call of `Chat.echoText` with the reply held to `limit` bytes.
fn limited(limit: usize, text: &str) -> String {
    let limits = Limits { reply: limit, ..Limits::default() };
    let engine = builder().limits(limits).build().expect("an engine");
    let server = simplerpc::Server::new(&engine, "chat.Chat").expect("a server");
    let line = format!("echoText{{\"text\":\"{text}\"}}");
    let Request::Call { body, .. } = server.request(line.as_bytes()) else { panic!("a call") };
    String::from_utf8(server.reply(reply(&engine, body).as_deref())).expect("ASCII")
}

#[test]
fn simplerpc_answers_are_held_to_the_limit_of_replies() {
    // The reply of the exchange is shorter than the answer in ASCII.
    let text = "é".repeat(200);
    let answer = format!("OKAY{{\"result\":\"{}\"}}", "\\u00e9".repeat(200));
    assert_eq!(limited(answer.len(), &text), answer);
    let too_large = |limit| {
        let message = format!("Too large: The reply has more than {limit} bytes.");
        format!("FAIL{{\"reason\":\"Unknown\",\"message\":\"{message}\"}}")
    };
    assert_eq!(limited(answer.len() - 1, &text), too_large(answer.len() - 1));
    assert_eq!(limited(0, "a"), too_large(0), "no line stays without an answer");
}

#[test]
fn simplerpc_servers_send_messages_that_clients_take_for_notifications() {
    let engine = builder().serves(["Screen", "Chat"]).build().expect("an engine");
    let messages = simplerpc::Messages::new(&engine, "Screen").expect("messages");
    let body = |method: &str, params: &str| {
        format!(r#"{{"jsonrpc":"2.0","method":"Screen.{method}","params":{params}}}"#)
    };
    for (method, params, line, received) in [
        ("welcome", r#"[{"msg":"é"}]"#, r#"welcome{"msg":"\u00e9"}"#, r#"[{"msg":"\u00e9"}]"#),
        ("joined", r#"["a"]"#, r#"joined{"nick":"a"}"#, r#"{"nick":"a"}"#),
        ("joined", r#"["a","b"]"#, r#"joined{"nick":"a","room":"b"}"#, r#"{"nick":"a","room":"b"}"#),
        ("table", "[null]", "table{}", "[{}]"),
        ("table", r#"[{"x":1.0}]"#, r#"table{"x":1}"#, r#"[{"x":1}]"#),
        ("cleared", "[]", "cleared{}", "{}"),
    ] {
        let prepared = Prepared::new(&engine, &format!("Screen.{method}"), params, &[]).expect("a message");
        let written = messages.write(&prepared).expect("a line");
        assert_eq!(String::from_utf8_lossy(&written), line);
        assert!(!simplerpc::is_answer(&written));
        let read = messages.read(&written).expect("a notification");
        assert_eq!(String::from_utf8_lossy(&read), body(method, received));
        let mut called = None;
        assert_eq!(
            engine.handle(read, |method, _| {
                called = Some(method.name.clone());
                Ok("null")
            }),
            None
        );
        assert_eq!(called, Some(format!("Screen.{method}")));
    }
    let other = Prepared::new(&engine, "Chat.nothing", "", &[]).expect("a call");
    assert_eq!(messages.write(&other), Err(CallError::UnknownMethod));
    for (line, code) in [("nothing{}", -32601), ("OKAY{}", -32601), ("cleared", -32700), ("cleared{", -32700)]
    {
        assert_eq!(messages.read(line.as_bytes()).expect_err("no message").code, code);
    }
    for (interface, name) in [("Shouting", "Shouting.OKAY"), ("Failing", "Failing.FAIL")] {
        let engine = builder().build().expect("an engine");
        let reserved = simplerpc::Messages::new(&engine, interface).map(drop);
        assert_eq!(reserved, Err(InterfaceError::Reserved(name.into())));
    }
    for (line, answer) in
        [("OKAY{", true), ("FAIL{}", true), ("OKAYED{}", false), ("okay{}", false), ("", false)]
    {
        assert_eq!(simplerpc::is_answer(line.as_bytes()), answer, "{line}");
    }
}

#[test]
fn a_call_of_another_engine_is_not_written() {
    let client = remotipy::Client::new(&engine()).expect("a client");
    let other = Prepared::new(&engine(), "Chat.nothing", "", &[]).expect("a call");
    assert_eq!(client.call(&other), Err(CallError::UnknownMethod));
}

#[test]
fn simplerpc_calls_reach_methods_wherever_they_are_mounted() {
    for builder in
        [builder().mount("a.b", "Chat").mount("", "Chat"), builder().mount("", "Chat").separator("/")]
    {
        let engine = builder.build().expect("an engine");
        let server = simplerpc::Server::new(&engine, "Chat").expect("a server");
        let Request::Call { body, .. } = server.request(b"nothing{}") else { panic!("a call") };
        assert_eq!(server.reply(reply(&engine, body).as_deref()), b"OKAY{}");
    }
    // What nothing serves is not there; what the contract does not have is a mistake.
    let server = simplerpc::Server::new(&engine(), "Screen").expect("a server");
    assert!(matches!(server.request(b"cleared{}"), Request::Answer(_)));
    let unknown = simplerpc::Server::new(&engine(), "Chats").map(drop);
    assert_eq!(unknown, Err(InterfaceError::Unknown("Chats".into())));
}
