//! The JSON form of a contract, `idl.json`, as PulseRPC writes it; and read, the form of Barrister.

mod barrister;
mod checked;
mod node;
mod read;
mod tree;
mod write;

use alloc::string::String;
use core::fmt;

/// What is wrong with a contract in JSON form, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonDiagnostic {
    /// JSON Pointer (RFC 6901) to the value at fault; empty for the whole document.
    pub pointer: String,
    /// One sentence.
    pub message: String,
    /// A related place, as a pointer, and what is there.
    pub note: Option<(String, String)>,
    /// How to mend it.
    pub help: Option<String>,
}

impl JsonDiagnostic {
    fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        JsonDiagnostic { pointer: pointer.into(), message: message.into(), note: None, help: None }
    }
}

impl fmt::Display for JsonDiagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.pointer.is_empty() {
            write!(f, "{}: ", self.pointer)?;
        }
        f.write_str(&self.message)?;
        if let Some((pointer, text)) = &self.note {
            write!(f, " ({text}: {pointer})")?;
        }
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}

impl core::error::Error for JsonDiagnostic {}
