//! Bodies: whatever comes in, what goes out is nothing or one line of JSON, and handlers see JSON on one line.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use pintle_core::idl::{Loader, parse};
use pintle_core::{Engine, Limits, RpcError};
use serde_json::Value;

struct Text;

impl Loader for Text {
    fn load(&mut self, _key: &str) -> Result<String, String> {
        Ok("namespace a
            interface I { add(a int, b int [optional]) int echo(point Point) Point none() }
            struct Point { x float y float [optional] tags []string [optional] }"
            .into())
    }
}

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| {
    let contract = parse("a.pulse", &mut Text).contract.expect("a contract");
    let limits = Limits { depth: 8, batch: 8, reply: 1024, id: 32, ..Limits::default() };
    Engine::builder(contract).commands(true).limits(limits).build().expect("an engine")
});

fuzz_target!(|data: &[u8]| {
    let reply = ENGINE.handle(data, |method, params| {
        assert!(
            params.starts_with('[') && params.ends_with(']') && !params.contains(['\n', '\r']),
            "{params:?}"
        );
        match method.name.as_str() {
            "I.add" => Ok("7.0".to_owned()),
            // The one parameter as the result: it is of the right type.
            "I.echo" => Ok(params[1..params.len() - 1].to_owned()),
            _ => Err(RpcError::new(3, "of its own")),
        }
    });
    let Some(reply) = reply else { return };
    assert!(!reply.contains(&b'\n') && !reply.contains(&b'\r'));
    assert!(reply.len() <= 8 * 1024);
    let responses = match serde_json::from_slice(&reply) {
        Ok(Value::Array(responses)) => responses,
        Ok(response) => vec![response],
        // Half of a surrogate pair in an unknown field of what was echoed, or a float that a tree cannot hold.
        Err(_) => {
            assert!(
                std::str::from_utf8(&reply).is_ok()
                    && serde_json::from_slice::<serde::de::IgnoredAny>(&reply).is_ok()
            );
            return;
        }
    };
    assert!(!responses.is_empty());
    for response in responses {
        assert_eq!(response["jsonrpc"], "2.0");
        assert!(
            response.get("id").is_some()
                && (response.get("result").is_some() != response.get("error").is_some())
        );
    }
});
