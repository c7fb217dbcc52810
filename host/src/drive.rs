//! The loop between an exchange and the handlers: it moves calls out and answers in, and knows the time.

mod guarded;

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, StreamExt};
use pintle_core::{
    Call, Code, Completion, Engine, Exchange, Method, Outcome, Request, RpcError, Step, Ticket,
};

use crate::admission::Guard;
use crate::net::connections::Running;
use crate::net::context::Context;
use crate::plugin::Chain;
use crate::shutdown::Cancellation;

/// Runs calls. What is called exists, and its parameters are checked.
pub trait Handler: Send + Sync + 'static {
    /// Dropping the future cancels the call.
    fn call<'a>(&'a self, invocation: Invocation<'a>) -> impl Future<Output = Answer> + Send + 'a;
}

/// One call, ready to run.
#[derive(Clone, Copy)]
pub struct Invocation<'a> {
    /// What is called.
    pub method: &'a Method,
    /// A JSON array with a value for each parameter.
    pub params: &'a str,
    /// The request's id as JSON text; `None` for a notification.
    pub request: Option<&'a str>,
    /// When the call is given up.
    pub deadline: Instant,
    /// Who calls.
    pub context: &'a Arc<Context>,
    /// The plugins that wait for it; `None` for a call from outside.
    pub chain: Option<&'a Chain>,
}

/// What a handler answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The result, as JSON text.
    Return(Vec<u8>),
    /// A plugin's answer object, as JSON text.
    Object(Vec<u8>),
    /// The handler's own error.
    Error(RpcError),
    /// No answer could be had; any code may say why.
    Fail(RpcError),
}

impl Answer {
    fn outcome(&self) -> Outcome<'_> {
        match self {
            Answer::Return(json) => Outcome::Return(json),
            Answer::Object(json) => Outcome::Answer(json),
            Answer::Error(error) => Outcome::Error(error.clone()),
            Answer::Fail(error) => Outcome::Fail(error.clone()),
        }
    }
}

/// What all exchanges of a server share.
pub struct Driver<H> {
    /// Runs the calls.
    pub handler: H,
    /// Wall-clock time of one call, waiting included.
    pub call_deadline: Duration,
    /// Bounds the calls that are open.
    pub calls: Gate,
    /// Tells when open calls must end.
    pub cancellation: Cancellation,
    /// Who may call.
    pub guard: Guard,
}

impl<H: Handler> Driver<H> {
    /// Another handler and guard, with the same room and the same end.
    pub(crate) fn successor(&self, handler: H, guard: Guard) -> Driver<H> {
        let Driver { call_deadline, calls, cancellation, .. } = self;
        Driver {
            handler,
            guard,
            call_deadline: *call_deadline,
            calls: calls.clone(),
            cancellation: cancellation.clone(),
        }
    }

    /// Drives one body to its reply. `slot` is the first call's.
    pub async fn drive(
        &self,
        engine: &Arc<Engine>,
        body: Vec<u8>,
        context: Context,
        slot: Slot<'_>,
    ) -> Option<Vec<u8>> {
        let mut exchange = Exchange::open(engine, body);
        let call = match next(&mut exchange) {
            Next::Call(call) => call,
            Next::Admit(first) => {
                return self.guarded(engine, exchange, &Arc::new(context), first, slot).await;
            }
            Next::Wait => return None,
            Next::Reply(reply) => return reply,
        };
        let context = Arc::new(context);
        let deadline = Instant::now() + self.call_deadline;
        match next(&mut exchange) {
            // Alone: its parameters are lent from the body, not copied.
            Next::Wait => {
                let params = exchange.params(&call);
                let request = exchange.request_id(&call.ticket);
                let method = engine.method(call.method);
                let invocation =
                    Invocation { method, params, request, deadline, context: &context, chain: None };
                let answer = self.run(invocation).await;
                complete(&mut exchange, call.ticket, method, &answer);
            }
            Next::Call(second) => {
                let mut running = FuturesUnordered::new();
                let start = |exchange: &Exchange, call: Call, slot| {
                    let params = exchange.params(&call).to_owned();
                    let request = exchange.request_id(&call.ticket).map(str::to_owned);
                    let context = &context;
                    async move {
                        let (params, request) = (params.as_str(), request.as_deref());
                        let method = engine.method(call.method);
                        let invocation =
                            Invocation { method, params, request, deadline, context, chain: None };
                        let answer = match &slot {
                            Some(_) => self.run(invocation).await,
                            None => Answer::Fail(overloaded()),
                        };
                        (call, answer)
                    }
                };
                running.push(start(&exchange, call, Some(slot)));
                running.push(start(&exchange, second, self.calls.enter()));
                loop {
                    match next(&mut exchange) {
                        Next::Call(call) => running.push(start(&exchange, call, self.calls.enter())),
                        Next::Wait => match running.next().await {
                            Some((call, answer)) => {
                                complete(&mut exchange, call.ticket, engine.method(call.method), &answer);
                            }
                            None => exchange.abandon(&Code::InternalError.into()),
                        },
                        Next::Reply(reply) => return reply,
                        // An engine asks before it gives anything out, or never.
                        Next::Admit(_) => return None,
                    }
                }
            }
            Next::Reply(reply) => return reply,
            Next::Admit(_) => return None,
        }
        match next(&mut exchange) {
            Next::Reply(reply) => reply,
            Next::Call(_) | Next::Admit(_) | Next::Wait => None,
        }
    }

    async fn run(&self, invocation: Invocation<'_>) -> Answer {
        let running = cancellable(invocation.context, invocation.request);
        self.call(invocation, running.as_ref()).await
    }

    /// Runs a call that its peer can give up through `running`.
    async fn call(&self, invocation: Invocation<'_>, running: Option<&Running<'_>>) -> Answer {
        // Pinned where it is made: handed on by value, so large a future would be copied at every step.
        let handling = pin!(self.handler.call(invocation));
        let call = pin!(self.within(invocation.deadline, handling));
        unless_cancelled(running, call).await.unwrap_or_else(Answer::Fail)
    }

    /// Asks the check of callers about somebody who has not said anything yet.
    pub(crate) async fn vouch(&self, context: &Arc<Context>) -> Result<(), RpcError> {
        let deadline = Instant::now() + self.call_deadline;
        let asking = pin!(self.guard.vouch(&self.handler, deadline, context));
        self.within(deadline, asking).await.unwrap_or_else(Err)
    }

    /// Waits for `work` until the deadline, or until calls must end.
    pub(crate) async fn within<T>(
        &self,
        deadline: Instant,
        mut work: Pin<&mut impl Future<Output = T>>,
    ) -> Result<T, RpcError> {
        // Much is done at once: that needs no timer.
        if let Poll::Ready(output) = poll_fn(|cx| Poll::Ready(work.as_mut().poll(cx))).await {
            return Ok(output);
        }
        let mut cancellation = self.cancellation.clone();
        tokio::select! {
            biased;
            output = &mut work => Ok(output),
            () = tokio::time::sleep_until(deadline.into()) => Err(Code::DeadlineExceeded.into()),
            () = cancellation.requested() => Err(Code::Cancelled.into()),
        }
    }
}

/// Makes a request one that its peer can give up.
fn cancellable<'a>(context: &'a Context, request: Option<&str>) -> Option<Running<'a>> {
    let (peer, request) = context.peers.own.as_ref().zip(request)?;
    Some(peer.cancellable(request))
}

async fn unless_cancelled<T>(
    running: Option<&Running<'_>>,
    work: impl Future<Output = Result<T, RpcError>>,
) -> Result<T, RpcError> {
    let Some(running) = running else { return work.await };
    tokio::select! {
        biased;
        () = running.cancelled() => Err(Code::Cancelled.into()),
        output = work => output,
    }
}

enum Next {
    Call(Call),
    Admit(Request),
    Wait,
    Reply(Option<Vec<u8>>),
}

fn next(exchange: &mut Exchange) -> Next {
    match exchange.poll() {
        Step::Call(call) => Next::Call(call),
        Step::Admit(request) => Next::Admit(request),
        Step::Wait => Next::Wait,
        Step::Reply(reply) => Next::Reply(reply),
        Step::Done => Next::Reply(None),
    }
}

/// Brings a handler's answer; what is wrong with it goes to the log.
pub(crate) fn complete(exchange: &mut Exchange, ticket: Ticket, method: &Method, answer: &Answer) {
    let method = &method.name;
    match exchange.complete(ticket, answer.outcome()) {
        Completion::Accepted => (),
        Completion::Replaced(problems) => {
            let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
            tracing::warn!(
                method,
                problems = problems.join("; "),
                "the handler's answer breaks the contract"
            );
        }
        Completion::Late => tracing::debug!(method, "an answer came too late"),
    }
}

/// An error for a caller who should try again later.
pub(crate) fn overloaded() -> RpcError {
    RpcError::from(Code::Overloaded).with_data("{\"retryAfterMs\":1000}")
}

/// Counts what is open, up to a limit. Clones count together.
#[derive(Debug, Clone)]
pub struct Gate {
    open: Arc<AtomicUsize>,
    limit: usize,
}

/// One of a gate's places, free again when it is dropped.
#[derive(Debug)]
pub struct Slot<'a>(&'a Gate);

impl Gate {
    /// A gate with `limit` places.
    pub fn new(limit: usize) -> Gate {
        Gate { open: Arc::default(), limit }
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// A place, if one is free.
    pub fn enter(&self) -> Option<Slot<'_>> {
        let slot = Slot(self);
        (self.open.fetch_add(1, Ordering::Relaxed) < self.limit).then_some(slot)
    }

    /// A place, free or not: for what must not be left out.
    pub fn force(&self) -> Slot<'_> {
        self.open.fetch_add(1, Ordering::Relaxed);
        Slot(self)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}
