//! What is made from a contract: exports for other fields' tools, generated code, reference pages.
//!
//! No I/O: everything here answers text, and a shell decides where it goes. A function that cannot express a contract
//! refuses it as a whole, so that there is never half an output.

pub mod case;
mod file;
pub mod jsonschema;
pub mod openapi;
pub mod openrpc;
mod schema;

pub use file::File;
