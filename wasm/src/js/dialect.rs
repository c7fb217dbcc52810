//! The dialects: other ways to write the same calls. Only in a module of its own, so that nobody else loads them.

use super::client::Prepared;
use super::{Contract, error};
use pintle_core::MethodId;
use pintle_core::dialect::{Request, remotipy, simplerpc};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// What was made of one message: a body for an exchange, or its answer.
#[wasm_bindgen]
pub struct Spoken {
    body: Option<Vec<u8>>,
    answer: Vec<u8>,
    method: Option<MethodId>,
}

#[wasm_bindgen]
impl Spoken {
    /// Takes out the body that an exchange is opened with; `undefined` if there is none, but an answer.
    pub fn body(&mut self) -> Option<Vec<u8>> {
        self.body.take()
    }

    /// Takes out the answer.
    pub fn answer(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.answer)
    }
}

impl From<Request> for Spoken {
    fn from(request: Request) -> Self {
        match request {
            Request::Call { body, method } => {
                Spoken { body: Some(body), answer: Vec::new(), method: Some(method) }
            }
            Request::Answer(answer) => Spoken { body: None, answer, method: None },
        }
    }
}

/// A server of simplerpc: one interface, whose calls are lines.
#[wasm_bindgen]
pub struct SimpleRpc {
    server: simplerpc::Server,
}

/// The messages that a server of simplerpc sends on its own: the methods of one interface.
#[wasm_bindgen]
pub struct SimpleMessages {
    messages: simplerpc::Messages,
}

/// A server of remotipy: one interface.
#[wasm_bindgen]
pub struct Remotipy {
    server: remotipy::Server,
}

/// What writes calls of remotipy and reads their answers.
#[wasm_bindgen]
pub struct RemotipyClient {
    client: remotipy::Client,
}

#[wasm_bindgen]
impl Contract {
    /// Throws if there is no such interface.
    pub fn simplerpc(&self, interface: &str) -> Result<SimpleRpc, JsError> {
        let server =
            simplerpc::Server::new(&self.engine, interface).map_err(|why| error(&why.to_string()))?;
        Ok(SimpleRpc { server })
    }

    /// Throws if there is no such interface, or one of its methods would be taken for an answer.
    #[wasm_bindgen(js_name = simpleMessages)]
    pub fn simple_messages(&self, interface: &str) -> Result<SimpleMessages, JsError> {
        let messages =
            simplerpc::Messages::new(&self.engine, interface).map_err(|why| error(&why.to_string()))?;
        Ok(SimpleMessages { messages })
    }

    /// Throws if there is no such interface, or a struct that cannot be told from what the protocol writes itself.
    pub fn remotipy(&self, interface: &str) -> Result<Remotipy, JsError> {
        let server = remotipy::Server::new(&self.engine, interface).map_err(|why| error(&why.to_string()))?;
        Ok(Remotipy { server })
    }

    /// Throws like [`Contract::remotipy`].
    #[wasm_bindgen(js_name = remotipyClient)]
    pub fn remotipy_client(&self) -> Result<RemotipyClient, JsError> {
        let client = remotipy::Client::new(&self.engine).map_err(|why| error(&why.to_string()))?;
        Ok(RemotipyClient { client })
    }
}

#[wasm_bindgen]
impl SimpleRpc {
    /// Reads a line.
    pub fn request(&self, line: &[u8]) -> Spoken {
        self.server.request(line).into()
    }

    /// The answer to a line, from the reply that its exchange came to.
    pub fn reply(&self, reply: Option<Vec<u8>>) -> Vec<u8> {
        self.server.reply(reply.as_deref())
    }
}

#[wasm_bindgen]
impl SimpleMessages {
    /// The line that is a message. Throws if it is none of these.
    pub fn write(&self, message: &Prepared) -> Result<Vec<u8>, JsError> {
        self.messages.write(&message.call).map_err(super::client::thrown)
    }

    /// Reads a line as the body of a notification. Throws why it is none.
    pub fn read(&self, line: &[u8]) -> Result<Vec<u8>, JsError> {
        self.messages.read(line).map_err(|why| error(&why.message))
    }
}

#[wasm_bindgen]
impl Remotipy {
    /// Reads the body of a request.
    pub fn request(&self, body: &[u8]) -> Spoken {
        self.server.request(body).into()
    }

    /// The answer to it, from the reply that its exchange came to.
    pub fn reply(&self, spoken: &Spoken, reply: Option<Vec<u8>>) -> Vec<u8> {
        spoken.method.map_or_else(Vec::new, |method| self.server.reply(method, reply.as_deref()))
    }
}

#[wasm_bindgen]
impl RemotipyClient {
    /// The body that makes a call. Throws if it cannot be written so.
    pub fn call(&self, call: &Prepared) -> Result<Vec<u8>, JsError> {
        self.client.call(&call.call).map_err(super::client::thrown)
    }

    /// The result that a body brings, as JSON text. Throws its error.
    pub fn answer(&self, body: &[u8], call: &Prepared) -> Result<String, JsError> {
        self.client.answer(body, call.call.expected()).map_err(super::client::thrown)
    }
}

#[wasm_bindgen]
impl Prepared {
    /// The line of simplerpc that makes the call. Throws if it cannot be written so.
    #[wasm_bindgen(js_name = simpleCall)]
    pub fn simple_call(&self) -> Result<Vec<u8>, JsError> {
        simplerpc::call(&self.call).map_err(super::client::thrown)
    }

    /// The result that a line brings, as JSON text. Throws its error.
    #[wasm_bindgen(js_name = simpleAnswer)]
    pub fn simple_answer(&self, line: &[u8]) -> Result<String, JsError> {
        simplerpc::answer(line, self.call.expected()).map_err(super::client::thrown)
    }

    /// Whether a line of simplerpc is an answer; else it is a message of the server's own.
    #[wasm_bindgen(js_name = isSimpleAnswer)]
    pub fn is_simple_answer(line: &[u8]) -> bool {
        simplerpc::is_answer(line)
    }
}
