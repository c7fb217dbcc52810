//! simplerpc: lines of a name and an object, answered in order with `OKAY{…}` or `FAIL{"reason": …, "message": …}`.
//!
//! The object of a line is the method's parameter if it has one, of a struct or map type; else its members are the
//! parameters by name. A server may send lines of its own between its answers, which are not answered.
//!
//! Lines are without their ends here. All that is written is ASCII.

mod client;
mod messages;
mod server;

pub use client::{answer, call, is_answer};
pub use messages::Messages;
pub use server::Server;

use super::interface::Interface;
use super::walk;
use crate::engine::{Method, MethodId};
use crate::error::{Rejection, RpcError};
use crate::json::scan::space;
use crate::plan::Kind;

const OKAY: &str = "OKAY";
const FAIL: &str = "FAIL";

const MALFORMED: &str = "MalformedPayload";
const INVALID_PARAMS: &str = "InvalidParams";
const METHOD_NOT_FOUND: &str = "MethodNotFound";
pub(super) const UNKNOWN: &str = "Unknown";

/// Reads a line as a JSON-RPC request that ends in `tail`.
fn read(interface: &Interface, line: &[u8], tail: &[u8]) -> Result<(MethodId, Vec<u8>), RpcError> {
    let limits = interface.engine.limits();
    if line.len() > limits.body {
        return Err(Rejection::BodyTooLarge { limit: limits.body }.into());
    }
    let text = str::from_utf8(line).map_err(|error| Rejection::NotUtf8 { at: error.valid_up_to() })?;
    let (opcode, _) =
        text.split_once('{').filter(|(opcode, _)| !opcode.is_empty()).ok_or(Rejection::NoMessage)?;
    let start = opcode.len();
    // One object and nothing behind it: what is put into the request cannot end its parameters.
    let end = walk::skip(line, start).map_err(|fault| Rejection::from((fault, limits)))?;
    if space(line, end) != line.len() {
        return Err(Rejection::NotJson { at: end }.into());
    }
    let (id, method, head) = interface.method(opcode).ok_or(Rejection::UnknownMethod)?;
    let mut body = Vec::with_capacity(head.len() + (end - start) + tail.len() + 2);
    body.extend_from_slice(head);
    if takes_object(method) {
        body.push(b'[');
        body.extend_from_slice(&line[start..end]);
        body.push(b']');
    } else {
        body.extend_from_slice(&line[start..end]);
    }
    body.extend_from_slice(tail);
    Ok((id, body))
}

/// Whether the object of a message is the method's one parameter; else its members are the parameters.
fn takes_object(method: &Method) -> bool {
    matches!(method.members.as_slice(), [only] if matches!(only.kind, Kind::Struct(_) | Kind::Map(_)))
}
