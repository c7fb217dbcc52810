//! The contract `inc`, made by `pintle gen rust`: change the contract and make it again.

// Names and comments are the contract's, and nobody uses all of it.
#![allow(dead_code, missing_docs, unreachable_pub)]
#![allow(clippy::complexity, clippy::style, rustdoc::bare_urls)]

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Response {
    pub status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<super::std_::Type>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Ok,
    Err,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    Add,
    Sub,
}

/// The errors that the contract declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Error {
    /// It was bad.
    Bad,
}

impl Error {
    /// The number that it travels as.
    pub fn code(self) -> i32 {
        match self {
            Self::Bad => 2,
        }
    }

    /// The error with this code, if it is one of these.
    pub fn from_code(code: i32) -> Option<Self> {
        match code {
            2 => Some(Self::Bad),
            _ => None,
        }
    }

    /// What the contract says that it means.
    pub fn message(self) -> &'static str {
        match self {
            Self::Bad => "bad",
        }
    }
}

impl From<Error> for super::rpc::RpcError {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.message())
    }
}

/// Serves `inc.Calculator`.
pub trait Calculator {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "inc.Calculator";

    /// Errors: `Bad` (2).
    fn calculate(&self, op: Op, a: f64, b: f64) -> Result<Response, super::rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C: super::rpc::Call>(&self, call: C) -> C::Answer {
        match call.method() {
            "calculate" => call.run(|(op, a, b)| self.calculate(op, a, b)),
            _ => call.unknown(),
        }
    }
}

/// Calls `inc.Calculator` over any transport.
pub trait CalculatorClient: super::rpc::Transport {
    /// Errors: `Bad` (2).
    fn calculate(&self, op: Op, a: f64, b: f64) -> Self::Answer<Response> {
        self.call("inc.Calculator.calculate", (op, a, b))
    }
}

impl<T: super::rpc::Transport + ?Sized> CalculatorClient for T {}
