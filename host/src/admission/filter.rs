//! Filters: code of the one who embeds the server, before and after each call.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use pintle_core::{Method, RpcError};

use super::Outcome;
use crate::net::context::Context;

/// Named parameters, each with its JSON text.
pub type Parameters = Vec<(String, String)>;

/// The future of [`Filter::before`].
pub type Deciding<'a> = Pin<Box<dyn Future<Output = Result<Parameters, RpcError>> + Send + 'a>>;

/// Stands before and after each call from outside. Calls between plugins do not pass it.
pub trait Filter: Send + Sync + 'static {
    /// Decides on a request whose parameters were not checked yet. An error is the answer to the caller, as it is.
    /// Parameters that are answered here are added to the caller's and checked like those; one that the caller gave too
    /// is Invalid params. Within the deadline of the call; a panic refuses it.
    fn before<'a>(&'a self, _: Request<'a>) -> Deciding<'a> {
        Box::pin(ready(Ok(Parameters::new())))
    }

    /// Sees the outcome of a call that was let through and run, as the caller gets it; `None` for a notification, whose
    /// caller gets none. Built-ins, and calls whose parameters were refused, do not come here. It must not block.
    fn after(&self, _: Request<'_>, _: Option<&Outcome<'_>>) {}
}

/// One request, before and after it is run.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// What is called.
    pub method: &'a Method,
    /// The parameters as they came, a JSON array or object that was not checked; `None` if it has none.
    pub params: Option<&'a str>,
    /// Its id as JSON text; `None` for a notification.
    pub id: Option<&'a str>,
    /// When the call is given up.
    pub deadline: Instant,
    /// Who calls.
    pub context: &'a Arc<Context>,
}
