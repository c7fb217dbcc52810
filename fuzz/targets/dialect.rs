//! Dialects: whatever comes in, a server has one well-formed answer, and a client a result of the contract or an error. The
//! first byte says who reads the others.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use pintle_core::dialect::{Request, remotipy, simplerpc};
use pintle_core::idl::{Loader, parse};
use pintle_core::{Engine, Limits, RpcError};
use pintle_core::{Expected, Prepared};
use serde::de::IgnoredAny;

struct Text;

impl Loader for Text {
    fn load(&mut self, _key: &str) -> Result<String, String> {
        Ok("namespace a
            interface I { add(a int, b int [optional]) int echo(node Node) Node none() }
            errors { 3 Three \"three\" }
            struct Base { name string [optional] }
            struct Node extends Base { next Node [optional] nodes []Base [optional] by map[string]Node [optional] }"
            .into())
    }
}

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| {
    let contract = parse("a.pulse", &mut Text).contract.expect("a contract");
    let limits = Limits { depth: 8, reply: 1024, ..Limits::default() };
    Engine::builder(contract).limits(limits).build().expect("an engine")
});

static SIMPLERPC: LazyLock<simplerpc::Server> =
    LazyLock::new(|| simplerpc::Server::new(&ENGINE, "I").expect("a server"));
static REMOTIPY: LazyLock<remotipy::Server> =
    LazyLock::new(|| remotipy::Server::new(&ENGINE, "I").expect("a server"));
static CLIENT: LazyLock<remotipy::Client> =
    LazyLock::new(|| remotipy::Client::new(&ENGINE).expect("a client"));

static CALLS: LazyLock<[Prepared; 3]> = LazyLock::new(|| {
    [("I.add", "[1]"), ("I.echo", "[{}]"), ("I.none", "[]")]
        .map(|(method, params)| Prepared::new(&ENGINE, method, params, &[]).expect("a call"))
});

fn reply(body: Vec<u8>) -> Option<Vec<u8>> {
    ENGINE.handle(body, |method, params| match method.name.as_str() {
        "I.add" => Ok("7.0".to_owned()),
        // The one parameter as the result: it is of the right type.
        "I.echo" => Ok(params[1..params.len() - 1].to_owned()),
        _ => Err(RpcError::new(3, "of its own")),
    })
}

fn json(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// What the client takes for a result is one, on one line.
fn result(result: &str, expected: &Expected) {
    assert!(!result.contains(['\n', '\r']) && expected.result(result).is_ok_and(|again| again == result));
}

fuzz_target!(|data: &[u8]| {
    let Some((who, data)) = data.split_first() else { return };
    let expected = CALLS[*who as usize / 4 % CALLS.len()].expected();
    match who % 4 {
        0 => {
            let answer = match SIMPLERPC.request(data) {
                Request::Call { body, .. } => SIMPLERPC.reply(reply(body).as_deref()),
                Request::Answer(answer) => answer,
            };
            assert!(answer.is_ascii() && !answer.contains(&b'\n') && !answer.contains(&b'\r'));
            assert!(simplerpc::is_answer(&answer) && json(&answer[4..]) && answer.len() <= 1024);
            let _ = simplerpc::answer(&answer, expected);
        }
        1 => {
            let answer = match REMOTIPY.request(data) {
                Request::Call { body, method } => REMOTIPY.reply(method, reply(body).as_deref()),
                Request::Answer(answer) => answer,
            };
            assert!(json(&answer) && answer.len() <= 1024);
            let _ = CLIENT.answer(&answer, expected);
        }
        2 => {
            if let Ok(read) = simplerpc::answer(data, expected) {
                result(&read, expected);
            }
        }
        _ => {
            if let Ok(read) = CLIENT.answer(data, expected) {
                result(&read, expected);
            }
        }
    }
});
