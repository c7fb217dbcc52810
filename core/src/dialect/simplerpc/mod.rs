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
use crate::plan::{Kind, Member, Plan};

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
    let object = &text[start..end];
    match parameter(method) {
        Some(only) => {
            let value =
                if only.optional { or_null(&interface.engine.plan, only.kind, object) } else { object };
            body.push(b'[');
            body.extend_from_slice(value.as_bytes());
            body.push(b']');
        }
        None => body.extend_from_slice(object.as_bytes()),
    }
    body.extend_from_slice(tail);
    Ok((id, body))
}

/// The one parameter that the object of a line is; without it, its members are the parameters.
fn parameter(method: &Method) -> Option<&Member> {
    match method.members.as_slice() {
        [only] if matches!(only.kind, Kind::Struct(_) | Kind::Map(_)) => Some(only),
        _ => None,
    }
}

/// What an object of type `kind` means where `null` may stand too. Nothing and what has no members are written alike: it is
/// nothing if a member must be there.
fn or_null<'a>(plan: &Plan, kind: Kind, object: &'a str) -> &'a str {
    let Kind::Struct(index) = kind else { return object };
    let shape = plan.shapes.get(index as usize);
    let needs = shape.is_some_and(|shape| shape.fields.iter().any(|field| !field.optional));
    if needs && is_empty(object) { "null" } else { object }
}

/// Whether an object has no members.
fn is_empty(object: &str) -> bool {
    object.as_bytes().get(space(object.as_bytes(), 1)) == Some(&b'}')
}
