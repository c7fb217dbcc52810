//! What an exchange asks of a shell, and what it is told.

#[cfg(doc)]
use super::Exchange;
use super::Ticket;
use crate::engine::MethodId;
use crate::error::RpcError;
use crate::params::Text;
use crate::problem::Problem;

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Decide whether this request may be made, with [`Exchange::admit`]. Its method is known; its parameters are
    /// not checked yet. Only comes if the engine was built with admission.
    Admit(Request),
    /// Run this call and bring the outcome to [`Exchange::complete`].
    Call(Call),
    /// Nothing, until something that is out comes back.
    Wait,
    /// The body of the reply; `None` if nothing is answered. Comes once.
    Reply(Option<Vec<u8>>),
    /// It is over.
    Done,
}

/// A request to be admitted.
#[derive(Debug)]
pub struct Request {
    /// The right to decide.
    pub ticket: Ticket,
    /// What it calls.
    pub method: MethodId,
    /// Nobody waits for an answer.
    pub notification: bool,
}

/// A call to be run.
#[derive(Debug)]
pub struct Call {
    /// The right to answer.
    pub ticket: Ticket,
    /// What is called.
    pub method: MethodId,
    /// Nobody waits for an answer.
    pub notification: bool,
    pub(super) params: Text,
}

/// The decision on a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// Let it pass. `parameters` (name and JSON text) are added to those of the caller and checked like them: one
    /// that the caller gave too is a duplicate.
    Accept {
        /// Added parameters.
        parameters: Vec<(String, String)>,
    },
    /// Answer this instead.
    Refuse(RpcError),
}

/// What became of an outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "what was wrong with an answer belongs in a log"]
pub enum Completion {
    /// It is the answer.
    Accepted,
    /// It broke a rule and the caller gets an error; the problems are for the log.
    Replaced(Vec<Problem>),
    /// The call was over already, or the ticket is of another exchange.
    Late,
}
