//! What serves one listener: an engine, what is spoken there, and who runs the calls.

use std::io;
use std::sync::Arc;

use pintle_core::dialect::{Request, remotipy, simplerpc};
use pintle_core::{Engine, Exchange, RpcError, Step};

use crate::config::{Dialect, Endpoint, Listener};
use crate::drive::{Driver, Handler, overloaded};
use crate::events::Events;
use crate::net::connections::Callbacks;
use crate::net::context::Context;
use crate::net::service::{Answer, error_body};

/// Answers the bodies of one listener. Never changes: a server that reloads takes another one.
pub(crate) struct Calls<H> {
    pub(crate) listener: Arc<Listener>,
    pub(crate) driver: Arc<Driver<H>>,
    pub(crate) callbacks: Option<Arc<Callbacks>>,
    pub(crate) events: Events,
    engine: Arc<Engine>,
    speech: Speech,
}

impl<H: Handler> Calls<H> {
    /// # Errors
    /// The contract lacks what the listener names. An engine without admission is refused when the guard decides on
    /// calls, and a listener without headers when it reads them: either would let everybody pass.
    pub(crate) fn new(
        driver: &Arc<Driver<H>>,
        listener: Arc<Listener>,
        engine: Arc<Engine>,
    ) -> io::Result<Calls<H>> {
        let guard = &driver.guard;
        let unguarded = |why| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        if guard.decides() && !engine.admission() {
            return unguarded("the engine does not ask for admission, and the guard decides on calls");
        }
        if guard.reads_headers() && !matches!(listener.endpoint, Endpoint::Http(_)) {
            return unguarded("the guard reads headers, which only HTTP has");
        }
        Ok(Calls {
            driver: driver.clone(),
            speech: Speech::new(&engine, &listener)?,
            callbacks: callbacks(&engine, &listener)?.map(Arc::new),
            events: Events::new(engine.contract(), &listener)?,
            engine,
            listener,
        })
    }

    pub(crate) async fn answer(&self, body: Vec<u8>, context: Context) -> Answer {
        let Some(slot) = self.driver.calls.enter() else {
            return match self.speech {
                Speech::JsonRpc => Answer::Overloaded(body),
                _ => Answer::Reply(self.refuse(body, &overloaded())),
            };
        };
        let drive = |body| self.driver.drive(&self.engine, body, context, slot);
        Answer::Reply(match &self.speech {
            Speech::JsonRpc => drive(body).await,
            Speech::SimpleRpc(server) => Some(match server.request(&body) {
                Request::Call { body, .. } => server.reply(drive(body).await.as_deref()),
                Request::Answer(answer) => answer,
            }),
            Speech::Remotipy(server) => Some(match server.request(&body) {
                Request::Call { body, method } => server.reply(method, drive(body).await.as_deref()),
                Request::Answer(answer) => answer,
            }),
        })
    }

    pub(crate) fn refuse(&self, body: Vec<u8>, error: &RpcError) -> Option<Vec<u8>> {
        if !matches!(self.speech, Speech::JsonRpc) {
            return Some(self.refuse_unread(error));
        }
        let mut exchange = Exchange::open(&self.engine, body);
        exchange.abandon(error);
        match exchange.poll() {
            Step::Reply(reply) => reply,
            _ => None,
        }
    }

    pub(crate) fn refuse_unread(&self, error: &RpcError) -> Vec<u8> {
        match &self.speech {
            Speech::JsonRpc => error_body(error),
            Speech::SimpleRpc(server) => server.fail(error),
            Speech::Remotipy(server) => server.fail(error),
        }
    }
}

/// What a listener speaks.
enum Speech {
    JsonRpc,
    SimpleRpc(simplerpc::Server),
    Remotipy(remotipy::Server),
}

impl Speech {
    fn new(engine: &Arc<Engine>, listener: &Listener) -> io::Result<Speech> {
        let wrong = |error| unusable("interface", &error);
        Ok(match &listener.dialect {
            Dialect::JsonRpc => Speech::JsonRpc,
            Dialect::SimpleRpc(name) => {
                let name = interface(engine, listener, name)?;
                Speech::SimpleRpc(simplerpc::Server::new(engine, name).map_err(wrong)?)
            }
            Dialect::Remotipy(name) => {
                let name = interface(engine, listener, name)?;
                Speech::Remotipy(remotipy::Server::new(engine, name).map_err(wrong)?)
            }
        })
    }
}

/// The interface that a dialect speaks for: the one that is named, else the only one.
fn interface<'a>(engine: &'a Engine, listener: &Listener, name: &'a str) -> io::Result<&'a str> {
    if !name.is_empty() {
        return Ok(name);
    }
    let names = engine.contract().interfaces().iter().map(|interface| &interface.name);
    let names: Vec<&String> = names.filter(|name| !listener.callbacks.contains(name)).collect();
    match names.as_slice() {
        [only] => Ok(only),
        _ => Err(unusable("interface", &"this dialect speaks for one interface: say which")),
    }
}

fn unusable(key: &str, why: &dyn std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("{key}: {why}"))
}

/// What the peers of a listener serve.
fn callbacks(engine: &Engine, listener: &Listener) -> io::Result<Option<Callbacks>> {
    let interfaces = &listener.callbacks;
    if interfaces.is_empty() {
        return Ok(None);
    }
    let builder = Engine::builder(engine.contract().clone()).limits(engine.limits().clone());
    let engine = builder.serves(interfaces).build().map_err(|error| unusable("callbacks", &error))?;
    let simplerpc = match (&listener.dialect, interfaces.as_slice()) {
        (Dialect::SimpleRpc(_), [interface]) => {
            let messages = simplerpc::Messages::new(&engine, interface);
            Some(messages.map_err(|error| unusable("callbacks", &error))?)
        }
        (Dialect::SimpleRpc(_), _) => {
            return Err(unusable("callbacks", &"simplerpc has messages of one interface"));
        }
        _ => None,
    };
    Ok(Some(Callbacks { engine, simplerpc }))
}
