//! Contracts as [OpenAPI](https://spec.openapis.org/oas/v3.1.0) documents: written as 3.1, read from 3.0 and 3.1.
//!
//! # What comes back
//!
//! A contract that was written by [`write()`] and read by [`read()`] is the same contract: every interface, method,
//! parameter, struct, field, enum, value and error in its order, with types, optionality, parents, namespaces, codes,
//! messages and documentation. One thing is written in one way only: a reference into the namespace that holds it
//! (`a.Thing` in `a`) comes back bare. Where OpenAPI has no word for something, a member whose name begins with
//! `x-pulse-` or `x-enum` has it:
//!
//! | member | of | says |
//! | --- | --- | --- |
//! | `x-pulse-namespace` | the document | the namespace; names with a dot are those of imported ones |
//! | `x-pulse-error` | a schema | it is the declared error with this code and message |
//! | `x-pulse-extends`, `x-pulse-fields` | a schema | the parent and the own fields of a struct that defines an inherited field anew, which `allOf` cannot say |
//! | `x-enumDescriptions` | a schema | the documentation of an enum's values |

mod write;

pub use write::write;
