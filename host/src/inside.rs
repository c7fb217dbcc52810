//! Calls from inside: what plugins, and the check of callers, ask of the server's own handlers. They are held against
//! the contract like calls from outside.

use std::sync::Arc;
use std::time::Instant;

use pintle_core::{Admission, Code, Engine, Exchange, Step};
use serde_json::value::RawValue;

use crate::drive::{Handler, Invocation, complete};
use crate::net::context::Context;
use crate::plugin::Chain;
use crate::response;

/// The id of the one request of an exchange.
const ID: &str = "0";

/// One call from inside.
#[derive(Clone, Copy)]
pub(crate) struct Inside<'a> {
    /// `Interface.method`
    pub(crate) method: &'a str,
    /// A JSON array or object; checked like that of any caller.
    pub(crate) params: &'a str,
    /// The id of the request from outside that is served, as JSON text.
    pub(crate) request: Option<&'a str>,
    /// When the call from outside is given up. Whoever waits here sees to it.
    pub(crate) deadline: Instant,
    /// Who made the call from outside.
    pub(crate) context: &'a Arc<Context>,
    /// The plugins that wait for it.
    pub(crate) chain: Option<&'a Chain>,
}

/// A response to a call from inside.
pub(crate) struct Reply(String);

impl Reply {
    pub(crate) fn outcome(&self) -> response::Outcome<'_> {
        response::Outcome::of(&self.0, ID)
    }
}

impl Inside<'_> {
    /// Makes the call. `engine` has no mounts and asks for no admission.
    pub(crate) async fn call<H: Handler>(self, engine: &Arc<Engine>, handler: &H) -> Reply {
        let Inside { method, params, request, deadline, context, chain } = self;
        let method = serde_json::Value::from(method);
        // One JSON value, or it could be more of the request than its parameters.
        let params = match serde_json::from_str::<&RawValue>(params) {
            Ok(params) => params.get(),
            Err(_) => "0",
        };
        let body = format!(r#"{{"jsonrpc":"2.0","id":{ID},"method":{method},"params":{params}}}"#);
        let mut exchange = Exchange::open(engine, body);
        loop {
            match exchange.poll() {
                Step::Call(call) => {
                    let method = engine.method(call.method);
                    let params = exchange.params(&call);
                    let invocation = Invocation { method, params, request, deadline, context, chain };
                    let answer = handler.call(invocation).await;
                    complete(&mut exchange, call.ticket, method, &answer);
                }
                Step::Admit(request) => {
                    let refusal = Admission::Refuse(Code::Unauthorized.into());
                    exchange.admit(request.ticket, refusal);
                }
                // Nothing is ever out here.
                Step::Wait => exchange.abandon(&Code::InternalError.into()),
                Step::Reply(reply) => {
                    // Its bytes are UTF-8, and a request with an id has a reply.
                    return Reply(reply.and_then(|reply| String::from_utf8(reply).ok()).unwrap_or_default());
                }
                Step::Done => return Reply(String::new()),
            }
        }
    }
}
