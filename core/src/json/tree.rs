//! JSON as a tree: for contracts and options, which are small and read once.

use std::borrow::Cow;
use std::fmt;

use super::number::{self, Int};
use super::scan::{self, Fault, FaultKind, Surrogates};
use super::text::unescape;

/// Lists and objects around a value, itself included. Bounds the stack.
const DEPTH: usize = 127;

/// A JSON value; texts without escapes are those of the source.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is written.
    Number(&'a str),
    /// A string without its escapes.
    String(Cow<'a, str>),
    /// A list.
    Array(Vec<Value<'a>>),
    /// Members as they come; a name that stands twice is there twice.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

/// Why a text is not JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotJson {
    what: &'static str,
    line: usize,
    column: usize,
}

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.what, self.line, self.column)
    }
}

impl std::error::Error for NotJson {}

impl<'a> Value<'a> {
    /// Reads `text`, one value with white space around it.
    ///
    /// # Errors
    /// `text` is something else, is nested deeper than 127 levels, or has half of a surrogate pair in a string.
    pub fn read(text: &'a str) -> Result<Value<'a>, NotJson> {
        let bytes = text.as_bytes();
        let read = value(text, scan::space(bytes, 0), DEPTH).and_then(|(value, end)| {
            let end = scan::space(bytes, end);
            if end == text.len() { Ok(value) } else { Err(Fault::new(FaultKind::Syntax, end)) }
        });
        read.map_err(|fault| {
            let what = match fault.kind() {
                FaultKind::Depth => "nested too deep",
                FaultKind::Surrogate => "half of a surrogate pair",
                _ if fault.at() >= text.len() => "unexpected end",
                _ => "unexpected character",
            };
            let before = bytes.get(..fault.at()).unwrap_or(bytes);
            let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
            let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
            // The first bytes of characters.
            let column = before[start..].iter().filter(|&&byte| byte & 0xC0 != 0x80).count() + 1;
            NotJson { what, line, column }
        })
    }

    /// The last member called `name`, if this is an object and has one.
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.as_object()?.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The members of an object.
    pub fn as_object(&self) -> Option<&[(Cow<'a, str>, Value<'a>)]> {
        if let Value::Object(members) = self { Some(members) } else { None }
    }

    /// The items of a list.
    pub fn as_array(&self) -> Option<&[Value<'a>]> {
        if let Value::Array(items) = self { Some(items) } else { None }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = self { Some(text) } else { None }
    }

    /// Which of the two.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(flag) = self { Some(*flag) } else { None }
    }

    /// A whole number of 64 bits that is written as one: `3`, not `3.0`.
    pub fn as_int(&self) -> Option<i64> {
        let Value::Number(text) = self else { return None };
        match number::int(text.as_bytes(), 0) {
            Ok((_, Int::Plain)) => number::decimal(text.as_bytes()),
            _ => None,
        }
    }
}

/// The value at `at` and where it ends. Recurses `depth` times at most.
fn value(text: &str, at: usize, depth: usize) -> Result<(Value<'_>, usize), Fault> {
    let bytes = text.as_bytes();
    Ok(match bytes.get(at) {
        Some(b'"') => {
            let end = scan::string(bytes, at + 1, Surrogates::Paired)?;
            (Value::String(unescape(&text[at + 1..end - 1])), end)
        }
        Some(&open @ (b'{' | b'[')) => {
            let Some(depth) = depth.checked_sub(1) else { return Err(Fault::new(FaultKind::Depth, at)) };
            // The closing bracket is the opening one plus 2 in ASCII.
            let close = open + 2;
            let mut at = scan::space(bytes, at + 1);
            let mut more = bytes.get(at) != Some(&close);
            if !more {
                at += 1;
            }
            let (mut members, mut items) = (Vec::new(), Vec::new());
            while more {
                let start = at;
                let mut name = start..start;
                if open == b'{' {
                    let (end, value) = scan::key(bytes, at, Surrogates::Paired)?;
                    (name, at) = (start + 1..end - 1, value);
                }
                let (value, end) = value(text, at, depth)?;
                if open == b'{' {
                    members.push((unescape(&text[name]), value));
                } else {
                    items.push(value);
                }
                (at, more) = scan::next(bytes, end, close)?;
            }
            (if open == b'{' { Value::Object(members) } else { Value::Array(items) }, at)
        }
        Some(b't') => (Value::Bool(true), scan::literal(bytes, at, b"true")?),
        Some(b'f') => (Value::Bool(false), scan::literal(bytes, at, b"false")?),
        Some(b'n') => (Value::Null, scan::literal(bytes, at, b"null")?),
        _ => {
            let end = number::scan(bytes, at)?;
            (Value::Number(&text[at..end]), end)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same tree as `serde_json` has it.
    fn other(value: &Value<'_>) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Number(text) => serde_json::from_str(text).unwrap(),
            Value::String(text) => (**text).into(),
            Value::Array(items) => items.iter().map(other).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, value)| (name.to_string(), other(value))).collect()
            }
        }
    }

    #[test]
    fn a_tree_is_that_of_serde_json() {
        for text in [
            "null",
            " [ ] ",
            "{}",
            r#"{"a": [1, -2.5e3, true, false, null, "\u00e9\n\"", {"b": {}}], "é": "ü", "\u0061b": [[]]}"#,
        ] {
            let value = Value::read(text).unwrap();
            assert_eq!(other(&value), serde_json::from_str::<serde_json::Value>(text).unwrap());
        }
        let deep = |n: usize| "[".repeat(n) + &"]".repeat(n);
        for text in
            ["", "{", "[1,]", "{\"a\":1,}", "1 2", "tru", "\"\\ud800\"", "nul", "[1}", &deep(DEPTH + 1)]
        {
            assert!(Value::read(text).is_err(), "{text}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
        }
        assert!(Value::read(&deep(DEPTH)).is_ok());
    }

    #[test]
    fn parts_are_had_by_their_kind() {
        let value = Value::read(r#"{"i": 3, "f": 3.0, "s": "x", "i": -7, "t": true, "l": [1]}"#).unwrap();
        assert_eq!(value.get("i").and_then(Value::as_int), Some(-7));
        assert_eq!(value.get("f").and_then(Value::as_int), None);
        assert_eq!(value.get("s").and_then(Value::as_str), Some("x"));
        assert_eq!(value.get("t").and_then(Value::as_bool), Some(true));
        assert_eq!(value.get("l").and_then(Value::as_array).map(<[_]>::len), Some(1));
        assert_eq!(value.get("x"), None);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, why) in [
            ("{\"é\":1,}", "unexpected character at line 1 column 8"),
            ("[\n 1,\n x]", "unexpected character at line 3 column 2"),
            ("[1", "unexpected end at line 1 column 3"),
            ("[\"\\ud800\"]", "half of a surrogate pair at line 1 column 3"),
        ] {
            assert_eq!(Value::read(text).unwrap_err().to_string(), why);
        }
        let deep = Value::read(&"[".repeat(1000)).unwrap_err().to_string();
        assert_eq!(deep, "nested too deep at line 1 column 128");
    }
}
