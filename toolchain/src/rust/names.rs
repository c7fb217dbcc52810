//! What everything of a contract is called in Rust.

use std::collections::HashMap;

use pintle_core::contract::Contract;

use crate::case::{Scope, pascal, snake};
use crate::namespaces::{Namespace, bare};

/// Words that are names only with `r#` before them. `self`, `super`, `crate` and `Self` are none at all.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The types, traits and modules of a contract.
#[derive(Debug)]
pub(super) struct Names<'a> {
    root: String,
    modules: HashMap<&'a str, String>,
    types: HashMap<&'a str, String>,
    clients: HashMap<&'a str, String>,
    errors: HashMap<&'a str, String>,
    scopes: HashMap<&'a str, Scope>,
}

impl<'a> Names<'a> {
    pub(super) fn new(contract: &'a Contract, namespaces: &[Namespace<'a>]) -> Names<'a> {
        let root = if contract.namespace().is_empty() { "contract" } else { contract.namespace() };
        let root = value_name(&mut Scope::default(), root);
        let mut names = Names {
            root: root.trim_start_matches("r#").to_owned(),
            modules: HashMap::new(),
            types: HashMap::new(),
            clients: HashMap::new(),
            errors: HashMap::new(),
            scopes: HashMap::new(),
        };
        // What the code has a path to.
        let mut modules = Scope::without(["alloc", "core", "rpc", "serde", "std"]);
        for namespace in namespaces {
            if namespace.name != contract.namespace() {
                names.modules.insert(namespace.name, value_name(&mut modules, namespace.name));
            }
            // What users write comes first; what only we have a name for gives way.
            let mut scope = Scope::without(["Self"]);
            let structs = namespace.structs.iter().map(|item| item.name.as_str());
            let enums = namespace.enums.iter().map(|item| item.name.as_str());
            let interfaces = namespace.interfaces.iter().map(|item| item.name.as_str());
            for name in structs.chain(enums).chain(interfaces.clone()) {
                names.types.insert(name, type_name(&mut scope, bare(name)));
            }
            for name in interfaces {
                let client = scope.give_numbered(&format!("{}Client", names.types[name]));
                names.clients.insert(name, client);
            }
            if !namespace.errors.is_empty() {
                names.errors.insert(namespace.name, scope.give_numbered("Error"));
            }
            names.scopes.insert(namespace.name, scope);
        }
        names
    }

    /// What the root's file is called, without its ending.
    pub(super) fn root(&self) -> &str {
        &self.root
    }

    /// The module of an imported namespace.
    pub(super) fn module(&self, namespace: &str) -> Option<&str> {
        self.modules.get(namespace).map(String::as_str)
    }

    /// The struct, enum or handler trait called `name` in the contract, from inside the module of `here`.
    pub(super) fn path(&self, name: &str, namespace: &str, here: &str) -> String {
        let given = self.types.get(name).map_or(name, String::as_str);
        if namespace == here {
            return given.to_owned();
        }
        // Nobody imports the root, and the root's module holds the others.
        let module = self.module(namespace).unwrap_or_default();
        let up = if self.module(here).is_some() { "super::" } else { "" };
        format!("{up}{module}::{given}")
    }

    /// The name of a struct, enum or handler trait in its own module.
    pub(super) fn local(&self, name: &'a str) -> &str {
        self.types.get(name).map_or(name, String::as_str)
    }

    /// The client trait of an interface.
    pub(super) fn client(&self, interface: &'a str) -> &str {
        self.clients.get(interface).map_or(interface, String::as_str)
    }

    /// The enum of the errors that a namespace declares.
    pub(super) fn error(&self, namespace: &str) -> &str {
        self.errors.get(namespace).map_or("Error", String::as_str)
    }

    /// An item of the standard library, by its short name unless the contract has that in this module.
    pub(super) fn standard(&self, path: &'static str, here: &str) -> &'static str {
        let short = path.rsplit("::").next().unwrap_or(path);
        if self.is_taken(short, here) { path } else { short }
    }

    /// `name`, or one like it, that nothing in the module of `here` has.
    pub(super) fn free(&self, name: &str, here: &str) -> String {
        self.scopes.get(here).cloned().unwrap_or_default().give_numbered(name)
    }

    /// Whether the module of `here` has an item of this name.
    pub(super) fn is_taken(&self, name: &str, here: &str) -> bool {
        self.scopes.get(here).is_some_and(|scope| scope.has(name))
    }
}

/// A name for a type, a trait or a variant.
pub(super) fn type_name(scope: &mut Scope, name: &str) -> String {
    scope.give_numbered(&begun(pascal(name), "X"))
}

/// A name for a field, a parameter, a method or a module.
pub(super) fn value_name(scope: &mut Scope, name: &str) -> String {
    let given = scope.give(&begun(snake(name), "x"));
    match given.as_str() {
        "self" | "super" | "crate" => scope.give(&format!("{given}_")),
        word if is_keyword(word) => format!("r#{word}"),
        _ => given,
    }
}

/// Whether a name needs `r#` before it.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// A name that starts with a letter: of `_1` nothing but a digit is left, of `_` nothing at all.
fn begun(name: String, letter: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("{letter}{name}") }
}
