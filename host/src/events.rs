//! `on_connect` and `on_disconnect`: methods of the contract that are told the id of a connection.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pintle_core::Engine;
use pintle_core::contract::Contract;
use pintle_core::{Code, Prepared, RpcError};
use tokio::time::sleep;

use crate::config::Listener;
use crate::drive::{Driver, Handler};
use crate::inside::Inside;
use crate::net::context::Context;
use crate::response::Outcome;

/// After which an event is told again to a plugin that had no room for it.
const AGAIN: Duration = Duration::from_millis(50);

/// What a listener's connections are told to.
pub(crate) struct Events {
    connect: Option<Event>,
    disconnect: Option<Event>,
}

/// One method. Its engine has nothing else: the method need not be one that peers can call.
struct Event {
    engine: Arc<Engine>,
    method: String,
}

impl Events {
    /// # Errors
    /// The contract has no such method, or it does not take one string.
    pub(crate) fn new(contract: &Contract, listener: &Listener) -> io::Result<Events> {
        let event = |key: &str, method: &Option<String>| {
            let method = method.as_ref();
            method
                .map(|method| {
                    Event::new(contract, method).map_err(|why| {
                        io::Error::new(io::ErrorKind::InvalidInput, format!("{key} = \"{method}\": {why}"))
                    })
                })
                .transpose()
        };
        Ok(Events {
            connect: event("on_connect", &listener.on_connect)?,
            disconnect: event("on_disconnect", &listener.on_disconnect)?,
        })
    }

    pub(crate) async fn connected<H: Handler>(&self, driver: &Driver<H>, context: &Arc<Context>) {
        if let Some(event) = &self.connect {
            event.tell(driver, context).await;
        }
    }

    pub(crate) async fn disconnected<H: Handler>(&self, driver: &Driver<H>, context: &Arc<Context>) {
        if let Some(event) = &self.disconnect {
            event.tell(driver, context).await;
        }
    }
}

impl Event {
    fn new(contract: &Contract, method: &str) -> Result<Event, String> {
        let (interface, _) = method.rsplit_once('.').ok_or("a method is named Interface.method")?;
        let engine = Engine::builder(contract.clone()).serves([interface]).build();
        let event = Event { engine: engine.map_err(|error| error.to_string())?, method: method.to_owned() };
        // An id that is like no other, to see whether a method takes one.
        Prepared::new(&event.engine, method, &params(""), &[])
            .map_err(|error| format!("it must take one string: {error}"))?;
        Ok(event)
    }

    /// However much the server has to do: a handler that was not told would wait for ever.
    async fn tell<H: Handler>(&self, driver: &Driver<H>, context: &Arc<Context>) {
        let params = params(context.connection.text());
        let until = Instant::now() + driver.call_deadline;
        loop {
            let told = self.once(driver, context, &params).await;
            let Err(error) = told else { return };
            // Its plugin's queue is full.
            if error.code == Code::Overloaded.number() && Instant::now() < until {
                sleep(AGAIN).await;
                continue;
            }
            tracing::warn!(method = self.method, "the handler of an event failed: {error}");
            return;
        }
    }

    async fn once<H: Handler>(
        &self,
        driver: &Driver<H>,
        context: &Arc<Context>,
        params: &str,
    ) -> Result<(), RpcError> {
        let _slot = driver.calls.force();
        let deadline = Instant::now() + driver.call_deadline;
        let call = Inside { method: &self.method, params, request: None, deadline, context, chain: None };
        let telling = pin!(async {
            match call.call(&self.engine, &driver.handler).await.outcome() {
                Outcome::Error(error) => Err(error),
                Outcome::Result(_) => Ok(()),
            }
        });
        driver.within(deadline, telling).await.unwrap_or_else(Err)
    }
}

fn params(id: &str) -> String {
    serde_json::json!([id]).to_string()
}
