//! JSON as bytes: RFC 8259 read and written without a tree.
//!
//! Everything here works on text that is known to be UTF-8, positions are byte offsets, and nothing recurses.

pub(crate) mod number;
pub(crate) mod scan;
pub(crate) mod text;
pub(crate) mod write;
