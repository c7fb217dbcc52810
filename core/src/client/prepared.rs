//! Calls before they are sent, and what may answer them.

use super::CallError;
use crate::contract::ErrorDefinition;
use crate::engine::{Engine, Method, MethodId};
use crate::envelope::Params;
use crate::error::RpcError;
#[cfg(feature = "index")]
use crate::index::Index;
use crate::json::{
    scan::{self, FaultKind, Surrogates, space},
    text, write,
};
use crate::limits::Limits;
use crate::params::{self, Text};
use crate::problem::Problem;
use crate::result;
use std::borrow::Cow;
use std::sync::Arc;

/// A call that may be sent: as a request, as a notification, or both, as often as one likes.
#[derive(Debug, Clone)]
pub struct Prepared {
    method: String,
    params: String,
    expected: Expected,
}

impl Prepared {
    /// Checks a call of the method that `engine` has under the name `method`.
    ///
    /// `params` is a JSON array or object, or empty if there are none. `extra` (name and JSON text) is added to them and
    /// checked like them: a parameter that `params` has too is a duplicate.
    ///
    /// What is sent is what a handler here would see: all parameters by position, `null` for those that were left out.
    /// Servers that count their parameters want all of them, and those of this protocol take `null` for a missing one.
    ///
    /// # Errors
    /// [`CallError::UnknownMethod`] or [`CallError::Params`].
    pub fn new(
        engine: &Arc<Engine>,
        method: &str,
        params: &str,
        extra: &[(String, String)],
    ) -> Result<Prepared, CallError> {
        let id = engine.find(method.as_bytes()).ok_or(CallError::UnknownMethod)?;
        let known = engine.method(id);
        let given = given(params, engine.limits.depth())?;
        let checked = params::check(engine, known, params, &given, extra).map_err(CallError::Params)?;
        let params = match checked {
            Text::Body(range) => params.get(range).unwrap_or("[]").into(),
            Text::Owned(params) => params,
        };
        // The contract does not say what a built-in answers.
        let rule = known.builtin.is_none().then(|| (engine.clone(), id));
        let expected = Expected { rule, depth: engine.limits.depth() };
        Ok(Prepared { method: method.into(), params, expected })
    }

    /// A call without a contract: `params` goes out as it is, and any result is taken.
    ///
    /// # Errors
    /// [`CallError::Params`] if `params` is neither empty, nor a JSON array, nor a JSON object, or nested deeper than
    /// `limits` allow.
    pub fn unchecked(limits: &Limits, method: &str, params: &str) -> Result<Prepared, CallError> {
        let depth = limits.depth();
        given(params, depth)?;
        let params = text::one_line(params, Surrogates::Any, depth + 1).unwrap_or_default().into_owned();
        Ok(Prepared { method: method.into(), params, expected: Expected { rule: None, depth } })
    }

    /// The same call, whose result may be any JSON.
    pub fn with_any_result(mut self) -> Prepared {
        self.expected.rule = None;
        self
    }

    /// The method's name on the wire.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The parameters on one line: a JSON array by position; of an unchecked call what was given.
    pub fn params(&self) -> &str {
        &self.params
    }

    /// What may answer it.
    pub fn expected(&self) -> &Expected {
        &self.expected
    }

    /// The body of a request. `id` is JSON text: a number, or a string as [`crate::json::write_string`] writes it.
    pub fn request(&self, id: &str) -> Vec<u8> {
        self.body(Some(id))
    }

    /// The body of a notification.
    pub fn notification(&self) -> Vec<u8> {
        self.body(None)
    }

    /// One body of several such bodies, at least one; JSON-RPC 2.0, section 6.
    pub fn batch<B: AsRef<[u8]>>(bodies: &[B]) -> Vec<u8> {
        let size: usize = bodies.iter().map(|body| body.as_ref().len() + 1).sum();
        let mut out = Vec::with_capacity(size + 1);
        for body in bodies {
            out.push(if out.is_empty() { b'[' } else { b',' });
            out.extend_from_slice(body.as_ref());
        }
        out.push(b']');
        out
    }

    fn body(&self, id: Option<&str>) -> Vec<u8> {
        const FRAME: usize = r#"{"jsonrpc":"2.0","method":"","params":,"id":}"#.len();
        let size = FRAME + self.method.len() + self.params.len() + id.map_or(0, str::len);
        let mut out = Vec::with_capacity(size);
        out.extend_from_slice(b"{\"jsonrpc\":\"2.0\",\"method\":");
        write::string(&mut out, &self.method);
        if !self.params.is_empty() {
            out.extend_from_slice(b",\"params\":");
            out.extend_from_slice(self.params.as_bytes());
        }
        if let Some(id) = id {
            out.extend_from_slice(b",\"id\":");
            out.extend_from_slice(id.as_bytes());
        }
        out.push(b'}');
        out
    }
}

/// The form of parameters, which must be JSON.
fn given(params: &str, depth: usize) -> Result<Params, CallError> {
    let wrong = |expected: &str, got: &str| {
        CallError::Params(vec![Problem { path: String::new(), expected: expected.into(), got: got.into() }])
    };
    if params.is_empty() {
        return Ok(Params::Absent);
    }
    let json = params.as_bytes();
    let start = space(json, 0);
    let end = scan::value(json, start, depth + 1, Surrogates::Any).map_err(|fault| match fault.kind() {
        FaultKind::Depth => wrong("any value", "too-deep"),
        _ => wrong("JSON", "invalid"),
    })?;
    if space(json, end) != json.len() {
        return Err(wrong("JSON", "invalid"));
    }
    match json.get(start) {
        Some(b'[') => Ok(Params::Array(start..end)),
        Some(b'{') => Ok(Params::Object(start..end)),
        _ => Err(wrong("an array or an object", "another value")),
    }
}

/// What may answer a call: kept from when it is sent until its reply comes.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The contract's word; `None` takes any JSON.
    rule: Option<(Arc<Engine>, MethodId)>,
    depth: usize,
}

impl Expected {
    /// Checks the text of a result. What comes back is the value on one line, its integers written as digits.
    ///
    /// # Errors
    /// [`CallError::Result`].
    pub fn result<'a>(&self, json: &'a str) -> Result<Cow<'a, str>, CallError> {
        let Some((engine, method)) = &self.rule else {
            let any = text::one_line(json, Surrogates::Paired, self.depth);
            return any.ok_or_else(|| {
                let (path, expected) = (String::new(), "JSON".into());
                CallError::Result(vec![Problem { path, expected, got: "invalid".into() }])
            });
        };
        let (range, edits) =
            result::check(engine, engine.method(*method), json.as_bytes()).map_err(CallError::Result)?;
        if edits.is_empty() {
            return Ok(Cow::Borrowed(json.get(range).unwrap_or_default()));
        }
        let mut out = Vec::with_capacity(range.len());
        edits.apply(json.as_bytes(), range, &mut out);
        // Pieces of checked text are UTF-8, and so is what is written between them.
        Ok(Cow::Owned(String::from_utf8(out).unwrap_or_default()))
    }

    /// The index of a result as [`Expected::result`] gives it. False if the contract does not say what it is.
    #[cfg(feature = "index")]
    pub fn index(&self, json: &str, index: &mut Index) -> bool {
        self.method().is_some_and(|(engine, method)| engine.index_result(method, json, index))
    }

    /// The error as it is for the caller: without a message, it gets that of the contract.
    pub fn error(&self, mut error: RpcError) -> CallError {
        if error.message.is_empty()
            && let Some(declared) = self.declared(error.code)
        {
            error.message.clone_from(&declared.message);
        }
        CallError::Rpc(error)
    }

    /// The method that is called and the engine that has it, if the contract says what it answers.
    pub(crate) fn method(&self) -> Option<(&Arc<Engine>, &Method)> {
        let (engine, method) = self.rule.as_ref()?;
        Some((engine, engine.method(*method)))
    }

    /// What the contract says of an error with `code`, its name among it.
    pub fn declared(&self, code: i32) -> Option<&ErrorDefinition> {
        self.rule.as_ref()?.0.contract.error(code)
    }
}
