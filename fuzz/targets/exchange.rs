//! Exchanges: the bytes are a body of up to eight requests, one byte each, and behind a zero a list of operations.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use pintle_core::idl::{Loader, parse};
use pintle_core::{Admission, Code, Completion, Engine, Exchange, Limits, Outcome, RpcError, Step, Ticket};

struct Text;

impl Loader for Text {
    fn load(&mut self, _key: &str) -> Result<String, String> {
        Ok("namespace a interface I { f(n int, s string [optional]) string }".into())
    }
}

fn engine(admission: bool) -> Arc<Engine> {
    let contract = parse("a.pulse", &mut Text).contract.expect("a contract");
    let limits = Limits { reply: 800, ..Limits::default() };
    Engine::builder(contract).commands(true).admission(admission).limits(limits).build().expect("an engine")
}

static ENGINES: LazyLock<[Arc<Engine>; 2]> = LazyLock::new(|| [engine(false), engine(true)]);

const REQUESTS: [&str; 8] = [
    r#"{"jsonrpc":"2.0","method":"I.f","params":[1],"id":1}"#,
    r#"{"jsonrpc":"2.0","method":"I.f","params":{"s":"text","n":2.0},"id":"two"}"#,
    r#"{"jsonrpc":"2.0","method":"I.f","params":[3]}"#,
    r#"{"jsonrpc":"2.0","method":"I.f","id":4}"#,
    r#"{"jsonrpc":"2.0","method":"I.f"}"#,
    r#"{"jsonrpc":"2.0","method":"ping","id":null}"#,
    r#"{"jsonrpc":"2.0","method":"I.g","id":7}"#,
    "8",
];

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let (Some([flags, kinds @ ..]), Some(operations)) = (parts.next(), parts.next()) else { return };
    let requests: Vec<&str> =
        kinds.iter().take(8).map(|kind| REQUESTS[*kind as usize % REQUESTS.len()]).collect();
    let engine = &ENGINES[*flags as usize % 2];
    let body = if requests.len() == 1 { requests[0].to_owned() } else { format!("[{}]", requests.join(",")) };
    let mut exchange = Exchange::open(engine, body);
    let mut other = Exchange::open(engine, format!("[{0},{0},{0}]", REQUESTS[0]));
    let mut held: Vec<Ticket> = Vec::new();
    let mut replied = false;
    let mut poll = |exchange: &mut Exchange, held: &mut Vec<Ticket>, alone: bool| match exchange.poll() {
        Step::Call(call) => {
            let params = exchange.params(&call);
            assert!(params.starts_with('[') && params.contains(','), "by position, all of them: {params}");
            held.push(call.ticket);
        }
        Step::Admit(request) => {
            let _ = exchange.raw_params(&request);
            held.push(request.ticket);
        }
        Step::Wait => assert!(!held.is_empty(), "nothing is out"),
        Step::Reply(reply) => {
            assert!(!std::mem::replace(&mut replied, true), "a second reply");
            assert!(alone || held.is_empty(), "something is out");
            if let Some(reply) = reply {
                serde_json::from_slice::<serde_json::Value>(&reply).expect("JSON");
                assert!(reply.len() <= 8 * 200);
            }
        }
        Step::Done => assert!(replied, "done without a reply"),
    };
    let mut abandoned = false;
    for operation in operations.iter().take(200) {
        let at = *operation as usize / 16;
        let ticket = if held.is_empty() { None } else { Some(held.swap_remove(at % held.len())) };
        let ticket = match (operation % 16, ticket) {
            (0..=4, ticket) => {
                held.extend(ticket);
                poll(&mut exchange, &mut held, abandoned);
                continue;
            }
            (15, ticket) => {
                held.extend(ticket);
                exchange.abandon(&Code::Cancelled.into());
                abandoned = true;
                continue;
            }
            (14, ticket) => {
                held.extend(ticket);
                if let Step::Call(call) = other.poll() {
                    assert_eq!(exchange.complete(call.ticket, Outcome::Return(b"\"\"")), Completion::Late);
                }
                continue;
            }
            (_, None) => continue,
            (_, Some(ticket)) => ticket,
        };
        match operation % 16 {
            5 => drop(exchange.complete(ticket, Outcome::Return(b"\"result\""))),
            6 => drop(exchange.complete(ticket, Outcome::Return(b"[1"))),
            7 => drop(exchange.complete(ticket, Outcome::Error(RpcError::new(4, "e").with_data("[]")))),
            8 => {
                drop(exchange.complete(ticket, Outcome::Answer(b"{\"error\":{\"code\":1,\"message\":\"\"}}")))
            }
            9 => drop(
                exchange.complete(ticket, Outcome::Return(format!("\"{}\"", "x".repeat(500)).as_bytes())),
            ),
            10 => {
                exchange.admit(ticket, Admission::Accept { parameters: vec![("s".into(), "\"x\"".into())] })
            }
            11 => exchange.admit(ticket, Admission::Accept { parameters: Vec::new() }),
            12 => exchange.admit(ticket, Admission::Refuse(Code::Unauthorized.into())),
            _ => drop(ticket),
        }
    }
    for _ in 0..64 {
        held.clear();
        poll(&mut exchange, &mut held, true);
    }
    assert!(matches!(exchange.poll(), Step::Done), "dropping all tickets leads to the end");
});
