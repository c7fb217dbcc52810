//! The contract `calculator`, made by `pintle gen rust`: change the contract and make it again.

// Names and comments are the contract's, and nobody uses all of it.
#![allow(dead_code, missing_docs, unreachable_pub)]
#![allow(clippy::complexity, clippy::style, rustdoc::bare_urls)]

/// The errors that the contract declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Error {
    /// Nothing can be divided by zero.
    DivisionByZero,
    /// The result does not fit into a float.
    OutOfRange,
}

impl Error {
    /// The number that it travels as.
    pub fn code(self) -> i32 {
        match self {
            Self::DivisionByZero => 1,
            Self::OutOfRange => 2,
        }
    }

    /// The error with this code, if it is one of these.
    pub fn from_code(code: i32) -> Option<Self> {
        match code {
            1 => Some(Self::DivisionByZero),
            2 => Some(Self::OutOfRange),
            _ => None,
        }
    }

    /// What the contract says that it means.
    pub fn message(self) -> &'static str {
        match self {
            Self::DivisionByZero => "Division by zero",
            Self::OutOfRange => "Result out of range",
        }
    }
}

impl From<Error> for rpc::RpcError {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.message())
    }
}

/// Two numbers in, one out.
///
/// Serves `Calculator`.
pub trait Calculator {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "Calculator";

    /// Errors: `OutOfRange` (2).
    fn add(&self, a: f64, b: f64) -> Result<f64, rpc::RpcError>;

    /// Errors: `OutOfRange` (2).
    fn subtract(&self, a: f64, b: f64) -> Result<f64, rpc::RpcError>;

    /// Errors: `OutOfRange` (2).
    fn multiply(&self, a: f64, b: f64) -> Result<f64, rpc::RpcError>;

    /// The quotient of a and b.
    ///
    /// Errors: `DivisionByZero` (1), `OutOfRange` (2).
    fn divide(&self, a: f64, b: f64) -> Result<f64, rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C: rpc::Call>(&self, call: C) -> C::Answer {
        match call.method() {
            "add" => call.run(|(a, b)| self.add(a, b)),
            "subtract" => call.run(|(a, b)| self.subtract(a, b)),
            "multiply" => call.run(|(a, b)| self.multiply(a, b)),
            "divide" => call.run(|(a, b)| self.divide(a, b)),
            _ => call.unknown(),
        }
    }
}

/// Two numbers in, one out.
///
/// Calls `Calculator` over any transport.
pub trait CalculatorClient: rpc::Transport {
    /// Errors: `OutOfRange` (2).
    fn add(&self, a: f64, b: f64) -> Self::Answer<f64> {
        self.call("Calculator.add", (a, b))
    }

    /// Errors: `OutOfRange` (2).
    fn subtract(&self, a: f64, b: f64) -> Self::Answer<f64> {
        self.call("Calculator.subtract", (a, b))
    }

    /// Errors: `OutOfRange` (2).
    fn multiply(&self, a: f64, b: f64) -> Self::Answer<f64> {
        self.call("Calculator.multiply", (a, b))
    }

    /// The quotient of a and b.
    ///
    /// Errors: `DivisionByZero` (1), `OutOfRange` (2).
    fn divide(&self, a: f64, b: f64) -> Self::Answer<f64> {
        self.call("Calculator.divide", (a, b))
    }
}

impl<T: rpc::Transport + ?Sized> CalculatorClient for T {}

/// What carries calls to where an interface is served, and back.
pub mod rpc {
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    /// The way from clients to a server. Whoever has one can call every interface.
    pub trait Transport {
        /// What a call gives: `Result<R, …>` if the transport waits for the answer, a future of it if not.
        type Answer<R: DeserializeOwned + Send + 'static>;

        /// Sends a call. `method` is `Interface.method`, `params` becomes a JSON array by position.
        fn call<P, R>(&self, method: &str, params: P) -> Self::Answer<R>
        where
            P: Serialize,
            R: DeserializeOwned + Send + 'static;
    }

    /// One call that has come to a server.
    pub trait Call: Sized {
        /// What goes back.
        type Answer;

        /// The method's name without that of its interface.
        fn method(&self) -> &str;

        /// Reads the parameters from a JSON array by position, runs `handler`, and writes what it returns.
        fn run<P, R, H>(self, handler: H) -> Self::Answer
        where
            P: DeserializeOwned,
            R: Serialize,
            H: FnOnce(P) -> Result<R, RpcError>;

        /// Answers that the interface has no such method.
        fn unknown(self) -> Self::Answer;
    }

    /// What a method answers instead of a result.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RpcError {
        /// One that the contract declares, or another outside of -32768 to -32000. Of those only
        /// -32602 is for handlers.
        pub code: i32,
        /// One sentence for the caller.
        pub message: String,
        /// More about it, as JSON text.
        pub data: Option<String>,
    }

    impl RpcError {
        /// An error without data.
        pub fn new(code: i32, message: impl Into<String>) -> Self {
            RpcError {
                code,
                message: message.into(),
                data: None,
            }
        }

        /// Invalid params: for what the contract's types cannot say.
        pub fn invalid_params(message: impl Into<String>) -> Self {
            RpcError::new(-32602, message)
        }

        /// Internal error: for what callers need not know.
        pub fn internal() -> Self {
            RpcError::new(-32603, "Internal error")
        }
    }

    impl std::fmt::Display for RpcError {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{} ({})", self.message, self.code)
        }
    }

    impl std::error::Error for RpcError {}
}
