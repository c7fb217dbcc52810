//! JSON text to a tree whose objects have every key once.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::JsonDiagnostic;
use crate::contract::{MAX_DIAGNOSTICS, push_visible};
use crate::json::Value;
use crate::names::Names;

/// The tree of `text`, or all that keeps it from being one.
pub(super) fn parse(text: &str) -> Result<Value<'_>, Vec<JsonDiagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value =
        Value::read(text).map_err(|why| Vec::from([JsonDiagnostic::new("", format!("not JSON: {why}"))]))?;
    let mut twice = Vec::new();
    find_twice(&value, &mut String::new(), &mut twice);
    if twice.is_empty() { Ok(value) } else { Err(twice) }
}

/// `key` as one step of a pointer.
pub(super) fn step(key: &str) -> String {
    let mut out = String::from("/");
    for c in key.chars() {
        match c {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            c => push_visible(&mut out, c),
        }
    }
    out
}

/// Reports keys that stand twice in an object, the value at `pointer` or below it. As deep as a tree can be.
fn find_twice(value: &Value<'_>, pointer: &mut String, found: &mut Vec<JsonDiagnostic>) {
    let length = pointer.len();
    for (index, item) in value.as_array().unwrap_or_default().iter().enumerate() {
        pointer.push('/');
        pointer.push_str(&index.to_string());
        find_twice(item, pointer, found);
        pointer.truncate(length);
    }
    let mut keys = Names::default();
    for (key, member) in value.as_object().unwrap_or_default() {
        pointer.push_str(&step(key));
        if !keys.insert(&**key) && found.len() < MAX_DIAGNOSTICS {
            found.push(JsonDiagnostic::new(pointer.clone(), "this member stands twice in its object"));
        }
        find_twice(member, pointer, found);
        pointer.truncate(length);
    }
}
