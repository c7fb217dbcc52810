//! TypeScript: types, error classes, and the map of methods that types a server and a client.
//!
//! The files need no package. Everything is an interface or a plain union, which the compiler reads when it is used, so that
//! a contract of hundreds of methods stays quick.

mod names;
mod shapes;
mod text;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};

use pintle_core::Contract;
use pintle_core::contract::{Definition, Enum, ErrorDefinition, Interface, Method, Struct, Type};

use self::names::{Module, Names};
use self::text::{docs, literal};
use crate::fields::{Owned, fields};
use crate::namespaces::{Namespace, namespaces};
use crate::refusal::check_size;
use crate::{File, GenerateError};

/// Columns that a line has where it can be broken.
const WIDTH: usize = 80;

/// What an `int` is. It must be what the running code is set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ints {
    /// `number`: whole numbers that it does not hold exactly are errors.
    #[default]
    Number,
    /// `bigint`
    BigInt,
}

/// The contract as modules: a file for each namespace, named after it.
///
/// # Errors
///
/// The output would be too large.
pub fn generate(contract: &Contract, ints: Ints) -> Result<Vec<File>, GenerateError> {
    check_size(contract)?;
    let namespaces = namespaces(contract);
    let names = Names::new(contract, &namespaces);
    let files = namespaces.iter().filter_map(|namespace| {
        let module = names.modules.get(namespace.name)?;
        let here = namespace.name;
        let used = RefCell::default();
        let text = Writer { contract, names: &names, module, here, ints, used }.module(namespace);
        Some(File::new(format!("{}.gen.ts", module.file), text))
    });
    Ok(files.collect())
}

/// What one module is written with.
struct Writer<'a> {
    contract: &'a Contract,
    names: &'a Names<'a>,
    module: &'a Module<'a>,
    here: &'a str,
    ints: Ints,
    /// Namespaces whose modules this one needs.
    used: RefCell<BTreeSet<&'a str>>,
}

impl<'a> Writer<'a> {
    fn module(&self, namespace: &Namespace<'a>) -> String {
        let is_root = self.here == self.contract.namespace();
        let mut body = String::new();
        if is_root && !self.contract.interfaces().is_empty() {
            self.map(&mut body);
        }
        for item in &namespace.interfaces {
            self.interface(&mut body, item);
        }
        for item in &namespace.structs {
            self.structure(&mut body, item);
        }
        for item in &namespace.enums {
            self.enumeration(&mut body, item);
        }
        for item in &namespace.errors {
            self.error(&mut body, item);
        }
        if !namespace.errors.is_empty() {
            let classes: Vec<String> =
                namespace.errors.iter().map(|error| self.names.class(&error.name).to_owned()).collect();
            body.push_str("\n/** The classes of all errors that are declared here. */\n");
            let head = format!("export const {} = ", self.module.errors);
            list(&mut body, 0, &head, "[", &classes, "] as const;");
        }
        if is_root {
            body.push_str("\n/** The contract itself, in its JSON form. */\n");
            let json = literal(&self.contract.to_json());
            body.push_str(&format!("export const {} =\n  {json};\n", self.module.contract));
            self.shapes(&mut body);
        }

        let what = match self.here {
            "" => "the contract".to_owned(),
            namespace => format!("the contract `{namespace}`"),
        };
        let mut out =
            format!("// Made by `pintle gen ts` from {what}: change the contract and make it again.\n");
        let used = self.used.borrow();
        if !used.is_empty() {
            out.push('\n');
        }
        for other in used.iter() {
            let (Some(alias), Some(module)) = (self.module.aliases.get(other), self.names.modules.get(other))
            else {
                continue;
            };
            out.push_str(&format!("import type * as {alias} from \"./{}.gen.js\";\n", module.file));
        }
        if body.is_empty() {
            // A file is a module only if it imports or exports.
            body.push_str("\nexport {};\n");
        }
        out + &body
    }

    /// The interfaces by their names on the wire.
    fn map(&self, out: &mut String) {
        out.push_str("\n/** What the contract offers: interfaces, methods, parameters and results. */\n");
        out.push_str(&format!("export interface {} {{\n", self.module.map));
        for interface in self.contract.interfaces() {
            let path = self.path(&interface.name, &interface.namespace);
            let name = match interface.name.contains('.') {
                true => format!("\"{}\"", interface.name),
                false => interface.name.clone(),
            };
            out.push_str(&format!("  {name}: {path};\n"));
        }
        out.push_str("}\n");
    }

    fn interface(&self, out: &mut String, item: &'a Interface) {
        out.push('\n');
        docs(out, 0, &item.comment, &[]);
        out.push_str(&format!("export interface {} {{\n", self.names.local(&item.name)));
        for method in &item.methods {
            self.method(out, item, method);
        }
        out.push_str("}\n");
    }

    fn method(&self, out: &mut String, interface: &'a Interface, method: &Method) {
        let raises = method.raises.iter().filter_map(|reference| {
            let error = self.contract.resolve_error(reference, &interface.namespace)?;
            let class = self.names.class(&error.name);
            let alias = self.module.aliases.get(error.namespace.as_str());
            Some(alias.map_or_else(
                || format!("@throws {{{class}}}"),
                |alias| format!("@throws {{{alias}.{class}}}"),
            ))
        });
        // One error can be written in two ways.
        let mut raises: Vec<String> = raises.collect();
        let mut seen = HashSet::new();
        raises.retain(|line| seen.insert(line.clone()));
        docs(out, 2, &method.comment, &raises);
        let parameters = |name: fn(&str) -> String| -> Vec<String> {
            let parameters = method.parameters.iter().map(|parameter| {
                let ty = self.ty(&parameter.ty, &interface.namespace);
                member(&name(&parameter.name), &ty, parameter.optional)
            });
            parameters.collect()
        };
        let result = match &method.returns {
            None => "void".to_owned(),
            Some(ty) => {
                self.ty(ty, &interface.namespace) + if method.returns_optional { " | null" } else { "" }
            }
        };
        out.push_str(&format!("  {}: {{\n", method.name));
        list(out, 4, "params: ", "[", &parameters(names::label), "];");
        let parameters = parameters(str::to_owned);
        if parameters.is_empty() {
            out.push_str("    named: { [name: string]: never };\n");
        } else {
            let line = format!("    named: {{ {} }};\n", parameters.join("; "));
            if line.chars().count() <= WIDTH + 1 {
                out.push_str(&line);
            } else {
                out.push_str("    named: {\n");
                for parameter in &parameters {
                    out.push_str(&format!("      {parameter};\n"));
                }
                out.push_str("    };\n");
            }
        }
        out.push_str(&format!("    result: {result};\n  }};\n"));
    }

    fn structure(&self, out: &mut String, item: &'a Struct) {
        out.push('\n');
        docs(out, 0, &item.comment, &[]);
        let name = self.names.local(&item.name);
        let own = || item.fields.iter().map(|field| Owned { field, namespace: &item.namespace });
        // An interface cannot change what it inherits, but a struct can: then all fields are its own.
        let (head, fields): (String, Vec<Owned>) = match self.contract.parent(item) {
            None => (name.to_owned(), own().collect()),
            Some(parent) => {
                let inherited = fields(self.contract, parent);
                let names: HashSet<&str> = inherited.iter().map(|owned| owned.field.name.as_str()).collect();
                if item.fields.iter().any(|field| names.contains(field.name.as_str())) {
                    (name.to_owned(), fields(self.contract, item))
                } else {
                    let parent = self.path(&parent.name, &parent.namespace);
                    (format!("{name} extends {parent}"), own().collect())
                }
            }
        };
        if fields.is_empty() {
            out.push_str(&format!("export interface {head} {{}}\n"));
            return;
        }
        out.push_str(&format!("export interface {head} {{\n"));
        for Owned { field, namespace } in fields {
            docs(out, 2, &field.comment, &[]);
            let member = member(&field.name, &self.ty(&field.ty, namespace), field.optional);
            out.push_str(&format!("  {member};\n"));
        }
        out.push_str("}\n");
    }

    /// The values as a list, and the union of them under the same name.
    fn enumeration(&self, out: &mut String, item: &'a Enum) {
        let name = self.names.local(&item.name);
        out.push('\n');
        docs(out, 0, &item.comment, &[]);
        let head = format!("export const {name} = ");
        if item.values.iter().all(|value| value.comment.is_empty()) {
            let values: Vec<String> = item.values.iter().map(|value| format!("\"{}\"", value.name)).collect();
            list(out, 0, &head, "[", &values, "] as const;");
        } else {
            out.push_str(&format!("{head}[\n"));
            for value in &item.values {
                docs(out, 2, &value.comment, &[]);
                out.push_str(&format!("  \"{}\",\n", value.name));
            }
            out.push_str("] as const;\n");
        }
        docs(out, 0, &item.comment, &[]);
        out.push_str(&format!("export type {name} = (typeof {name})[number];\n"));
    }

    fn error(&self, out: &mut String, item: &'a ErrorDefinition) {
        let class = self.names.class(&item.name);
        let base = if self.module.has_error { "globalThis.Error" } else { "Error" };
        let (code, message) = (item.code, literal(&item.message));
        out.push('\n');
        docs(out, 0, if item.comment.is_empty() { &item.message } else { &item.comment }, &[]);
        out.push_str(&format!(
            "export class {class} extends {base} {{\n\
             \x20 static readonly code = {code};\n\
             \x20 override readonly name: string = \"{class}\";\n\
             \x20 readonly code = {code};\n\
             \x20 /** The error's name in the contract. */\n\
             \x20 readonly cls = \"{}\";\n\
             \x20 /** More about it, as it travels. */\n\
             \x20 readonly data: unknown;\n\n",
            item.name
        ));
        let line = format!("  constructor(message = {message}, data?: unknown) {{\n");
        if line.chars().count() <= WIDTH + 1 {
            out.push_str(&line);
        } else {
            out.push_str(&format!("  constructor(\n    message = {message},\n    data?: unknown,\n  ) {{\n"));
        }
        out.push_str("    super(message);\n    this.data = data;\n  }\n}\n");
    }

    fn ty(&self, ty: &Type, namespace: &str) -> String {
        match ty {
            Type::String => "string".to_owned(),
            Type::Int => match self.ints {
                Ints::Number => "number".to_owned(),
                Ints::BigInt => "bigint".to_owned(),
            },
            Type::Float => "number".to_owned(),
            Type::Bool => "boolean".to_owned(),
            Type::Array(item) => self.ty(item, namespace) + "[]",
            Type::Map(value) => format!("{{ [key: string]: {} }}", self.ty(value, namespace)),
            Type::Named(reference) => match self.contract.definition(reference, namespace) {
                Some(Definition::Struct(item)) => self.path(&item.name, &item.namespace),
                Some(Definition::Enum(item)) => self.path(&item.name, &item.namespace),
                // A contract has no reference that leads nowhere.
                None => reference.clone(),
            },
        }
    }

    /// A definition from inside this module.
    fn path(&self, name: &'a str, namespace: &'a str) -> String {
        let local = self.names.local(name);
        match self.module.aliases.get(namespace) {
            Some(alias) => {
                self.used.borrow_mut().insert(namespace);
                format!("{alias}.{local}")
            }
            None => local.to_owned(),
        }
    }
}

/// A field or a parameter. What is optional may be absent or null.
fn member(name: &str, ty: &str, optional: bool) -> String {
    if optional { format!("{name}?: {ty} | null") } else { format!("{name}: {ty}") }
}

/// A list on one line if it fits, else with each item on a line of its own.
fn list(out: &mut String, indent: usize, head: &str, open: &str, items: &[String], close: &str) {
    let pad = " ".repeat(indent);
    let line = format!("{pad}{head}{open}{}{close}\n", items.join(", "));
    if line.chars().count() <= WIDTH + 1 || items.is_empty() {
        out.push_str(&line);
        return;
    }
    out.push_str(&format!("{pad}{head}{open}\n"));
    for item in items {
        out.push_str(&format!("{pad}  {item},\n"));
    }
    out.push_str(&format!("{pad}{close}\n"));
}
