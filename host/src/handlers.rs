//! Which handler serves which interface.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use pintle_core::Code;

use crate::drive::{Answer, Handler, Invocation};

/// The future of a [`Function`].
pub type Answering<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// A handler in Rust.
pub type Function = dyn for<'a> Fn(Invocation<'a>) -> Answering<'a> + Send + Sync;

/// Handlers by interface.
#[derive(Default)]
pub struct Handlers {
    routes: HashMap<String, Route>,
}

enum Route {
    Function(Box<Function>),
}

impl Handlers {
    /// Lets a function in Rust serve an interface.
    pub fn function(
        &mut self,
        interface: impl Into<String>,
        function: impl for<'a> Fn(Invocation<'a>) -> Answering<'a> + Send + Sync + 'static,
    ) {
        self.routes.insert(interface.into(), Route::Function(Box::new(function)));
    }

    /// The interfaces that are served.
    pub fn interfaces(&self) -> impl Iterator<Item = &str> {
        self.routes.keys().map(String::as_str)
    }
}

impl Handler for Handlers {
    async fn call(&self, invocation: Invocation<'_>) -> Answer {
        match self.routes.get(&invocation.method.interface) {
            Some(Route::Function(function)) => function(invocation).await,
            None => Answer::Fail(Code::MethodNotFound.into()),
        }
    }
}
