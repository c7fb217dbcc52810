//! Error codes, declared once, and the errors that travel in replies.

use alloc::string::String;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $message:literal;)*) => {
        /// An error code of the protocol or of this implementation, with its fixed message.
        ///
        /// -32768…-32000 are reserved by JSON-RPC 2.0, section 5.1; contracts declare their own outside.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The number on the wire.
            pub const fn number(self) -> i32 {
                match self { $(Code::$name => $code,)* }
            }

            /// The message on the wire, always this text.
            pub const fn message(self) -> &'static str {
                match self { $(Code::$name => $message,)* }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or has an unpaired surrogate outside of parameters.
    ParseError = -32700, "Parse error";
    /// The envelope is wrong.
    InvalidRequest = -32600, "Invalid Request";
    /// Not in the contract, or nothing handles its interface.
    MethodNotFound = -32601, "Method not found";
    /// Count, name or type of the parameters; `data.problems` lists path, expected and got.
    InvalidParams = -32602, "Invalid params";
    /// The result breaks the contract, or the handler failed without an RPC error.
    InternalError = -32603, "Internal error";
    /// A guest trapped, ran out of memory or answered nonsense.
    PluginFailed = -32000, "Plugin failed";
    /// The call ran past its time, waiting or running.
    DeadlineExceeded = -32001, "Deadline exceeded";
    /// The caller gave up, or the server is draining.
    Cancelled = -32002, "Cancelled";
    /// A queue or a concurrency limit is full; `data.retryAfterMs` says when to try again.
    Overloaded = -32003, "Overloaded";
    /// Body, batch, id, depth or reply over its limit.
    TooLarge = -32004, "Too large";
    /// The configured check refused the caller.
    Unauthorized = -32005, "Unauthorized";
}

/// An error as it travels in a reply: JSON-RPC 2.0, section 5.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RpcError {
    /// A [`Code`] or a code that the contract declares.
    pub code: i32,
    /// One short sentence. Empty means: the message that the contract declares for the code.
    pub message: String,
    /// JSON text of the `data` member.
    pub data: Option<String>,
}

impl RpcError {
    /// An error of a handler's own.
    pub fn new(code: i32, message: impl Into<String>) -> Self {
        RpcError { code, message: message.into(), data: None }
    }

    /// The same error with `data`, which must be JSON text: an exchange refuses an error whose data is not.
    pub fn with_data(mut self, json: impl Into<String>) -> Self {
        self.data = Some(json.into());
        self
    }
}

impl From<Code> for RpcError {
    fn from(code: Code) -> Self {
        RpcError::new(code.number(), code.message())
    }
}

impl core::fmt::Display for RpcError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl core::error::Error for RpcError {}
