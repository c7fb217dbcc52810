//! The binding for JavaScript. Only bytes, strings and small integers cross; JavaScript polls, nothing calls it.

mod client;
#[cfg(feature = "dialects")]
mod dialect;

use crate::flow::Flow;
use crate::{options, report, source};
use pintle_core::{Completion, Engine, Outcome, RpcError};
use std::sync::Arc;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// A contract, and what it is served with.
#[wasm_bindgen]
pub struct Contract {
    engine: Arc<Engine>,
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

    /// Starts an exchange with the body of a request.
    pub fn open(&self, body: Vec<u8>) -> Exchange {
        Exchange { flow: Flow::open(&self.engine, body) }
    }
}

fn made(engine: Result<Arc<Engine>, String>) -> Result<Contract, JsError> {
    engine.map(|engine| Contract { engine }).map_err(|why| error(&why))
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
}

#[wasm_bindgen]
impl Exchange {
    /// Starts over with another body: an object of JavaScript that is used again costs less than a new one.
    pub fn reopen(&mut self, contract: &Contract, body: Vec<u8>) {
        self.flow = Flow::open(&contract.engine, body);
    }

    /// What to do next: 0 done, 1 call, 2 wait, 3 reply, 4 no reply, 5 admit.
    pub fn poll(&mut self) -> u32 {
        self.flow.poll() as u32
    }

    /// The ticket of what the last poll gave out, or 0.
    #[wasm_bindgen(getter)]
    pub fn ticket(&self) -> u32 {
        self.flow.ticket()
    }

    /// All of it on three lines: `Interface.method`, the id as JSON text, empty for a notification, and the parameters: of
    /// a call a JSON array by position, of a request to admit as they came, empty if they did not.
    pub fn call(&self) -> String {
        let id = self.flow.request_id().unwrap_or_default();
        [self.flow.method().unwrap_or_default(), id, self.flow.params().unwrap_or_default()].join("\n")
    }

    /// Takes the reply out, after the step that announced it.
    #[wasm_bindgen(js_name = takeReply)]
    pub fn take_reply(&mut self) -> Option<Vec<u8>> {
        self.flow.take_reply()
    }

    /// The handler's result as JSON text. Answers like [`Exchange::fail`].
    pub fn complete(&mut self, ticket: u32, json: &str) -> Option<String> {
        self.outcome(ticket, Outcome::Return(json.as_bytes()))
    }

    /// A plugin's answer object. Answers like [`Exchange::fail`].
    pub fn answer(&mut self, ticket: u32, json: &[u8]) -> Option<String> {
        self.outcome(ticket, Outcome::Answer(json))
    }

    /// The handler's own error; `data` is JSON text. `undefined`, or the problems that it was replaced for, as a JSON
    /// array: they belong in a log. What comes late is ignored.
    pub fn fail(&mut self, ticket: u32, code: i32, message: String, data: Option<String>) -> Option<String> {
        self.outcome(ticket, Outcome::Error(RpcError { code, message, data }))
    }

    /// The shell's error, of any code, because there is no answer. This and the others throw if `data` is no JSON.
    pub fn lose(
        &mut self,
        ticket: u32,
        code: i32,
        message: String,
        data: Option<String>,
    ) -> Result<(), JsError> {
        let failure = shell(code, message, data)?;
        self.outcome(ticket, Outcome::Fail(failure));
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

    /// Answers a request with an error instead.
    pub fn refuse(
        &mut self,
        ticket: u32,
        code: i32,
        message: String,
        data: Option<String>,
    ) -> Result<(), JsError> {
        self.flow.admit(ticket, Some(shell(code, message, data)?));
        Ok(())
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
