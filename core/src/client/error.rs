//! Why a call of this side has no result.

use crate::error::{Code, Rejection, RpcError};
use crate::problem::Problem;
use std::fmt;

/// Why a call has no result. The first three come before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// The contract has no method of that name.
    UnknownMethod,
    /// The parameters are not what the contract asks for.
    Params(Vec<Problem>),
    /// As many calls are open as the session allows.
    TooManyOpen {
        /// How many that is.
        limit: usize,
    },
    /// The peer answered with this error.
    Rpc(RpcError),
    /// The peer answered with a result that breaks the contract.
    Result(Vec<Problem>),
    /// What the peer answered is no reply of JSON-RPC 2.0: why not.
    Reply(&'static str),
    /// The reply says nothing about this call.
    Unanswered,
    /// The call was given up, or its connection ended.
    Cancelled,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, what: &str, problems: &[Problem]| {
            f.write_str(what)?;
            for (index, problem) in problems.iter().enumerate() {
                f.write_str(if index > 0 { "; " } else { ": " })?;
                problem.fmt(f)?;
            }
            Ok(())
        };
        match self {
            Self::UnknownMethod => f.write_str("the contract has no such method"),
            Self::Params(problems) => list(f, "the parameters break the contract", problems),
            Self::TooManyOpen { limit } => write!(f, "{limit} calls are open already, and no more may be"),
            Self::Rpc(error) => error.fmt(f),
            Self::Result(problems) => list(f, "the result breaks the contract", problems),
            Self::Reply(why) => write!(f, "the reply cannot be used: {why}"),
            Self::Unanswered => f.write_str("the reply has no answer to this call"),
            Self::Cancelled => f.write_str("the call was cancelled"),
        }
    }
}

impl std::error::Error for CallError {}

impl From<CallError> for RpcError {
    /// The error for somebody who asked for the call and is told as an RPC peer would be: a guest, for example.
    fn from(error: CallError) -> Self {
        let plain = |code: Code, detail: &str| RpcError::from(code).with_detail(detail);
        match error {
            CallError::UnknownMethod => Rejection::UnknownMethod.into(),
            CallError::Params(problems) => Rejection::Params(problems).into(),
            CallError::TooManyOpen { .. } => plain(Code::Overloaded, "Too many calls to the peer are open."),
            CallError::Rpc(error) => error,
            CallError::Result(_) => plain(Code::InternalError, "The peer's result breaks the contract."),
            CallError::Reply(_) | CallError::Unanswered => {
                plain(Code::InternalError, "The peer did not answer as it must.")
            }
            CallError::Cancelled => Code::Cancelled.into(),
        }
    }
}
