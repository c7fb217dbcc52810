//! The types of a component held against the contract.

use std::collections::HashMap;

use pintle_core::Contract;
use pintle_core::contract::{self, Definition, Interface};
use pintle_toolchain::wit;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex, Type};

use super::{Declared, Field, Method, Names, Shape, World};
use crate::plugin::component::shown;

/// Where types differ, and how.
struct Mismatch {
    /// From the outside in, written from the inside out: the last one is the outermost.
    place: Vec<String>,
    expected: String,
    found: String,
}

/// What a component that exports these interfaces serves. Answers the reasons why it cannot, if there are some.
pub(in crate::plugin::component) fn check(
    component: &Component,
    exports: &[String],
    contract: &Contract,
) -> Result<World, Vec<String>> {
    let names = wit::names(contract);
    let checker = Checker { contract, names: &names };
    let mut world = World { interfaces: Vec::new(), methods: HashMap::new(), errors: checker.errors() };
    let mut reasons = Vec::new();
    for export in exports {
        let known = contract.interfaces().iter().zip(&names.interfaces);
        let known = known.map(|(interface, given)| (interface, given, checker.export(&given.name)));
        let Some((interface, given, _)) = known.clone().find(|(.., name)| name == export) else {
            let known: Vec<String> = known.map(|(.., name)| format!("`{name}`")).collect();
            let known = known.join(", ");
            reasons.push(format!("export `{export}` is no interface of the contract, which has {known}"));
            continue;
        };
        let Some(index) = component.get_export_index(None, export) else { continue };
        world.interfaces.push(interface.name.clone());
        for (method, given) in interface.methods.iter().zip(&given.methods) {
            match checker.method(component, &index, interface, method, given) {
                Ok(checked) => {
                    world.methods.insert(format!("{}.{}", interface.name, method.name), checked);
                }
                Err(reason) => {
                    let reason = format!("export `{export}`: {reason}");
                    // All functions have the same errors.
                    if !reasons.contains(&reason) {
                        reasons.push(reason);
                    }
                }
            }
        }
    }
    if reasons.is_empty() { Ok(world) } else { Err(reasons) }
}

struct Checker<'a> {
    contract: &'a Contract,
    names: &'a wit::Names,
}

impl Checker<'_> {
    fn export(&self, interface: &str) -> String {
        format!("pintle:{}/{interface}", self.names.package)
    }

    fn errors(&self) -> Vec<Declared> {
        let errors = self.contract.errors().iter().zip(&self.names.errors);
        let errors = errors.map(|(error, case)| Declared {
            case: case.clone(),
            code: error.code,
            message: error.message.clone(),
        });
        errors.collect()
    }

    fn method(
        &self,
        component: &Component,
        interface: &ComponentExportIndex,
        of: &Interface,
        method: &contract::Method,
        given: &wit::MethodNames,
    ) -> Result<Method, String> {
        let (name, expected) = (&given.name, given.parameters.join(", "));
        let (function, export) = match component.get_export(Some(interface), given.name.as_str()) {
            Some((ComponentItem::ComponentFunc(function), export)) => (function, export),
            Some((other, _)) => {
                return Err(format!("`{name}` is {}, expected func({expected})", shown::item(&other)));
            }
            None => return Err(format!("`{name}` is missing: func({expected})")),
        };
        if function.async_() {
            return Err(format!("`{name}` is async, expected a func that is not"));
        }
        let found: Vec<String> = function.params().map(|(name, _)| name.to_owned()).collect();
        if found != given.parameters {
            return Err(format!("`{name}` has the parameters ({}), expected ({expected})", found.join(", ")));
        }
        let told = |mismatch: Mismatch| format!("`{name}` {mismatch}");
        let mut parameters = Vec::with_capacity(method.parameters.len());
        for (parameter, (name, found)) in method.parameters.iter().zip(function.params()) {
            let shape = self.optional(&parameter.ty, parameter.optional, &of.namespace, &found);
            parameters.push(shape.map_err(|mismatch| mismatch.at(name)).map_err(told)?);
        }
        let Some(Type::Result(found)) = function.results().next() else {
            let found = function.results().next().map_or_else(|| "nothing".to_owned(), |ty| shown::ty(&ty));
            return Err(told(Mismatch::new("result<…, error>", found).at("result")));
        };
        let result = self.result(method, &of.namespace, found.ok().as_ref());
        let result = result.map_err(|mismatch| mismatch.at("result")).map_err(told)?;
        let error = self.error(found.err().as_ref());
        error.map_err(|mismatch| format!("a function {}", mismatch.at("error")))?;
        Ok(Method { export, parameters, result })
    }

    fn result(
        &self,
        method: &contract::Method,
        namespace: &str,
        found: Option<&Type>,
    ) -> Result<Option<Shape>, Mismatch> {
        match (&method.returns, found) {
            (Some(ty), Some(found)) => self.optional(ty, method.returns_optional, namespace, found).map(Some),
            (None, None) => Ok(None),
            (Some(ty), None) => Err(Mismatch::new(self.wit(ty, namespace), "no value")),
            (None, Some(found)) => Err(Mismatch::new("no value", shown::ty(found))),
        }
    }

    /// The variant `error`: what is declared, and the others.
    fn error(&self, found: Option<&Type>) -> Result<(), Mismatch> {
        const DETAIL: &str = "record { message: string, data: option<string> }";
        const OTHER: &str = "record { code: s32, message: string, data: option<string> }";
        let names = self.names.errors.iter().map(String::as_str).chain(["other"]);
        let variant = |names: Vec<&str>| format!("variant {{ {} }}", names.join(", "));
        let expected = || variant(names.clone().collect());
        let Some(Type::Variant(found)) = found else {
            let found = found.map_or_else(|| "no error".to_owned(), shown::ty);
            return Err(Mismatch::new(expected(), found));
        };
        if !found.cases().map(|case| case.name).eq(names.clone()) {
            return Err(Mismatch::new(expected(), variant(found.cases().map(|case| case.name).collect())));
        }
        for case in found.cases() {
            let expected = if case.name == "other" { OTHER } else { DETAIL };
            let found = case.ty.as_ref().map_or_else(|| "nothing".to_owned(), shown::ty);
            if found != expected {
                return Err(Mismatch::new(expected, found).at(case.name));
            }
        }
        Ok(())
    }

    fn optional(
        &self,
        ty: &contract::Type,
        optional: bool,
        namespace: &str,
        found: &Type,
    ) -> Result<Shape, Mismatch> {
        match found {
            Type::Option(option) if optional => {
                Ok(Shape::Optional(Box::new(self.shape(ty, namespace, &option.ty())?)))
            }
            _ if optional => {
                Err(Mismatch::new(format!("option<{}>", self.wit(ty, namespace)), shown::ty(found)))
            }
            _ => self.shape(ty, namespace, found),
        }
    }

    /// Goes down as far as `found` does.
    fn shape(&self, ty: &contract::Type, namespace: &str, found: &Type) -> Result<Shape, Mismatch> {
        let mismatch = || Mismatch::new(self.wit(ty, namespace), shown::ty(found));
        Ok(match (ty, found) {
            (contract::Type::String, Type::String) => Shape::String,
            (contract::Type::Int, Type::S64) => Shape::Int,
            (contract::Type::Float, Type::Float64) => Shape::Float,
            (contract::Type::Bool, Type::Bool) => Shape::Bool,
            (contract::Type::Array(item), Type::List(list)) => {
                let item = self.shape(item, namespace, &list.ty()).map_err(|inner| inner.at("[]"))?;
                Shape::List(Box::new(item))
            }
            (contract::Type::Map(value), Type::List(list)) => {
                let Type::Tuple(tuple) = list.ty() else { return Err(mismatch()) };
                let mut types = tuple.types();
                match (types.next(), types.next(), types.next()) {
                    (Some(Type::String), Some(found), None) => {
                        let value = self.shape(value, namespace, &found).map_err(|inner| inner.at("[]"))?;
                        Shape::Map(Box::new(value))
                    }
                    _ => return Err(mismatch()),
                }
            }
            (contract::Type::Named(name), found) => {
                let shape = match self.contract.definition(name, namespace) {
                    Some(Definition::Struct(item)) => self.record(item, found)?,
                    Some(Definition::Enum(item)) => self.cases(item, found),
                    None => None,
                };
                shape.ok_or_else(mismatch)?
            }
            _ => return Err(mismatch()),
        })
    }

    /// `None`: it is none, or has other fields.
    fn record(&self, item: &contract::Struct, found: &Type) -> Result<Option<Shape>, Mismatch> {
        let (record, given) = match (self.fields(item), found) {
            (None, Type::String) => return Ok(Some(Shape::Text)),
            (Some(given), Type::Record(record)) => (record, given),
            _ => return Ok(None),
        };
        if !record.fields().map(|field| field.name).eq(given.iter().map(|(_, wit)| wit.as_str())) {
            return Ok(None);
        }
        let mut fields = Vec::with_capacity(given.len());
        for ((name, wit), found) in given.iter().zip(record.fields()) {
            let Some((field, namespace)) = self.field(item, name) else { return Ok(None) };
            let shape = self.optional(&field.ty, field.optional, namespace, &found.ty);
            let shape = shape.map_err(|inner| inner.at(wit))?;
            fields.push(Field { name: Names { contract: name.clone(), wit: wit.clone() }, shape });
        }
        Ok(Some(Shape::Record(fields)))
    }

    /// `None`: it is none, or has other names.
    fn cases(&self, item: &contract::Enum, found: &Type) -> Option<Shape> {
        let given = self.values(item);
        match found {
            Type::String if given.is_empty() => Some(Shape::Text),
            Type::Enum(found) if found.names().eq(given.iter().map(String::as_str)) => {
                let cases = item
                    .values
                    .iter()
                    .zip(given)
                    .map(|(value, wit)| Names { contract: value.name.clone(), wit: wit.clone() });
                Some(Shape::Enum(cases.collect()))
            }
            _ => None,
        }
    }

    /// Names of all fields of a struct, inherited ones included; `None` if it has no type in WIT.
    fn fields(&self, item: &contract::Struct) -> Option<&[(String, String)]> {
        let mut all = self.contract.structs().iter().zip(&self.names.structs);
        all.find(|(other, _)| other.name == item.name).and_then(|(_, names)| names.fields.as_deref())
    }

    fn values(&self, item: &contract::Enum) -> &[String] {
        let mut all = self.contract.enums().iter().zip(&self.names.enums);
        all.find(|(other, _)| other.name == item.name).map_or(&[], |(_, names)| &names.values)
    }

    /// A field of a struct or of those that it extends, and where its type resolves.
    fn field(&self, item: &contract::Struct, name: &str) -> Option<(&contract::Field, &str)> {
        let mut owner = self.contract.structs().iter().find(|other| other.name == item.name)?;
        loop {
            if let Some(field) = owner.fields.iter().find(|field| field.name == name) {
                return Some((field, &owner.namespace));
            }
            owner = self.contract.parent(owner)?;
        }
    }

    /// A type of the contract as WIT, one level deep.
    fn wit(&self, ty: &contract::Type, namespace: &str) -> String {
        match ty {
            contract::Type::String => "string".to_owned(),
            contract::Type::Int => "s64".to_owned(),
            contract::Type::Float => "f64".to_owned(),
            contract::Type::Bool => "bool".to_owned(),
            contract::Type::Array(_) => "list<…>".to_owned(),
            contract::Type::Map(_) => "list<tuple<string, …>>".to_owned(),
            contract::Type::Named(name) => match self.contract.definition(name, namespace) {
                Some(Definition::Struct(item)) => match self.fields(item) {
                    Some(fields) => {
                        let fields: Vec<&str> = fields.iter().map(|(_, wit)| wit.as_str()).collect();
                        format!("record {{ {} }}", fields.join(", "))
                    }
                    None => "string".to_owned(),
                },
                Some(Definition::Enum(item)) => match self.values(item) {
                    [] => "string".to_owned(),
                    values => format!("enum {{ {} }}", values.join(", ")),
                },
                None => name.clone(),
            },
        }
    }
}

impl Mismatch {
    fn new(expected: impl Into<String>, found: impl Into<String>) -> Mismatch {
        Mismatch { place: Vec::new(), expected: expected.into(), found: found.into() }
    }

    fn at(mut self, place: &str) -> Mismatch {
        self.place.push(place.to_owned());
        self
    }
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Mismatch { place, expected, found } = self;
        let place: Vec<&str> = place.iter().rev().map(String::as_str).collect();
        write!(f, "has at `{}` the type `{found}`, expected `{expected}`", place.join("."))
    }
}
