//! The model: interfaces, structs, enums and errors, in source order.

use core::fmt;

/// A checked contract: every rule of the language holds for it, every name in it resolves.
///
/// Made by [`crate::idl::parse`] from text or by [`Contract::from_json`] from the JSON form, never by hand.
/// Definitions of the root file have bare names; those of an imported file are named `namespace.Name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    pub(crate) namespace: String,
    pub(crate) interfaces: Vec<Interface>,
    pub(crate) structs: Vec<Struct>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) errors: Vec<ErrorDefinition>,
    pub(crate) index: super::Index,
}

/// A group of methods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// Bare in the root file, `namespace.Name` when imported.
    pub name: String,
    /// The namespace of the file that defines it; references inside resolve there first.
    pub namespace: String,
    /// Documentation, lines joined by `\n`, empty when there is none.
    pub comment: String,
    /// In source order.
    pub methods: Vec<Method>,
}

/// One operation of an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// Unique in its interface.
    pub name: String,
    /// Documentation.
    pub comment: String,
    /// In order of position; optional ones are last.
    pub parameters: Vec<Parameter>,
    /// `None` answers `null`.
    pub returns: Option<Type>,
    /// `null` is a good answer beside `returns`.
    pub returns_optional: bool,
    /// Declared errors as written.
    pub raises: Vec<String>,
}

/// One parameter of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Unique in its method.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// May be missing or null (an extension).
    pub optional: bool,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Struct {
    /// Bare in the root file, `namespace.Name` when imported.
    pub name: String,
    /// The namespace of the file that defines it.
    pub namespace: String,
    /// The parent, as written.
    pub extends: Option<String>,
    /// Documentation.
    pub comment: String,
    /// Its own fields, in source order; inherited ones are the parent's.
    pub fields: Vec<Field>,
}

/// One field of a struct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Unique in its struct.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// May be absent or null.
    pub optional: bool,
    /// Documentation.
    pub comment: String,
}

/// A closed set of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enum {
    /// Bare in the root file, `namespace.Name` when imported.
    pub name: String,
    /// The namespace of the file that defines it.
    pub namespace: String,
    /// Documentation.
    pub comment: String,
    /// In source order.
    pub values: Vec<EnumValue>,
}

/// One name of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumValue {
    /// The text on the wire.
    pub name: String,
    /// Documentation.
    pub comment: String,
}

/// An error that methods may answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorDefinition {
    /// Always `namespace.Name` when there is a namespace.
    pub name: String,
    /// The namespace of the file that defines it.
    pub namespace: String,
    /// Unique in the contract.
    pub code: i32,
    /// Used when a handler gives none.
    pub message: String,
    /// Documentation.
    pub comment: String,
}

/// A type as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Unicode text.
    String,
    /// A whole number in -2^63…2^63-1.
    Int,
    /// A finite 64-bit number.
    Float,
    /// `true` or `false`.
    Bool,
    /// `[]T`
    Array(Box<Type>),
    /// `map[string]T`
    Map(Box<Type>),
    /// A struct or an enum, as written: resolves in the namespace of the item that holds it.
    Named(String),
}

impl Type {
    /// The struct or enum inside of all lists and maps, as written; `None` for a built-in type.
    pub fn name(&self) -> Option<&str> {
        let mut ty = self;
        loop {
            match ty {
                Type::Array(inner) | Type::Map(inner) => ty = inner,
                Type::Named(name) => return Some(name),
                Type::String | Type::Int | Type::Float | Type::Bool => return None,
            }
        }
    }
}

/// As in a contract: `[]map[string]Item`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut ty = self;
        loop {
            let word = match ty {
                Type::String => "string",
                Type::Int => "int",
                Type::Float => "float",
                Type::Bool => "bool",
                Type::Named(name) => name,
                Type::Array(inner) => {
                    f.write_str("[]")?;
                    ty = inner;
                    continue;
                }
                Type::Map(inner) => {
                    f.write_str("map[string]")?;
                    ty = inner;
                    continue;
                }
            };
            return f.write_str(word);
        }
    }
}

/// What a name in a type position stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Definition<'a> {
    /// A record.
    Struct(&'a Struct),
    /// A closed set of names.
    Enum(&'a Enum),
}

impl Contract {
    /// The root file's namespace; empty when it has none.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// All interfaces, the root file's first.
    pub fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    /// All structs, the root file's first.
    pub fn structs(&self) -> &[Struct] {
        &self.structs
    }

    /// All enums, the root file's first.
    pub fn enums(&self) -> &[Enum] {
        &self.enums
    }

    /// All errors, the root file's first.
    pub fn errors(&self) -> &[ErrorDefinition] {
        &self.errors
    }
}
