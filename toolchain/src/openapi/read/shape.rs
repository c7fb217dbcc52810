//! Which kind of type a schema comes to, before any of it is read.

use crate::openapi::document::{Id, Value};

use super::Reader;

/// Schemas around a schema, where one leads to the next by reference. Bounds the stack.
pub(super) const MAX_STEPS: usize = 128;

/// What kind of type a schema comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Struct,
    Enum,
    /// The same as another schema.
    Same(Id),
    /// Of these items.
    List(Id),
    /// Of any items.
    AnyList,
    /// Of these values.
    Map(Id),
    BuiltIn(&'static str),
    /// One of several, all of them texts.
    TextChoice,
    /// One of several kinds.
    Choice,
    Null,
    Any,
}

impl Reader<'_> {
    /// What kind of type the schema comes to, where `named` says whether it has a name of its own.
    pub(super) fn shape(&mut self, id: Id, named: bool) -> Shape {
        self.shape_within(id, named, 0)
    }

    fn shape_within(&mut self, id: Id, named: bool, steps: usize) -> Shape {
        if let Some(&shape) = self.shapes.get(&(id, named)) {
            return shape;
        }
        // What those get that ask for it while it is not known, because it leads to itself or too far.
        let guess = if self.document.get(id, "allOf").is_some() { Shape::Struct } else { Shape::Any };
        if steps >= MAX_STEPS {
            return guess;
        }
        self.shapes.insert((id, named), guess);
        let shape = self.new_shape(id, named, steps + 1);
        self.shapes.insert((id, named), shape);
        shape
    }

    fn new_shape(&mut self, id: Id, named: bool, steps: usize) -> Shape {
        let document = self.document;
        let Value::Object(_) = document.value(id) else { return Shape::Any };
        if let Some(reference) = document.get(id, "$ref") {
            let target = document.text(reference).and_then(|text| document.at(text.strip_prefix('#')?));
            return target.map_or(Shape::Any, Shape::Same);
        }
        let has = |key| document.get(id, key).is_some();
        let parts = self.parts(id, "allOf");
        let members = |part: &Id| document.get(*part, "properties").is_some();
        let own = has("properties") || (parts.len() > 1 && parts.iter().any(members));
        if let (Some(&first), false) = (parts.first(), own) {
            let is_object = self.is_object(first, steps);
            if !is_object || (parts.len() == 1 && !named) {
                return Shape::Same(first);
            }
        }
        if !parts.is_empty() || has("properties") {
            return Shape::Struct;
        }
        let mut choices = self.parts(id, "oneOf");
        choices.extend(self.parts(id, "anyOf"));
        choices.retain(|&choice| !self.is_null(choice));
        match choices.as_slice() {
            [] => self.plain_shape(id),
            [one] => Shape::Same(*one),
            several => self.choice(several, steps),
        }
    }

    /// The shape of a schema by its `type` and its own members.
    pub(super) fn plain_shape(&self, id: Id) -> Shape {
        let document = self.document;
        let list = document.get(id, "enum").map(|list| document.items(list));
        let values = || list.unwrap_or_default().iter().copied().chain(document.get(id, "const"));
        let types: Vec<&str> = match document.get(id, "type").map(|place| (place, document.value(place))) {
            Some((_, Value::Text(name))) => vec![name],
            Some((place, _)) => {
                document.items(place).iter().filter_map(|&item| document.text(item)).collect()
            }
            None if values().any(|value| document.text(value).is_some()) => vec!["string"],
            None if values().next().is_some() && values().all(|value| self.is_whole(value)) => {
                vec!["integer"]
            }
            None if document.get(id, "additionalProperties").is_some() => vec!["object"],
            None if document.get(id, "items").is_some() => vec!["array"],
            None => return Shape::Any,
        };
        let mut kinds = types.iter().copied().filter(|&name| name != "null");
        match (kinds.next(), kinds.next(), kinds.next()) {
            (None, ..) => Shape::Null,
            (Some("integer" | "number"), Some("integer" | "number"), None) => Shape::BuiltIn("float"),
            (Some("string"), None, _) if list.is_some() || values().next().is_some() => Shape::Enum,
            (Some("string"), None, _) => Shape::BuiltIn("string"),
            (Some("integer"), None, _) => Shape::BuiltIn("int"),
            (Some("number"), None, _) => Shape::BuiltIn("float"),
            (Some("boolean"), None, _) => Shape::BuiltIn("bool"),
            (Some("array"), None, _) => document.get(id, "items").map_or(Shape::AnyList, Shape::List),
            (Some("object"), None, _) => match document.get(id, "additionalProperties") {
                Some(values) if document.members(values).next().is_some() => Shape::Map(values),
                _ => Shape::Struct,
            },
            (Some(_), None, _) => Shape::Any,
            _ => Shape::Choice,
        }
    }

    fn is_whole(&self, value: Id) -> bool {
        matches!(self.document.value(value), Value::Number(text) if text.parse::<i64>().is_ok())
    }

    fn choice(&mut self, choices: &[Id], steps: usize) -> Shape {
        let mut shapes = Vec::new();
        for &choice in choices {
            let mut shape = self.shape_within(choice, false, steps);
            for _ in 0..MAX_STEPS {
                let Shape::Same(other) = shape else { break };
                shape = self.shape_within(other, true, steps);
            }
            shapes.push(shape);
        }
        let all = |test: &dyn Fn(&Shape) -> bool| shapes.iter().all(test);
        if all(&|shape| matches!(shape, Shape::Struct | Shape::Map(_))) {
            return Shape::Struct;
        }
        match shapes.first() {
            Some(&first @ Shape::BuiltIn(_)) if all(&|&shape| shape == first) => first,
            _ if all(&|shape| matches!(shape, Shape::BuiltIn("int" | "float"))) => Shape::BuiltIn("float"),
            _ if all(&|shape| {
                matches!(shape, Shape::BuiltIn("string") | Shape::Enum | Shape::TextChoice)
            }) =>
            {
                Shape::TextChoice
            }
            _ => Shape::Choice,
        }
    }

    /// Whether the schema, or what it refers to, is of objects with members.
    fn is_object(&mut self, id: Id, steps: usize) -> bool {
        let mut shape = self.shape_within(id, false, steps);
        for _ in 0..MAX_STEPS {
            let Shape::Same(other) = shape else { break };
            shape = self.shape_within(other, true, steps);
        }
        shape == Shape::Struct
    }

    /// The schemas in `allOf`, `anyOf` or `oneOf` that are more than a remark or a constraint.
    pub(super) fn parts(&self, id: Id, key: &str) -> Vec<Id> {
        const STRUCTURAL: [&str; 10] = [
            "$ref",
            "type",
            "properties",
            "items",
            "additionalProperties",
            "allOf",
            "anyOf",
            "oneOf",
            "enum",
            "const",
        ];
        let document = self.document;
        let list = document.get(id, key).map_or(&[][..], |list| document.items(list));
        let structural = |part: &Id| STRUCTURAL.iter().any(|key| document.get(*part, key).is_some());
        list.iter().copied().filter(structural).collect()
    }

    /// Whether null is the only value.
    pub(super) fn is_null(&self, id: Id) -> bool {
        let document = self.document;
        document.get(id, "$ref").is_none()
            && document.get(id, "type").is_some()
            && self.plain_shape(id) == Shape::Null
    }

    /// Whether null is a value, as the schema itself says it.
    pub(super) fn nullable(&self, id: Id) -> bool {
        let document = self.document;
        let list = |key| document.get(id, key).map_or(&[][..], |list| document.items(list));
        document.is_true(id, "nullable")
            || list("type").iter().any(|&name| document.text(name) == Some("null"))
            || document.text_of(id, "type") == Some("null")
            || list("enum").iter().any(|&value| matches!(document.value(value), Value::Null))
            || list("anyOf").iter().chain(list("oneOf")).any(|&choice| self.is_null(choice))
    }
}
