//! A server: listeners, and what serves on them, which can be replaced while it runs.

use std::io;
use std::ops::Deref;
use std::sync::Arc;

use ::http::HeaderMap;
use arc_swap::{ArcSwap, Guard as Loaded};
use pintle_core::{Engine, RpcError};
use tokio::task::JoinSet;

use crate::admission::{Guard, Stranger};
use crate::calls::Calls;
use crate::config::{Dialect, Endpoint, Limits, Listener};
use crate::drive::{Driver, Gate, Handler};
use crate::net::connections::{Callbacks, Connections, Peer};
use crate::net::context::Context;
use crate::net::http::Http;
use crate::net::service::{Answer, Service};
use crate::net::stdio::Stdio;
use crate::net::stream::Streams;
use crate::net::traffic::Traffic;
use crate::shutdown::Shutdown;

/// A server whose listeners are bound and not yet serving.
pub struct Server<H> {
    driver: Arc<Driver<H>>,
    live: Arc<Live<H>>,
    limits: Arc<Limits>,
    bound: Vec<Bound>,
    traffic: Vec<(String, Arc<Traffic>)>,
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
            live: Arc::new(Live { calls: ArcSwap::default() }),
            limits: Arc::new(limits),
            bound: Vec::new(),
            traffic: Vec::new(),
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
        let calls = Calls::new(&self.driver, Arc::new(listener.clone()), engine)?;
        let limits = self.limits.clone();
        let (bound, url, traffic) = match &listener.endpoint {
            Endpoint::Http(_) => {
                let http = Http::bind(listener, limits)?;
                let (url, traffic) = (http.url(), http.traffic());
                (Bound::Http(Box::new(http)), url, traffic)
            }
            Endpoint::Tcp(_) | Endpoint::Unix(_) => {
                let streams = Streams::bind(&listener, limits)?;
                let (url, traffic) = (streams.url(), streams.traffic());
                (Bound::Streams(streams), url, traffic)
            }
            Endpoint::Stdio => {
                let stdio = Stdio::new(listener.framing, limits);
                let traffic = stdio.traffic();
                (Bound::Stdio(stdio), "stdio".to_owned(), traffic)
            }
        };
        self.traffic.push((url.clone(), traffic));
        self.bound.push(bound);
        let mut all = Vec::clone(&self.live.calls.load());
        all.push(Arc::new(calls));
        self.live.calls.store(Arc::new(all));
        Ok(url)
    }

    /// Who is connected, for code that speaks up by itself.
    pub fn connections(&self) -> Arc<Connections> {
        self.connections.clone()
    }

    /// Each listener's URL, and what goes over it.
    pub fn traffic(&self) -> Vec<(String, Arc<Traffic>)> {
        self.traffic.clone()
    }

    /// Counts the calls that run or wait.
    pub fn calls(&self) -> Gate {
        self.driver.calls.clone()
    }

    /// What serves, to replace it while the server runs.
    pub fn live(&self) -> Arc<Live<H>> {
        self.live.clone()
    }

    /// Serves until `stop` is ready or no listener is left, then drains; answers whether every call came to its own end.
    pub async fn run(self, stop: impl Future<Output = ()>) -> bool {
        let Server { driver, live, limits, bound, connections, shutdown, .. } = self;
        // What serves at first must go when it is replaced.
        drop(driver);
        let mut serving = JoinSet::new();
        for (index, bound) in bound.into_iter().enumerate() {
            let site = Arc::new(Site::new(live.clone(), index, connections.clone()));
            let lifeline = shutdown.lifeline();
            match bound {
                Bound::Http(http) => serving.spawn(http.serve(site, lifeline)),
                Bound::Streams(streams) => serving.spawn(streams.serve(site, lifeline)),
                Bound::Stdio(stdio) => serving.spawn(stdio.serve(site, lifeline)),
            };
        }
        let all_ended = async { while serving.join_next().await.is_some() {} };
        tokio::select! {
            () = stop => (),
            () = all_ended => (),
        }
        let whole = shutdown.run(limits.drain_time).await;
        serving.detach_all();
        whole
    }
}

/// What serves on the listeners of a server: all of it is replaced in one step.
///
/// Whatever has begun ends with what it began with, and that is gone when its last call has ended. Connections stay: their
/// next body meets what serves then.
pub struct Live<H> {
    /// For each listener, in the order in which they were bound. Every request reads it: a lock, or a count of who does,
    /// would make all threads wait for each other.
    calls: ArcSwap<Vec<Arc<Calls<H>>>>,
}

impl<H: Handler> Live<H> {
    /// Lets `handler` and `guard` serve from now on, with an engine for each listener in the order in which they were
    /// bound.
    ///
    /// # Errors
    /// As those of [`Server::listen`] for one of the listeners; nothing is replaced then.
    pub fn replace(&self, handler: H, guard: Guard, engines: Vec<Arc<Engine>>) -> io::Result<()> {
        let old = self.calls.load();
        if old.len() != engines.len() {
            let why = format!("{} engines for {} listeners", engines.len(), old.len());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        let Some(first) = old.first() else { return Ok(()) };
        let driver = Arc::new(first.driver.successor(handler, guard));
        let each = old.iter().zip(engines);
        let new: io::Result<Vec<_>> = each
            .map(|(old, engine)| Ok(Arc::new(Calls::new(&driver, old.listener.clone(), engine)?)))
            .collect();
        self.calls.store(Arc::new(new?));
        Ok(())
    }

    fn now(&self, index: usize) -> Now<H> {
        Now { all: self.calls.load(), index }
    }
}

/// What serves on one listener, for as long as somebody needs it.
struct Now<H> {
    all: Loaded<Arc<Vec<Arc<Calls<H>>>>>,
    index: usize,
}

impl<H> Deref for Now<H> {
    type Target = Calls<H>;

    fn deref(&self) -> &Calls<H> {
        &self.all[self.index]
    }
}

/// One listener, whatever serves there.
struct Site<H> {
    live: Arc<Live<H>>,
    /// Among those of `live`, whose number never changes while it serves.
    index: usize,
    in_turn: bool,
    connections: Arc<Connections>,
}

impl<H: Handler> Site<H> {
    fn new(live: Arc<Live<H>>, index: usize, connections: Arc<Connections>) -> Site<H> {
        let in_turn = matches!(live.now(index).listener.dialect, Dialect::SimpleRpc(_));
        Site { live, index, in_turn, connections }
    }

    fn now(&self) -> Now<H> {
        self.live.now(self.index)
    }
}

impl<H: Handler> Service for Site<H> {
    fn identify(&self, headers: &HeaderMap) -> Result<Option<String>, Stranger> {
        self.now().driver.guard.identify(headers)
    }

    async fn answer(&self, body: Vec<u8>, context: Context) -> Answer {
        let calls = self.now();
        calls.answer(body, context).await
    }

    fn refuse(&self, body: Vec<u8>, error: &RpcError) -> Option<Vec<u8>> {
        self.now().refuse(body, error)
    }

    fn refuse_unread(&self, error: &RpcError) -> Vec<u8> {
        self.now().refuse_unread(error)
    }

    fn in_turn(&self) -> bool {
        self.in_turn
    }

    fn connections(&self) -> Arc<Connections> {
        self.connections.clone()
    }

    fn callbacks(&self) -> Option<Arc<Callbacks>> {
        self.now().callbacks.clone()
    }

    async fn enter(&self, peer: &Arc<Peer>, context: Context) -> Result<(), RpcError> {
        // A stranger hears nothing of what is sent to all, and nobody is told of him.
        self.now().driver.vouch(&Arc::new(context)).await?;
        self.connections.enter(peer);
        Ok(())
    }

    async fn connected(&self, context: Context) {
        let calls = self.now();
        calls.events.connected(&calls.driver, &Arc::new(context)).await;
    }

    async fn disconnected(&self, peer: &Arc<Peer>, context: Context) {
        self.connections.leave(peer);
        let calls = self.now();
        calls.events.disconnected(&calls.driver, &Arc::new(context)).await;
    }
}
