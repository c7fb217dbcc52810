//! A contract by namespaces: each becomes a file or a module of generated code.

use pintle_core::contract::{Contract, Enum, ErrorDefinition, Interface, Struct};

/// What one namespace defines, in source order.
#[derive(Debug)]
pub(crate) struct Namespace<'a> {
    /// Empty for the root of a contract without one.
    pub(crate) name: &'a str,
    pub(crate) interfaces: Vec<&'a Interface>,
    pub(crate) structs: Vec<&'a Struct>,
    pub(crate) enums: Vec<&'a Enum>,
    pub(crate) errors: Vec<&'a ErrorDefinition>,
}

/// The root's namespace, then the others in the order of their names, those in lower case first: they are what most
/// languages would call a module, and keep their names if another differs only in case.
pub(crate) fn namespaces(contract: &Contract) -> Vec<Namespace<'_>> {
    let interfaces = contract.interfaces().iter().map(|item| &item.namespace);
    let structs = contract.structs().iter().map(|item| &item.namespace);
    let enums = contract.enums().iter().map(|item| &item.namespace);
    let errors = contract.errors().iter().map(|item| &item.namespace);
    let mut names: Vec<&str> =
        interfaces.chain(structs).chain(enums).chain(errors).map(String::as_str).collect();
    let root = contract.namespace();
    names.retain(|name| *name != root);
    names.sort_unstable_by_key(|name| (name.bytes().any(|b| b.is_ascii_uppercase()), *name));
    names.dedup();
    names.insert(0, root);
    names
        .into_iter()
        .map(|name| Namespace {
            name,
            interfaces: contract.interfaces().iter().filter(|item| item.namespace == name).collect(),
            structs: contract.structs().iter().filter(|item| item.namespace == name).collect(),
            enums: contract.enums().iter().filter(|item| item.namespace == name).collect(),
            errors: contract.errors().iter().filter(|item| item.namespace == name).collect(),
        })
        .collect()
}

/// A name without the namespace before it.
pub(crate) fn bare(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, bare)| bare)
}
