//! What is made from a contract: exports for other fields' tools, generated code, reference pages.
//!
//! No I/O: everything here answers text, and a shell decides where it goes. A function that cannot express a contract
//! refuses it as a whole, so that there is never half an output.

pub mod case;
mod comment;
mod fields;
mod file;
pub mod html;
pub mod jsonschema;
mod namespaces;
pub mod openapi;
pub mod openrpc;
pub mod project;
pub mod python;
mod refusal;
pub mod rust;
mod schema;
pub mod typescript;
pub mod wit;

pub use file::File;
pub use refusal::{GenerateError, MAX_OUTPUT};
