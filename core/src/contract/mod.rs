//! A contract: what a service offers, as data.

mod barrister;
mod check;
mod checksum;
mod cycles;
pub mod diff;
mod index;
mod json;
mod md5;
mod model;
mod name;
mod namespace;
mod portable;

pub(crate) use check::{FIRST_HERE, Scope, check};
pub(crate) use index::{Aspect, Index, List, Place, bare, split};
pub use json::JsonDiagnostic;
pub use model::{
    Contract, Definition, Enum, EnumValue, ErrorDefinition, Field, Interface, Method, Parameter, Struct, Type,
};
pub(crate) use name::{nearest, push_visible, quoted};
pub(crate) use portable::refusals;
pub use portable::{System, Unportable};

/// Lists and maps around one type, counted from the outside. Bounds everything that walks a type.
pub const MAX_TYPE_DEPTH: usize = 32;

/// Parents above one struct. Bounds the fields that a struct of few bytes can inherit.
pub const MAX_INHERITANCE: usize = 64;

/// Fields of all structs of one contract, counting inherited ones at every struct that has them. Bounds what walks
/// them: a short text can make very many out of one long struct.
pub const MAX_INHERITED_FIELDS: usize = 1 << 20;

/// Namespaces of one contract. Bounds what lays them out as files.
pub const MAX_NAMESPACES: usize = 256;

/// Findings of one run; further ones are not collected. Bounds the report on a hostile contract.
pub const MAX_DIAGNOSTICS: usize = 1000;
