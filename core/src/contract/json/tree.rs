//! JSON text to a tree, noticing the keys that stand twice in an object: `serde_json` alone keeps the last.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::JsonDiagnostic;
use crate::contract::{MAX_DIAGNOSTICS, push_visible};

/// The tree of `text`, or all that keeps it from being one.
pub(super) fn parse(text: &str) -> Result<Value, Vec<JsonDiagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut state = State { pointer: String::new(), twice: Vec::new() };
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Node { state: &mut state }.deserialize(&mut reader);
    match value.and_then(|value| reader.end().map(|()| value)) {
        Err(error) => Err([JsonDiagnostic::new("", format!("not JSON: {error}"))].into()),
        Ok(_) if !state.twice.is_empty() => Err(state.twice),
        Ok(value) => Ok(value),
    }
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

struct State {
    pointer: String,
    twice: Vec<JsonDiagnostic>,
}

/// Reads one value; `serde_json` bounds the depth.
struct Node<'s> {
    state: &'s mut State,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        let length = self.state.pointer.len();
        loop {
            self.state.pointer.push('/');
            self.state.pointer.push_str(&list.len().to_string());
            let item = items.next_element_seed(Node { state: self.state });
            self.state.pointer.truncate(length);
            match item? {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        let length = self.state.pointer.len();
        while let Some(key) = members.next_key::<String>()? {
            self.state.pointer.push_str(&step(&key));
            if map.contains_key(&key) && self.state.twice.len() < MAX_DIAGNOSTICS {
                let pointer = self.state.pointer.clone();
                self.state.twice.push(JsonDiagnostic::new(pointer, "this member stands twice in its object"));
            }
            let value = members.next_value_seed(Node { state: self.state });
            self.state.pointer.truncate(length);
            map.insert(key, value?);
        }
        Ok(Value::Object(map))
    }
}
