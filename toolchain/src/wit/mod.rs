//! WIT: a package with a world `plugin` that exports each interface of the contract with real types, and the package of
//! what a plugin may ask of its host.

mod names;
mod size;

use std::collections::BTreeMap;

use pintle_core::Contract;
use pintle_core::contract::{Definition, Type};

use self::names::escaped;
pub use self::names::{EnumNames, InterfaceNames, MethodNames, Names, StructNames, names};
use crate::case::Scope;
use crate::comment;
use crate::namespaces::namespaces;
use crate::refusal::check_size;
use crate::{File, GenerateError};

/// What a plugin may ask of its host, and the world of those that take calls as JSON text.
const HOST: &str = include_str!("../../../guest/wit/plugin.wit");

/// The contract as a WIT package, which is all files of one directory: one for each namespace, named after it. The last
/// file is the package of the host, where tools look for what others need.
///
/// A struct that has no fields or can hold itself has no type in WIT; its values are JSON text. So are those of an enum
/// without values.
///
/// # Errors
///
/// The output would be too large, or a type too large for a component.
pub fn generate(contract: &Contract) -> Result<Vec<File>, GenerateError> {
    check_size(contract)?;
    size::check(contract)?;
    let names = names(contract);
    let package = Package::new(contract, &names);
    let mut files = Scope::default();
    let all = namespaces(contract);
    let written = all.iter().enumerate().map(|(at, namespace)| {
        let mut out = format!("package pintle:{};\n", escaped(&names.package));
        if at == 0 {
            package.world(&mut out);
            package.errors(&mut out);
        }
        package.types(&mut out, namespace.name);
        package.interfaces(&mut out, namespace.name);
        let name = if namespace.name.is_empty() { "contract" } else { namespace.name };
        // Names that differ only in case are one name to some file systems.
        let name = files.give(&name.to_ascii_lowercase());
        File::new(format!("{name}.wit"), out)
    });
    Ok(written.chain([File::new("deps/pintle-plugin/plugin.wit", HOST)]).collect())
}

/// What the text is made from.
struct Package<'a> {
    contract: &'a Contract,
    names: &'a Names,
    /// Interface and name of each type by its name in the contract.
    types: BTreeMap<&'a str, (&'a str, &'a str)>,
}

/// Names that one interface takes from others, and what it calls them.
type Uses<'a> = BTreeMap<(&'a str, &'a str), String>;

impl<'a> Package<'a> {
    fn new(contract: &'a Contract, names: &'a Names) -> Package<'a> {
        let mut types = BTreeMap::new();
        for (item, names) in contract.structs().iter().zip(&names.structs) {
            types.insert(item.name.as_str(), (names.interface.as_str(), names.name.as_str()));
        }
        for (item, names) in contract.enums().iter().zip(&names.enums) {
            types.insert(item.name.as_str(), (names.interface.as_str(), names.name.as_str()));
        }
        Package { contract, names, types }
    }

    fn world(&self, out: &mut String) {
        out.push_str("\n/// What a plugin imports, as far as it needs it, and exports: the interfaces that it serves.\nworld plugin {\n  import \
             pintle:plugin/host@1.0.0;\n");
        for interface in &self.names.interfaces {
            out.extend(["  export ", &escaped(&interface.name), ";\n"]);
        }
        out.push_str("}\n");
    }

    fn errors(&self, out: &mut String) {
        out.push_str(
            "\n/// What a method answers instead of a result.\n\
             interface errors {\n\
             \x20 /// More about a declared error.\n\
             \x20 record detail {\n\
             \x20   /// Empty for the contract's own message.\n\
             \x20   message: string,\n\
             \x20   /// JSON text.\n\
             \x20   data: option<string>,\n\
             \x20 }\n\n\
             \x20 /// An error that the contract does not declare.\n\
             \x20 record rpc-error {\n\
             \x20   code: s32,\n\
             \x20   message: string,\n\
             \x20   /// JSON text.\n\
             \x20   data: option<string>,\n\
             \x20 }\n\n\
             \x20 variant error {\n",
        );
        for (error, name) in self.contract.errors().iter().zip(&self.names.errors) {
            docs(out, 4, if error.comment.is_empty() { &error.message } else { &error.comment });
            out.push_str(&format!("    {}(detail),\n", escaped(name)));
        }
        out.push_str("    other(rpc-error),\n  }\n}\n");
    }

    fn types(&self, out: &mut String, namespace: &str) {
        let structs = || {
            let all = self.contract.structs().iter().zip(&self.names.structs);
            all.filter(|(item, _)| item.namespace == namespace)
        };
        let enums = || {
            let all = self.contract.enums().iter().zip(&self.names.enums);
            all.filter(|(item, _)| item.namespace == namespace)
        };
        let of_structs = structs().map(|(_, names)| (&names.interface, &names.name));
        let of_enums = enums().map(|(_, names)| (&names.interface, &names.name));
        let own: Vec<(&'a String, &'a String)> = of_structs.chain(of_enums).collect();
        let Some((home, _)) = own.first() else { return };
        let mut scope = Scope::without(own.iter().map(|(_, name)| name.as_str()));
        let mut uses = Uses::new();
        for (_, name) in &own {
            uses.insert((home, name), (*name).clone());
        }

        let mut body = String::new();
        for (item, names) in structs() {
            body.push('\n');
            docs(&mut body, 2, &item.comment);
            let name = escaped(&names.name);
            let Some(fields) = &names.fields else {
                if !item.comment.is_empty() {
                    body.push_str("  ///\n");
                }
                body.push_str(&format!("  /// JSON text.\n  type {name} = string;\n"));
                continue;
            };
            body.push_str(&format!("  record {name} {{\n"));
            for (owned, (_, name)) in crate::fields::fields(self.contract, item).iter().zip(fields) {
                let field = owned.field;
                docs(&mut body, 4, &field.comment);
                let ty = self.ty(&field.ty, owned.namespace, field.optional, &mut scope, &mut uses);
                body.push_str(&format!("    {}: {ty},\n", escaped(name)));
            }
            body.push_str("  }\n");
        }
        for (item, names) in enums() {
            body.push('\n');
            docs(&mut body, 2, &item.comment);
            let name = escaped(&names.name);
            if names.values.is_empty() {
                body.push_str(&format!("  type {name} = string;\n"));
                continue;
            }
            body.push_str(&format!("  enum {name} {{\n"));
            for (value, name) in item.values.iter().zip(&names.values) {
                docs(&mut body, 4, &value.comment);
                body.push_str(&format!("    {},\n", escaped(name)));
            }
            body.push_str("  }\n");
        }
        out.push_str(&format!("\ninterface {} {{\n", escaped(home)));
        used(out, &uses, home);
        // Without a line of uses the first type follows the brace.
        let is_alone = uses.keys().all(|(from, _)| from == home);
        out.push_str(if is_alone { body.trim_start_matches('\n') } else { &body });
        out.push_str("}\n");
    }

    fn interfaces(&self, out: &mut String, namespace: &str) {
        let all = self.contract.interfaces().iter().zip(&self.names.interfaces);
        for (interface, names) in all.filter(|(interface, _)| interface.namespace == namespace) {
            let mut scope = Scope::without(names.methods.iter().map(|method| method.name.as_str()));
            let mut uses = Uses::new();
            let mut body = String::new();
            for (method, names) in interface.methods.iter().zip(&names.methods) {
                body.push('\n');
                docs(&mut body, 2, &method.comment);
                let mut ty = |ty, optional| self.ty(ty, namespace, optional, &mut scope, &mut uses);
                let parameters = method.parameters.iter().zip(&names.parameters);
                let parameters: Vec<String> = parameters
                    .map(|(parameter, name)| {
                        format!("{}: {}", escaped(name), ty(&parameter.ty, parameter.optional))
                    })
                    .collect();
                let returns = match &method.returns {
                    None => "_".to_owned(),
                    Some(returns) => ty(returns, method.returns_optional),
                };
                let error = local(("errors", "error"), &mut scope, &mut uses);
                let (name, parameters) = (escaped(&names.name), parameters.join(", "));
                body.push_str(&format!("  {name}: func({parameters}) -> result<{returns}, {error}>;\n"));
            }
            out.push('\n');
            docs(out, 0, &interface.comment);
            out.push_str(&format!("interface {} {{\n", escaped(&names.name)));
            used(out, &uses, &names.name);
            out.push_str(&body);
            out.push_str("}\n");
        }
    }

    /// A type in an interface, whose names are in `scope` and `uses`.
    fn ty(
        &self,
        ty: &Type,
        namespace: &str,
        optional: bool,
        scope: &mut Scope,
        uses: &mut Uses<'a>,
    ) -> String {
        let plain = match ty {
            Type::String => "string".to_owned(),
            Type::Int => "s64".to_owned(),
            Type::Float => "f64".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Array(item) => format!("list<{}>", self.ty(item, namespace, false, scope, uses)),
            Type::Map(value) => {
                format!("list<tuple<string, {}>>", self.ty(value, namespace, false, scope, uses))
            }
            Type::Named(reference) => {
                let name = match self.contract.definition(reference, namespace) {
                    Some(Definition::Struct(item)) => item.name.as_str(),
                    Some(Definition::Enum(item)) => item.name.as_str(),
                    None => "",
                };
                // A contract has no reference that leads nowhere.
                self.types.get(name).map_or_else(String::new, |&key| local(key, scope, uses))
            }
        };
        if optional { format!("option<{plain}>") } else { plain }
    }
}

/// What an interface calls the type `key`, an interface and a name.
fn local<'a>(key: (&'a str, &'a str), scope: &mut Scope, uses: &mut Uses<'a>) -> String {
    escaped(uses.entry(key).or_insert_with(|| scope.give_numbered(key.1)))
}

/// The lines that take names from other interfaces than `own`.
fn used(out: &mut String, uses: &Uses, own: &str) {
    let mut from: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((interface, name), local) in uses.iter().filter(|((interface, _), _)| *interface != own) {
        let (name, alias) = (escaped(name), escaped(local));
        let item = if name == alias { name } else { format!("{name} as {alias}") };
        from.entry(interface).or_default().push(item);
    }
    for (interface, items) in from {
        out.push_str(&format!("  use {}.{{{}}};\n", escaped(interface), items.join(", ")));
    }
}

/// A comment of the contract above an item.
fn docs(out: &mut String, indent: usize, comment: &str) {
    for line in comment::lines(comment) {
        // Characters that Unicode has deprecated, which WIT refuses.
        let refused = |c| {
            matches!(
                c,
                '\u{149}'
                    | '\u{673}'
                    | '\u{f77}'
                    | '\u{f79}'
                    | '\u{17a3}'
                    | '\u{17a4}'
                    | '\u{17b4}'
                    | '\u{17b5}'
            )
        };
        let line = line.replace(refused, "\u{fffd}");
        let space = if line.is_empty() { "" } else { " " };
        out.extend([&" ".repeat(indent), "///", space, &line, "\n"]);
    }
}
