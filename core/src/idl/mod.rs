//! The contract language: `.pulse` text to a [`Contract`](crate::contract::Contract) and back.

mod assemble;
mod barrister;
mod diagnostic;
mod format;
mod lexer;
mod parser;
mod portable;
mod print;
mod resolve;

pub use diagnostic::{Diagnostic, FileId, Note, Position, Sources};
pub use format::{Mistakes, format};
pub use resolve::{Loader, MAX_FILE_SIZE, MAX_FILES, MAX_IMPORT_DEPTH, Parsed, parse};
