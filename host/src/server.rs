//! A server: listeners, one engine for each way of serving, one set of handlers.

use std::io;
use std::sync::Arc;

use ::http::HeaderMap;
use pintle_core::dialect::{Request, remotipy, simplerpc};
use pintle_core::{Engine, Exchange, RpcError, Step};
use tokio::task::JoinSet;

use crate::admission::{Guard, Stranger};
use crate::config::{Dialect, Endpoint, Limits, Listener};
use crate::drive::{Driver, Gate, Handler, overloaded};
use crate::events::Events;
use crate::net::connections::{Callbacks, Connections, Peer};
use crate::net::context::Context;
use crate::net::http::Http;
use crate::net::service::{Answer, Service, error_body};
use crate::net::stdio::Stdio;
use crate::net::stream::Streams;
use crate::shutdown::Shutdown;

/// A server whose listeners are bound and not yet serving.
pub struct Server<H> {
    driver: Arc<Driver<H>>,
    limits: Arc<Limits>,
    listeners: Vec<(Bound, Arc<Calls<H>>)>,
    connections: Arc<Connections>,
    shutdown: Shutdown,
}

enum Bound {
    Http(Box<Http>),
    Streams(Streams),
    Stdio(Stdio),
}

impl<H: Handler> Server<H> {
    /// Without listeners so far. All may call.
    pub fn new(handler: H, limits: Limits) -> Server<H> {
        Server::guarded(handler, limits, Guard::default())
    }

    /// Without listeners so far. Callers, and each call, pass the guard.
    pub fn guarded(handler: H, limits: Limits, guard: Guard) -> Server<H> {
        let shutdown = Shutdown::new();
        let driver = Driver {
            handler,
            call_deadline: limits.call_deadline,
            calls: Gate::new(limits.concurrent_calls),
            cancellation: shutdown.cancellation(),
            guard,
        };
        Server {
            driver: Arc::new(driver),
            limits: Arc::new(limits),
            listeners: Vec::new(),
            connections: Arc::default(),
            shutdown,
        }
    }

    /// Binds a listener and answers its URL. `engine` must not serve what the listener's peers do. Must be called inside a
    /// runtime.
    ///
    /// # Errors
    /// The address cannot be had, a file of the encryption is of no use, or the contract lacks what the listener names. An
    /// engine without admission is refused when the guard [decides](Guard::decides) on calls, and a listener without headers
    /// when it [reads](Guard::reads_headers) them: either would let everybody pass.
    pub fn listen(&mut self, listener: Listener, engine: Arc<Engine>) -> io::Result<String> {
        let guard = &self.driver.guard;
        let unguarded = |why| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        if guard.decides() && !engine.admission() {
            return unguarded("the engine does not ask for admission, and the guard decides on calls");
        }
        if guard.reads_headers() && !matches!(listener.endpoint, Endpoint::Http(_)) {
            return unguarded("the guard reads headers, which only HTTP has");
        }
        let calls = Arc::new(Calls {
            driver: self.driver.clone(),
            speech: Speech::new(&engine, &listener)?,
            callbacks: callbacks(&engine, &listener)?.map(Arc::new),
            events: Events::new(engine.contract(), &listener)?,
            engine,
            connections: self.connections.clone(),
        });
        let limits = self.limits.clone();
        let (bound, url) = match &listener.endpoint {
            Endpoint::Http(_) => {
                let http = Http::bind(listener, limits)?;
                let url = http.url();
                (Bound::Http(Box::new(http)), url)
            }
            Endpoint::Tcp(_) | Endpoint::Unix(_) => {
                let streams = Streams::bind(&listener, limits)?;
                let url = streams.url();
                (Bound::Streams(streams), url)
            }
            Endpoint::Stdio => (Bound::Stdio(Stdio::new(listener.framing, limits)), "stdio".to_owned()),
        };
        self.listeners.push((bound, calls));
        Ok(url)
    }

    /// Who is connected, for code that speaks up by itself.
    pub fn connections(&self) -> Arc<Connections> {
        self.connections.clone()
    }

    /// Serves until `stop` is ready or no listener is left, then drains; answers whether every call came to its own end.
    pub async fn run(self, stop: impl Future<Output = ()>) -> bool {
        let mut serving = JoinSet::new();
        for (bound, calls) in self.listeners {
            let lifeline = self.shutdown.lifeline();
            match bound {
                Bound::Http(http) => serving.spawn(http.serve(calls, lifeline)),
                Bound::Streams(streams) => serving.spawn(streams.serve(calls, lifeline)),
                Bound::Stdio(stdio) => serving.spawn(stdio.serve(calls, lifeline)),
            };
        }
        let all_ended = async { while serving.join_next().await.is_some() {} };
        tokio::select! {
            () = stop => (),
            () = all_ended => (),
        }
        let whole = self.shutdown.run(self.limits.drain_time).await;
        serving.detach_all();
        whole
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

/// Answers the bodies of one listener.
struct Calls<H> {
    driver: Arc<Driver<H>>,
    speech: Speech,
    engine: Arc<Engine>,
    callbacks: Option<Arc<Callbacks>>,
    events: Events,
    connections: Arc<Connections>,
}

impl<H: Handler> Service for Calls<H> {
    fn identify(&self, headers: &HeaderMap) -> Result<Option<String>, Stranger> {
        self.driver.guard.identify(headers)
    }

    async fn answer(&self, body: Vec<u8>, mut context: Context) -> Answer {
        context.peers.all = self.connections.clone();
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

    fn refuse(&self, body: Vec<u8>, error: &RpcError) -> Option<Vec<u8>> {
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

    fn refuse_unread(&self, error: &RpcError) -> Vec<u8> {
        match &self.speech {
            Speech::JsonRpc => error_body(error),
            Speech::SimpleRpc(server) => server.fail(error),
            Speech::Remotipy(server) => server.fail(error),
        }
    }

    fn in_turn(&self) -> bool {
        matches!(self.speech, Speech::SimpleRpc(_))
    }

    fn callbacks(&self) -> Option<Arc<Callbacks>> {
        self.callbacks.clone()
    }

    async fn connected(&self, peer: &Arc<Peer>, mut context: Context) -> Result<(), RpcError> {
        context.peers.all = self.connections.clone();
        let context = Arc::new(context);
        // A stranger hears nothing of what is sent to all, and nobody is told of him.
        self.driver.vouch(&context).await?;
        self.connections.enter(peer);
        self.events.connected(&self.driver, Arc::unwrap_or_clone(context)).await;
        Ok(())
    }

    async fn disconnected(&self, peer: &Arc<Peer>, mut context: Context) {
        self.connections.leave(peer);
        context.peers.all = self.connections.clone();
        self.events.disconnected(&self.driver, context).await;
    }
}
