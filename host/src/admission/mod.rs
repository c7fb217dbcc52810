//! Who may call: everything that stands between a request and its handler.

mod bearer;
mod check;
mod filter;
mod tokens;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use http::HeaderMap;
use pintle_core::{Code, RpcError};
use tokio::sync::OnceCell;

pub use bearer::Bearer;
pub use check::Check;
pub use filter::{Deciding, Filter, Parameters, Request};

pub use crate::response::Outcome;

use crate::drive::Handler;
use crate::net::context::Context;

/// Everything that a server asks before it lets a call through, in this order: the bearer token (before a body is
/// read), the check of the caller, the filters. Nothing by default: all may call.
#[derive(Default)]
pub struct Guard {
    bearer: Option<Bearer>,
    check: Option<Check>,
    filters: Vec<Box<dyn Filter>>,
}

/// Somebody who may not call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stranger;

impl Guard {
    /// Lets only those in who have a token.
    pub fn bearer(mut self, bearer: Bearer) -> Guard {
        self.bearer = Some(bearer);
        self
    }

    /// Asks a method of the contract about every caller.
    pub fn check(mut self, check: Check) -> Guard {
        self.check = Some(check);
        self
    }

    /// Adds a filter behind those that are there.
    pub fn filter(mut self, filter: impl Filter) -> Guard {
        self.filters.push(Box::new(filter));
        self
    }

    /// Whether it must be asked about each call: then every engine must be built
    /// [with admission](pintle_core::Builder::admission).
    pub fn decides(&self) -> bool {
        self.check.is_some() || !self.filters.is_empty()
    }

    /// Whether callers show by their headers who they are: then only HTTP and WebSocket can be served.
    pub fn reads_headers(&self) -> bool {
        self.bearer.is_some()
    }

    /// Who sends this, by the headers of a request whose body was not read. Answers what `ctx.auth` shows, if that is
    /// known already.
    pub fn identify(&self, headers: &HeaderMap) -> Result<Option<String>, Stranger> {
        self.bearer.as_ref().map(|bearer| bearer.identify(headers)).transpose()
    }

    /// Decides on one request; answers the parameters that are added to it. `known` is what the check said of the caller
    /// of its body, who is asked about once.
    pub(crate) async fn judge<H: Handler>(
        &self,
        handler: &H,
        request: Request<'_>,
        known: &OnceCell<Result<(), RpcError>>,
    ) -> Result<Parameters, RpcError> {
        if !self.decides() {
            // An engine asks, and there is nobody to answer.
            return Err(Code::Unauthorized.into());
        }
        let judging = async {
            if let Some(check) = &self.check {
                let asking = || check.ask(handler, request.deadline, request.context);
                known.get_or_init(asking).await.clone()?;
            }
            let mut parameters = Parameters::new();
            for filter in &self.filters {
                parameters.extend(filter.before(request).await?);
            }
            Ok(parameters)
        };
        // What was borrowed is not looked at again, or guards itself against panics.
        AssertUnwindSafe(judging).catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!(method = request.method.name, "a filter panicked; the call is refused");
            Err(Code::InternalError.into())
        })
    }

    /// Asks the check about somebody who has connected and not called yet. Filters see calls only.
    pub(crate) async fn vouch<H: Handler>(
        &self,
        handler: &H,
        deadline: Instant,
        context: &Arc<Context>,
    ) -> Result<(), RpcError> {
        match &self.check {
            Some(check) => check.ask(handler, deadline, context).await,
            None => Ok(()),
        }
    }

    /// Shows the outcome of a call to the filters, the last one first.
    pub(crate) fn look(&self, request: Request<'_>, outcome: Option<&Outcome<'_>>) {
        for filter in self.filters.iter().rev() {
            let looking = AssertUnwindSafe(|| filter.after(request, outcome));
            if std::panic::catch_unwind(looking).is_err() {
                tracing::error!(method = request.method.name, "a filter panicked behind a call");
            }
        }
    }
}
