//! What a schema comes to as a type.

use std::collections::HashSet;

use pintle_core::contract::MAX_TYPE_DEPTH;

use crate::case::Scope;
use crate::openapi::document::{Id, Value};
use crate::openapi::draft::{Enum, Name, Struct, Type};

use super::Reader;
use super::name::{Noun, comment, identifier, is_identifier, joined};
use super::shape::{MAX_STEPS, Shape};

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
                let message = "the schema stands for itself or for lists of itself alone: read as a text";
                self.warn(id, message);
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
