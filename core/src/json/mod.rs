//! JSON: RFC 8259 read and written without a tree, and a tree for what is read once.
//!
//! The scanner works on text that is known to be UTF-8, positions are byte offsets, and nothing in it recurses.

pub(crate) mod members;
pub(crate) mod number;
pub(crate) mod scan;
pub(crate) mod text;
mod tree;
pub(crate) mod write;

pub use text::without_breaks;
pub use tree::{NotJson, Value};
pub use write::string as write_string;
