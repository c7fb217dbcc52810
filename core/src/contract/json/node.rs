//! A place in a tree of JSON: what is read there, and the pointer to it for what is wrong.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{JsonDiagnostic, tree};
use crate::contract::MAX_DIAGNOSTICS;
use crate::json::Value;

pub(super) type Errors = Vec<JsonDiagnostic>;

/// A value and the way to it.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) value: &'a Value<'a>,
    pub(super) up: Option<(&'a Node<'a>, Step<'a>)>,
}

#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Key(&'a str),
    At(usize),
}

impl<'a> Node<'a> {
    pub(super) fn pointer(&self) -> String {
        match self.up {
            None => String::new(),
            Some((up, Step::Key(key))) => up.pointer() + &tree::step(key),
            Some((up, Step::At(i))) => format!("{}/{i}", up.pointer()),
        }
    }

    pub(super) fn fail<T>(&self, errors: &mut Errors, message: impl Into<String>) -> Option<T> {
        self.report(errors, message.into());
        None
    }

    #[inline(never)]
    fn report(&self, errors: &mut Errors, message: String) {
        if errors.len() < MAX_DIAGNOSTICS {
            errors.push(JsonDiagnostic::new(self.pointer(), message));
        }
    }

    pub(super) fn wrong<T>(&self, errors: &mut Errors, wanted: &str) -> Option<T> {
        self.unlike(errors, wanted);
        None
    }

    #[inline(never)]
    fn unlike(&self, errors: &mut Errors, wanted: &str) {
        let got = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        self.report(errors, format!("expected {wanted}, found {got}"));
    }

    pub(super) fn object(&self, errors: &mut Errors) -> Option<()> {
        self.value.as_object().map(|_| ()).or_else(|| self.wrong(errors, "an object"))
    }

    pub(super) fn is_null(&self) -> bool {
        *self.value == Value::Null
    }

    pub(super) fn child(&'a self, key: &'a str) -> Option<Node<'a>> {
        Some(Node { value: self.value.get(key)?, up: Some((self, Step::Key(key))) })
    }

    #[inline(never)]
    pub(super) fn needed(&'a self, key: &'a str, errors: &mut Errors) -> Option<Node<'a>> {
        self.child(key).or_else(|| self.fail(errors, format!("the member `{key}` is missing")))
    }

    #[inline(never)]
    pub(super) fn string(&self, errors: &mut Errors) -> Option<String> {
        self.value.as_str().map(ToString::to_string).or_else(|| self.wrong(errors, "a string"))
    }

    pub(super) fn needed_text(&'a self, key: &'a str, errors: &mut Errors) -> Option<String> {
        self.needed(key, errors)?.string(errors)
    }

    /// Empty when the member is missing.
    #[inline(never)]
    pub(super) fn text(&'a self, key: &'a str, errors: &mut Errors) -> String {
        self.child(key).and_then(|node| node.string(errors)).unwrap_or_default()
    }

    /// False when the member is missing.
    #[inline(never)]
    pub(super) fn flag(&'a self, key: &'a str, errors: &mut Errors) -> bool {
        self.child(key).is_some_and(|node| match node.value.as_bool() {
            Some(flag) => flag,
            None => node.wrong(errors, "true or false").unwrap_or_default(),
        })
    }

    /// Empty when the member is missing. Elements that fail are reported and left out.
    pub(super) fn list<T>(
        &'a self,
        key: &'a str,
        errors: &mut Errors,
        read: impl Fn(Node<'_>, &mut Errors) -> Option<T>,
    ) -> Vec<T> {
        let mut list = Vec::new();
        self.each(key, errors, &mut |node, errors| list.extend(read(node, errors)));
        list
    }

    /// What is the same for lists of everything, compiled once.
    #[inline(never)]
    fn each(&'a self, key: &'a str, errors: &mut Errors, read: &mut dyn FnMut(Node<'_>, &mut Errors)) {
        let Some(node) = self.child(key) else { return };
        let Some(items) = node.value.as_array() else {
            node.unlike(errors, "an array");
            return;
        };
        for (i, value) in items.iter().enumerate() {
            read(Node { value, up: Some((&node, Step::At(i))) }, errors);
        }
    }
}
