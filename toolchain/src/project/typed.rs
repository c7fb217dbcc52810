//! Types of a contract in languages whose standard library reads JSON into them.

use std::collections::BTreeMap;

use pintle_core::Contract;
use pintle_core::contract::{Definition, Struct, Type};

use super::Language;
use super::names::{begun, reserved, types};
use super::template::Values;
use crate::case::{Scope, pascal};
use crate::fields::{Cycles, fields};

/// How a language writes the types of a contract.
pub(super) struct Typed<'a> {
    contract: &'a Contract,
    language: Language,
    /// Names of structs and enums by those in the contract.
    names: BTreeMap<&'a str, String>,
    /// Structs that would have no size without a pointer.
    cycles: Cycles<'a>,
}

impl<'a> Typed<'a> {
    pub(super) fn new(contract: &'a Contract, language: Language) -> Typed<'a> {
        let cycles = Cycles::new(contract, |field| matches!(field.ty, Type::Named(_)));
        Typed { contract, language, names: types(contract), cycles }
    }

    /// A type as a parameter, a result or in a struct, `within`, has it.
    pub(super) fn ty(&self, ty: &Type, namespace: &str, optional: bool, within: Option<&Struct>) -> String {
        let inner = |ty| self.ty(ty, namespace, false, None);
        match self.language {
            Language::Zig => {
                let plain = match ty {
                    Type::String => "[]const u8".to_owned(),
                    Type::Int => "i64".to_owned(),
                    Type::Float => "f64".to_owned(),
                    Type::Bool => "bool".to_owned(),
                    Type::Array(item) => format!("[]const {}", inner(item)),
                    Type::Map(value) => format!("std.json.ArrayHashMap({})", inner(value)),
                    Type::Named(name) => match self.contract.definition(name, namespace) {
                        Some(Definition::Struct(held)) => {
                            let endless = within.is_some_and(|within| self.cycles.both(within, held));
                            format!("{}{}", if endless { "*const " } else { "" }, self.name(&held.name))
                        }
                        Some(Definition::Enum(item)) if item.values.is_empty() => "[]const u8".to_owned(),
                        Some(Definition::Enum(item)) => self.name(&item.name),
                        None => String::new(),
                    },
                };
                if optional { format!("?{plain}") } else { plain }
            }
            Language::Go => {
                let plain = match ty {
                    Type::String => "string".to_owned(),
                    Type::Int => "int64".to_owned(),
                    Type::Float => "float64".to_owned(),
                    Type::Bool => "bool".to_owned(),
                    // Without a value these are nil already.
                    Type::Array(item) => return format!("[]{}", inner(item)),
                    Type::Map(value) => return format!("map[string]{}", inner(value)),
                    Type::Named(name) => match self.contract.definition(name, namespace) {
                        Some(Definition::Struct(item)) => self.name(&item.name),
                        Some(Definition::Enum(item)) => self.name(&item.name),
                        None => String::new(),
                    },
                };
                if optional { format!("*{plain}") } else { plain }
            }
            _ => String::new(),
        }
    }

    /// In Go, a result that stands beside an error.
    pub(super) fn zero(&self, ty: &Type, namespace: &str, optional: bool) -> String {
        let zero = match ty {
            _ if optional => "nil",
            Type::Array(_) | Type::Map(_) => "nil",
            Type::String => "\"\"",
            Type::Int | Type::Float => "0",
            Type::Bool => "false",
            Type::Named(name) => match self.contract.definition(name, namespace) {
                Some(Definition::Struct(item)) => return format!("{}{{}}", self.name(&item.name)),
                _ => "\"\"",
            },
        };
        zero.to_owned()
    }

    /// The lists `structs` and `enums`.
    pub(super) fn definitions(&self, values: Values) -> Values {
        let structs = self.contract.structs().iter().map(|item| {
            let mut scope = Scope::default();
            let fields = fields(self.contract, item).into_iter().map(|owned| {
                let (field, namespace) = (owned.field, owned.namespace);
                let ty = self.ty(&field.ty, namespace, field.optional, Some(item));
                Values::default()
                    .text("field", self.field(&mut scope, &field.name))
                    .text("json", &*field.name)
                    .text("type", ty)
                    .text("omit", if field.optional { ",omitempty" } else { "" })
                    .text("default", if field.optional { " = null" } else { "" })
            });
            let fields: Vec<Values> = fields.collect();
            Values::default().text("name", self.name(&item.name)).list("fields", fields)
        });
        // A Zig enum without values is no type of a value; where it is used it is text.
        let enums = self
            .contract
            .enums()
            .iter()
            .filter(|item| self.language == Language::Go || !item.values.is_empty());
        let mut scope = Scope::without(self.names.values().map(String::as_str));
        let enums = enums.map(|item| {
            let name = self.name(&item.name);
            let all = item.values.iter().map(|value| {
                Values::default()
                    .text("value", zig_name(&value.name))
                    .text("constant", scope.give_numbered(&format!("{name}{}", pascal(&value.name))))
                    .text("json", &*value.name)
            });
            let all: Vec<Values> = all.collect();
            Values::default().text("name", name).list("values", all)
        });
        values.list("structs", structs).list("enums", enums.collect::<Vec<_>>())
    }

    fn field(&self, scope: &mut Scope, name: &str) -> String {
        match self.language {
            Language::Go => scope.give_numbered(&begun(pascal(name), "X")),
            _ => zig_name(name),
        }
    }

    fn name(&self, name: &str) -> String {
        self.names.get(name).cloned().unwrap_or_default()
    }
}

/// In Zig any name can stand between quotes.
fn zig_name(name: &str) -> String {
    let is_word = reserved(Language::Zig).contains(&name) || name.starts_with('_');
    if is_word { format!("@\"{name}\"") } else { name.to_owned() }
}
