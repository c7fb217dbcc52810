//! Sessions: zeros separate operations. A short one opens or gives up a call, a longer one is a body that arrives.

#![no_main]

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use pintle_core::idl::{Loader, parse};
use pintle_core::session::Session;
use pintle_core::{Engine, Limits, Prepared};

struct Text;

impl Loader for Text {
    fn load(&mut self, _key: &str) -> Result<String, String> {
        Ok("namespace a interface I { f(n int [optional]) []int }".into())
    }
}

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| {
    let contract = parse("a.pulse", &mut Text).contract.expect("a contract");
    Engine::builder(contract).build().expect("an engine")
});

static CALL: LazyLock<Prepared> = LazyLock::new(|| Prepared::new(&ENGINE, "I.f", "", &[]).expect("a call"));

fuzz_target!(|data: &[u8]| {
    let limits = Limits { batch: 8, reply: 512, id: 16, ..Limits::default() };
    let (mut session, mut peer) = (Session::new(&limits, 4), Session::new(&limits, 4));
    let mut open = BTreeSet::new();
    for operation in data.split(|byte| *byte == 0).take(64) {
        match operation {
            [] => match session.call(&CALL) {
                Ok((number, body)) => {
                    assert!(open.insert(number));
                    assert_eq!(peer.receive(body.clone()).requests, Some(body));
                }
                Err(_) => assert_eq!(open.len(), 4),
            },
            [number] => {
                let number = u32::from(*number);
                let told = session.cancel(number);
                assert_eq!(told.is_some(), open.remove(&number));
                if let Some(told) = told {
                    assert_eq!(peer.receive(told).cancelled, [number.to_string()]);
                }
            }
            body => {
                let received = session.receive(body.to_vec());
                for (number, result) in &received.completed {
                    assert!(open.remove(number), "{number} was not open");
                    if let Ok(result) = result {
                        serde_json::from_str::<Vec<i64>>(result).expect("what the contract says");
                        assert!(!result.contains(['\n', '\r']));
                    }
                }
                if received.completed.is_empty() && session.noise() == Default::default() {
                    let cancelled = received.requests.is_none() && received.cancelled.len() == 1;
                    assert!(cancelled || received.requests.as_deref() == Some(body));
                }
                // What one side answers, the other does not.
                if let Some(reply) = received.requests.and_then(|body| ENGINE.handle(body, |_, _| Ok("[1]")))
                {
                    assert_eq!(peer.receive(reply).requests, None);
                }
            }
        }
        assert_eq!(session.open(), open.len());
    }
    assert_eq!(session.end(), open.into_iter().collect::<Vec<_>>());
});
