//! Calls of the server: checked by the contract, run by the client's handler.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{FuturesUnordered, StreamExt};
use pintle_core::dialect::InterfaceError;
use pintle_core::dialect::simplerpc::Messages;
use pintle_core::{Admission, Call, Code, Completion, Contract, Engine, Exchange, Outcome, RpcError, Step};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

use super::contract;
use super::error::ClientError;
use super::protocol::Dialect;

/// One call of the server. It names a method of the contract, and its parameters are checked.
#[derive(Debug, Clone)]
pub struct Callback {
    method: String,
    params: String,
    notification: bool,
}

impl Callback {
    /// `Interface.method`, as the contract has it.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The interface's name.
    pub fn interface(&self) -> &str {
        self.method.rsplit_once('.').map_or("", |(interface, _)| interface)
    }

    /// The method's name without that of its interface.
    pub fn name(&self) -> &str {
        self.method.rsplit_once('.').map_or(&self.method, |(_, name)| name)
    }

    /// The parameters: a JSON array with a value for each, `null` for what was left out.
    pub fn json(&self) -> &str {
        &self.params
    }

    /// The parameters as a tuple or a list.
    ///
    /// # Errors
    /// Invalid params, to be answered: `P` is narrower than the contract.
    pub fn params<P: DeserializeOwned>(&self) -> Result<P, RpcError> {
        let wrong = |error: serde_json::Error| {
            RpcError::new(Code::InvalidParams.number(), format!("not understood: {error}"))
        };
        serde_json::from_str(&self.params).map_err(wrong)
    }

    /// Whether the server waits for no answer.
    pub fn is_notification(&self) -> bool {
        self.notification
    }
}

type Running = Pin<Box<dyn Future<Output = Result<String, RpcError>> + Send>>;

/// What the client does when the server calls it.
#[derive(Clone)]
pub(super) struct Handler(Arc<dyn Fn(Callback) -> Running + Send + Sync>);

impl Handler {
    pub(super) fn new<F, R, T>(handler: F) -> Handler
    where
        F: Fn(Callback) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, RpcError>> + Send + 'static,
        T: Serialize,
    {
        Handler(Arc::new(move |callback| {
            let answer = handler(callback);
            Box::pin(async move {
                let failed = |_| RpcError::from(Code::InternalError);
                serde_json::to_string(&answer.await?).map_err(failed)
            })
        }))
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handler")
    }
}

/// How a server writes its calls.
enum Bodies {
    JsonRpc,
    /// simplerpc; `None` when nothing is served.
    Lines(Option<Messages>),
}

/// Answers the bodies of a server.
pub(super) struct Callbacks {
    engine: Arc<Engine>,
    bodies: Bodies,
    handler: Handler,
    /// How to cancel what runs, by the id of its request.
    running: Arc<Mutex<HashMap<String, oneshot::Sender<()>>>>,
}

impl Callbacks {
    /// Serves `interfaces` of a contract. In simplerpc the first of them has all that a server may send.
    pub(super) fn new(
        contract: Contract,
        interfaces: &[String],
        handler: Handler,
        dialect: Dialect,
    ) -> Result<Callbacks, ClientError> {
        let engine = contract::served(contract, interfaces)?;
        let messages = |interface: &String| Messages::new(&engine, interface);
        let wrong = |error: InterfaceError| ClientError::not_sent(error.to_string());
        let bodies = match dialect {
            Dialect::Simplerpc => Bodies::Lines(interfaces.first().map(messages).transpose().map_err(wrong)?),
            Dialect::JsonRpc | Dialect::Remotipy => Bodies::JsonRpc,
        };
        Ok(Callbacks { engine, bodies, handler, running: Arc::default() })
    }

    /// For a client that nothing can be called on: the server is told so, where it can be.
    pub(super) fn none(dialect: Dialect) -> Result<Callbacks, ClientError> {
        let handler = Handler::new(|_| async { Err::<(), RpcError>(Code::MethodNotFound.into()) });
        Callbacks::new(contract::empty()?, &[], handler, dialect)
    }

    /// The JSON-RPC body of what arrived; `None` for what is neither a call nor answered.
    pub(super) fn read(&self, body: Vec<u8>) -> Option<Vec<u8>> {
        match &self.bodies {
            Bodies::JsonRpc => Some(body),
            Bodies::Lines(None) => None,
            Bodies::Lines(Some(messages)) => {
                let told = |error: &RpcError| tracing::warn!(%error, "a line of the server is no message");
                messages.read(&body).inspect_err(told).ok()
            }
        }
    }

    /// Starts everything that a body calls, in its order, and answers the reply in its time.
    pub(super) fn answer(&self, body: Vec<u8>) -> impl Future<Output = Option<Vec<u8>>> + Send + use<> {
        let mut exchange = Exchange::open(&self.engine, body);
        let mut started = FuturesUnordered::new();
        let reply = loop {
            match exchange.poll() {
                Step::Call(call) => started.push(self.start(&exchange, call)),
                Step::Admit(request) => {
                    // The engine is built without admission.
                    exchange.admit(request.ticket, Admission::Refuse(Code::Unauthorized.into()));
                }
                Step::Wait => break None,
                Step::Reply(reply) => break Some(reply),
                Step::Done => break Some(None),
            }
        };
        async move {
            if let Some(reply) = reply {
                return reply;
            }
            while let Some((call, answer)) = started.next().await {
                let outcome = match &answer {
                    Some(Ok(json)) => Outcome::Return(json.as_bytes()),
                    Some(Err(error)) => Outcome::Error(error.clone()),
                    None => Outcome::Fail(Code::Cancelled.into()),
                };
                if let Completion::Replaced(problems) = exchange.complete(call.ticket, outcome) {
                    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
                    tracing::warn!(
                        problems = problems.join("; "),
                        "the answer to a callback breaks the contract"
                    );
                }
            }
            match exchange.poll() {
                Step::Reply(reply) => reply,
                _ => None,
            }
        }
    }

    /// Cancels the call whose request has this id, JSON text, if it still runs.
    pub(super) fn cancel(&self, id: &str) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        // The receiver is gone when the call ended at this moment.
        running.map(|cancel| cancel.send(()));
    }

    fn start(
        &self,
        exchange: &Exchange,
        call: Call,
    ) -> impl Future<Output = (Call, Option<Result<String, RpcError>>)> + Send + use<> {
        let id = exchange.request_id(&call.ticket).map(str::to_owned);
        let callback = Callback {
            method: self.engine.method(call.method).name.clone(),
            params: exchange.params(&call).to_owned(),
            notification: id.is_none(),
        };
        let (cancel, mut cancelled) = oneshot::channel();
        let running = self.running.clone();
        match &id {
            // Of two requests with one id the later can be cancelled: its end removes the entry.
            Some(id) => {
                drop(running.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), cancel))
            }
            None => cancelled.close(),
        }
        let answer = (self.handler.0)(callback);
        async move {
            let answer = tokio::select! {
                biased;
                answer = answer => Some(answer),
                Ok(()) = &mut cancelled => None,
            };
            if let Some(id) = id {
                running.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            }
            (call, answer)
        }
    }
}
