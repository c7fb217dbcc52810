//! Results: checked like parameters.

use crate::builtin::Answer;
use crate::engine::{Engine, Method};
use crate::explain::Explain;
use crate::json::scan::{self, space};
use crate::problem::Problem;
use crate::validate::{Check, Edits};
use std::ops::Range;

/// Checks a whole text. Answers where in it the value is and what must change in it, or what is wrong.
pub(crate) fn check(
    engine: &Engine,
    method: &Method,
    json: &[u8],
) -> Result<(Range<usize>, Edits), Vec<Problem>> {
    let Ok(text) = std::str::from_utf8(json) else {
        return Err(vec![Problem { path: String::new(), expected: "UTF-8".into(), got: "invalid".into() }]);
    };
    let mut check = Check::new(&engine.plan, json, engine.strict);
    let start = space(json, 0);
    if let Some(end) = value(&mut check, engine, method, json, start)
        && space(json, end) == json.len()
    {
        return Ok((start..end, check.into_edits()));
    }
    let mut explain = Explain::new(&engine.plan, text, engine.strict, engine.limits.problems);
    explain.whole(method.result, method.result_optional, engine.limits.depth());
    Err(explain.into_problems())
}

/// A value of the method's result type at `start` of `text`, which is UTF-8: where it ends.
pub(crate) fn value(
    check: &mut Check<'_>,
    engine: &Engine,
    method: &Method,
    text: &[u8],
    start: usize,
) -> Option<usize> {
    match method.result {
        Some(kind) => check.optional(kind, method.result_optional, start, engine.limits.depth()).ok(),
        None if matches!(method.builtin, Some(Answer::Shell)) => {
            check.unknown(start, engine.limits.depth()).ok()
        }
        None => scan::literal(text, start, b"null").ok(),
    }
}
