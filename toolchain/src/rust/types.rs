//! Structs, enums and errors in Rust.

use pintle_core::contract::{Contract, Definition, Enum, Struct, Type};

use super::comment;
use super::layout::Code;
use super::names::{Names, type_name, value_name};
use crate::case::Scope;
use crate::comment::is_shown;
use crate::fields::{Cycles, Owned, fields};
use crate::namespaces::{Namespace, bare};

/// What the types of one namespace are written with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Types<'a> {
    pub(super) contract: &'a Contract,
    pub(super) names: &'a Names<'a>,
    /// The namespace whose module is written.
    pub(super) here: &'a str,
    /// Structs that would have no size without a box.
    pub(super) boxed: &'a Cycles<'a>,
}

impl<'a> Types<'a> {
    pub(super) fn structure(&self, out: &mut String, item: &'a Struct) {
        let fields = fields(self.contract, item);
        let mut scope = Scope::default();
        let given: Vec<(String, &str)> = fields
            .iter()
            .map(|owned| (value_name(&mut scope, &owned.field.name), owned.field.name.as_str()))
            .collect();
        let rename = Renaming::choose(&given, &[("camelCase", field_camel)]);

        comment::write(out, 0, &item.comment);
        out.push_str("#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]\n");
        rename.write_all(out);
        let name = self.names.local(&item.name);
        if fields.is_empty() {
            out.extend(["pub struct ", name, " {}\n"]);
            return;
        }
        out.extend(["pub struct ", name, " {\n"]);
        for (owned, (given, wire)) in fields.iter().zip(&given) {
            comment::write(out, 4, &owned.field.comment);
            rename.write(out, given, wire);
            if owned.field.optional {
                let path = self.names.standard("std::option::Option", self.here);
                out.push_str(&format!("    #[serde(skip_serializing_if = \"{path}::is_none\")]\n"));
            }
            let ty = Code::Row(vec![Code::text(format!("pub {given}: ")), self.field(item, owned)]);
            ty.line(out, 4, ",");
        }
        out.push_str("}\n");
    }

    pub(super) fn enumeration(&self, out: &mut String, item: &'a Enum) {
        let mut scope = Scope::without(["Self"]);
        let given: Vec<(String, &str)> = item
            .values
            .iter()
            .map(|value| (type_name(&mut scope, &value.name), value.name.as_str()))
            .collect();
        let rename = Renaming::choose(
            &given,
            &[
                ("snake_case", variant_snake),
                ("camelCase", variant_camel),
                ("SCREAMING_SNAKE_CASE", |name| variant_snake(name).to_ascii_uppercase()),
            ],
        );

        comment::write(out, 0, &item.comment);
        let derives = "Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize";
        out.extend(["#[derive(", derives, ")]\n"]);
        rename.write_all(out);
        let name = self.names.local(&item.name);
        if item.values.is_empty() {
            out.extend(["pub enum ", name, " {}\n"]);
            return;
        }
        out.extend(["pub enum ", name, " {\n"]);
        for (value, (given, wire)) in item.values.iter().zip(&given) {
            comment::write(out, 4, &value.comment);
            rename.write(out, given, wire);
            out.extend(["    ", given, ",\n"]);
        }
        out.push_str("}\n");
    }

    /// The errors that a namespace declares, as an enum that becomes an `RpcError`.
    pub(super) fn errors(&self, out: &mut String, namespace: &Namespace<'a>) {
        let name = self.names.error(namespace.name);
        let rpc = self.rpc();
        let mut scope = Scope::without(["Self"]);
        let given: Vec<String> =
            namespace.errors.iter().map(|error| type_name(&mut scope, bare(&error.name))).collect();
        let errors = || namespace.errors.iter().zip(&given);

        out.push_str("/// The errors that the contract declares.\n");
        out.push_str("#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]\n");
        out.extend(["pub enum ", name, " {\n"]);
        for (error, given) in errors() {
            let comment = if error.comment.is_empty() { &error.message } else { &error.comment };
            comment::write(out, 4, comment);
            out.extend(["    ", given, ",\n"]);
        }
        out.extend(["}\n\nimpl ", name, " {\n"]);
        out.push_str(
            "    /// The number that it travels as.\n    pub fn code(self) -> i32 {\n        match self {\n",
        );
        for (error, given) in errors() {
            out.push_str(&format!("            Self::{given} => {},\n", error.code));
        }
        out.push_str("        }\n    }\n\n");
        let option = self.names.standard("std::option::Option", self.here);
        out.push_str("    /// The error with this code, if it is one of these.\n");
        out.push_str(&format!(
            "    pub fn from_code(code: i32) -> {option}<Self> {{\n        match code {{\n"
        ));
        for (error, given) in errors() {
            out.push_str(&format!("            {} => Some(Self::{given}),\n", error.code));
        }
        out.push_str("            _ => None,\n        }\n    }\n\n");
        out.push_str("    /// What the contract says that it means.\n");
        out.push_str("    pub fn message(self) -> &'static str {\n        match self {\n");
        for (error, given) in errors() {
            let message = Code::text(literal(&error.message));
            let arm = Code::Row(vec![Code::text(format!("Self::{given} => ")), message.clone()]);
            if arm.fits(13) {
                arm.line(out, 12, ",");
            } else {
                out.push_str(&format!("            Self::{given} => {{\n"));
                message.line(out, 16, "");
                out.push_str("            }\n");
            }
        }
        out.push_str("        }\n    }\n}\n\n");
        let from = self.names.standard("std::convert::From", self.here);
        out.push_str(&format!("impl {from}<{name}> for {rpc}::RpcError {{\n"));
        out.push_str(&format!("    fn from(error: {name}) -> Self {{\n"));
        out.push_str("        Self::new(error.code(), error.message())\n    }\n}\n");
    }

    /// The module of what carries calls, from here.
    pub(super) fn rpc(&self) -> &'static str {
        if self.names.module(self.here).is_some() { "super::rpc" } else { "rpc" }
    }

    /// A type with ownership of its value.
    pub(super) fn owned(&self, ty: &Type, namespace: &str, optional: bool) -> Code {
        let plain = match ty {
            Type::String => Code::text(self.names.standard("std::string::String", self.here)),
            Type::Int => Code::text("i64"),
            Type::Float => Code::text("f64"),
            Type::Bool => Code::text("bool"),
            Type::Array(item) => self.list(self.owned(item, namespace, false)),
            Type::Map(value) => self.map(value, namespace),
            Type::Named(name) => Code::text(self.named(name, namespace)),
        };
        if optional { self.option(plain) } else { plain }
    }

    /// A type that is passed to a client: by reference unless it is a few bytes.
    pub(super) fn passed(&self, ty: &Type, namespace: &str, optional: bool) -> Code {
        let plain = match ty {
            Type::String => Code::text("&str"),
            Type::Int | Type::Float | Type::Bool => self.owned(ty, namespace, false),
            Type::Array(item) => {
                let item = self.owned(item, namespace, false);
                Code::Row(vec![Code::text("&["), item, Code::text("]")])
            }
            Type::Map(value) => Code::Row(vec![Code::text("&"), self.map(value, namespace)]),
            Type::Named(name) => {
                let by_value = matches!(self.contract.definition(name, namespace), Some(Definition::Enum(_)));
                let mark = if by_value { "" } else { "&" };
                Code::text(format!("{mark}{}", self.named(name, namespace)))
            }
        };
        if optional { self.option(plain) } else { plain }
    }

    fn field(&self, holder: &Struct, owned: &Owned) -> Code {
        let Owned { field, namespace } = owned;
        let endless = match &field.ty {
            Type::Named(name) => match self.contract.definition(name, namespace) {
                Some(Definition::Struct(held)) => field.optional && self.boxed.both(holder, held),
                _ => false,
            },
            _ => false,
        };
        if endless {
            let boxed = self.names.standard("std::boxed::Box", self.here);
            self.option(Code::generic(boxed, vec![self.owned(&field.ty, namespace, false)]))
        } else {
            self.owned(&field.ty, namespace, field.optional)
        }
    }

    fn named(&self, reference: &str, namespace: &str) -> String {
        match self.contract.definition(reference, namespace) {
            Some(Definition::Struct(item)) => self.names.path(&item.name, &item.namespace, self.here),
            Some(Definition::Enum(item)) => self.names.path(&item.name, &item.namespace, self.here),
            // A contract has no reference that leads nowhere.
            None => reference.to_owned(),
        }
    }

    fn option(&self, inner: Code) -> Code {
        Code::generic(self.names.standard("std::option::Option", self.here), vec![inner])
    }

    fn list(&self, item: Code) -> Code {
        Code::generic(self.names.standard("std::vec::Vec", self.here), vec![item])
    }

    fn map(&self, value: &Type, namespace: &str) -> Code {
        let string = self.names.standard("std::string::String", self.here);
        let map = self.names.standard("std::collections::BTreeMap", self.here);
        Code::generic(map, vec![Code::text(string), self.owned(value, namespace, false)])
    }
}

/// How the fields or values of one item get their names on the wire.
struct Renaming {
    all: Option<Case>,
}

/// A case by its name in serde, and what serde makes of a name.
type Case = (&'static str, fn(&str) -> String);

impl Renaming {
    /// The case that leaves the fewest names to be said one by one; none if that is no better.
    fn choose(given: &[(String, &str)], cases: &[Case]) -> Renaming {
        let missed =
            |renaming: &Renaming| given.iter().filter(|(given, wire)| renaming.made(given) != *wire).count();
        let mut best = Renaming { all: None };
        for &case in cases {
            let other = Renaming { all: Some(case) };
            if missed(&other) < missed(&best) {
                best = other;
            }
        }
        best
    }

    fn write_all(&self, out: &mut String) {
        if let Some((case, _)) = self.all {
            out.push_str(&format!("#[serde(rename_all = \"{case}\")]\n"));
        }
    }

    fn write(&self, out: &mut String, given: &str, wire: &str) {
        if self.made(given) != wire {
            out.push_str(&format!("    #[serde(rename = \"{wire}\")]\n"));
        }
    }

    /// What serde makes of a name.
    fn made(&self, given: &str) -> String {
        let given = given.strip_prefix("r#").unwrap_or(given);
        self.all.map_or_else(|| given.to_owned(), |(_, apply)| apply(given))
    }
}

/// serde's `camelCase` of a field.
fn field_camel(field: &str) -> String {
    let mut upper = false;
    let mut out = String::new();
    for c in field.chars() {
        if c == '_' {
            upper = true;
        } else {
            out.push(if upper { c.to_ascii_uppercase() } else { c });
            upper = false;
        }
    }
    out
}

/// serde's `camelCase` of a variant.
fn variant_camel(variant: &str) -> String {
    let (first, rest) = variant.split_at(usize::from(!variant.is_empty()));
    first.to_ascii_lowercase() + rest
}

/// serde's `snake_case` of a variant.
fn variant_snake(variant: &str) -> String {
    let mut out = String::new();
    for (at, c) in variant.char_indices() {
        if at > 0 && c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// A string in Rust.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            _ if !is_shown(c) => out.extend(c.escape_unicode()),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}
