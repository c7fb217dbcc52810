//! Problems as JSON text, for the embedder's log or its user; and errors of its own.

use pintle_core::{Problem, RpcError};
use serde_json::Value;

/// `[{"path", "expected", "got"}, …]`.
pub(crate) fn problems(problems: &[Problem]) -> String {
    let mut out = String::from("[");
    for (index, problem) in problems.iter().enumerate() {
        out.push_str(if index > 0 { ",{" } else { "{" });
        member(&mut out, "\"path\":", &problem.path);
        member(&mut out, ",\"expected\":", &problem.expected);
        member(&mut out, ",\"got\":", &problem.got);
        out.push('}');
    }
    out.push(']');
    out
}

fn member(out: &mut String, key: &str, value: &str) {
    out.push_str(key);
    out.push_str(&Value::from(value).to_string());
}

/// An error of the shell, whose data the core passes on as it is: so it must be JSON, and is put on one line.
pub(crate) fn error(code: i32, message: String, data: Option<String>) -> Result<RpcError, String> {
    let one_line = |data: String| match serde_json::from_str::<Value>(&data) {
        // A string has no raw line break, so all of them stand between tokens.
        Ok(_) => Ok(data.trim().replace(['\n', '\r'], " ")),
        Err(why) => Err(format!("the error's data is not JSON: {why}")),
    };
    Ok(RpcError { code, message, data: data.map(one_line).transpose()? })
}
