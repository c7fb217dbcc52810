//! The side that is called.

use super::{FAIL, INVALID_PARAMS, MALFORMED, METHOD_NOT_FOUND, OKAY, UNKNOWN, read};
use crate::dialect::interface::Interface;
use crate::dialect::{InterfaceError, Request, ascii, declared, words};
use crate::engine::Engine;
use crate::error::{Code, Rejection, RpcError};
use crate::exchange;
use crate::json::write;
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
            "null" => ("", "{}", ""),
            object if object.starts_with('{') => ("", object, ""),
            value => ("{\"result\":", value, "}"),
        };
        let mut out = Vec::with_capacity(OKAY.len() + before.len() + result.len() + behind.len());
        out.extend_from_slice(OKAY.as_bytes());
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
        let mut out = FAIL.as_bytes().to_vec();
        let all = ascii::push(&mut out, &String::from_utf8(json).unwrap_or_default(), limit);
        if all { Ok(out) } else { Err(Rejection::ReplyTooLarge { limit }.into()) }
    }
}
