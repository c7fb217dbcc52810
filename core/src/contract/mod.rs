//! A contract: what a service offers, as data.

mod check;
mod checksum;
mod cycles;
mod index;
mod json;
mod model;
mod name;

pub(crate) use check::{FIRST_HERE, Scope, check};
pub(crate) use index::{Aspect, Index, List, Place};
pub use json::JsonDiagnostic;
pub use model::{
    Contract, Definition, Enum, EnumValue, ErrorDefinition, Field, Interface, Method, Parameter, Struct, Type,
};
pub(crate) use name::{nearest, push_visible, quoted};

/// Lists and maps around one type, counted from the outside. Bounds everything that walks a type.
pub const MAX_TYPE_DEPTH: usize = 32;

/// Parents above one struct. Bounds the fields that a struct of few bytes can inherit.
pub const MAX_INHERITANCE: usize = 64;

/// Namespaces of one contract. Bounds what lays them out as files.
pub const MAX_NAMESPACES: usize = 256;

/// Findings of one run; further ones are not collected. Bounds the report on a hostile contract.
pub const MAX_DIAGNOSTICS: usize = 1000;
