//! What everything of a contract is called in TypeScript.

use std::collections::HashMap;

use pintle_core::Contract;

use crate::case::{Scope, pascal};
use crate::namespaces::{Namespace, bare};

/// Words that no type, constant or module alias is called, and `Object`, which no class is.
const RESERVED: [&str; 81] = [
    "Object",
    "__esModule",
    "abstract",
    "any",
    "arguments",
    "as",
    "asserts",
    "async",
    "await",
    "bigint",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "constructor",
    "continue",
    "debugger",
    "declare",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "exports",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "get",
    "globalThis",
    "if",
    "implements",
    "import",
    "in",
    "infer",
    "instanceof",
    "interface",
    "is",
    "keyof",
    "let",
    "module",
    "namespace",
    "never",
    "new",
    "null",
    "number",
    "object",
    "of",
    "package",
    "private",
    "protected",
    "public",
    "readonly",
    "require",
    "return",
    "set",
    "static",
    "string",
    "super",
    "switch",
    "symbol",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "unique",
    "unknown",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// The names of one module.
#[derive(Debug)]
pub(super) struct Module<'a> {
    /// The file's name without its ending.
    pub(super) file: String,
    /// The aliases of all other modules.
    pub(super) aliases: HashMap<&'a str, String>,
    /// The map of interfaces, in the root's module.
    pub(super) map: String,
    /// The list of error classes.
    pub(super) errors: String,
    /// The contract as JSON, in the root's module.
    pub(super) contract: String,
    /// What makes its structs, in the root's module.
    pub(super) shapes: String,
    /// Whether something is called `Error`.
    pub(super) has_error: bool,
}

/// The names of all modules.
#[derive(Debug)]
pub(super) struct Names<'a> {
    pub(super) modules: HashMap<&'a str, Module<'a>>,
    /// Each definition by its name in the contract, in its own module.
    types: HashMap<&'a str, String>,
    /// Each error by its name in the contract.
    classes: HashMap<&'a str, String>,
}

impl<'a> Names<'a> {
    pub(super) fn new(contract: &'a Contract, namespaces: &[Namespace<'a>]) -> Names<'a> {
        let mut names = Names { modules: HashMap::new(), types: HashMap::new(), classes: HashMap::new() };
        let mut files = Scope::default();
        for namespace in namespaces {
            let mut scope = Scope::without(RESERVED);
            // What users write comes first; what only we have a name for gives way.
            let structs = namespace.structs.iter().map(|item| item.name.as_str());
            let enums = namespace.enums.iter().map(|item| item.name.as_str());
            let interfaces = namespace.interfaces.iter().map(|item| item.name.as_str());
            for name in structs.chain(enums).chain(interfaces) {
                names.types.insert(name, scope.give(bare(name)));
            }
            for error in &namespace.errors {
                names.classes.insert(&error.name, scope.give(bare(&error.name)));
            }
            let others = namespaces.iter().map(|other| other.name);
            let others = others.filter(|other| *other != contract.namespace() && *other != namespace.name);
            let aliases = others.map(|other| (other, scope.give(other))).collect();
            let has_error = scope.has("Error");
            let whole = if namespace.name.is_empty() { "contract" } else { namespace.name };
            // Names that differ only in case are one name to some file systems.
            let lower = whole.to_ascii_lowercase();
            let given = files.give(&lower);
            let file = if given == lower { whole.to_owned() } else { given };
            let module = Module {
                file,
                aliases,
                map: scope.give(&begun(pascal(whole))),
                errors: scope.give("errors"),
                contract: scope.give("contract"),
                shapes: scope.give("shapes"),
                has_error,
            };
            names.modules.insert(namespace.name, module);
        }
        names
    }

    /// A definition in its own module.
    pub(super) fn local(&self, name: &'a str) -> &str {
        self.types.get(name).map_or(name, String::as_str)
    }

    /// The class of an error in its own module.
    pub(super) fn class(&self, name: &'a str) -> &str {
        self.classes.get(name).map_or(name, String::as_str)
    }
}

/// A parameter's name where only readers need it: the place has no room for every word.
pub(super) fn label(name: &str) -> String {
    if RESERVED.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// Of `_` nothing is left in another case, and of `_1` a digit.
fn begun(name: String) -> String {
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("X{name}") }
}
