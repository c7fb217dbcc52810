//! Problems as JSON text, for the embedder's log or its user; and errors of its own.

use pintle_core::json::{Value, without_breaks, write_string};
use pintle_core::{Problem, RpcError};

/// `[{"path", "expected", "got"}, …]`.
pub(crate) fn problems(problems: &[Problem]) -> String {
    let mut out = Vec::from(b"[");
    for (index, problem) in problems.iter().enumerate() {
        out.extend_from_slice(if index > 0 { b",{" } else { b"{" });
        member(&mut out, "\"path\":", &problem.path);
        member(&mut out, ",\"expected\":", &problem.expected);
        member(&mut out, ",\"got\":", &problem.got);
        out.push(b'}');
    }
    out.push(b']');
    String::from_utf8(out).unwrap_or_default()
}

fn member(out: &mut Vec<u8>, key: &str, value: &str) {
    out.extend_from_slice(key.as_bytes());
    write_string(out, value);
}

/// An error of the shell, whose data the core passes on as it is: so it must be JSON, and is put on one line.
pub(crate) fn error(code: i32, message: String, data: Option<String>) -> Result<RpcError, String> {
    let checked = |data: String| match Value::read(&data) {
        Ok(_) => Ok(without_breaks(data.trim_ascii()).into_owned()),
        Err(why) => Err(format!("the error's data is not JSON: {why}")),
    };
    Ok(RpcError { code, message, data: data.map(checked).transpose()? })
}
