//! The core of pintle: everything about a call that can be decided from its bytes.
//!
//! ```text
//! bytes ─▶ envelope ─▶ contract ─▶ validate ─▶ Exchange ══ Step::Call ══▶ the shell runs the handler
//! bytes ◀─ envelope ◀───────────── validate ◀─ Exchange ◀═ complete(ticket, outcome) ═╝
//! ```
//!
//! No I/O, no clock, no randomness, no threads, no logging: a shell moves the bytes and runs the handlers.
#![forbid(unsafe_code)]

extern crate alloc;

mod builtin;
mod client;
pub mod contract;
pub mod dialect;
mod engine;
mod envelope;
mod error;
mod exchange;
mod explain;
pub mod frame;
pub mod idl;
pub mod index;
pub mod json;
mod limits;
mod names;
mod params;
mod plan;
mod problem;
mod result;
pub mod session;
mod validate;
mod value;

pub use builtin::Builtin;
pub use client::{CallError, Expected, Prepared, Replies};
pub use contract::Contract;
pub use engine::{Builder, Engine, EngineError, ErrorPolicy, Method, MethodId};
pub use error::{Code, RpcError};
pub use exchange::{Admission, Call, Completion, Exchange, Outcome, Request, Step, Ticket};
pub use limits::Limits;
pub use plan::TypeId;
pub use problem::{Problem, Validation};
