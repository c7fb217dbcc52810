//! The errors of a handler, and what the host can refuse.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

/// What a handler answers instead of a result.
///
/// The caller gets it as it is, if `code` is one that the contract declares or another outside of the reserved
/// -32768…-32000. Of the reserved ones only -32602 passes ([`Error::invalid_params`]); the host makes any other an
/// Internal error. For `?` on an error type of your own, implement `From<YourError> for Error`: there is no blanket
/// conversion, because the text of an implementation's error is not meant for callers.
#[derive(Debug, Clone)]
pub struct Error {
    code: i32,
    message: String,
    data: Option<Box<RawValue>>,
}

impl Error {
    /// An error with a code of the contract. An empty message means: the one that the contract declares.
    pub fn new(code: i32, message: impl Into<String>) -> Self {
        Error { code, message: message.into(), data: None }
    }

    /// Invalid params, -32602: for what the contract cannot express, such as a quantity below one.
    pub fn invalid_params(message: impl Into<String>) -> Self {
        Error::new(-32602, message)
    }

    /// Internal error, -32603. `log` what happened: the caller learns no more than this.
    pub fn internal() -> Self {
        Error::new(-32603, "Internal error")
    }

    /// The same error with `data`. What serde cannot write as JSON is left out.
    #[must_use]
    pub fn with_data(mut self, data: impl Serialize) -> Self {
        self.data = to_raw_value(&data).ok();
        self
    }

    /// An error whose data is JSON text; what is not JSON is left out.
    pub fn from_parts(code: i32, message: String, data: Option<String>) -> Self {
        Error { code, message, data: data.and_then(|data| RawValue::from_string(data).ok()) }
    }

    /// Code, message, and the data as JSON text.
    pub fn into_parts(self) -> (i32, String, Option<String>) {
        (self.code, self.message, self.data.map(|data| Box::<str>::from(data).into_string()))
    }

    /// The code.
    pub fn code(&self) -> i32 {
        self.code
    }

    /// The message, empty if the contract's is meant.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// JSON text of the data.
    pub fn data(&self) -> Option<&str> {
        self.data.as_deref().map(RawValue::get)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for Error {}

/// An [`Error`] on the wire. `Error` itself cannot be serialized: that is how a handler's `Result` is told apart from
/// a result that happens to be an enum.
#[derive(Serialize, Deserialize)]
pub(crate) struct Wire {
    code: i32,
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data: Option<Box<RawValue>>,
}

impl From<Error> for Wire {
    fn from(Error { code, message, data }: Error) -> Self {
        Wire { code, message, data }
    }
}

impl From<Wire> for Error {
    fn from(Wire { code, message, data }: Wire) -> Self {
        Error { code, message, data }
    }
}

/// Why the host did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// There is no such connection, or it has ended.
    NoConnection,
    /// The manifest grants this plugin no such thing.
    NotGranted,
    /// The host does not accept the arguments.
    Invalid,
    /// A limit of the manifest is reached.
    Full,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refused::NoConnection => "no such connection",
            Refused::NotGranted => "not granted",
            Refused::Invalid => "invalid arguments",
            Refused::Full => "a limit is reached",
        })
    }
}

impl std::error::Error for Refused {}

/// A refusal that a handler passes on with `?` is logged, and is an Internal error to the caller.
impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        crate::log::error(format_args!("the host refused: {refused}"));
        Error::internal()
    }
}
