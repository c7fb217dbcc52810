//! The side that is called.

use super::classes::{CLASS, Classes, DATA, EXCEPTION};
use super::objects::Objects;
use super::unwrap::Unwrap;
use super::wrap::{Refusal, Wrap};
use super::{INTERNAL_ERROR, METHOD_NOT_FOUND, TYPE_ERROR, VALUE_ERROR, nesting};
use crate::contract::bare;
use crate::dialect::interface::Interface;
use crate::dialect::{InterfaceError, Request, declared, string, walk, words};
use crate::engine::{Engine, MethodId};
use crate::error::{Code, Rejection, RpcError};
use crate::exchange;
use crate::json::scan::{FaultKind, space};
use crate::json::write;
use std::sync::Arc;

/// What a server does: reads the bodies of its clients and answers each.
#[derive(Debug)]
pub struct Server {
    interface: Interface,
    classes: Classes,
}

impl Server {
    /// Serves `interface`, a name of the contract.
    ///
    /// # Errors
    ///
    /// If the contract has no such interface, or a struct that cannot be told from what the protocol writes itself.
    pub fn new(engine: &Arc<Engine>, interface: &str) -> Result<Self, InterfaceError> {
        let classes = Classes::new(engine.contract(), &engine.plan)?;
        Ok(Server { interface: Interface::new(engine, interface)?, classes })
    }

    /// Reads the body of a request. Whatever it is, it has one answer, and that is no failure of HTTP.
    pub fn request(&self, body: &[u8]) -> Request {
        self.read(body).unwrap_or_else(Request::Answer)
    }

    /// An error is the answer.
    fn read(&self, body: &[u8]) -> Result<Request, Vec<u8>> {
        let fail = |rejection: Rejection| self.fail(&rejection.into());
        let limits = self.interface.engine.limits();
        if body.len() > limits.body {
            return Err(fail(Rejection::BodyTooLarge { limit: limits.body }));
        }
        let text = str::from_utf8(body);
        let text = text.map_err(|error| fail(Rejection::NotUtf8 { at: error.valid_up_to() }))?;
        let start = space(body, 0);
        if body.get(start) != Some(&b'{') {
            return Err(fail(Rejection::NoCall));
        }
        // The list of parameters is one level more.
        let depth = nesting(limits) + 1;
        let mut objects = Objects::new(body);
        let ([method, params], end) =
            walk::named(body, start, ["method", "params"], |at| objects.read(at, depth)).map_err(
                |fault| {
                    let twice = fault.kind() == FaultKind::Type;
                    fail(if twice { Rejection::NoCall } else { (fault, limits).into() })
                },
            )?;
        let end = space(body, end);
        if end != body.len() {
            return Err(fail(Rejection::NotJson { at: end }));
        }
        let name = method.and_then(|range| string(text, range)).ok_or_else(|| fail(Rejection::NoCall))?;
        let params = match params.map(|range| range.start) {
            Some(at) if body.get(at) == Some(&b'[') => Some(at),
            Some(at) if body.get(at) != Some(&b'n') => return Err(fail(Rejection::NoCall)),
            _ => None,
        };
        let (id, method, head) =
            self.interface.method(&name).ok_or_else(|| self.exception(METHOD_NOT_FOUND, &name))?;
        let mut out = Vec::with_capacity(head.len() + body.len());
        out.extend_from_slice(head);
        out.push(b'[');
        let mut unwrap =
            Unwrap { plan: &self.interface.engine.plan, classes: &self.classes, text, objects, out };
        if let Some(at) = params {
            let list = walk::elements(body, at, |index, at| {
                if index > 0 {
                    unwrap.out.push(b',');
                }
                match method.members.get(index) {
                    Some(member) => unwrap.value(member.kind, at),
                    // One too many: the exchange says so.
                    None => unwrap.copy(at),
                }
            });
            list.map_err(|fault| fail((fault, limits).into()))?;
        }
        let mut body = unwrap.out;
        body.extend_from_slice(b"],\"id\":0}");
        Ok(Request::Call { body, method: id })
    }

    /// The answer to a call of `method`, from the reply that its exchange came to.
    ///
    /// # Panics
    ///
    /// If `method` is of another engine.
    pub fn reply(&self, method: MethodId, reply: Option<&[u8]>) -> Vec<u8> {
        let Some(reply) = reply else { return self.fail(&Code::InternalError.into()) };
        match exchange::read(reply) {
            Ok(result) => self.wrap(method, result).unwrap_or_else(|rejection| self.fail(&rejection.into())),
            // Nothing handles it, which to the caller is the same as no such method.
            Err(error) if error.code == Code::MethodNotFound.number() => {
                let method = self.interface.engine.method(method);
                self.exception(METHOD_NOT_FOUND, bare(&method.name, &method.interface))
            }
            Err(error) => self.fail(&error),
        }
    }

    fn wrap(&self, method: MethodId, result: &str) -> Result<Vec<u8>, Rejection> {
        let engine = &*self.interface.engine;
        let Some(kind) = engine.method(method).result else { return Ok(b"null".to_vec()) };
        let limit = engine.limits.reply;
        let mut wrap = Wrap {
            plan: &engine.plan,
            classes: &self.classes,
            json: result.as_bytes(),
            out: Vec::with_capacity(result.len()),
            limit,
        };
        let wrapped = wrap.value(kind, space(result.as_bytes(), 0), engine.limits.depth());
        match wrapped {
            Ok(_) if wrap.out.len() <= limit => Ok(wrap.out),
            Ok(_) | Err(Refusal::TooLarge) => Err(Rejection::ReplyTooLarge { limit }),
            Err(Refusal::Class) => Err(Rejection::ClassMember),
            Err(Refusal::Fault) => Err(Rejection::BadResult),
        }
    }

    /// The answer that says `error`.
    pub fn fail(&self, error: &RpcError) -> Vec<u8> {
        let code = Code::ALL.iter().find(|code| code.number() == error.code);
        let name = match code {
            Some(Code::ParseError | Code::InvalidRequest) => VALUE_ERROR,
            Some(Code::InvalidParams) => TYPE_ERROR,
            Some(Code::MethodNotFound) => METHOD_NOT_FOUND,
            Some(_) => INTERNAL_ERROR,
            None => declared(self.interface.contract(), error.code).unwrap_or(INTERNAL_ERROR),
        };
        self.exception(name, &words(error))
    }

    fn exception(&self, name: &str, message: &str) -> Vec<u8> {
        let limit = self.interface.engine.limits().reply;
        let answer = exception(name, message);
        if answer.len() <= limit {
            return answer;
        }
        exception(INTERNAL_ERROR, &words(&Rejection::ReplyTooLarge { limit }.into()))
    }
}

fn exception(name: &str, message: &str) -> Vec<u8> {
    let mut out = format!("{{\"{CLASS}\":\"{EXCEPTION}\",\"{DATA}\":{{\"cls\":").into_bytes();
    write::string(&mut out, name);
    out.extend_from_slice(b",\"message\":");
    write::string(&mut out, message);
    out.extend_from_slice(b"},\"exception\":true}");
    out
}
