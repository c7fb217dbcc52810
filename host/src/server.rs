//! A server: listeners, one engine for each way of serving, one set of handlers.

use std::io;
use std::sync::Arc;

use ::http::HeaderMap;
use pintle_core::Engine;

use crate::admission::{Guard, Stranger};
use crate::config::{Limits, Listener};
use crate::drive::{Driver, Gate, Handler};
use crate::net::context::Context;
use crate::net::http::{Answer, Http, Service};
use crate::shutdown::Shutdown;

/// A server whose listeners are bound and not yet serving.
pub struct Server<H> {
    driver: Arc<Driver<H>>,
    limits: Arc<Limits>,
    listeners: Vec<(Http, Arc<Engine>)>,
    shutdown: Shutdown,
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
        Server { driver: Arc::new(driver), limits: Arc::new(limits), listeners: Vec::new(), shutdown }
    }

    /// Binds a listener and answers its URL. Must be called inside a runtime. An engine without admission is refused
    /// when the guard [decides](Guard::decides) on calls: it would let them pass.
    pub fn listen(&mut self, listener: Listener, engine: Arc<Engine>) -> io::Result<String> {
        if self.driver.guard.decides() && !engine.admission() {
            return Err(io::Error::other(
                "the engine does not ask for admission, and the guard decides on calls",
            ));
        }
        let http = Http::bind(listener, self.limits.clone())?;
        let url = http.url();
        self.listeners.push((http, engine));
        Ok(url)
    }

    /// Serves until `stop` is ready, then drains; answers whether every call came to its own end.
    pub async fn run(self, stop: impl Future<Output = ()>) -> bool {
        for (http, engine) in self.listeners {
            let calls = Arc::new(Calls { driver: self.driver.clone(), engine });
            tokio::spawn(http.serve(calls, self.shutdown.lifeline()));
        }
        stop.await;
        self.shutdown.run(self.limits.drain_time).await
    }
}

/// Answers the bodies of one listener.
struct Calls<H> {
    driver: Arc<Driver<H>>,
    engine: Arc<Engine>,
}

impl<H: Handler> Service for Calls<H> {
    fn identify(&self, headers: &HeaderMap) -> Result<Option<String>, Stranger> {
        self.driver.guard.identify(headers)
    }

    async fn answer(&self, body: Vec<u8>, context: Context) -> Answer {
        match self.driver.calls.enter() {
            Some(slot) => Answer::Reply(self.driver.drive(&self.engine, body, context, slot).await),
            None => Answer::Overloaded,
        }
    }
}
