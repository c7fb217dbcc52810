//! A contract: what a service offers, as data.

mod model;

pub use model::{
    Contract, Definition, Enum, EnumValue, ErrorDefinition, Field, Interface, Method, Parameter, Struct, Type,
};
