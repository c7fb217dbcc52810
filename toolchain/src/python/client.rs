//! Types, clients and handlers for Python 3.9 and later.

use std::collections::{BTreeMap, BTreeSet};

use pintle_core::Contract;
use pintle_core::contract::{Enum, ErrorDefinition, Field, Interface, Method, Struct};

use super::names::{self, Names, attribute, bare, constant, scope};
use super::text::{Inside, brackets, docstring, literal};
use crate::File;
use crate::case::Scope;

/// Writes the modules of one contract.
struct Writer<'a> {
    contract: &'a Contract,
    names: Names<'a>,
}

pub(super) fn package(contract: &Contract) -> Vec<File> {
    let writer = Writer { contract, names: Names::new(contract) };
    let package = writer.names.module(contract.namespace()).to_owned();
    let mut files = Vec::new();
    for namespace in &writer.names.namespaces {
        let module =
            if *namespace == contract.namespace() { "__init__" } else { writer.names.module(namespace) };
        files.push(File::new(format!("{package}/{module}.py"), writer.module(namespace)));
    }
    files.push(File::new(format!("{package}/_values.py"), include_str!("client/_values.py")));
    files.push(File::new(format!("{package}/py.typed"), ""));
    files.push(File::new(format!("{package}/rpc.py"), include_str!("client/rpc.py")));
    files
}

/// A field as a class has it.
struct Attribute<'a> {
    name: String,
    field: &'a Field,
    annotation: String,
}

impl Writer<'_> {
    fn module(&self, namespace: &str) -> String {
        let contract = self.contract;
        let mut body = String::new();
        for item in contract.enums().iter().filter(|item| item.namespace == namespace) {
            body += &self.enumeration(item);
        }
        let mut written = BTreeSet::new();
        for item in contract.structs().iter().filter(|item| item.namespace == namespace) {
            // A base class stands before the classes that have it.
            let mut line = vec![item];
            while let Some(parent) = line.last().and_then(|item| contract.parent(item)) {
                line.push(parent);
            }
            for item in line.into_iter().rev().filter(|item| item.namespace == namespace) {
                if written.insert(item.name.as_str()) {
                    body += &self.structure(item);
                }
            }
        }
        for item in contract.errors().iter().filter(|item| item.namespace == namespace) {
            body += &self.error(item);
        }
        for item in contract.interfaces().iter().filter(|item| item.namespace == namespace) {
            body += &self.client(item);
            body += &self.handler(item);
        }
        self.head(namespace, &body) + &body
    }

    /// The imports that `body` needs.
    fn head(&self, namespace: &str, body: &str) -> String {
        let title = match namespace {
            "" => "A contract without a namespace.".to_owned(),
            name => format!("The contract `{name}`."),
        };
        let note = "Written by `pintle gen python`: what is changed here is lost when it is written again.";
        let mut head = docstring(0, &format!("{title}\n\n{note}"));
        head.push_str("\nfrom __future__ import annotations\n");
        let standard: Vec<String> = [("abc.", "abc"), ("dataclasses.", "dataclasses"), ("enum.Enum", "enum")]
            .iter()
            .filter(|(used, _)| body.contains(used))
            .map(|(_, module)| format!("import {module}\n"))
            .collect();
        let typing: Vec<&str> =
            ["ClassVar", "Optional"].into_iter().filter(|name| body.contains(&format!("{name}["))).collect();
        if !standard.is_empty() || !typing.is_empty() {
            head += "\n";
            head += &standard.concat();
        }
        if !typing.is_empty() {
            head += &format!("from typing import {}\n", typing.join(", "));
        }
        let modules = self
            .names
            .namespaces
            .iter()
            .filter(|other| **other != namespace && **other != self.contract.namespace());
        let modules = modules.map(|other| self.names.module(other)).chain(["rpc"]);
        let modules: Vec<String> = modules
            .filter(|module| body.contains(&format!("_{module}.")))
            .map(|module| format!("from . import {module} as _{module}\n"))
            .collect();
        if !modules.is_empty() {
            head += "\n";
            head += &modules.concat();
        }
        head
    }

    fn enumeration(&self, item: &Enum) -> String {
        let name = self.names.class(&item.namespace, bare(&item.name));
        let mut out = format!("\n\nclass {name}(str, enum.Enum):\n");
        out += &documented(4, &item.comment, || format!("The enum `{}`.", item.name));
        let mut scope = scope();
        for value in &item.values {
            let constant = constant(&mut scope, &value.name);
            out += if value.comment.is_empty() && !out.ends_with("\"\"\"\n") { "" } else { "\n" };
            out += &format!("    {constant} = \"{}\"\n", value.name);
            if !value.comment.trim().is_empty() {
                out += &docstring(4, &value.comment);
            }
        }
        out
    }

    fn structure(&self, item: &Struct) -> String {
        let name = self.names.class(&item.namespace, bare(&item.name));
        let parent = self.contract.parent(item).filter(|parent| self.inherits(item, parent));
        let base = parent.map(|parent| {
            format!("({})", self.names.reference(&item.namespace, &parent.namespace, bare(&parent.name)))
        });
        let mut out = format!("\n\n@dataclasses.dataclass\nclass {name}{}:\n", base.unwrap_or_default());
        out += &documented(4, &item.comment, || format!("The struct `{}`.", item.name));
        let inherited = parent.map_or(0, |parent| self.fields(parent).len());
        let all = self.attributes(item);
        let (required, optional): (Vec<_>, Vec<_>) =
            all.iter().skip(inherited).partition(|attribute| !attribute.field.optional);
        for Attribute { name, field, annotation } in required.into_iter().chain(optional) {
            out += if field.comment.is_empty() && !out.ends_with("\"\"\"\n") { "" } else { "\n" };
            let default = if field.optional { " = None" } else { "" };
            out += &format!("    {name}: {annotation}{default}\n");
            if !field.comment.trim().is_empty() {
                out += &docstring(4, &field.comment);
            }
        }
        let wire: Vec<String> = all
            .iter()
            .filter(|attribute| attribute.name != attribute.field.name)
            .map(|attribute| format!("\"{}\": \"{}\"", attribute.name, attribute.field.name))
            .collect();
        if !wire.is_empty() {
            out += "\n";
            out += &brackets(4, "WIRE_NAMES: ClassVar[dict[str, str]] = {", &wire, "}", Inside::Members);
        }
        out
    }

    /// Whether a dataclass can have the other as its base: it redefines nothing, and what it requires does not come
    /// behind what has a default.
    fn inherits(&self, item: &Struct, parent: &Struct) -> bool {
        let inherited = self.fields(parent);
        let names: BTreeSet<&str> = inherited.iter().map(|(_, field)| field.name.as_str()).collect();
        let redefines = item.fields.iter().any(|field| names.contains(field.name.as_str()));
        let requires = item.fields.iter().any(|field| !field.optional);
        let defaults = inherited.iter().any(|(_, field)| field.optional);
        !(redefines || requires && defaults)
    }

    /// All fields, inherited ones first, and the namespace that each is written in.
    fn fields<'b>(&'b self, item: &'b Struct) -> Vec<(&'b str, &'b Field)> {
        let mut line = vec![item];
        while let Some(parent) = line.last().and_then(|item| self.contract.parent(item)) {
            line.push(parent);
        }
        let mut fields: Vec<(&str, &Field)> = Vec::new();
        let mut places = BTreeMap::new();
        for item in line.into_iter().rev() {
            for field in &item.fields {
                let place = *places.entry(field.name.as_str()).or_insert(fields.len());
                match fields.get_mut(place) {
                    Some(redefined) => *redefined = (&item.namespace, field),
                    None => fields.push((&item.namespace, field)),
                }
            }
        }
        fields
    }

    fn attributes<'b>(&'b self, item: &'b Struct) -> Vec<Attribute<'b>> {
        let mut scope = scope();
        let fields = self.fields(item).into_iter();
        fields
            .map(|(holder, field)| {
                let annotation = self.names.maybe(&field.ty, field.optional, holder, &item.namespace);
                Attribute { name: attribute(&mut scope, &field.name), field, annotation }
            })
            .collect()
    }

    fn error(&self, item: &ErrorDefinition) -> String {
        let name = self.names.class(&item.namespace, bare(&item.name));
        let mut out = format!("\n\nclass {name}(_rpc.DeclaredError):\n");
        out += &documented(4, &item.comment, || format!("The error {}.", item.code));
        out + &format!("\n    CODE = {}\n    MESSAGE = {}\n", item.code, literal(&item.message))
    }

    fn client(&self, item: &Interface) -> String {
        let name = self.names.class(&item.namespace, &names::client(&item.name));
        let mut out = format!("\n\nclass {name}(_rpc.Client):\n");
        out += &documented(4, &item.comment, || format!("Calls the interface `{}`.", item.name));
        out += &format!("\n    INTERFACE = \"{}\"\n", item.name);
        for (name, method) in methods(item) {
            let Signature { head, parameters, tail, given } = self.signature(item, &name, method);
            out += "\n";
            out += &brackets(4, &head, &parameters, &tail, Inside::Parameters);
            out += &self.method_docs(item, method, "Calls");
            let returns = tail.trim_start_matches(") -> ").trim_end_matches(':');
            let arguments = [format!("_rpc.Returns[{returns}]"), format!("\"{}\"", method.name)];
            let arguments: Vec<String> = arguments.into_iter().chain(given).collect();
            out += &brackets(8, "return self._call(", &arguments, ")", Inside::Arguments);
        }
        out
    }

    fn handler(&self, item: &Interface) -> String {
        let name = self.names.class(&item.namespace, &names::handler(&item.name));
        let mut out = format!("\n\nclass {name}(abc.ABC):\n");
        out += &documented(4, &item.comment, || format!("Answers calls of the interface `{}`.", item.name));
        let wire: Vec<String> =
            methods(item).map(|(name, method)| format!("\"{}\": \"{name}\"", method.name)).collect();
        out += "\n";
        out += &brackets(4, "METHODS: ClassVar[dict[str, str]] = {", &wire, "}", Inside::Members);
        for (name, method) in methods(item) {
            let Signature { head, parameters, tail, .. } = self.signature(item, &name, method);
            out += "\n    @abc.abstractmethod\n";
            out += &brackets(4, &head, &parameters, &tail, Inside::Parameters);
            out += &self.method_docs(item, method, "Answers");
        }
        out
    }

    fn method_docs(&self, item: &Interface, method: &Method, verb: &str) -> String {
        let mut text = method.comment.trim().to_owned();
        if text.is_empty() {
            text = format!("{verb} `{}.{}`.", item.name, method.name);
        }
        let raises =
            method.raises.iter().filter_map(|name| self.contract.resolve_error(name, &item.namespace));
        let raises: String = raises
            .map(|error| {
                let class = self.names.class(&error.namespace, bare(&error.name));
                format!("\n    {class}: {}", error.message)
            })
            .collect();
        if !raises.is_empty() {
            text += &format!("\n\nRaises:{raises}");
        }
        docstring(8, &text)
    }

    fn signature(&self, item: &Interface, name: &str, method: &Method) -> Signature {
        let space = &item.namespace;
        let mut scope = scope();
        let mut parameters = vec!["self".to_owned()];
        let mut given = Vec::new();
        for parameter in &method.parameters {
            let name = attribute(&mut scope, &parameter.name);
            let annotation = self.names.maybe(&parameter.ty, parameter.optional, space, space);
            let default = if parameter.optional { " = None" } else { "" };
            parameters.push(format!("{name}: {annotation}{default}"));
            given.push(name);
        }
        let returns = method.returns.as_ref();
        let returns = returns.map(|ty| self.names.maybe(ty, method.returns_optional, space, space));
        let tail = format!(") -> {}:", returns.unwrap_or_else(|| "None".to_owned()));
        Signature { head: format!("def {name}("), parameters, tail, given }
    }
}

/// The parts of a `def`, and the names of its parameters without `self`.
struct Signature {
    head: String,
    parameters: Vec<String>,
    tail: String,
    given: Vec<String>,
}

/// The methods and what they are called.
fn methods(item: &Interface) -> impl Iterator<Item = (String, &Method)> {
    let mut scope: Scope = scope();
    item.methods.iter().map(move |method| (attribute(&mut scope, &method.name), method))
}

fn documented(indent: usize, comment: &str, default: impl Fn() -> String) -> String {
    if comment.trim().is_empty() { docstring(indent, &default()) } else { docstring(indent, comment) }
}
