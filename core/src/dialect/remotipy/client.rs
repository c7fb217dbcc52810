//! The side that calls.

use super::classes::{CLASS, Classes, DATA, EXCEPTION};
use super::objects::Objects;
use super::unwrap::Unwrap;
use super::wrap::{Refusal, Wrap};
use super::{METHOD_NOT_FOUND, TYPE_ERROR, VALUE_ERROR, nesting};
use crate::client::{CallError, Expected, Prepared};
use crate::contract::bare;
use crate::dialect::{InterfaceError, failure, string, walk};
use crate::engine::{Engine, Method};
use crate::error::Code;
use crate::json::members::{Others, members};
use crate::json::scan::{self, space};
use crate::json::write;
use crate::problem::Problem;
use std::sync::Arc;

/// What a client does: writes the bodies of calls, and reads what comes back.
#[derive(Debug)]
pub struct Client {
    engine: Arc<Engine>,
    classes: Classes,
}

impl Client {
    /// For calls that are prepared with `engine`. Those without a contract can be made too: then nothing has a class.
    ///
    /// # Errors
    ///
    /// If the contract has a struct that cannot be told from what the protocol writes itself.
    pub fn new(engine: &Arc<Engine>) -> Result<Self, InterfaceError> {
        Ok(Client { engine: engine.clone(), classes: Classes::new(engine.contract(), &engine.plan)? })
    }

    /// The body that makes a call.
    ///
    /// # Errors
    ///
    /// [`CallError::Params`] for parameters that would be read as something else, or, without a contract, are no list;
    /// [`CallError::UnknownMethod`] for a call that was prepared with another engine.
    pub fn call(&self, call: &Prepared) -> Result<Vec<u8>, CallError> {
        let mut out = b"{\"method\":".to_vec();
        match call.expected().method() {
            None => {
                write::string(&mut out, call.method());
                let params = if call.params().is_empty() { "[]" } else { call.params() };
                if !params.starts_with('[') {
                    return Err(refused("", "parameters by position", "object"));
                }
                out.extend_from_slice(b",\"params\":");
                out.extend_from_slice(params.as_bytes());
            }
            Some((engine, method)) => {
                if !Arc::ptr_eq(engine, &self.engine) {
                    return Err(CallError::UnknownMethod);
                }
                write::string(&mut out, bare(&method.name, &method.interface));
                out.extend_from_slice(b",\"params\":[");
                out = self.wrap(method, call.params(), out)?;
                out.push(b']');
            }
        }
        out.push(b'}');
        Ok(out)
    }

    fn wrap(&self, method: &Method, params: &str, out: Vec<u8>) -> Result<Vec<u8>, CallError> {
        let json = params.as_bytes();
        let (plan, classes) = (&self.engine.plan, &self.classes);
        let mut wrap = Wrap { plan, classes, json, out, limit: usize::MAX };
        let depth = self.engine.limits.depth();
        let mut name = "";
        let list = walk::elements(json, 0, |index, at| {
            let member = method.members.get(index).ok_or(Refusal::Fault)?;
            name = member.token.name();
            if index > 0 {
                wrap.out.push(b',');
            }
            wrap.value(member.kind, at, depth)
        });
        match list {
            Ok(_) => Ok(wrap.out),
            Err(Refusal::Class) => Err(refused(name, "no member called _class", "unknown")),
            Err(Refusal::Fault | Refusal::TooLarge) => Err(refused(name, "JSON", "invalid")),
        }
    }

    /// The result that a body brings for a call that expects `expected`, as [`Expected::result`] gives it.
    ///
    /// # Errors
    ///
    /// [`CallError::Rpc`] for an exception: the declared error of that name, else the code that comes nearest.
    /// [`CallError::Result`], or [`CallError::Reply`] for a body that is no JSON.
    pub fn answer(&self, body: &[u8], expected: &Expected) -> Result<String, CallError> {
        const NOT_JSON: CallError = CallError::Reply("it is not JSON, or nested too deep");
        let text = str::from_utf8(body).map_err(|_| CallError::Reply("it is not UTF-8"))?;
        let start = space(body, 0);
        let mut objects = Objects::new(body);
        let end = objects.read(start, nesting(&self.engine.limits)).map_err(|_| NOT_JSON)?;
        if space(body, end) != body.len() {
            return Err(NOT_JSON);
        }
        if let Some(class) = objects.at(start).and_then(|object| object.class)
            && string(text, class).is_some_and(|class| class == EXCEPTION)
        {
            return Err(exception(text, start, expected));
        }
        let unwrapped = match expected.method() {
            Some((engine, Method { result: Some(kind), .. })) if Arc::ptr_eq(engine, &self.engine) => {
                let (plan, classes) = (&self.engine.plan, &self.classes);
                let mut unwrap = Unwrap { plan, classes, text, objects, out: Vec::with_capacity(body.len()) };
                unwrap.value(*kind, start).map_err(|_| NOT_JSON)?;
                // Pieces of the text at the ends of its tokens.
                String::from_utf8(unwrap.out).unwrap_or_default()
            }
            _ => text.to_owned(),
        };
        expected.result(&unwrapped).map(|result| result.into_owned())
    }
}

/// The exception at `start`, which reads like an object of a class.
fn exception(text: &str, start: usize, expected: &Expected) -> CallError {
    let object = |at, names| Some(members(text.as_bytes(), at, names, Others::Ignored, scan::MAX_DEPTH)?.0);
    let parts = object(start, [CLASS, DATA]).and_then(|[_, data]| object(data?.start, ["cls", "message"]));
    let [name, message] = parts.unwrap_or_default();
    let word = |range| string(text, range);
    let Some(name) = name.and_then(word) else { return CallError::Reply("its exception has no name") };
    let code = match name.as_ref() {
        METHOD_NOT_FOUND => Code::MethodNotFound,
        TYPE_ERROR => Code::InvalidParams,
        VALUE_ERROR => Code::InvalidRequest,
        _ => Code::InternalError,
    };
    failure(expected, &name, code, &message.and_then(word).unwrap_or_default())
}

fn refused(path: &str, expected: &str, got: &str) -> CallError {
    CallError::Params(vec![Problem { path: path.into(), expected: expected.into(), got: got.into() }])
}
