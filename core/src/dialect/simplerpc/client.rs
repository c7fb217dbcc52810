//! The side that calls.

use super::{FAIL, INVALID_PARAMS, MALFORMED, METHOD_NOT_FOUND, OKAY, is_empty, or_null, parameter};
use crate::client::{CallError, Expected, Prepared};
use crate::contract::bare;
use crate::dialect::{ascii, failure, string, walk};
use crate::engine::Method;
use crate::error::Code;
use crate::json::members::{Others, members};
use crate::json::scan::{self, Fault, FaultKind, space};
use crate::json::write;
use crate::plan::Kind;
use crate::problem::Problem;

/// The line that makes a call. Without a contract its parameters must be an object, or none.
///
/// # Errors
///
/// [`CallError::UnknownMethod`] for a name that cannot stand in a line, [`CallError::Params`] for parameters that cannot.
pub fn call(call: &Prepared) -> Result<Vec<u8>, CallError> {
    let params = call.params();
    let written = match call.expected().method() {
        Some((_, method)) => {
            object(method, params).map(|object| (bare(&method.name, &method.interface), object))
        }
        None => Ok((call.method(), params.to_owned())),
    };
    let (name, mut object) = written.map_err(|_| no_object())?;
    if matches!(object.as_str(), "" | "[]") {
        object = "{}".into();
    }
    if !object.starts_with('{') {
        return Err(no_object());
    }
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'{') {
        return Err(CallError::UnknownMethod);
    }
    let mut out = name.as_bytes().to_vec();
    ascii::push(&mut out, &object, usize::MAX);
    Ok(out)
}

fn no_object() -> CallError {
    let (expected, got) = ("parameters that an object can hold".into(), "array".into());
    CallError::Params(vec![Problem { path: String::new(), expected, got }])
}

/// The object for parameters by position; optional ones that are null are left out.
fn object(method: &Method, params: &str) -> Result<String, Fault> {
    let json = params.as_bytes();
    let whole = parameter(method).is_some();
    let mut out = Vec::with_capacity(params.len());
    walk::elements(json, 0, |index, at| {
        let end = walk::skip(json, at)?;
        let value = &json[at..end];
        let member = method.members.get(index).ok_or(Fault::new(FaultKind::Type, at))?;
        if member.optional && value == b"null" {
            return Ok(end);
        }
        if !whole {
            out.push(if out.is_empty() { b'{' } else { b',' });
            write::string(&mut out, member.token.name());
            out.push(b':');
        }
        out.extend_from_slice(value);
        Ok::<_, Fault>(end)
    })?;
    if !whole && !out.is_empty() {
        out.push(b'}');
    }
    // Pieces of checked text, and names of a contract.
    Ok(String::from_utf8(out).unwrap_or_default())
}

/// Whether a line is an answer; else it is a message of the server's own.
pub fn is_answer(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b'{').next().unwrap_or_default();
    name == OKAY.as_bytes() || name == FAIL.as_bytes()
}

/// The result that a line brings for a call that expects `expected`, as [`Expected::result`] gives it.
///
/// # Errors
///
/// [`CallError::Rpc`] for `FAIL`: the declared error of that name, else the code that comes nearest.
/// [`CallError::Result`], or [`CallError::Reply`] for a line that is no answer.
pub fn answer(line: &[u8], expected: &Expected) -> Result<String, CallError> {
    let text = str::from_utf8(line).map_err(|_| CallError::Reply("it is not UTF-8"))?;
    let okay = text.strip_prefix(OKAY);
    let object = okay.or_else(|| text.strip_prefix(FAIL)).filter(|object| object.starts_with('{'));
    let object = object.ok_or(CallError::Reply("it is neither OKAY{…} nor FAIL{…}"))?;
    let json = object.as_bytes();
    let names = ["result", "reason", "message"];
    let ([result, reason, message], _) = members(json, 0, names, Others::Ignored, scan::MAX_DEPTH)
        .filter(|(_, end)| space(json, *end) == json.len())
        .ok_or(CallError::Reply("its object is not JSON, has a member twice, or is nested too deep"))?;
    if okay.is_none() {
        let text = |range| string(object, range);
        let reason = reason.and_then(text).ok_or(CallError::Reply("it fails without a reason"))?;
        let message = message.and_then(text).unwrap_or_default();
        let code = match reason.as_ref() {
            MALFORMED => Code::ParseError,
            INVALID_PARAMS => Code::InvalidParams,
            METHOD_NOT_FOUND => Code::MethodNotFound,
            _ => Code::InternalError,
        };
        return Err(failure(expected, &reason, code, &message));
    }
    let result = match expected.method() {
        None => object,
        Some((engine, method)) => match method.result {
            Some(kind @ Kind::Struct(_)) if method.result_optional => or_null(&engine.plan, kind, object),
            Some(Kind::Struct(_) | Kind::Map(_)) => object,
            Some(_) => result.and_then(|range| object.get(range)).unwrap_or("null"),
            None if is_empty(object) => "null",
            None => object,
        },
    };
    expected.result(result).map(|result| result.into_owned())
}
