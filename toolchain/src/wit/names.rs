//! What everything of a contract is called in WIT, for the generator and for the way back at run time.

use std::collections::HashMap;

use pintle_core::Contract;

use crate::case::{Scope, words};
use crate::fields::{Cycles, fields};
use crate::namespaces::{bare, namespaces};

/// The names of a contract in its WIT package. Each list has the order of the contract's, and names are as a component
/// has them: without the `%` that WIT text has before keywords.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The package behind `pintle:`.
    pub package: String,
    /// The interfaces that the world `plugin` exports.
    pub interfaces: Vec<InterfaceNames>,
    /// All structs.
    pub structs: Vec<StructNames>,
    /// All enums.
    pub enums: Vec<EnumNames>,
    /// Of each declared error its case in the variant `error` of the interface `errors`.
    pub errors: Vec<String>,
}

/// The names of one interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceNames {
    /// The interface.
    pub name: String,
    /// Its functions.
    pub methods: Vec<MethodNames>,
}

/// The names of one method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodNames {
    /// The function.
    pub name: String,
    /// Its parameters.
    pub parameters: Vec<String>,
}

/// The names of one struct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StructNames {
    /// The interface that defines the type.
    pub interface: String,
    /// The type.
    pub name: String,
    /// Its fields, inherited ones included, first by their names in the contract, then by those in WIT. None if its
    /// values are JSON text, because it has no fields or can hold itself.
    pub fields: Option<Vec<(String, String)>>,
}

/// The names of one enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumNames {
    /// The interface that defines the type.
    pub interface: String,
    /// The type.
    pub name: String,
    /// Its cases. If there are none, its type is JSON text too.
    pub values: Vec<String>,
}

/// The names of a contract in WIT.
pub fn names(contract: &Contract) -> Names {
    let namespaces = namespaces(contract);
    // The world and what every package has; then the types of each namespace; then the contract's interfaces.
    let mut package = Scope::without(["plugin", "errors"]);
    let mut homes = HashMap::new();
    for namespace in &namespaces {
        let is_root = namespace.name == contract.namespace();
        let home = if is_root { "types".to_owned() } else { kebab(namespace.name) + "-types" };
        homes.insert(namespace.name, (package.give_numbered(&home), Scope::default()));
    }
    let interfaces = contract.interfaces().iter().map(|interface| {
        let name = package.give_numbered(&kebab(&interface.name));
        let mut scope = Scope::default();
        let methods = interface.methods.iter().map(|method| {
            let name = scope.give_numbered(&kebab(&method.name));
            let mut scope = Scope::default();
            let parameters = method.parameters.iter();
            let parameters = parameters.map(|parameter| scope.give_numbered(&kebab(&parameter.name)));
            MethodNames { name, parameters: parameters.collect() }
        });
        InterfaceNames { name, methods: methods.collect() }
    });
    let interfaces = interfaces.collect();

    let mut place = |name: &str, namespace: &str| match homes.get_mut(namespace) {
        Some((home, scope)) => (home.clone(), scope.give_numbered(&kebab(bare(name)))),
        // Every namespace has a home.
        None => Default::default(),
    };
    let cycles = Cycles::new(contract, |_| true);
    let structs = contract.structs().iter().map(|item| {
        let (interface, name) = place(&item.name, &item.namespace);
        let mut scope = Scope::default();
        let mut all = Vec::new();
        if !cycles.contains(item) {
            all.extend(fields(contract, item).into_iter().map(|owned| {
                let name = &owned.field.name;
                (name.clone(), scope.give_numbered(&kebab(name)))
            }));
        }
        StructNames { interface, name, fields: (!all.is_empty()).then_some(all) }
    });
    let structs = structs.collect();
    let enums = contract.enums().iter().map(|item| {
        let (interface, name) = place(&item.name, &item.namespace);
        let mut scope = Scope::default();
        let values = item.values.iter().map(|value| scope.give_numbered(&kebab(&value.name)));
        EnumNames { interface, name, values: values.collect() }
    });
    let enums = enums.collect();
    let mut scope = Scope::without(["other"]);
    let errors = contract.errors().iter().map(|error| {
        // Root errors are written with their namespace too.
        let is_root = error.namespace == contract.namespace();
        scope.give_numbered(&kebab(if is_root { bare(&error.name) } else { &error.name }))
    });
    let errors = errors.collect();
    let root = if contract.namespace().is_empty() { "contract" } else { contract.namespace() };
    Names { package: kebab(root), interfaces, structs, enums, errors }
}

/// A name in lower case with `-` between words, the first of which starts with a letter. A word that starts with a digit
/// joins the one before it: not every tool takes it alone.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for word in words(name) {
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        match (out.is_empty(), is_number) {
            (true, true) => out.push('x'),
            (false, false) => out.push('-'),
            _ => {}
        }
        out.push_str(&word.to_ascii_lowercase());
    }
    if out.is_empty() { "x".to_owned() } else { out }
}

/// A name as WIT text has it.
pub(super) fn escaped(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("%{name}") } else { name.to_owned() }
}

/// Words that are names only with `%` before them.
const KEYWORDS: [&str; 44] = [
    "as",
    "async",
    "bool",
    "borrow",
    "char",
    "constructor",
    "enum",
    "error-context",
    "export",
    "f32",
    "f64",
    "flags",
    "from",
    "func",
    "future",
    "import",
    "include",
    "interface",
    "list",
    "map",
    "option",
    "own",
    "package",
    "record",
    "resource",
    "result",
    "s16",
    "s32",
    "s64",
    "s8",
    "static",
    "stream",
    "string",
    "tuple",
    "type",
    "u16",
    "u32",
    "u64",
    "u8",
    "use",
    "variant",
    "with",
    "world",
    "implements",
];
