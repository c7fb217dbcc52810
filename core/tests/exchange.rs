//! Orders of events in one exchange that no peer should bring about, and that must do no harm.

use std::sync::Arc;

use pintle_core::idl::{Loader, parse};
use pintle_core::{Admission, Code, Completion, Engine, Exchange, Outcome, Step};

struct One;

impl Loader for One {
    fn load(&mut self, _key: &str) -> Result<String, String> {
        Ok("namespace a interface I { f(n int) int }".into())
    }
}

const CALL: &str = r#"{"jsonrpc":"2.0","method":"I.f","params":[1],"id":1}"#;

fn engine(admission: bool) -> Arc<Engine> {
    let contract = parse("one.pulse", &mut One).contract.expect("a contract");
    Engine::builder(contract).admission(admission).build().expect("an engine")
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
fn an_empty_batch_is_one_only_if_nothing_follows() {
    let code = |body: &str| {
        let reply = engine(false).handle(body, |_, _| Ok("1")).expect("a reply");
        let reply: serde_json::Value = serde_json::from_slice(&reply).expect("JSON");
        reply["error"]["code"].as_i64()
    };
    assert_eq!(code(" [ ] "), Some(-32600));
    assert_eq!(code("[]x"), Some(-32700));
    assert_eq!(code("[][]"), Some(-32700));
}
