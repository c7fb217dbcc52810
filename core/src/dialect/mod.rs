//! Other protocols for the same calls: rpc documentation, section 6.
//!
//! ```text
//! message ─▶ Server::request ─▶ body ─▶ Exchange ─▶ reply ─▶ Server::reply ─▶ message
//! message ◀─ call ◀─ Prepared        Expected ─▶ answer ◀─ message
//! ```
//!
//! A dialect only changes how a call is written. A server of one speaks for one interface, and every body that it makes goes
//! through an [`crate::Exchange`], which checks it like any other; so does [`crate::Prepared`] with what is called and
//! answered on the other side.

mod ascii;
mod interface;
pub mod remotipy;
pub mod simplerpc;
mod walk;

pub use interface::InterfaceError;

use crate::client::{CallError, Expected};
use crate::contract::{Contract, bare};
use crate::engine::{Method, MethodId};
use crate::error::{Code, RpcError};
use crate::json::{
    members::{Others, members},
    scan,
    text::unescape,
};
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

/// Why a call failed that the peer says failed with `name`: with the declared error of that name, else with `code`.
fn failure(expected: &Expected, name: &str, code: Code, words: &str) -> CallError {
    if let Some((engine, method)) = expected.method()
        && let Some(code) = code_of(engine.contract(), method, name)
    {
        return expected.error(RpcError::new(code, words));
    }
    let error = RpcError::from(code);
    let said = words.strip_prefix(error.message.as_str()).unwrap_or(words).trim_start_matches(": ");
    let own = [simplerpc::UNKNOWN, remotipy::INTERNAL_ERROR].contains(&name);
    CallError::Rpc(match said {
        // The code says all that is known.
        "" if own || code != Code::InternalError => error,
        "" => error.with_detail(name),
        _ if own || code != Code::InternalError => error.with_detail(said),
        _ => error.with_detail(&format!("{name}: {said}")),
    })
}

/// The code of the declared error called `name` without its namespace; of several, that which the method raises.
fn code_of(contract: &Contract, method: &Method, name: &str) -> Option<i32> {
    let is = |code: &i32| declared(contract, *code) == Some(name);
    let raised = method.raises.iter().copied().find(is);
    raised.or_else(|| contract.errors().iter().map(|error| error.code).find(is))
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
    let ([detail], _) = members(json, 0, ["detail"], Others::Ignored, scan::MAX_DEPTH)?;
    Some(string(data, detail?)?.into_owned())
}

/// The string at `range` of `json`, if that is one.
fn string(json: &str, range: Range<usize>) -> Option<Cow<'_, str>> {
    let raw = json.get(range)?.strip_prefix('"')?.strip_suffix('"')?;
    Some(unescape(raw))
}
