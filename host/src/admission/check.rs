//! The check of callers by a method of the contract.

use std::sync::Arc;
use std::time::Instant;

use pintle_core::contract::{Definition, Type};
use pintle_core::{Code, Contract, Engine, RpcError};

use super::Outcome;
use crate::drive::Handler;
use crate::inside::Inside;
use crate::net::context::{Context, Remote};

/// A method of the contract that is asked about each caller. It is given `ctx` with all headers and answers what
/// `ctx.auth` shows from then on, or an error, which refuses the caller.
///
/// Its interface is for the server alone: leave it out of the interfaces that are served.
#[derive(Debug)]
pub struct Check {
    engine: Arc<Engine>,
    method: String,
    interface: String,
    form: Form,
}

/// How the method takes `ctx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As JSON in a text.
    Text,
    /// As a struct.
    Object,
}

impl Check {
    /// The check by `Interface.method`, which must have one parameter: a string, which is given the JSON text of `ctx`,
    /// or a struct, which is given those members of `ctx` that it names.
    ///
    /// # Errors
    ///
    /// Why the method cannot be the check, as one sentence.
    pub fn new(contract: &Contract, method: &str) -> Result<Check, String> {
        let (interface, name) = method.rsplit_once('.').unwrap_or(("", method));
        let interfaces = contract.interfaces();
        let interface = interfaces.iter().find(|known| known.name == interface);
        let found = interface.and_then(|interface| {
            Some((interface, interface.methods.iter().find(|method| method.name == name)?))
        });
        let Some((interface, found)) = found else {
            return Err(format!("the contract has no method {method}"));
        };
        let [parameter] = found.parameters.as_slice() else {
            return Err(format!("{method} must have one parameter, a string or a struct"));
        };
        let builder = Engine::builder(contract.clone()).serves([interface.name.as_str()]);
        let engine = builder.build().map_err(|error| error.to_string())?;
        let form = match &parameter.ty {
            Type::String => Form::Text,
            Type::Named(name) => match contract.definition(name, &interface.namespace) {
                Some(Definition::Struct(found)) => {
                    let sample = sample().whole_json(Instant::now());
                    let problems = engine.validate(&found.name, sample.as_bytes());
                    if let Some(problems) = problems.and_then(|validation| validation.error()) {
                        return Err(format!("{method} cannot take ctx as {}: {problems}", found.name));
                    }
                    Form::Object
                }
                _ => return Err(format!("{method} must take a string or a struct")),
            },
            _ => return Err(format!("{method} must take a string or a struct")),
        };
        Ok(Check { engine, method: method.to_owned(), interface: interface.name.clone(), form })
    }

    /// The interface of the method.
    pub fn interface(&self) -> &str {
        &self.interface
    }

    /// Asks about a caller, and puts the answer into the context.
    pub(super) async fn ask<H: Handler>(
        &self,
        handler: &H,
        deadline: Instant,
        context: &Arc<Context>,
    ) -> Result<(), RpcError> {
        let ctx = context.whole_json(deadline);
        let params = match self.form {
            Form::Text => serde_json::json!([ctx]).to_string(),
            Form::Object => format!("[{ctx}]"),
        };
        let (method, params) = (self.method.as_str(), params.as_str());
        let inside = Inside { method, params, request: None, deadline, context, chain: None };
        match inside.call(&self.engine, handler).await.outcome() {
            Outcome::Result(auth) => {
                // Asked once for each body, so nothing is there yet.
                let _ = context.auth.set(auth.to_owned());
                Ok(())
            }
            Outcome::Error(error) => Err(self.refusal(error)),
        }
    }

    /// What a caller is told of an error. A declared one is meant for them; of the others only that they were refused, or
    /// that it may be tried again.
    fn refusal(&self, error: RpcError) -> RpcError {
        if self.engine.contract().error(error.code).is_some() {
            return error;
        }
        tracing::info!(method = self.method, "a caller is refused: {error}");
        let passing = [Code::Overloaded, Code::DeadlineExceeded, Code::Cancelled];
        match passing.into_iter().find(|code| code.number() == error.code) {
            Some(Code::Overloaded) => RpcError::from(Code::Overloaded).with_data("{\"retryAfterMs\":1000}"),
            Some(code) => code.into(),
            None => Code::Unauthorized.into(),
        }
    }
}

/// A context with no more than every context has.
fn sample() -> Context {
    Context {
        transport: "http",
        remote: Remote::Ip(([127, 0, 0, 1], 80).into()),
        forwarded: None,
        connection: Arc::default(),
        headers: Arc::default(),
        peers: Arc::default(),
        auth: Default::default(),
    }
}
