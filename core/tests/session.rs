//! Bodies that arrive on a connection, and what they do to the calls that are open on it.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use pintle_core::idl::{Loader, parse};
use pintle_core::session::{Received, Session};
use pintle_core::{CallError, Engine, Exchange, Limits, Prepared, Step};
use proptest::prelude::*;

struct One;

impl Loader for One {
    fn load(&mut self, _key: &str) -> Result<String, String> {
        Ok("namespace a interface I { f(n int) int }".into())
    }
}

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| {
    let contract = parse("a.pulse", &mut One).contract.expect("a contract");
    Engine::builder(contract).build().expect("an engine")
});

fn prepared() -> Prepared {
    Prepared::new(&ENGINE, "I.f", "[1]", &[]).expect("a call")
}

/// A session with calls 1 to `open`.
fn session(open: usize) -> Session {
    let mut session = Session::new(&Limits { reply: 400, batch: 4, id: 9, ..Limits::default() }, 3);
    for number in 1..=open {
        let body = format!(r#"{{"jsonrpc":"2.0","method":"I.f","params":[1],"id":{number}}}"#);
        assert_eq!(session.call(&prepared()), Ok((number as u32, body.into_bytes())));
    }
    session
}

const REQUEST: &str = r#"{"jsonrpc":"2.0","method":"I.f","params":[2],"id":1}"#;
const GIVEN_UP: &str = r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"x"}}"#;

fn response(id: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","result":3,"id":{id}}}"#)
}

/// Requests, completed calls and cancelled requests.
fn received(session: &mut Session, body: &str) -> (String, String, String) {
    let received = session.receive(body.into());
    let requests = String::from_utf8(received.requests.unwrap_or_default()).expect("text");
    let completed: Vec<String> = received
        .completed
        .iter()
        .map(|(number, result)| match result {
            Ok(result) => format!("{number}={result}"),
            Err(error) => format!("{number}: {error}"),
        })
        .collect();
    (requests, completed.join(" "), received.cancelled.join(" "))
}

fn noise(session: &Session) -> [u64; 3] {
    let noise = session.noise();
    [noise.unknown, noise.anonymous, noise.unreadable]
}

#[test]
fn requests_are_handed_on_as_they_came() {
    let mut session = session(1);
    let unknown = r#"{"jsonrpc":"2.0","method":"$/progress","params":{}}"#;
    for body in [
        REQUEST,
        unknown,
        "",
        "7",
        "{}",
        "[]",
        " [ 1 ] ",
        "{\"method\"",
        "[{\"id\":1,\"result\":1}",
        "[{\"id\":1,\"result\":1}] x",
        r#"{"jsonrpc":"2.0","id":1}"#,
        r#"{"method":"I.f","result":1,"id":1}"#,
        r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1},"id":2}"#,
        r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":{}}}"#,
        r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1234567890}}"#,
        r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":[1]}"#,
        r#"{"method":"$/cancelRequest","params":{"id":1}}"#,
        &format!("[{REQUEST},{unknown}]"),
        &"[".repeat(1000),
    ] {
        assert_eq!(received(&mut session, body), (body.into(), String::new(), String::new()), "{body}");
    }
    let body = REQUEST.as_bytes().to_vec();
    let at = body.as_ptr();
    assert_eq!(session.receive(body).requests.map(|body| body.as_ptr()), Some(at), "no copy");
    assert_eq!((session.open(), noise(&session)), (1, [0; 3]));
}

#[test]
fn what_no_method_can_be_called_is_not_found_or_silent() {
    let reply =
        |body: &str| ENGINE.handle(body, |_, _| Ok("1")).map(|reply| String::from_utf8(reply).unwrap());
    assert_eq!(reply(r#"{"jsonrpc":"2.0","method":"$/progress","params":{}}"#), None);
    let request = reply(r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1},"id":2}"#);
    assert!(request.unwrap().contains("-32601"));
}

#[test]
fn responses_complete_the_calls_that_they_name() {
    for (body, expected, left) in [
        (response("2"), "2=3", 2),
        (r#" {"id":2,"error":{"code":5,"message":"no"}} "#.into(), "2: no (5)", 2),
        (
            r#"{"id":2,"\u0072esult":"x"}"#.into(),
            "2: the result breaks the contract: the value: expected int, got string",
            2,
        ),
        (
            r#"{"id":2,"error":5}"#.into(),
            "2: the reply cannot be used: an error has no code, or no text for a message",
            2,
        ),
        (format!("[{},{} , {}]", response("3"), response("1"), response("3")), "3=3 1=3", 1),
    ] {
        let mut session = session(3);
        assert_eq!(received(&mut session, &body), (String::new(), expected.into(), String::new()));
        assert_eq!(session.open(), left, "{body}");
    }
}

#[test]
fn what_answers_nothing_is_counted_and_never_answered() {
    for (body, expected) in [
        (response("4"), [1, 0, 0]),
        (response("\"1\""), [1, 0, 0]),
        (response("1.0"), [1, 0, 0]),
        (response("-1"), [1, 0, 0]),
        (response("4294967297"), [1, 0, 0]),
        (response("null"), [0, 1, 0]),
        (r#"{"error":{"code":-32700,"message":"Parse error"},"id":null}"#.into(), [0, 1, 0]),
        (r#"{"result":1,"result":1,"id":1}"#.into(), [0, 1, 0]),
        (r#"{"result":1"#.into(), [0, 0, 1]),
        (format!("{}{}", response("1"), " ".repeat(400)), [0, 0, 1]),
        (format!("[{0},{0},{0},{0},{0}]", response("1")), [0, 0, 1]),
        (format!("[{},{}]", response("5"), response("null")), [1, 1, 0]),
    ] {
        let mut session = session(3);
        assert_eq!(session.receive(body.clone().into()), Received::default(), "{body}");
        assert_eq!((session.open(), noise(&session)), (3, expected), "{body}");
    }
}

#[test]
fn two_sides_that_misunderstand_each_other_fall_silent() {
    let mut sides = [session(1), session(1)];
    let mut body = b"\xff".to_vec();
    let mut count = 0;
    for side in [0, 1].into_iter().cycle() {
        let Some(requests) = sides[side].receive(body).requests else { break };
        let mut exchange = Exchange::open(&ENGINE, requests);
        let Step::Reply(Some(reply)) = exchange.poll() else { break };
        body = reply;
        count += 1;
    }
    assert_eq!((count, noise(&sides[1])), (1, [0, 1, 0]));
}

#[test]
fn each_element_of_a_batch_counts_for_itself() {
    let mut session = session(3);
    let all = format!("[ {} , {REQUEST},{GIVEN_UP},\n{},7]", response("1"), response("9"));
    let left = format!("[{REQUEST},{GIVEN_UP},7]");
    assert_eq!(received(&mut session, &all), (left, "1=3".into(), "\"x\"".into()));
    assert_eq!((session.open(), noise(&session)), (2, [1, 0, 0]));
    let requests = format!("[{REQUEST},{GIVEN_UP}]");
    assert_eq!(received(&mut session, &requests), (requests.clone(), String::new(), "\"x\"".into()));
    let broken = format!("[{GIVEN_UP},{},", response("2"));
    assert_eq!(received(&mut session, &broken), (broken.clone(), String::new(), String::new()));
    assert_eq!(session.open(), 2);
}

#[test]
fn a_call_that_is_given_up_is_told_to_the_peer_once() {
    let mut session = session(2);
    let told = session.cancel(2).expect("it is open");
    assert_eq!(told, br#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":2}}"#);
    assert_eq!((session.cancel(2), session.cancel(9), session.open()), (None, None, 1));
    let (requests, _, cancelled) = received(&mut session, std::str::from_utf8(&told).unwrap());
    assert_eq!((requests.as_str(), cancelled.as_str()), ("", "2"));
    assert_eq!(received(&mut session, GIVEN_UP).2, "\"x\"");
    assert_eq!(received(&mut session, &response("2")).1, "");
    assert_eq!(noise(&session), [1, 0, 0]);
}

#[test]
fn open_calls_are_bounded_and_the_end_is_the_end() {
    let mut session = session(3);
    assert_eq!(session.call(&prepared()), Err(CallError::TooManyOpen { limit: 3 }));
    session.cancel(2);
    assert_eq!(session.call(&prepared()).map(|call| call.0), Ok(4));
    assert_eq!(session.end(), [1, 3, 4]);
    assert_eq!((session.open(), session.end()), (0, Vec::new()));
    assert_eq!(session.call(&prepared()), Err(CallError::Cancelled));
    assert_eq!(session.receive(response("1").into()), Received::default());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Operations in any order, beside a set of the calls that should be open.
    #[test]
    fn the_table_is_that_of_a_plain_set(operations in proptest::collection::vec((0u8..6, 1u32..12), 0..60)) {
        let mut session = Session::new(&Limits::default(), 4);
        let mut model = BTreeSet::new();
        let mut unknown = 0;
        for (operation, number) in operations {
            match operation {
                0..=2 => match session.call(&prepared()) {
                    Ok((number, _)) => prop_assert!(model.len() < 4 && model.insert(number)),
                    Err(error) => {
                        prop_assert_eq!((error, model.len()), (CallError::TooManyOpen { limit: 4 }, 4));
                    }
                },
                3 => prop_assert_eq!(session.cancel(number).is_some(), model.remove(&number)),
                _ => {
                    let next = number + 1;
                    let body = match operation {
                        4 => response(&number.to_string()),
                        _ => format!("[{},{REQUEST},{}]", response(&next.to_string()), response(&number.to_string())),
                    };
                    let asked = if operation == 4 { vec![number] } else { vec![next, number] };
                    let (known, others): (Vec<u32>, Vec<u32>) =
                        asked.into_iter().partition(|number| model.remove(number));
                    unknown += others.len() as u64;
                    let received = session.receive(body.into());
                    let completed: Vec<u32> = received.completed.iter().map(|(number, _)| *number).collect();
                    prop_assert_eq!(completed, known);
                    let left = (operation == 5).then(|| format!("[{REQUEST}]").into_bytes());
                    prop_assert_eq!(received.requests, left);
                }
            }
            prop_assert_eq!((session.open(), noise(&session)), (model.len(), [unknown, 0, 0]));
        }
        prop_assert_eq!(session.end(), model.into_iter().collect::<Vec<_>>());
    }
}
