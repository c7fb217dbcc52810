//! Which handler serves which interface, and how plugins call each other.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use pintle_core::{Code, Engine};

use crate::drive::{Answer, Handler, Invocation};
use crate::inside::Inside;
use crate::ledger::{Ending, Ledger};
use crate::net::connections::SendError;
use crate::net::context::Context;
use crate::plugin::{self, CallContext, NestedCall, PeerCall, Plugin, Reaching, Refused};
use crate::response::Outcome;

/// The future of a [`Function`].
pub type Answering<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// A handler in Rust.
pub type Function = dyn for<'a> Fn(Invocation<'a>) -> Answering<'a> + Send + Sync;

/// Handlers by interface.
#[derive(Default)]
pub struct Handlers {
    routes: HashMap<String, Route>,
    inside: Option<Arc<Engine>>,
}

enum Route {
    Plugin(Arc<Served>),
    Function(Box<Function>),
}

/// A plugin and how it is served.
pub struct Served {
    /// Runs the calls.
    pub plugin: Arc<Plugin>,
    /// Request headers, in lower case, that it may see; `None` is all but `authorization` and `cookie`.
    pub headers: Option<Arc<[String]>>,
    /// Interfaces of this server that it may call.
    pub calls: Vec<String>,
    /// It may send to connections and call their peers.
    pub send: bool,
    /// Tell callers why it failed.
    pub debug_errors: bool,
    /// Where its calls are written down.
    pub ledger: Ledger,
}

impl Handlers {
    /// Lets a plugin serve an interface.
    pub fn plugin(&mut self, interface: impl Into<String>, served: Arc<Served>) {
        self.routes.insert(interface.into(), Route::Plugin(served));
    }

    /// Lets a function in Rust serve an interface.
    pub fn function(
        &mut self,
        interface: impl Into<String>,
        function: impl for<'a> Fn(Invocation<'a>) -> Answering<'a> + Send + Sync + 'static,
    ) {
        self.routes.insert(interface.into(), Route::Function(Box::new(function)));
    }

    /// What calls between plugins are held against: an engine without admission and mounts. Without one no plugin can
    /// call another, whatever it is granted.
    pub fn inside(&mut self, engine: Arc<Engine>) {
        self.inside = Some(engine);
    }

    /// The interfaces that are served.
    pub fn interfaces(&self) -> impl Iterator<Item = &str> {
        self.routes.keys().map(String::as_str)
    }
}

impl Handler for Arc<Handlers> {
    async fn call(&self, invocation: Invocation<'_>) -> Answer {
        match self.routes.get(&invocation.method.interface) {
            Some(Route::Plugin(served)) => served.call(self, invocation).await,
            Some(Route::Function(function)) => function(invocation).await,
            None => Answer::Fail(Code::MethodNotFound.into()),
        }
    }
}

impl Served {
    async fn call(self: &Arc<Self>, handlers: &Arc<Handlers>, invocation: Invocation<'_>) -> Answer {
        let Invocation { method, params, request, deadline, context, chain } = invocation;
        let caller = Caller {
            context: context.clone(),
            request: request.map(str::to_owned),
            deadline,
            served: self.clone(),
            handlers: handlers.clone(),
        };
        let guest = plugin::Invocation {
            method: &method.name,
            params,
            context: Some(Arc::new(caller)),
            deadline: Some(deadline),
            chain: chain.cloned().unwrap_or_default(),
        };
        let read = |answer: plugin::Answer<'_>| match answer {
            plugin::Answer::Result(object) => Answer::Object(object.to_vec()),
            plugin::Answer::Return(result) => Answer::Return(result.into_bytes()),
            plugin::Answer::Error(error) => Answer::Error(error),
        };
        let entry = self.ledger.open(self.plugin.name(), &method.name, context);
        let outcome = self.plugin.call(guest, read).await;
        entry.close(match &outcome {
            Ok(Answer::Error(error)) => Ending::Error(error.code),
            Ok(_) => Ending::Result,
            Err(failure) => Ending::Failure(failure.kind.name()),
        });
        match outcome {
            Ok(answer) => answer,
            Err(failure) => {
                let (plugin, method, reason) = (self.plugin.name(), &method.name, failure.reason);
                tracing::warn!(plugin, method, reason = reason.as_str(), "call failed: {}", failure.error);
                let error = failure.error;
                let told = self.debug_errors && error.data.is_none();
                Answer::Fail(if told { error.with_detail(&reason) } else { error })
            }
        }
    }
}

/// What a guest learns of its caller, if it asks, and what it reaches on the caller's behalf.
struct Caller {
    context: Arc<Context>,
    request: Option<String>,
    deadline: Instant,
    served: Arc<Served>,
    handlers: Arc<Handlers>,
}

impl CallContext for Caller {
    fn json(&self) -> String {
        self.context.json(self.request.as_deref(), self.deadline, self.served.headers.as_deref())
    }

    fn call(&self, call: NestedCall) -> Option<Reaching> {
        let (interface, _) = call.method.rsplit_once('.')?;
        if !self.served.calls.iter().any(|granted| granted == interface) {
            self.served.plugin.counters().refuse_grant();
            return None;
        }
        let engine = self.handlers.inside.clone()?;
        let (handlers, context, request, deadline) =
            (self.handlers.clone(), self.context.clone(), self.request.clone(), self.deadline);
        Some(Box::pin(async move {
            let inside = Inside {
                method: &call.method,
                params: &call.params,
                request: request.as_deref(),
                deadline,
                context: &context,
                chain: Some(&call.chain),
            };
            match inside.call(&engine, &handlers).await.outcome() {
                Outcome::Result(result) => Ok(result.to_owned()),
                Outcome::Error(error) => Err(error),
            }
        }))
    }

    fn send(&self, to: &str, method: &str, params: &str) -> Result<(), Refused> {
        if !self.served.send {
            self.served.plugin.counters().refuse_grant();
            return Err(Refused::NotGranted);
        }
        self.context.peers.send(to, method, params).map_err(|error| match error {
            SendError::NoConnection => Refused::NoConnection,
            SendError::Invalid(_) => Refused::Invalid,
            SendError::Full => Refused::Full,
        })
    }

    fn request(&self, call: PeerCall) -> Option<Reaching> {
        if !self.served.send {
            self.served.plugin.counters().refuse_grant();
            return None;
        }
        let (peers, deadline) = (self.context.peers.clone(), self.deadline);
        Some(Box::pin(async move { peers.request(&call.to, &call.method, &call.params, deadline).await }))
    }
}
