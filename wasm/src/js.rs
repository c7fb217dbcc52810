//! The binding for JavaScript. Only bytes, strings and small integers cross; JavaScript polls, nothing calls it.
//!
//! What crosses for each call does so in memory that is always there ([`room`]); the rest is copied as wasm-bindgen does.

mod client;
#[cfg(feature = "dialects")]
mod dialect;
mod index;
mod room;

use self::index::Written;
use crate::flow::{Flow, Move};
use crate::{options, report, source};
use pintle_core::index::Index;
use pintle_core::{Completion, Engine, Outcome, RpcError, TypeId};
use room::Told;
use std::borrow::Cow;
use std::sync::Arc;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// A contract, and what it is served with.
#[wasm_bindgen]
pub struct Contract {
    engine: Arc<Engine>,
    indexed: bool,
}

#[wasm_bindgen]
impl Contract {
    /// Reads `.pulse` text called `name`. `imports` is a JSON object of the other files' texts by their names; empty
    /// if there are none. Throws the diagnostics.
    pub fn parse(name: &str, text: &str, imports: &str) -> Result<Contract, JsError> {
        let imports = options::object(imports).map_err(|why| error(&why))?;
        made(source::from_text(name, text, &imports).and_then(source::engine))
    }

    /// Reads the JSON form; without the language, one that was checked when it was written. Throws the diagnostics.
    #[wasm_bindgen(js_name = fromJSON)]
    pub fn from_json(text: &str) -> Result<Contract, JsError> {
        made(source::from_json(text).and_then(source::engine))
    }

    /// The JSON form.
    #[wasm_bindgen(js_name = toJSON)]
    pub fn to_json(&self) -> String {
        self.engine.idl().to_owned()
    }

    /// The sum that peers exchange; blind to the order of parameters.
    pub fn checksum(&self) -> Result<String, JsError> {
        language()?;
        Ok(self.engine.contract().checksum())
    }

    /// A sum that sees everything but comments and order of definitions.
    pub fn fingerprint(&self) -> Result<String, JsError> {
        language()?;
        Ok(self.engine.contract().fingerprint())
    }

    /// The same contract, served as a JSON object says. Throws what is wrong with it.
    pub fn configure(&self, options: &str) -> Result<Contract, JsError> {
        made(options::configure(self.engine.builder_again(), options))
    }

    /// The problems of a value, JSON text, that should be of a type, as a JSON array; `undefined` if there are none.
    /// Throws if there is no such type.
    pub fn validate(&self, name: &str, json: &[u8]) -> Result<Option<String>, JsError> {
        let validation =
            self.engine.validate(name, json).ok_or_else(|| error("the contract has no such type"))?;
        Ok((!validation.valid()).then(|| report::problems(&validation.problems)))
    }

    /// All methods that can be called, in the order of their numbers: `Interface.method` each, on a line.
    pub fn methods(&self) -> String {
        let mut names = String::new();
        for method in self.engine.methods() {
            names.push_str(&method.name);
            names.push('\n');
        }
        names
    }

    /// The sum that code for indices depends on.
    pub fn layout(&self) -> u32 {
        self.engine.layout()
    }

    /// The number of a type, for [`Contract::find`]; `undefined` if there is none.
    #[wasm_bindgen(js_name = typeId)]
    pub fn type_id(&self, name: &str) -> Option<u32> {
        self.engine.type_id(name).map(|id| id.0)
    }

    /// Checks a value, JSON text, and writes its index: where that is, a multiple of 8; plus 1 where there is none,
    /// because it would be out of proportion; plus 2 if the value has fields that the contract does not name; plus 4
    /// if integers are written otherwise than as digits. 0 if the value is not of the type.
    pub fn find(&self, ty: u32, json: &[u8]) -> u32 {
        index::place(|index| self.engine.index(TypeId(ty), json, index))
    }

    /// Checks a value, JSON text: the text to read, whose integers are digits; `undefined` if it is not of the type.
    pub fn text(&self, ty: u32, json: &[u8]) -> Option<String> {
        self.engine.text(TypeId(ty), json).map(Cow::into_owned)
    }

    /// From now on handlers read [`Exchange::index`]: where it can, an exchange writes it while it checks.
    pub fn indexed(&mut self) {
        self.indexed = true;
    }

    /// Starts an exchange with the body of a request.
    pub fn open(&self, body: Vec<u8>) -> Exchange {
        let (flow, index) = self.index(|index| Flow::open_indexed(&self.engine, body, index));
        Exchange { flow, index, problems: None }
    }

    /// Has the index of a body written where handlers read it.
    fn index<T>(&self, write: impl FnOnce(Option<&mut Index>) -> T) -> (T, Option<Written>) {
        if !self.indexed {
            return (write(None), None);
        }
        let (made, written) = index::written(|index| write(Some(index)));
        (made, Some(written))
    }
}

fn made(engine: Result<Arc<Engine>, String>) -> Result<Contract, JsError> {
    engine.map(|engine| Contract { engine, indexed: false }).map_err(|why| error(&why))
}

/// Throws where a module has no contract language: what is behind this then leaves it.
fn language() -> Result<(), JsError> {
    if cfg!(feature = "language") { Ok(()) } else { Err(error(source::NO_LANGUAGE)) }
}

fn error(why: &str) -> JsError {
    JsError::new(why)
}

fn shell(code: i32, message: String, data: Option<String>) -> Result<RpcError, JsError> {
    report::error(code, message, data).map_err(|why| error(&why))
}

/// One body in flight.
#[wasm_bindgen]
pub struct Exchange {
    flow: Flow,
    /// That of the parameters of its only call, written when it began.
    index: Option<Written>,
    problems: Option<String>,
}

#[wasm_bindgen]
impl Exchange {
    /// Where in memory the slate is, six numbers of 32 bits that [`Exchange::poll`] writes, and behind it the room, 16,384
    /// bytes, where JavaScript writes what it then gives by its length. They never move.
    pub fn slate() -> u32 {
        room::slate()
    }

    /// Starts over with another body, the first `length` bytes of the room, and polls.
    pub fn begin(&mut self, contract: &Contract, length: u32) -> u32 {
        room::read(length, |body| {
            (_, self.index) = contract.index(|index| self.flow.reopen(&contract.engine, body, index));
        });
        self.poll()
    }

    /// The index of the parameters of the call that was given out last, as that of [`Contract::find`].
    pub fn index(&self) -> u32 {
        let here = self.index.and_then(Written::place);
        here.unwrap_or_else(|| index::place(|index| self.flow.index(index)))
    }

    /// What to do next: 0 done, 1 call, 2 wait, 3 reply, 4 no reply, 5 admit. What it is about stands on the slate: of a call
    /// or a request to admit the ticket, the method's number, the parameters and the id. The parameters of a call are a JSON
    /// array by position; of a request to admit they are as they came, and may be none. A notification has no id.
    pub fn poll(&mut self) -> u32 {
        let next = self.flow.poll();
        let told = match next {
            Move::Reply => Told { text: self.flow.reply().unwrap_or_default(), ..Told::default() },
            _ => self.flow.subject().map(Told::from).unwrap_or_default(),
        };
        told.write();
        next as u32
    }

    /// The handler's result, JSON text, is the first `length` bytes of the room. Then polls; or answers 6, if the result was
    /// replaced for what [`Exchange::problems`] says.
    pub fn finish(&mut self, ticket: u32, length: u32) -> u32 {
        self.problems = room::read(length, |json| self.outcome(ticket, Outcome::Return(json)));
        if self.problems.is_some() { 6 } else { self.poll() }
    }

    /// Takes out the problems that a result was replaced for, as a JSON array.
    pub fn problems(&mut self) -> Option<String> {
        self.problems.take()
    }

    /// A result of any length, without polling; or a plugin's answer object. Answers like [`Exchange::fail`].
    pub fn complete(&mut self, ticket: u32, json: &[u8], is_object: bool) -> Option<String> {
        self.outcome(ticket, if is_object { Outcome::Answer(json) } else { Outcome::Return(json) })
    }

    /// The handler's own error; `data` is JSON text. `undefined`, or the problems that it was replaced for, as a JSON
    /// array: they belong in a log. What comes late is ignored.
    pub fn fail(&mut self, ticket: u32, code: i32, message: String, data: Option<String>) -> Option<String> {
        self.outcome(ticket, Outcome::Error(RpcError { code, message, data }))
    }

    /// An error of any code in the place of an answer that there is none of; to a request to admit, instead of letting it
    /// pass. This and the others throw if `data` is no JSON.
    pub fn lose(
        &mut self,
        ticket: u32,
        code: i32,
        message: String,
        data: Option<String>,
    ) -> Result<(), JsError> {
        self.flow.lose(ticket, shell(code, message, data)?);
        Ok(())
    }

    /// Adds a parameter, JSON text, to a request before it is admitted.
    #[wasm_bindgen(js_name = addParameter)]
    pub fn add_parameter(&mut self, ticket: u32, name: String, json: String) {
        self.flow.add_parameter(ticket, name, json);
    }

    /// Lets a request pass.
    pub fn admit(&mut self, ticket: u32) {
        self.flow.admit(ticket, None);
    }

    /// Answers an error in place of everything that has no answer yet.
    pub fn abandon(&mut self, code: i32, message: String, data: Option<String>) -> Result<(), JsError> {
        self.flow.abandon(&shell(code, message, data)?);
        Ok(())
    }

    fn outcome(&mut self, ticket: u32, outcome: Outcome<'_>) -> Option<String> {
        match self.flow.complete(ticket, outcome) {
            Completion::Replaced(problems) => Some(report::problems(&problems)),
            Completion::Accepted | Completion::Late => None,
        }
    }
}
