//! One body in flight, single or batch: fed with outcomes, drained of calls and of one reply.
//!
//! ```text
//! open ─▶ poll ─▶ Admit(request) ─▶ admit ─┐
//!          ▲ └──▶ Call(call) ────▶ complete ┤
//!          └───────────────────────────────┘ … ─▶ Reply ─▶ Done
//! ```
//!
//! What holds at every moment:
//!
//! 1. Each call is given out once, in the order of the requests; the reply keeps that order whatever order the
//!    outcomes come in.
//! 2. [`Step::Wait`] is answered if and only if something given out has not come back and nothing else is ready.
//! 3. The parameters given out and the results written are, byte for byte, those that were checked.
//! 4. A [`Ticket`] answers once and only here. A dropped one fails its call.
//! 5. A notification never adds to the reply, not even an error.
//! 6. No more than [`crate::Limits::reply`] bytes are held or written, short of one error for each request.

mod outcome;
pub(crate) mod reply;
mod slot;
mod step;
mod ticket;

pub use outcome::Outcome;
pub(crate) use reply::read;
pub use step::{Admission, Call, Completion, Request, Step};
pub use ticket::Ticket;

use crate::builtin::Answer;
use crate::engine::{Engine, Method, MethodId};
use crate::envelope::{self, Entry, Id, Params};
use crate::error::{Code, Rejection, RpcError};
#[cfg(feature = "index")]
use crate::index::Index;
use crate::index::Recorder;
use crate::json::scan::{self, space};
use crate::params::{self, Positional, Text};
use slot::{Pending, Slot, State};
use std::ops::Range;
use std::sync::Arc;
use ticket::Link;

/// One body in flight. Dropping it cancels what is still out: late outcomes are ignored.
#[derive(Debug)]
pub struct Exchange {
    engine: Arc<Engine>,
    body: String,
    batch: bool,
    slots: Vec<Slot>,
    /// The first slot whose call was not given out yet.
    next: usize,
    /// The first slot whose admission was not asked for yet.
    next_admission: usize,
    /// Slots that wait for an admission or an outcome.
    out: usize,
    /// Bytes of the responses that are ready, and room for an error for each that is not.
    held: usize,
    link: Arc<Link>,
    replied: bool,
}

#[cfg(feature = "index")]
fn recorder(index: Option<&mut Index>) -> Recorder<'_> {
    index.map_or_else(Recorder::default, |index| {
        index.finish(false);
        Recorder::new(index)
    })
}

impl Exchange {
    /// Takes a request body. Never fails: what is wrong with the body is the reply.
    pub fn open(engine: &Arc<Engine>, body: impl Into<Vec<u8>>) -> Exchange {
        Exchange::recording(engine, body.into(), Recorder::default())
    }

    /// The same. If there is an `index` and the body is one call by position whose parameters the handler gets as they
    /// stand there, it becomes what [`Engine::index_params`] would make of them; else it has no slots.
    #[cfg(feature = "index")]
    pub fn open_indexed(
        engine: &Arc<Engine>,
        body: impl Into<Vec<u8>>,
        index: Option<&mut Index>,
    ) -> Exchange {
        Exchange::recording(engine, body.into(), recorder(index))
    }

    fn recording(engine: &Arc<Engine>, body: Vec<u8>, record: Recorder<'_>) -> Exchange {
        let mut exchange = Exchange {
            engine: engine.clone(),
            body: String::new(),
            batch: false,
            slots: Vec::new(),
            next: 0,
            next_admission: 0,
            out: 0,
            held: 0,
            link: Arc::default(),
            replied: false,
        };
        exchange.take(body, record);
        exchange
    }

    /// Starts over with another body, in the memory of the last one. What is out of that is cancelled.
    pub fn reopen(&mut self, engine: &Arc<Engine>, body: &[u8]) {
        self.restart(engine, body, Recorder::default());
    }

    /// The same, as [`Exchange::open_indexed`].
    #[cfg(feature = "index")]
    pub fn reopen_indexed(&mut self, engine: &Arc<Engine>, body: &[u8], index: Option<&mut Index>) {
        self.restart(engine, body, recorder(index));
    }

    fn restart(&mut self, engine: &Arc<Engine>, body: &[u8], record: Recorder<'_>) {
        if !Arc::ptr_eq(&self.engine, engine) {
            self.engine = engine.clone();
        }
        // A ticket that is out keeps the old link, so it stays a stranger here.
        match Arc::get_mut(&mut self.link) {
            Some(link) => link.clear(),
            None => self.link = Arc::default(),
        }
        self.slots.clear();
        (self.next, self.next_admission, self.out, self.replied) = (0, 0, 0, false);
        let mut room = std::mem::take(&mut self.body).into_bytes();
        room.clear();
        room.extend_from_slice(body);
        self.take(room, record);
    }

    /// Takes a body, whatever it is.
    fn take(&mut self, body: Vec<u8>, record: Recorder<'_>) {
        self.batch = false;
        if let Err(rejection) = self.read(body, record) {
            self.batch = false;
            self.slots.clear();
            self.slots.push(Slot {
                id: Id::Unusable,
                silent: false,
                state: State::Ready(reply::error("null", &rejection.into())),
            });
        }
        // A batch has a byte before each response and one behind the last.
        let around = if self.batch { self.slots.len() + 1 } else { 0 };
        self.held = around + self.slots.iter().map(Slot::held).sum::<usize>();
    }

    /// Reads the body into slots. An error is the answer to the whole body.
    fn read(&mut self, body: Vec<u8>, record: Recorder<'_>) -> Result<(), Rejection> {
        let engine = &*self.engine;
        let limits = &engine.limits;
        if body.len() > limits.body {
            return Err(Rejection::BodyTooLarge { limit: limits.body });
        }
        self.body = match String::from_utf8(body) {
            Ok(body) => body,
            Err(error) => return Err(Rejection::NotUtf8 { at: error.utf8_error().valid_up_to() }),
        };
        let text = self.body.as_bytes();
        let unreadable = |fault| Rejection::from((fault, limits));
        let mut at = space(text, 0);
        match text.get(at) {
            None => return Err(Rejection::Empty),
            Some(b'[') => {
                self.batch = true;
                at = space(text, at + 1);
                if text.get(at) == Some(&b']') {
                    let end = space(text, at + 1);
                    let all = end == text.len();
                    return Err(if all { Rejection::EmptyBatch } else { Rejection::NotJson { at: end } });
                }
                let mut more = true;
                while more {
                    if self.slots.len() >= limits.batch {
                        return Err(Rejection::BatchTooLarge { limit: limits.batch });
                    }
                    let (entry, end) =
                        envelope::entry(text, at, limits, &mut |_, _| None).map_err(unreadable)?;
                    let slot = slot(engine, &self.body, entry, None);
                    self.slots.push(slot);
                    (at, more) = scan::next(text, end, b']').map_err(unreadable)?;
                }
            }
            Some(_) => {
                let mut checked = None;
                // It is asked for once.
                let mut record = Some(record);
                let (entry, end) = envelope::entry(text, at, limits, &mut |method, at| {
                    let positional = self.check_early(method, at, record.take()?)?;
                    let end = positional.1.end;
                    checked = Some(positional);
                    Some(end)
                })
                .map_err(unreadable)?;
                at = end;
                let slot = slot(engine, &self.body, entry, checked);
                self.slots.reserve_exact(1);
                self.slots.push(slot);
            }
        }
        let end = space(text, at);
        if end == text.len() { Ok(()) } else { Err(Rejection::NotJson { at: end }) }
    }

    /// Checks parameters where they stand in the envelope, unless an admission must come first.
    fn check_early(
        &self,
        method: &Range<usize>,
        at: usize,
        record: Recorder<'_>,
    ) -> Option<(MethodId, Positional)> {
        let engine = &*self.engine;
        if engine.admission {
            return None;
        }
        let id = engine.find(&self.body.as_bytes()[method.clone()])?;
        Some((id, Positional::check(engine, engine.method(id), &self.body, at, record).ok()?))
    }

    /// What to do next. Call it again after each answer, until it is [`Step::Done`].
    pub fn poll(&mut self) -> Step {
        if self.out > 0 {
            self.fail_dropped();
        }
        while let Some(slot) = self.slots.get_mut(self.next) {
            let index = self.next;
            match std::mem::replace(&mut slot.state, State::Ready(Vec::new())) {
                State::New { method, params: Pending::Checked(params) } => {
                    self.next += 1;
                    if let Some(call) = self.start(index, method, params) {
                        return Step::Call(call);
                    }
                }
                State::New { method, params: Pending::Unchecked(params) } if self.engine.admission => {
                    slot.state = State::New { method, params: Pending::Unchecked(params) };
                    break;
                }
                State::New { method, params: Pending::Unchecked(params) } => {
                    self.next += 1;
                    if let Some(call) = self.check(index, method, &params, &[]) {
                        return Step::Call(call);
                    }
                }
                State::Admitted { method, params, extra } => {
                    self.next += 1;
                    if let Some(call) = self.check(index, method, &params, &extra) {
                        return Step::Call(call);
                    }
                }
                asked @ State::Asked { .. } => {
                    slot.state = asked;
                    break;
                }
                other => {
                    slot.state = other;
                    self.next += 1;
                }
            }
        }
        if self.engine.admission
            && let Some(request) = self.ask()
        {
            return Step::Admit(request);
        }
        if self.out > 0 {
            return Step::Wait;
        }
        if std::mem::replace(&mut self.replied, true) { Step::Done } else { Step::Reply(self.reply()) }
    }

    /// The next request that waits to be admitted.
    fn ask(&mut self) -> Option<Request> {
        loop {
            let index = self.next_admission;
            let slot = self.slots.get_mut(index)?;
            self.next_admission += 1;
            match std::mem::replace(&mut slot.state, State::Ready(Vec::new())) {
                State::New { method, params: Pending::Unchecked(params) } => {
                    slot.state = State::Asked { method, params };
                    self.out += 1;
                    return Some(Request {
                        ticket: self.link.ticket(index),
                        method,
                        notification: slot.silent,
                    });
                }
                other => slot.state = other,
            }
        }
    }

    fn check(
        &mut self,
        index: usize,
        method: MethodId,
        params: &Params,
        extra: &[(String, String)],
    ) -> Option<Call> {
        match params::check(&self.engine, self.engine.method(method), &self.body, params, extra) {
            Ok(params) => self.start(index, method, params),
            Err(problems) => {
                self.fail(index, &Rejection::Params(problems).into());
                None
            }
        }
    }

    /// Gives a call out, or answers a built-in.
    fn start(&mut self, index: usize, id: MethodId, params: Text) -> Option<Call> {
        if matches!(self.engine.method(id).builtin, None | Some(Answer::Shell)) {
            self.out += 1;
            let slot = &mut self.slots[index];
            slot.state = State::Out { method: id };
            let notification = slot.silent;
            return Some(Call { ticket: self.link.ticket(index), method: id, notification, params });
        }
        let engine = self.engine.clone();
        let answer = match &engine.method(id).builtin {
            Some(Answer::Function(function)) => function(self.text(&params)),
            Some(Answer::Text(text)) => {
                self.succeed(index, text.len(), |out| out.extend_from_slice(text.as_bytes()));
                return None;
            }
            // Given out, or replaced by texts when the engine was built.
            None | Some(Answer::Shell | Answer::FunctionsList | Answer::Documentation) => Ok("null".into()),
        };
        match answer {
            Ok(text) => self.succeed(index, text.len(), |out| out.extend_from_slice(text.as_bytes())),
            Err(error) => self.fail(index, &error),
        }
        None
    }

    fn text<'a>(&'a self, params: &'a Text) -> &'a str {
        match params {
            Text::Body(range) => self.body.get(range.clone()).unwrap_or("[]"),
            Text::Owned(text) => text,
        }
    }

    /// The checked parameters of `call`: a JSON array with a value for each parameter of the method, `null` for
    /// those that were left out, without raw line breaks. An empty one for the call of another exchange.
    pub fn params<'a>(&'a self, call: &'a Call) -> &'a str {
        if call.ticket.is_of(&self.link) { self.text(&call.params) } else { "[]" }
    }

    /// The parameters of `request` as they came, unchecked; `None` if it has none, or is of another exchange.
    pub fn raw_params(&self, request: &Request) -> Option<&str> {
        match &self.slot(&request.ticket)?.state {
            State::Asked { params: Params::Array(range) | Params::Object(range), .. } => {
                self.body.get(range.clone())
            }
            _ => None,
        }
    }

    /// The id of the request that `ticket` answers, as JSON text; `None` for a notification, or the ticket of another
    /// exchange.
    pub fn request_id(&self, ticket: &Ticket) -> Option<&str> {
        match &self.slot(ticket)?.id {
            Id::Text(range) => self.body.get(range.clone()),
            _ => None,
        }
    }

    fn slot(&self, ticket: &Ticket) -> Option<&Slot> {
        if ticket.is_of(&self.link) { self.slots.get(ticket.slot() as usize) } else { None }
    }

    /// The response to an element of the body (see [`Ticket::slot`]) as it will stand in the reply, a JSON object; `None`
    /// while there is none, and for a notification. Until the reply is taken.
    pub fn response(&self, slot: u32) -> Option<&str> {
        match &self.slots.get(slot as usize)?.state {
            State::Ready(response) if !response.is_empty() => std::str::from_utf8(response).ok(),
            _ => None,
        }
    }

    /// Decides on a request.
    pub fn admit(&mut self, ticket: Ticket, admission: Admission) {
        let Some(index) = ticket.spend(&self.link) else { return };
        // Given up and replied: the slots are gone.
        let Some(slot) = self.slots.get_mut(index) else { return };
        match std::mem::replace(&mut slot.state, State::Ready(Vec::new())) {
            State::Asked { method, params } => {
                self.out -= 1;
                match admission {
                    Admission::Accept { parameters: extra } => {
                        slot.state = State::Admitted { method, params, extra };
                    }
                    Admission::Refuse(error) => self.fail(index, &error),
                }
            }
            State::Out { .. } => {
                // A call's ticket where a request's belongs: it is spent, so its call has failed.
                self.out -= 1;
                self.fail(index, &Rejection::Dropped.into());
            }
            other => slot.state = other,
        }
    }

    /// Brings the outcome of a call. A result or error that breaks a rule is replaced by an error of ours.
    pub fn complete(&mut self, ticket: Ticket, outcome: Outcome<'_>) -> Completion {
        let Some(index) = ticket.spend(&self.link) else { return Completion::Late };
        let method = match self.slots.get(index).map(|slot| &slot.state) {
            Some(State::Out { method }) => *method,
            Some(State::Asked { .. }) => {
                self.out -= 1;
                self.fail(index, &Rejection::Dropped.into());
                return Completion::Late;
            }
            _ => return Completion::Late,
        };
        self.out -= 1;
        match outcome::judge(&self.engine, self.engine.method(method), outcome) {
            Ok((text, range, edits)) => {
                let hint = range.len();
                self.succeed(index, hint, |out| {
                    if edits.is_empty() {
                        out.extend_from_slice(&text[range]);
                    } else {
                        edits.apply(text, range, out);
                    }
                });
                Completion::Accepted
            }
            Err((error, problems)) => {
                self.fail(index, &error);
                if problems.is_empty() { Completion::Accepted } else { Completion::Replaced(problems) }
            }
        }
    }

    /// Gives up on everything that has no answer yet: it is answered with `why`, and what comes later is late.
    pub fn abandon(&mut self, why: &RpcError) {
        for index in 0..self.slots.len() {
            if !matches!(self.slots[index].state, State::Ready(_)) {
                self.fail(index, why);
            }
        }
        self.out = 0;
    }

    fn fail_dropped(&mut self) {
        for slot in self.link.take_dropped() {
            let index = slot as usize;
            if matches!(self.slots[index].state, State::Out { .. } | State::Asked { .. }) {
                self.out -= 1;
                self.fail(index, &Rejection::Dropped.into());
            }
        }
    }

    fn fail(&mut self, index: usize, error: &RpcError) {
        let slot = &self.slots[index];
        let response = if slot.silent { Vec::new() } else { reply::error(slot.id(&self.body), error) };
        self.store(index, response);
    }

    fn succeed(&mut self, index: usize, hint: usize, write: impl FnOnce(&mut Vec<u8>)) {
        let slot = &self.slots[index];
        let limit = self.engine.limits.reply;
        let response = if slot.silent {
            Vec::new()
        } else if hint > limit {
            return self.fail(index, &Rejection::ReplyTooLarge { limit }.into());
        } else {
            reply::success(slot.id(&self.body), hint, write)
        };
        self.store(index, response);
    }

    /// Keeps a response if all that is kept stays within the limit, else an error in its place.
    fn store(&mut self, index: usize, mut response: Vec<u8>) {
        let slot = &mut self.slots[index];
        let limit = self.engine.limits.reply;
        let reserve = slot.reserve();
        if response.len() > reserve && self.held - reserve + response.len() > limit {
            let error = RpcError::from(Rejection::ReplyTooLarge { limit });
            response = reply::error(slot.id(&self.body), &error);
        }
        self.held = self.held - reserve + response.len();
        slot.state = State::Ready(response);
    }

    /// The reply, taken out of the slots.
    fn reply(&mut self) -> Option<Vec<u8>> {
        let mut responses = self.slots.drain(..).filter_map(|slot| match slot.state {
            State::Ready(response) if !response.is_empty() => Some(response),
            _ => None,
        });
        if !self.batch {
            return responses.next();
        }
        let mut out: Option<Vec<u8>> = None;
        for response in responses {
            match &mut out {
                None => {
                    let mut first = Vec::with_capacity(self.held);
                    first.push(b'[');
                    first.extend_from_slice(&response);
                    out = Some(first);
                }
                Some(out) => {
                    out.push(b',');
                    out.extend_from_slice(&response);
                }
            }
        }
        out.map(|mut out| {
            out.push(b']');
            out
        })
    }
}

/// Judges one element of the body.
fn slot(engine: &Engine, body: &str, entry: Entry, checked: Option<(MethodId, Positional)>) -> Slot {
    let ready = |id: Id, silent: bool, rejection: Rejection| {
        let slot = Slot { id, silent, state: State::Ready(Vec::new()) };
        let response = if silent { Vec::new() } else { reply::error(slot.id(body), &rejection.into()) };
        Slot { state: State::Ready(response), ..slot }
    };
    let name = match entry.method {
        Ok(name) => name,
        Err(rejection) => return ready(entry.id, false, rejection),
    };
    let silent = entry.id == Id::Absent;
    let (method, params) = match (checked, entry.params) {
        (Some((method, positional)), Params::Checked(range)) => {
            let text = positional.into_text(engine.method(method), body, range);
            (Some(method), Pending::Checked(text))
        }
        (_, params) => (find(engine, &body[name]), Pending::Unchecked(params)),
    };
    match method {
        Some(method) => Slot { id: entry.id, silent, state: State::New { method, params } },
        None => ready(entry.id, silent, Rejection::UnknownMethod),
    }
}

/// The method that the raw text of a string names.
fn find(engine: &Engine, raw: &str) -> Option<MethodId> {
    let name = crate::json::text::unescape(raw);
    if name.len() > crate::Limits::METHOD { None } else { engine.find(name.as_bytes()) }
}

impl Engine {
    /// Answers a whole body with a handler that does not wait: for tests, benches and small tools.
    ///
    /// `handler` gets the method and its checked parameters, and answers the result as JSON text.
    pub fn handle<R: AsRef<[u8]>>(
        self: &Arc<Self>,
        body: impl Into<Vec<u8>>,
        mut handler: impl FnMut(&Method, &str) -> Result<R, RpcError>,
    ) -> Option<Vec<u8>> {
        let mut exchange = Exchange::open(self, body);
        loop {
            match exchange.poll() {
                Step::Call(call) => {
                    let result = handler(self.method(call.method), exchange.params(&call));
                    let outcome = match &result {
                        Ok(json) => Outcome::Return(json.as_ref()),
                        Err(error) => Outcome::Error(error.clone()),
                    };
                    let _: Completion = exchange.complete(call.ticket, outcome);
                }
                Step::Admit(request) => {
                    exchange.admit(request.ticket, Admission::Accept { parameters: Vec::new() });
                }
                Step::Reply(reply) => return reply,
                // Nothing is ever out here.
                Step::Wait => exchange.abandon(&Code::InternalError.into()),
                Step::Done => return None,
            }
        }
    }
}
