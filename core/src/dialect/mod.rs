//! Other protocols for the same calls: rpc documentation, section 6.
//!
//! ```text
//! message ─▶ Server::request ─▶ body ─▶ Exchange ─▶ reply ─▶ Server::reply ─▶ message
//! ```
//!
//! A dialect only changes how a call is written. It serves one interface, and every body that it makes goes through an
//! [`crate::Exchange`], which checks it like any other.

mod ascii;
mod interface;
pub mod remotipy;
pub mod simplerpc;
mod walk;

pub use interface::InterfaceError;

use crate::contract::{Contract, bare};
use crate::engine::MethodId;
use crate::error::{Code, RpcError};
use crate::json::{scan::space, text::unescape};
use std::borrow::Cow;
use std::ops::Range;

/// What a server makes of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A call: open an [`crate::Exchange`] with `body`, and give its reply to the dialect's `reply`.
    Call {
        /// A JSON-RPC request.
        body: Vec<u8>,
        /// What it calls.
        method: MethodId,
    },
    /// No call: this is the answer.
    Answer(Vec<u8>),
}

/// The error that `contract` declares for `code`, without its namespace.
fn declared(contract: &Contract, code: i32) -> Option<&str> {
    contract.error(code).map(|error| bare(&error.name, &error.namespace))
}

/// An error in words, for protocols that have no data: the protocol's own errors say the rest in their detail.
fn words(error: &RpcError) -> String {
    let own = Code::ALL.iter().any(|code| code.number() == error.code);
    match error.data.as_deref().filter(|_| own).and_then(detail) {
        Some(detail) => format!("{}: {detail}", error.message),
        None => error.message.clone(),
    }
}

fn detail(data: &str) -> Option<String> {
    let json = data.as_bytes();
    let ([detail], _) = walk::named(json, space(json, 0), ["detail"], |at| walk::skip(json, at)).ok()?;
    Some(string(data, detail?)?.into_owned())
}

/// The string at `range` of `json`, if that is one.
fn string(json: &str, range: Range<usize>) -> Option<Cow<'_, str>> {
    let raw = json.get(range)?.strip_prefix('"')?.strip_suffix('"')?;
    Some(unescape(raw))
}
