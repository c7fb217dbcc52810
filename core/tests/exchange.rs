//! Orders of events in one exchange that no peer should bring about, and that must do no harm.

use std::sync::Arc;

use pintle_core::idl::{Loader, parse};
use pintle_core::{Admission, Code, Completion, Engine, Exchange, Limits, Outcome, RpcError, Step};

struct One;

impl Loader for One {
    fn load(&mut self, _key: &str) -> Result<String, String> {
        Ok("namespace a interface I { f(n int) int }".into())
    }
}

const CALL: &str = r#"{"jsonrpc":"2.0","method":"I.f","params":[1],"id":1}"#;

fn engine(admission: bool) -> Arc<Engine> {
    limited(Limits::default(), admission)
}

fn limited(limits: Limits, admission: bool) -> Arc<Engine> {
    let contract = parse("one.pulse", &mut One).contract.expect("a contract");
    Engine::builder(contract).limits(limits).admission(admission).build().expect("an engine")
}

/// The code of the error that answers `body`.
fn code(engine: &Arc<Engine>, body: &str) -> Option<i64> {
    let reply = engine.handle(body, |_, _| Ok("1")).expect("a reply");
    let reply: serde_json::Value = serde_json::from_slice(&reply).expect("JSON");
    reply["error"]["code"].as_i64()
}

#[test]
fn a_ticket_is_late_even_when_the_reply_was_taken() {
    for body in [CALL.to_owned(), format!("[{CALL},{CALL}]")] {
        let mut exchange = Exchange::open(&engine(false), body);
        let Step::Call(call) = exchange.poll() else { panic!("a call") };
        exchange.abandon(&Code::Cancelled.into());
        assert!(matches!(exchange.poll(), Step::Reply(Some(_))));
        assert_eq!(exchange.complete(call.ticket, Outcome::Return(b"1")), Completion::Late);
        assert!(matches!(exchange.poll(), Step::Done));
    }
}

#[test]
fn an_admission_is_late_even_when_the_reply_was_taken() {
    let mut exchange = Exchange::open(&engine(true), CALL);
    let Step::Admit(request) = exchange.poll() else { panic!("a request") };
    exchange.abandon(&Code::Cancelled.into());
    assert!(matches!(exchange.poll(), Step::Reply(Some(_))));
    exchange.admit(request.ticket, Admission::Accept { parameters: Vec::new() });
    assert!(matches!(exchange.poll(), Step::Done));
}

#[test]
fn an_exchange_that_starts_over_knows_nothing_of_the_last_body() {
    let engine = engine(false);
    for (body, is_kept) in
        [(format!("[{CALL},{CALL}]"), true), (format!("[{CALL},{CALL}]"), false), ("{".into(), false)]
    {
        let mut exchange = Exchange::open(&engine, body);
        let old = match exchange.poll() {
            Step::Call(call) if is_kept => Some(call),
            _ => None,
        };
        exchange.reopen(&engine, CALL.replace("[1]", "[2]").as_bytes());
        let Step::Call(call) = exchange.poll() else { panic!("a call") };
        assert_eq!(exchange.params(&call), "[2]");
        if let Some(old) = old {
            assert_eq!(exchange.params(&old), "[]");
            assert_eq!(exchange.complete(old.ticket, Outcome::Return(b"7")), Completion::Late);
        }
        assert!(matches!(exchange.poll(), Step::Wait), "nothing of it was dropped here");
        assert_eq!(exchange.complete(call.ticket, Outcome::Return(b"3")), Completion::Accepted);
        let Step::Reply(Some(reply)) = exchange.poll() else { panic!("a reply") };
        assert_eq!(reply, br#"{"jsonrpc":"2.0","result":3,"id":1}"#);
        assert!(matches!(exchange.poll(), Step::Done));
    }
}

#[test]
fn an_exchange_can_start_over_with_another_engine() {
    let mut exchange = Exchange::open(&engine(false), CALL);
    assert!(matches!(exchange.poll(), Step::Call(_)));
    exchange.reopen(&engine(true), CALL.as_bytes());
    assert!(matches!(exchange.poll(), Step::Admit(_)));
}

#[test]
fn an_exchange_says_nothing_about_the_tickets_of_another() {
    for admission in [false, true] {
        let engine = engine(admission);
        let mut home = Exchange::open(&engine, CALL);
        let abroad = Exchange::open(&engine, CALL);
        match home.poll() {
            Step::Call(call) => {
                assert_eq!((home.request_id(&call.ticket), home.params(&call)), (Some("1"), "[1]"));
                assert_eq!((abroad.request_id(&call.ticket), abroad.params(&call)), (None, "[]"));
            }
            Step::Admit(request) => {
                assert_eq!(home.raw_params(&request), Some("[1]"));
                let mut abroad = abroad;
                assert!(matches!(abroad.poll(), Step::Admit(_)));
                assert_eq!(abroad.raw_params(&request), None);
            }
            step => panic!("{step:?}"),
        }
    }
}

#[test]
fn a_response_can_be_read_before_the_reply_is_taken() {
    let silent = CALL.replace(",\"id\":1", "");
    let mut exchange = Exchange::open(&engine(false), format!("[{CALL},{silent}]"));
    for slot in 0..2 {
        let Step::Call(call) = exchange.poll() else { panic!("a call") };
        assert_eq!((call.ticket.slot(), exchange.response(slot)), (slot, None));
        assert_eq!(exchange.complete(call.ticket, Outcome::Return(b" 1 ")), Completion::Accepted);
    }
    assert_eq!(exchange.response(0), Some(r#"{"jsonrpc":"2.0","result":1,"id":1}"#));
    assert_eq!((exchange.response(1), exchange.response(2)), (None, None));
    assert!(matches!(exchange.poll(), Step::Reply(Some(_))));
    assert_eq!(exchange.response(0), None);
}

#[test]
fn an_empty_batch_is_one_only_if_nothing_follows() {
    let code = |body: &str| code(&engine(false), body);
    assert_eq!(code(" [ ] "), Some(-32600));
    assert_eq!(code("[]x"), Some(-32700));
    assert_eq!(code("[][]"), Some(-32700));
}

#[test]
fn a_limit_is_the_most_that_is_accepted() {
    let all = Limits::default;
    let batch = |count: usize| format!("[{}]", vec![CALL; count].join(","));
    let id = CALL.replace("\"id\":1", "\"id\":12345");
    // The reply to CALL, as `code` has it answered.
    let reply = r#"{"jsonrpc":"2.0","result":1,"id":1}"#.len();
    let too_large = Some(-32004);
    assert_eq!(code(&limited(Limits { body: CALL.len(), ..all() }, false), CALL), None);
    assert_eq!(code(&limited(Limits { body: CALL.len() - 1, ..all() }, false), CALL), too_large);
    assert_eq!(code(&limited(Limits { batch: 3, ..all() }, false), &batch(3)), None);
    assert_eq!(code(&limited(Limits { batch: 3, ..all() }, false), &batch(4)), too_large);
    assert_eq!(code(&limited(Limits { id: 5, ..all() }, false), &id), None);
    assert_eq!(code(&limited(Limits { id: 4, ..all() }, false), &id), too_large);
    // A response that fits into the room for its error needs no other.
    assert_eq!(code(&limited(Limits { reply, ..all() }, false), CALL), None);
}

#[test]
fn a_reply_that_is_too_large_is_an_error_and_harms_no_neighbour() {
    let limits = Limits { reply: 1000, ..Limits::default() };
    let contract = "namespace a interface I { f(n int) string }";
    struct Text(&'static str);
    impl Loader for Text {
        fn load(&mut self, _key: &str) -> Result<String, String> {
            Ok(self.0.into())
        }
    }
    let contract = parse("one.pulse", &mut Text(contract)).contract.expect("a contract");
    let engine = Engine::builder(contract).limits(limits).build().expect("an engine");
    for (size, fits) in [(100, 3), (400, 1), (2000, 0)] {
        let text = format!("\"{}\"", "x".repeat(size));
        let reply = engine.handle(format!("[{CALL},{CALL},{CALL}]"), |_, _| Ok(&text)).expect("a reply");
        assert!(reply.len() <= 1000, "{}", reply.len());
        let reply: serde_json::Value = serde_json::from_slice(&reply).expect("JSON");
        let responses = reply.as_array().expect("a batch");
        assert_eq!(responses.len(), 3);
        assert_eq!(
            responses.iter().filter(|response| response["result"].is_string()).count(),
            fits,
            "{size}"
        );
        assert!(responses.iter().all(|one| one["result"].is_string() || one["error"]["code"] == -32004));
    }
}

#[test]
fn handlers_may_not_use_the_codes_of_the_protocol() {
    for (used, seen) in [
        (-32769, -32769),
        (-32768, -32603),
        (-32100, -32603),
        (-32602, -32602),
        (-32000, -32603),
        (-31999, -31999),
        (0, 0),
    ] {
        let reply = engine(false).handle(CALL, |_, _| Err::<&str, _>(RpcError::new(used, "of its own")));
        let reply: serde_json::Value = serde_json::from_slice(&reply.expect("a reply")).expect("JSON");
        assert_eq!(reply["error"]["code"], seen, "{used}");
    }
}
