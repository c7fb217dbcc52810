//! What handlers answer: results checked like parameters, errors held to the rules.

use crate::engine::{Engine, ErrorPolicy, Method};
use crate::error::{Code, Rejection, RpcError};
use crate::json::{
    members::{Others, members},
    scan::{self, Surrogates, space},
    text,
};
use crate::problem::Problem;
use crate::result;
use crate::validate::{Check, Edits};
use std::ops::Range;

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// The handler's result, as JSON text.
    Return(&'a [u8]),
    /// The handler's own error: its code must be one that handlers may use.
    Error(RpcError),
    /// The answer object of a plugin: `{"result": …}` or `{"error": {"code", "message", "data"?}}` as JSON text.
    Answer(&'a [u8]),
    /// The shell could not get an answer: any code.
    Fail(RpcError),
}

/// A judged outcome: a part of the handler's text to pass on, or an error and the problems behind it.
pub(super) type Judged<'a> = Result<(&'a [u8], Range<usize>, Edits), (RpcError, Vec<Problem>)>;

pub(super) fn judge<'a>(engine: &Engine, method: &Method, outcome: Outcome<'a>) -> Judged<'a> {
    match outcome {
        Outcome::Return(json) => returned(engine, method, json),
        Outcome::Answer(json) => answer(engine, method, json),
        Outcome::Error(error) => Err(police(engine, method, error)),
        Outcome::Fail(error) => Err((error, Vec::new())),
    }
}

fn returned<'a>(engine: &Engine, method: &Method, json: &'a [u8]) -> Judged<'a> {
    match result::check(engine, method, json) {
        Ok((range, edits)) => Ok((json, range, edits)),
        Err(problems) => Err((Rejection::BadResult.into(), problems)),
    }
}

fn problem(path: &str, expected: impl Into<String>, got: impl Into<String>) -> Problem {
    Problem { path: path.into(), expected: expected.into(), got: got.into() }
}

/// A plugin's answer object. The usual form is read once; anything else is looked at in full.
fn answer<'a>(engine: &Engine, method: &Method, json: &'a [u8]) -> Judged<'a> {
    const USUAL: &[u8] = b"{\"result\":";
    let nonsense = |why: &str| (Rejection::BadAnswer.into(), vec![problem("", why, "invalid")]);
    let Ok(text) = std::str::from_utf8(json) else { return Err(nonsense("UTF-8")) };
    if json.starts_with(USUAL) {
        let mut check = Check::new(&engine.plan, json, engine.strict);
        let start = space(json, USUAL.len());
        if let Some(end) = result::value(&mut check, engine, method, json, start)
            && scan::byte(json, space(json, end), b'}').is_ok_and(|end| space(json, end) == json.len())
        {
            return Ok((json, start..end, check.into_edits()));
        }
    }
    let depth = engine.limits.depth();
    let member = members(json, 0, ["result", "error"], Others::Refused, depth + 3)
        .filter(|(_, end)| space(json, *end) == json.len())
        .map(|(members, _)| members);
    match member {
        Some([Some(found), None]) => {
            returned(engine, method, &json[found.clone()]).map(|(_, range, edits)| {
                // Ranges and edits are of the member's text.
                (&json[found], range, edits)
            })
        }
        Some([None, Some(found)]) => match RpcError::read(text, found.start, Others::Refused, depth + 2) {
            Some(error) => Err(police(engine, method, error)),
            None => Err(nonsense("an error of code and message")),
        },
        _ => Err(nonsense("an object with result or error")),
    }
}

/// The error that a caller gets for a handler's `error`, and the problem if it is another.
fn police(engine: &Engine, method: &Method, mut error: RpcError) -> (RpcError, Vec<Problem>) {
    let refused = |path: &str, expected: &str, got: String| {
        (Rejection::BadError.into(), vec![problem(path, expected, got)])
    };
    let invalid_params = Code::InvalidParams.number();
    let declared = engine.contract.error(error.code);
    if error.code != invalid_params {
        if (-32768..=-32000).contains(&error.code) {
            return refused("error.code", "a code outside of -32768…-32000", error.code.to_string());
        }
        let allowed = match engine.policy {
            ErrorPolicy::Any => true,
            ErrorPolicy::Declared if method.raises.is_empty() => declared.is_some(),
            ErrorPolicy::Declared => method.raises.contains(&error.code),
        };
        if !allowed {
            return refused("error.code", "a declared error", error.code.to_string());
        }
    }
    if error.message.is_empty() {
        error.message = match declared {
            Some(declared) => declared.message.clone(),
            None if error.code == invalid_params => Code::InvalidParams.message().into(),
            None => error.message,
        };
    }
    if let Some(data) = error.data.take() {
        let Some(line) = text::one_line(&data, Surrogates::Paired, engine.limits.depth()) else {
            return refused("error.data", "JSON", "invalid".into());
        };
        error.data = Some(line.into_owned());
    }
    (error, Vec::new())
}
