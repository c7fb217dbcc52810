//! What a contract's methods and types are called in a language that has no generator of its own.

use std::collections::BTreeMap;

use pintle_core::Contract;

use super::Language;
use crate::case::{Scope, camel, pascal, snake};

/// The names of one method.
#[derive(Debug)]
pub(super) struct MethodNames {
    /// The function that runs it.
    pub(super) function: String,
    pub(super) parameters: Vec<String>,
}

/// The names of all methods, in the contract's order; each function's is its own.
pub(super) fn methods(contract: &Contract, language: Language) -> Vec<MethodNames> {
    let write = match language {
        Language::C | Language::Wat => snake,
        _ => camel,
    };
    let mut scope = Scope::without(reserved(language).iter().copied());
    let functions: Vec<String> = super::methods(contract)
        .map(|(interface, method)| scope.give(&begun(write(&super::whole(interface, method)), "x")))
        .collect();
    super::methods(contract)
        .zip(functions)
        .map(|((_, method), function)| {
            // Parameters must not hide what the file has: Zig refuses it.
            let mut own = Scope::default();
            let parameters = method.parameters.iter().map(|parameter| {
                let mut name = begun(write(&parameter.name), "x");
                while scope.has(&name) {
                    name.push('_');
                }
                own.give(&name)
            });
            MethodNames { parameters: parameters.collect(), function }
        })
        .collect()
}

/// The names of all structs and enums by those in the contract.
pub(super) fn types(contract: &Contract) -> BTreeMap<&str, String> {
    let mut scope = Scope::default();
    let structs = contract.structs().iter().map(|item| item.name.as_str());
    let enums = contract.enums().iter().map(|item| item.name.as_str());
    structs.chain(enums).map(|name| (name, scope.give_numbered(&begun(pascal(name), "X")))).collect()
}

/// A name that starts with a letter: of `_1` nothing but a digit is left, of `_` nothing at all.
pub(super) fn begun(name: String, letter: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("{letter}{name}") }
}

/// The name, with `_` behind if it is a word of the language.
pub(super) fn aside(name: String, language: Language) -> String {
    if reserved(language).contains(&name.as_str()) { name + "_" } else { name }
}

/// Words that cannot be names, and names that a project's file has itself.
pub(super) fn reserved(language: Language) -> &'static [&'static str] {
    match language {
        Language::C => &["pintle_methods"],
        Language::Zig => ZIG,
        Language::Go => GO,
        Language::JavaScript => JAVASCRIPT,
        Language::Python => PYTHON,
        Language::Rust | Language::AssemblyScript | Language::Wat => &[],
    }
}

const ZIG: &[&str] = &[
    "addrspace",
    "align",
    "allowzero",
    "and",
    "anyerror",
    "anyframe",
    "anyopaque",
    "anytype",
    "asm",
    "async",
    "await",
    "bool",
    "break",
    "call",
    "callconv",
    "catch",
    "comptime",
    "comptime_float",
    "comptime_int",
    "const",
    "continue",
    "defer",
    "else",
    "enum",
    "errdefer",
    "error",
    "export",
    "extern",
    "f128",
    "f16",
    "f32",
    "f64",
    "f80",
    "false",
    "fn",
    "for",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "if",
    "inline",
    "isize",
    "linksection",
    "noalias",
    "noinline",
    "noreturn",
    "nosuspend",
    "null",
    "opaque",
    "or",
    "orelse",
    "packed",
    "pintle",
    "pub",
    "resume",
    "return",
    "std",
    "struct",
    "suspend",
    "switch",
    "test",
    "threadlocal",
    "true",
    "try",
    "type",
    "u1",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "undefined",
    "union",
    "unreachable",
    "usize",
    "usingnamespace",
    "var",
    "void",
    "volatile",
    "while",
];

const GO: &[&str] = &[
    "any",
    "append",
    "bool",
    "break",
    "byte",
    "cap",
    "case",
    "chan",
    "clear",
    "close",
    "comparable",
    "complex",
    "const",
    "continue",
    "copy",
    "default",
    "defer",
    "delete",
    "else",
    "error",
    "fallthrough",
    "false",
    "float64",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "imag",
    "import",
    "init",
    "int",
    "int64",
    "interface",
    "iota",
    "len",
    "main",
    "make",
    "map",
    "max",
    "min",
    "new",
    "nil",
    "package",
    "panic",
    "pintle",
    "print",
    "println",
    "range",
    "real",
    "recover",
    "return",
    "rune",
    "select",
    "string",
    "struct",
    "switch",
    "true",
    "type",
    "var",
];

const JAVASCRIPT: &[&str] = &[
    "arguments",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

const PYTHON: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not",
    "or", "pass", "raise", "return", "self", "try", "while", "with", "yield",
];
