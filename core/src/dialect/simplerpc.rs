//! simplerpc: lines of a name and an object, answered in order with `OKAY{…}` or `FAIL{"reason": …, "message": …}`.
//!
//! Lines are without their ends here. All that is written is ASCII.

use super::interface::Interface;
use super::{InterfaceError, Request, ascii, declared, walk, words};
use crate::engine::{Engine, Method, MethodId};
use crate::error::{Code, Rejection, RpcError};
use crate::exchange;
use crate::json::{scan::space, write};
use crate::plan::Kind;
use std::sync::Arc;

/// What a server does: reads the lines of its clients and answers each.
#[derive(Debug)]
pub struct Server {
    interface: Interface,
}

impl Server {
    /// Serves `interface`, a name of the contract.
    ///
    /// # Errors
    ///
    /// If the contract has no such interface.
    pub fn new(engine: &Arc<Engine>, interface: &str) -> Result<Self, InterfaceError> {
        Ok(Server { interface: Interface::new(engine, interface)? })
    }

    /// Reads a line. Each has exactly one answer, and answers go out in the order of the lines.
    pub fn request(&self, line: &[u8]) -> Request {
        match read(&self.interface, line, b",\"id\":0}") {
            Ok((method, body)) => Request::Call { body, method },
            Err(error) => Request::Answer(self.fail(&error)),
        }
    }

    /// The answer to a line, from the reply that its exchange came to.
    pub fn reply(&self, reply: Option<&[u8]>) -> Vec<u8> {
        let outcome = match reply {
            Some(reply) => exchange::read(reply),
            None => Err(Code::InternalError.into()),
        };
        outcome.and_then(|result| self.okay(result)).unwrap_or_else(|error| self.fail(&error))
    }

    fn okay(&self, result: &str) -> Result<Vec<u8>, RpcError> {
        let (before, result, behind) = match result {
            "null" => ("OKAY", "{}", ""),
            object if object.starts_with('{') => ("OKAY", object, ""),
            value => ("OKAY{\"result\":", value, "}"),
        };
        let mut out = Vec::with_capacity(before.len() + result.len() + behind.len());
        out.extend_from_slice(before.as_bytes());
        let limit = self.interface.engine.limits().reply;
        if !ascii::push(&mut out, result, limit.saturating_sub(behind.len())) {
            return Err(Rejection::ReplyTooLarge { limit }.into());
        }
        out.extend_from_slice(behind.as_bytes());
        Ok(out)
    }

    /// The answer that says `error`.
    pub fn fail(&self, error: &RpcError) -> Vec<u8> {
        let limit = self.interface.engine.limits().reply;
        // Every line is answered, whatever the limit: what is not would be paired with the next answer.
        let fail = self.failure(error, limit).or_else(|too_large| self.failure(&too_large, usize::MAX));
        fail.unwrap_or_default()
    }

    fn failure(&self, error: &RpcError, limit: usize) -> Result<Vec<u8>, RpcError> {
        let code = Code::ALL.iter().find(|code| code.number() == error.code);
        let reason = match code {
            Some(Code::ParseError | Code::InvalidRequest) => MALFORMED,
            Some(Code::InvalidParams) => INVALID_PARAMS,
            Some(Code::MethodNotFound) => METHOD_NOT_FOUND,
            Some(_) => UNKNOWN,
            None => declared(self.interface.contract(), error.code).unwrap_or(UNKNOWN),
        };
        let mut json = b"{\"reason\":".to_vec();
        write::string(&mut json, reason);
        json.extend_from_slice(b",\"message\":");
        write::string(&mut json, &words(error));
        json.push(b'}');
        let mut out = b"FAIL".to_vec();
        let all = ascii::push(&mut out, &String::from_utf8(json).unwrap_or_default(), limit);
        if all { Ok(out) } else { Err(Rejection::ReplyTooLarge { limit }.into()) }
    }
}

const MALFORMED: &str = "MalformedPayload";
const INVALID_PARAMS: &str = "InvalidParams";
const METHOD_NOT_FOUND: &str = "MethodNotFound";
const UNKNOWN: &str = "Unknown";

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
