//! What a schema comes to as a type.

use std::collections::HashSet;

use pintle_core::contract::MAX_TYPE_DEPTH;

use crate::case::Scope;
use crate::openapi::document::{Id, Value};
use crate::openapi::draft::{Enum, Name, Struct, Type};

use super::Reader;
use super::name::{Noun, comment, identifier, is_identifier, joined};

/// Schemas around a schema, where one leads to the next by reference. Bounds the stack.
const MAX_STEPS: usize = 128;

/// Members that are read.
const KNOWN: [&str; 14] = [
    "$ref",
    "type",
    "format",
    "nullable",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "allOf",
    "anyOf",
    "oneOf",
    "enum",
    "const",
    "description",
];

/// Members that say nothing of the values.
const REMARKS: [&str; 13] = [
    "title",
    "example",
    "examples",
    "deprecated",
    "externalDocs",
    "xml",
    "$schema",
    "$id",
    "$comment",
    "$anchor",
    "$dynamicAnchor",
    "$defs",
    "definitions",
];

/// A type, and whether null is a value as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) ty: Type,
    pub(super) nullable: bool,
}

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

impl<'a> Reader<'a> {
    /// The type of a schema that stands in the place of a type. What needs a name is named `hint`.
    pub(super) fn ty(&mut self, id: Id, hint: &str) -> Read {
        if self.nesting >= MAX_STEPS {
            self.warn(id, "the schemas lead to each other too often: read as a text");
            return Self::text_instead();
        }
        self.nesting += 1;
        let read = self.ty_within(id, hint);
        self.nesting -= 1;
        read
    }

    fn ty_within(&mut self, id: Id, hint: &str) -> Read {
        let document = self.document;
        if let Some(reference) = document.get(id, "$ref") {
            self.report_beyond(id);
            let Some(target) = self.referent(reference) else { return Self::text_instead() };
            let mut read = self.target(target);
            read.nullable |= document.is_true(id, "nullable");
            return read;
        }
        if let Some(Some(read)) = self.known.get(&id) {
            return read.clone();
        }
        self.report_beyond(id);
        let nullable = self.nullable(id);
        let ty = match self.shape(id, false) {
            Shape::Struct | Shape::Enum => {
                let name = self.give_quietly(hint);
                return self.define(id, name);
            }
            Shape::Same(other) => {
                if self.parts(id, "allOf").len() > 1 {
                    self.warn(id, "of several schemas that hold at once only the first is kept");
                }
                let mut read = self.ty(other, hint);
                read.nullable |= nullable;
                return read;
            }
            Shape::List(items) => {
                let inner = self.ty(items, &joined(hint, "item"));
                self.collection(id, inner, Type::List)
            }
            Shape::Map(values) => {
                let inner = self.ty(values, &joined(hint, "value"));
                self.collection(id, inner, Type::Map)
            }
            Shape::BuiltIn(name) => Type::BuiltIn(name),
            Shape::AnyList => {
                self.warn(id, "items of any kind cannot be expressed: read as texts");
                Type::List(Box::new(Self::text_instead().ty))
            }
            shape @ (Shape::TextChoice | Shape::Choice | Shape::Null | Shape::Any) => {
                let what = match shape {
                    Shape::TextChoice => "a choice between schemas",
                    Shape::Choice => "a choice between schemas of different kinds",
                    Shape::Null => "a value that is always null",
                    _ => "a value of any kind",
                };
                self.warn(id, format!("{what} cannot be expressed: read as a text"));
                Self::text_instead().ty
            }
        };
        Read { ty, nullable }
    }

    /// A list or map.
    fn collection(&mut self, id: Id, inner: Read, wrap: fn(Box<Type>) -> Type) -> Type {
        if inner.nullable {
            self.warn(id, "null inside of a list or map cannot be expressed");
        }
        if inner.ty.depth() >= MAX_TYPE_DEPTH {
            let message =
                format!("more than {MAX_TYPE_DEPTH} lists and maps in one type: the rest is read as a text");
            self.warn(id, message);
            return Self::text_instead().ty;
        }
        wrap(Box::new(inner.ty))
    }

    /// The type of a schema that a reference leads to.
    pub(super) fn target(&mut self, id: Id) -> Read {
        match self.known.get(&id) {
            Some(Some(read)) => return read.clone(),
            Some(None) => {
                self.warn(id, "the schema stands for itself, or for lists of itself, and for nothing else: read as a text");
                return Self::text_instead();
            }
            None => {}
        }
        let hint = match self.document.key(id) {
            "" => "Type".to_owned(),
            key => identifier(key, Noun::Type),
        };
        if matches!(self.shape(id, true), Shape::Struct | Shape::Enum) {
            let name = self.give_quietly(&hint);
            return self.define(id, name);
        }
        self.known.insert(id, None);
        let read = self.ty(id, &hint);
        self.known.insert(id, Some(read.clone()));
        read
    }

    /// A name that is made up: that it is another one in the end loses nothing.
    fn give_quietly(&mut self, wanted: &str) -> Name {
        let namespace = self.draft.namespace.clone();
        let bare = self.scope(&namespace).give(&identifier(wanted, Noun::Type));
        Name { namespace, bare }
    }

    /// Makes the struct or enum of a schema. A struct's fields are read later, so that no chain of them needs stack.
    pub(super) fn define(&mut self, id: Id, name: Name) -> Read {
        self.report_beyond(id);
        let comment = self.comment(id);
        let nullable = self.nullable(id);
        let ty = match self.shape(id, true) {
            Shape::Enum => {
                let values = self.values(id);
                self.draft.enums.push(Enum { place: id, name, comment, values });
                Type::Enum(self.draft.enums.len() - 1)
            }
            _ => {
                let number = self.draft.structs.len();
                self.draft.structs.push(Struct {
                    place: id,
                    name,
                    comment,
                    extends: None,
                    fields: Vec::new(),
                });
                self.open.push_back(number);
                Type::Struct(number)
            }
        };
        let read = Read { ty, nullable };
        self.known.insert(id, Some(read.clone()));
        read
    }

    /// The values of an enum, each with its comment.
    fn values(&mut self, id: Id) -> Vec<(String, String)> {
        let document = self.document;
        let listed = document.get(id, "enum").map_or(&[][..], |list| document.items(list));
        let all: Vec<Id> = listed.iter().copied().chain(document.get(id, "const")).collect();
        let texts: Vec<(Id, &str)> =
            all.iter().filter_map(|&value| Some((value, document.text(value)?))).collect();
        let nulls = all.iter().filter(|&&value| matches!(document.value(value), Value::Null)).count();
        if texts.len() + nulls < all.len() {
            self.warn(id, "values that are no texts are not kept");
        }
        let mut seen = HashSet::new();
        let mut scope =
            Scope::without(texts.iter().map(|&(_, text)| text).filter(|text| is_identifier(text)));
        let mut values = Vec::new();
        for (place, text) in texts {
            if !seen.insert(text) {
                continue;
            }
            let name = match is_identifier(text) {
                true => text.to_owned(),
                false => scope.give(&identifier(text, Noun::Value)),
            };
            if name != text {
                self.warn(place, format!("the value is named `{name}`"));
            }
            let remark = document.descend(id, &["x-enumDescriptions", text]);
            let remark = remark.and_then(|remark| document.text(remark)).map(comment);
            values.push((name, remark.unwrap_or_default()));
        }
        values
    }

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
    fn plain_shape(&self, id: Id) -> Shape {
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
    fn nullable(&self, id: Id) -> bool {
        let document = self.document;
        let list = |key| document.get(id, key).map_or(&[][..], |list| document.items(list));
        document.is_true(id, "nullable")
            || list("type").iter().any(|&name| document.text(name) == Some("null"))
            || document.text_of(id, "type") == Some("null")
            || list("enum").iter().any(|&value| matches!(document.value(value), Value::Null))
            || list("anyOf").iter().chain(list("oneOf")).any(|&choice| self.is_null(choice))
    }

    /// Reports what the schema asks for that a type cannot, once.
    pub(super) fn report_beyond(&mut self, id: Id) {
        if !self.reported.insert(id) {
            return;
        }
        let document = self.document;
        if !matches!(document.value(id), Value::Object(_) | Value::Bool(_)) {
            self.fail(id, "a schema must stand here");
            return;
        }
        let refers = document.get(id, "$ref").is_some();
        let beyond = |key: &str, value: Id| match key {
            "$ref" | "nullable" | "description" => false,
            // The names that `required` lists are looked at with the fields.
            _ if refers && KNOWN.contains(&key) => true,
            "additionalProperties" => matches!(document.value(value), Value::Bool(false)) && !self.ours,
            "format" => !matches!(document.text(value), Some("int64" | "double")),
            "enum" | "const" => !matches!(self.plain_shape(id), Shape::Enum | Shape::Null),
            key => !key.starts_with("x-") && !KNOWN.contains(&key) && !REMARKS.contains(&key),
        };
        let names: Vec<String> = document
            .members(id)
            .filter(|&(key, value)| beyond(key, value))
            .map(|(key, value)| match document.text(value) {
                Some(text) if key == "format" => format!("`format` `{}`", text.escape_debug()),
                _ => format!("`{}`", key.escape_debug()),
            })
            .collect();
        match names.len() {
            0 => {}
            1 => self.warn(id, format!("{} is not kept", names.concat())),
            _ => self.warn(id, format!("{} are not kept", names.join(", "))),
        }
    }
}
