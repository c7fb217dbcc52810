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
//! | `x-pulse-namespace` | a schema | empty: it belongs to no namespace, as what a `.idl` file defines |
//! | `x-pulse-error` | a schema | it is the declared error with this code and message |
//! | `x-pulse-extends`, `x-pulse-fields` | a schema | the parent and the own fields of a struct that defines an inherited field anew, which `allOf` cannot say |
//! | `x-enumDescriptions` | a schema | the documentation of an enum's values |
//!
//! # What other documents come to
//!
//! An operation is a method of the interface that its first tag names, else the first segment of its path. Parameters
//! in the path and the query and the members of an inline body are its parameters, any other body is one more; the
//! schema of the first success is what it returns. Schemas of objects are structs, those of texts with an `enum` are
//! enums, all others are written out where they are used. `allOf` with one `$ref` is `extends`. What is not required,
//! or nullable, is optional. Names become identifiers, by number where two become the same.
//!
//! What a contract cannot say is left out with a warning: constraints on values, choices between schemas, headers,
//! security, callbacks. Titles, examples, servers, links to other documents and the descriptions of parameters are left out
//! without one. Nothing is fetched: a `$ref` that leaves the document is an error.

mod cycles;
mod document;
mod draft;
mod read;
mod write;
mod yaml;

use std::fmt::{self, Write as _};

use pintle_core::Contract;

pub use document::{MAX_NESTING, MAX_TEXT, MAX_VALUES};
pub use read::{MAX_COPIED, MAX_PARAMETERS, MAX_WARNINGS, read};
pub use write::write;

/// A contract that was read from a document, and what the document says beyond it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Keeps every rule of the language.
    pub contract: Contract,
    /// What could not be expressed, up to [`MAX_WARNINGS`].
    pub warnings: Vec<Diagnostic>,
}

/// Something about a place in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The document, as the caller named it.
    pub file: String,
    /// Line and column, from 1; known for YAML alone.
    pub position: Option<(u32, u32)>,
    /// JSON Pointer (RFC 6901); empty for the whole document.
    pub pointer: String,
    /// One sentence.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some((line, column)) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        f.write_str(": ")?;
        if !self.pointer.is_empty() {
            // Keys are the document's: none may drive a terminal.
            for c in self.pointer.chars() {
                match c.is_control() || !c.is_ascii() && c.escape_debug().len() > 1 {
                    true => write!(f, "{}", c.escape_unicode())?,
                    false => f.write_char(c)?,
                }
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Diagnostic {}
