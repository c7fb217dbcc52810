//! The loop of [`drive`](super) where every request is admitted first.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use futures_util::future::Either;
use futures_util::stream::{FuturesUnordered, StreamExt};
use pintle_core::{Admission, Call, Code, Engine, Exchange, MethodId, RpcError, Ticket};
use tokio::sync::OnceCell;

use super::{
    Answer, Driver, Handler, Invocation, Next, Slot, cancellable, complete, next, overloaded,
    unless_cancelled,
};
use crate::admission::{Outcome, Parameters, Request};
use crate::net::connections::Running;
use crate::net::context::Context;

/// One request, as long as its exchange goes on.
struct Case<'a> {
    method: MethodId,
    params: Option<String>,
    id: Option<String>,
    slot: Option<Slot<'a>>,
    /// From here on, so that a request can be given up while it is judged.
    running: Option<Running<'a>>,
}

enum Event<'a> {
    Judged(Ticket, Case<'a>, Result<Parameters, RpcError>),
    Answered(Call, Case<'a>, Answer),
}

impl<H: Handler> Driver<H> {
    /// Drives a body whose first request is `first`, with its `slot`.
    pub(super) async fn guarded(
        &self,
        engine: &Arc<Engine>,
        mut exchange: Exchange,
        context: &Arc<Context>,
        first: pintle_core::Request,
        slot: Slot<'_>,
    ) -> Option<Vec<u8>> {
        let deadline = Instant::now() + self.call_deadline;
        let known = OnceCell::new();
        let judge = |exchange: &Exchange, asked: pintle_core::Request, slot| {
            let case = Case {
                method: asked.method,
                params: exchange.raw_params(&asked).map(str::to_owned),
                id: exchange.request_id(&asked.ticket).map(str::to_owned),
                slot,
                running: cancellable(context, exchange.request_id(&asked.ticket)),
            };
            let known = &known;
            async move {
                let decision = match &case.slot {
                    Some(_) => {
                        let request = case.request(engine, deadline, context);
                        let judging = pin!(self.guard.judge(&self.handler, request, known));
                        let judging = self.within(deadline, judging);
                        unless_cancelled(case.running.as_ref(), judging).await.unwrap_or_else(Err)
                    }
                    None => Err(overloaded()),
                };
                Event::Judged(asked.ticket, case, decision)
            }
        };
        let mut running = FuturesUnordered::new();
        let mut admitted: HashMap<u32, Case<'_>> = HashMap::new();
        running.push(Either::Left(judge(&exchange, first, Some(slot))));
        loop {
            match next(&mut exchange) {
                Next::Admit(asked) => {
                    running.push(Either::Left(judge(&exchange, asked, self.calls.enter())));
                }
                Next::Call(call) => match admitted.remove(&call.ticket.slot()) {
                    Some(case) => {
                        let params = exchange.params(&call).to_owned();
                        running.push(Either::Right(async move {
                            let method = engine.method(call.method);
                            let (params, request) = (params.as_str(), case.id.as_deref());
                            let invocation =
                                Invocation { method, params, request, deadline, context, chain: None };
                            let answer = self.call(invocation, case.running.as_ref()).await;
                            Event::Answered(call, case, answer)
                        }));
                    }
                    // Never let through: its ticket is dropped, which fails it.
                    None => tracing::error!("a call was not admitted"),
                },
                Next::Wait => {
                    // What was answered without a call gives its place back.
                    admitted.retain(|slot, _| exchange.response(*slot).is_none());
                    match running.next().await {
                        Some(Event::Judged(ticket, case, Ok(parameters))) => {
                            admitted.insert(ticket.slot(), case);
                            exchange.admit(ticket, Admission::Accept { parameters });
                        }
                        Some(Event::Judged(ticket, _, Err(error))) => {
                            exchange.admit(ticket, Admission::Refuse(error));
                        }
                        Some(Event::Answered(call, case, answer)) => {
                            let (slot, method) = (call.ticket.slot(), engine.method(call.method));
                            complete(&mut exchange, call.ticket, method, &answer);
                            let response = exchange.response(slot).zip(case.id.as_deref());
                            let outcome = response.map(|(response, id)| Outcome::of(response, id));
                            self.guard.look(case.request(engine, deadline, context), outcome.as_ref());
                        }
                        None => exchange.abandon(&Code::InternalError.into()),
                    }
                }
                Next::Reply(reply) => return reply,
            }
        }
    }
}

impl Case<'_> {
    fn request<'a>(
        &'a self,
        engine: &'a Engine,
        deadline: Instant,
        context: &'a Arc<Context>,
    ) -> Request<'a> {
        let (params, id) = (self.params.as_deref(), self.id.as_deref());
        Request { method: engine.method(self.method), params, id, deadline, context }
    }
}
