//! Why a call has no result.

use std::fmt;
use std::time::Duration;

use pintle_core::{Problem, RpcError};

/// Why a call has no result. What a peer wrote into it is text of a stranger: escape it before a terminal shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientError {
    /// Nothing was sent: the call breaks the contract, or cannot be written.
    NotSent {
        /// One sentence.
        reason: String,
        /// What the contract refuses, if it is that.
        problems: Vec<Problem>,
    },
    /// Nothing was sent: the contract has no method of this name.
    UnknownMethod(String),
    /// The server's contract cannot be had, and why.
    NoContract(String),
    /// The server cannot be reached, the connection broke, or what came is no reply. The call may have run.
    Transport(String),
    /// No answer came within this time. The call may have run; where the transport can tell, the server was told to
    /// cancel it.
    Timeout(Duration),
    /// The server answered with an error.
    Remote(RemoteError),
    /// The server's result breaks the contract: what is wrong with it.
    Broken(Vec<Problem>),
    /// The result is no value of the type that the caller asked for.
    Type(String),
}

/// An error that a server answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteError {
    /// Code, message and data as they came.
    pub error: RpcError,
    /// What the contract calls this code, without a namespace; `None` if it is not declared or no contract is known.
    pub name: Option<String>,
}

impl ClientError {
    pub(super) fn not_sent(reason: impl Into<String>) -> ClientError {
        ClientError::NotSent { reason: reason.into(), problems: Vec::new() }
    }

    /// The error that the server answered with, if it is that.
    pub fn remote(&self) -> Option<&RemoteError> {
        if let ClientError::Remote(remote) = self { Some(remote) } else { None }
    }

    /// The code of the error that the server answered with, if it is that.
    pub fn code(&self) -> Option<i32> {
        self.remote().map(|remote| remote.error.code)
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientError::NotSent { reason, problems } => {
                write!(f, "not sent: {reason}")?;
                list(f, problems)
            }
            ClientError::UnknownMethod(method) => write!(f, "not sent: the contract has no method {method}"),
            ClientError::Transport(what) | ClientError::NoContract(what) => f.write_str(what),
            ClientError::Timeout(time) => write!(f, "no answer within {time:?}"),
            ClientError::Remote(remote) => remote.fmt(f),
            ClientError::Broken(problems) => {
                f.write_str("the answer breaks the server's contract")?;
                list(f, problems)
            }
            ClientError::Type(why) => write!(f, "the result is of another type: {why}"),
        }
    }
}

/// Problems behind what was said, each on its line.
fn list(f: &mut fmt::Formatter<'_>, problems: &[Problem]) -> fmt::Result {
    f.write_str(if problems.is_empty() { "" } else { ":" })?;
    problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
}

impl std::error::Error for ClientError {}

impl fmt::Display for RemoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error.message)?;
        match &self.name {
            Some(name) => write!(f, " ({name}, {})", self.error.code),
            None => write!(f, " ({})", self.error.code),
        }
    }
}

impl std::error::Error for RemoteError {}
