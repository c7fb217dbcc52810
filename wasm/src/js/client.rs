//! This side's calls: checked before they are sent, and their answers when they come.
//!
//! What is thrown has a JSON object for a message: `code`, `message` and, if there is any, `data` of an error as it
//! travels, whether a peer sent it or it was found here.

use super::{Contract, index};
use pintle_core::contract::diff::{self, Rules};
use pintle_core::json::write_string;
use pintle_core::{CallError, Code, RpcError, session};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// A call that may be sent.
#[wasm_bindgen]
pub struct Prepared {
    pub(super) call: pintle_core::Prepared,
    place: u32,
}

#[wasm_bindgen]
impl Prepared {
    /// The index of the result that was read last, as that of [`Contract::index`]; 0 where nobody knows its type.
    #[wasm_bindgen(getter)]
    pub fn place(&self) -> u32 {
        self.place
    }

    /// The body of a request.
    pub fn request(&self, id: u32) -> String {
        text(self.call.request(&id.to_string()))
    }

    /// The body of a notification.
    pub fn notification(&self) -> String {
        text(self.call.notification())
    }
}

/// The body of a reply.
#[wasm_bindgen]
pub struct Replies {
    replies: pintle_core::Replies,
}

#[wasm_bindgen]
impl Replies {
    /// The result of `call`, which was sent with `id`, as JSON text. Throws its error.
    pub fn answer(&self, id: u32, call: &Prepared) -> Result<String, JsError> {
        let answer = self.replies.answer(&id.to_string(), call.call.expected());
        answer.map(std::borrow::Cow::into_owned).map_err(thrown)
    }

    /// The same, with its index: `call.place` says where.
    #[wasm_bindgen(js_name = answerIndexed)]
    pub fn answer_indexed(&self, id: u32, call: &mut Prepared) -> Result<String, JsError> {
        let answer = self.answer(id, call)?;
        call.place = index::place(|index| call.call.expected().index(&answer, index));
        Ok(answer)
    }
}

#[wasm_bindgen]
impl Contract {
    /// Checks a call: `method` is its name on the wire, `params` a JSON array or object, or empty. `checks` is 0 for both
    /// ways, 1 for parameters alone, 2 for nothing. Throws what is wrong.
    pub fn prepare(&self, method: &str, params: &str, checks: u32) -> Result<Prepared, JsError> {
        let call = match checks {
            2 => pintle_core::Prepared::unchecked(self.engine.limits(), method, params),
            _ => pintle_core::Prepared::new(&self.engine, method, params, &[]),
        };
        let call = call.map_err(thrown)?;
        Ok(Prepared { call: if checks == 1 { call.with_any_result() } else { call }, place: 0 })
    }

    /// Reads the body of a reply. Throws why it is none.
    pub fn read(&self, body: Vec<u8>) -> Result<Replies, JsError> {
        let replies = pintle_core::Replies::read(body, self.engine.limits()).map_err(thrown)?;
        Ok(Replies { replies })
    }

    /// What differs between this contract, a client's, and that of a server, as a JSON array.
    pub fn diff(&self, server: &Contract, strict: bool) -> Result<String, JsError> {
        super::language()?;
        let rules = if strict { Rules::Strict } else { Rules::PulseRpc };
        Ok(diff::to_json(&diff::diff(self.engine.contract(), server.engine.contract(), rules)))
    }
}

/// This side's open calls on one connection. Who waits for them is kept in JavaScript, by their numbers.
#[wasm_bindgen]
pub struct Session {
    session: session::Session,
    number: u32,
    received: session::Received,
}

#[wasm_bindgen]
impl Contract {
    /// A session of at most `most` open calls, that goes on after the number `last`.
    pub fn session(&self, most: u32, last: u32) -> Session {
        let session = session::Session::new(self.engine.limits(), most as usize).resumed(last);
        Session { session, number: 0, received: session::Received::default() }
    }
}

#[wasm_bindgen]
impl Session {
    /// Opens a call, which [`Session::number`] is the number of: the body to send. Throws if too many are open.
    pub fn call(&mut self, call: &Prepared) -> Result<String, JsError> {
        let (number, body) = self.session.call(&call.call).map_err(thrown)?;
        self.number = number;
        Ok(text(body))
    }

    /// The call that was opened or completed last.
    #[wasm_bindgen(getter)]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Gives up on a call: the body that tells the peer, if it was open.
    pub fn cancel(&mut self, number: u32) -> Option<String> {
        self.session.cancel(number).map(text)
    }

    /// Takes a body that arrived: [`Session::requests`], [`Session::completed`] and [`Session::cancelled`] say what it was.
    pub fn receive(&mut self, body: Vec<u8>) {
        self.received = self.session.receive(body);
        // They are taken from the end.
        self.received.completed.reverse();
    }

    /// Takes out what of it an exchange is opened with.
    pub fn requests(&mut self) -> Option<Vec<u8>> {
        self.received.requests.take()
    }

    /// Whether it completes another call, which [`Session::number`] is the number of.
    pub fn completed(&mut self) -> bool {
        let next = self.received.completed.last();
        self.number = next.map_or(0, |(number, _)| *number);
        next.is_some()
    }

    /// Takes out the result of that call, as JSON text. Throws its error.
    pub fn result(&mut self) -> Result<String, JsError> {
        let (_, result) = self.received.completed.pop().unwrap_or((0, Err(CallError::Unanswered)));
        result.map_err(thrown)
    }

    /// Takes out the id, as JSON text, of a request that the peer has given up.
    pub fn cancelled(&mut self) -> Option<String> {
        self.received.cancelled.pop()
    }
}

/// Bodies are written as UTF-8.
fn text(body: Vec<u8>) -> String {
    String::from_utf8(body).unwrap_or_default()
}

pub(super) fn thrown(error: CallError) -> JsError {
    let error = match error {
        // Who relies on the contract wants to see how it was broken; the peer is told nothing.
        broken @ (CallError::Result(_) | CallError::Reply(_)) => {
            RpcError::from(Code::InternalError).with_detail(&broken.to_string())
        }
        error => error.into(),
    };
    let mut out = format!("{{\"code\":{},\"message\":", error.code).into_bytes();
    write_string(&mut out, &error.message);
    if let Some(data) = &error.data {
        out.extend_from_slice(b",\"data\":");
        out.extend_from_slice(data.as_bytes());
    }
    out.push(b'}');
    JsError::new(&text(out))
}
