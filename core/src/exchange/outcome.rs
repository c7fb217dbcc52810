//! What handlers answer: results checked like parameters, errors held to the rules.

use crate::engine::{Engine, ErrorPolicy, Method};
use crate::error::{Code, Rejection, RpcError};
use crate::explain::Explain;
use crate::json::{
    number::{self, Int},
    scan::{self, Surrogates, space},
    text::{self, unescape},
};
use crate::problem::Problem;
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
        Outcome::Return(json) => result(engine, method, json),
        Outcome::Answer(json) => answer(engine, method, json),
        Outcome::Error(error) => Err(police(engine, method, error)),
        Outcome::Fail(error) => Err((error, Vec::new())),
    }
}

/// A value of the method's result type at `start`: where it ends.
fn check_result(
    check: &mut Check<'_>,
    engine: &Engine,
    method: &Method,
    text: &[u8],
    start: usize,
) -> Option<usize> {
    match method.result {
        Some(kind) => check.optional(kind, method.result_optional, start, engine.limits.depth()).ok(),
        None => scan::literal(text, start, b"null").ok(),
    }
}

fn result<'a>(engine: &Engine, method: &Method, json: &'a [u8]) -> Judged<'a> {
    if std::str::from_utf8(json).is_ok() {
        let mut check = Check::new(&engine.plan, json, engine.strict);
        let start = space(json, 0);
        if let Some(end) = check_result(&mut check, engine, method, json, start)
            && space(json, end) == json.len()
        {
            return Ok((json, start..end, check.into_edits()));
        }
    }
    Err(bad_result(engine, method, json))
}

fn bad_result(engine: &Engine, method: &Method, json: &[u8]) -> (RpcError, Vec<Problem>) {
    let problems = match std::str::from_utf8(json) {
        Ok(text) => {
            let mut explain = Explain::new(&engine.plan, text, engine.strict, engine.limits.problems);
            explain.whole(method.result, method.result_optional, engine.limits.depth());
            explain.into_problems()
        }
        Err(_) => vec![problem("", "UTF-8", "invalid")],
    };
    (Rejection::BadResult.into(), problems)
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
        if let Some(end) = check_result(&mut check, engine, method, json, start)
            && scan::byte(json, space(json, end), b'}').is_ok_and(|end| space(json, end) == json.len())
        {
            return Ok((json, start..end, check.into_edits()));
        }
    }
    let depth = engine.limits.depth();
    let member = members(json, 0, ["result", "error"], depth + 3)
        .filter(|(_, end)| space(json, *end) == json.len())
        .map(|(members, _)| members);
    match member {
        Some([Some(found), None]) => {
            result(engine, method, &json[found.clone()]).map(|(_, range, edits)| {
                // Ranges and edits are of the member's text.
                (&json[found], range, edits)
            })
        }
        Some([None, Some(found)]) => match error(text, found, depth) {
            Some(error) => Err(police(engine, method, error)),
            None => Err(nonsense("an error of code and message")),
        },
        _ => Err(nonsense("an object with result or error")),
    }
}

/// The error object at `range` of a plugin's answer.
fn error(text: &str, range: Range<usize>, depth: usize) -> Option<RpcError> {
    let json = text.as_bytes();
    let ([code, message, data], _) = members(json, range.start, ["code", "message", "data"], depth + 2)?;
    let code = code?;
    let code = match number::int(json, code.start).ok()? {
        (_, Int::Plain) => text.get(code)?.parse().ok()?,
        (_, Int::Rewrite(code)) => i32::try_from(code).ok()?,
        _ => return None,
    };
    let message = text.get(message?)?.strip_prefix('"')?.strip_suffix('"')?;
    let mut error = RpcError::new(code, unescape(message));
    error.data = data.and_then(|data| text.get(data)).map(str::to_owned);
    Some(error)
}

/// The members of the object at `at`, which has no others and none twice; and where it ends.
fn members<const N: usize>(
    json: &[u8],
    at: usize,
    names: [&str; N],
    depth: usize,
) -> Option<([Option<Range<usize>>; N], usize)> {
    let mut found = [const { None }; N];
    let mut at = space(json, scan::byte(json, space(json, at), b'{').ok()?);
    let mut more = json.get(at) != Some(&b'}');
    let mut end = at + 1;
    while more {
        let (key_end, value) = scan::key(json, at, Surrogates::Paired).ok()?;
        let index =
            names.iter().position(|name| text::equals(&json[at + 1..key_end - 1], name.as_bytes()))?;
        // Depth is the contract's matter; here only the stack's.
        let value_end = scan::value(json, value, depth.min(scan::MAX_DEPTH), Surrogates::Any).ok()?;
        if found[index].replace(value..value_end).is_some() {
            return None;
        }
        (at, more) = scan::next(json, value_end, b'}').ok()?;
        end = at;
    }
    Some((found, end))
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
        let start = space(data.as_bytes(), 0);
        let end = scan::value(data.as_bytes(), start, engine.limits.depth(), Surrogates::Paired);
        match end {
            Ok(end) if space(data.as_bytes(), end) == data.len() => {
                // A string has no raw line break, so all of them stand between tokens.
                error.data = Some(data[start..end].replace(['\n', '\r'], " "));
            }
            _ => return refused("error.data", "JSON", "invalid".into()),
        }
    }
    (error, Vec::new())
}
