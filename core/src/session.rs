//! One connection on which either side may call: this side's open calls, and what arrives told apart.
//!
//! ```text
//!             ┌─ a request, a batch of them ──▶ requests: open an Exchange with them
//! a body ─────┼─ a response, a batch of them ─▶ completed: open calls that have an answer now
//!             └─ `$/cancelRequest` ───────────▶ cancelled: requests of the peer that nobody waits for
//! ```
//!
//! The first of the members `method`, `result` and `error` says what an object is; what has none of them is for the exchange to
//! refuse. In a batch each element counts for itself: its responses are taken out, and the rest goes to the exchange.
//!
//! No response is ever answered, so two sides that misunderstand each other fall silent: what answers no open call is counted
//! and forgotten. Each side's ids are its own; here they are small whole numbers.

use crate::client::{CallError, Expected, Prepared, Replies};
use crate::envelope::{self, Id, Params};
use crate::json::number::decimal;
use crate::json::{
    members::{Others, members},
    scan::{self, Fault, FaultKind, Surrogates, space},
    text,
};
use crate::limits::Limits;

/// The notification that gives up on a request, as the Language Server Protocol has it.
const CANCEL: &str = "$/cancelRequest";

/// This side's open calls on one connection. The shell keeps who waits for them, by their numbers.
#[derive(Debug)]
pub struct Session {
    limits: Limits,
    most: usize,
    /// By ascending number; `None` where a call was completed. At least half are there.
    calls: Vec<(u32, Option<Expected>)>,
    open: usize,
    last: u32,
    ended: bool,
    noise: Noise,
}

/// What arrived and changed nothing. A peer that sends much of it is broken, or means harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Noise {
    /// Responses to calls that are not open: never made, given up, or answered before.
    pub unknown: u64,
    /// Responses without an id: something that was sent could not be read there.
    pub anonymous: u64,
    /// Bodies of responses that cannot be read, by their syntax or their size.
    pub unreadable: u64,
}

/// What a body turned out to be; a batch may be all of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// A body for [`crate::Exchange::open`]: what arrived, or what is left of it.
    pub requests: Option<Vec<u8>>,
    /// The calls that are answered by it, with their results as JSON text, in the order of the body.
    pub completed: Vec<(u32, Result<String, CallError>)>,
    /// The ids, as JSON text, of requests that the peer has given up; [`crate::Exchange::request_id`] says them, too. They
    /// may be in `requests`: open these first.
    pub cancelled: Vec<String>,
}

impl Session {
    /// A session of at most `most` open calls. Of `limits`, those for replies hold here: `reply`, `batch`, `depth`, `id`.
    pub fn new(limits: &Limits, most: usize) -> Session {
        Session {
            limits: limits.clone(),
            most,
            calls: Vec::new(),
            open: 0,
            last: 0,
            ended: false,
            noise: Noise::default(),
        }
    }

    /// Goes on where a session of the same connection was, whose last number was `last`: no number comes again that an
    /// answer may still be on its way for.
    #[must_use]
    pub fn resumed(mut self, last: u32) -> Session {
        self.last = last;
        self
    }

    /// Opens a call: its number, and the body to send. For a batch of them, see [`Prepared::batch`]; a notification
    /// needs no session.
    ///
    /// # Errors
    /// [`CallError::TooManyOpen`], or [`CallError::Cancelled`] after [`Session::end`].
    pub fn call(&mut self, call: &Prepared) -> Result<(u32, Vec<u8>), CallError> {
        if self.ended {
            return Err(CallError::Cancelled);
        }
        if self.open >= self.most {
            return Err(CallError::TooManyOpen { limit: self.most });
        }
        let (number, at) = loop {
            self.last = self.last.wrapping_add(1);
            match self.find(self.last) {
                Err(at) if self.last != 0 => break (self.last, at),
                _ => {}
            }
        };
        self.calls.insert(at, (number, Some(call.expected().clone())));
        self.open += 1;
        Ok((number, call.request(&number.to_string())))
    }

    /// Gives up on a call: the body that tells the peer, or `None` if it is not open. An answer that still comes is noise.
    pub fn cancel(&mut self, number: u32) -> Option<Vec<u8>> {
        self.take(number)?;
        Some(format!(r#"{{"jsonrpc":"2.0","method":"{CANCEL}","params":{{"id":{number}}}}}"#).into_bytes())
    }

    /// How many calls are open.
    pub fn open(&self) -> usize {
        self.open
    }

    /// What was counted and forgotten.
    pub fn noise(&self) -> Noise {
        self.noise
    }

    /// The connection is over: every call that was open, which is [`CallError::Cancelled`] now. Later ones are at once.
    pub fn end(&mut self) -> Vec<u32> {
        self.ended = true;
        self.open = 0;
        let calls = std::mem::take(&mut self.calls);
        calls.into_iter().filter_map(|(number, call)| call.map(|_| number)).collect()
    }

    /// Takes a body that arrived. A body of requests comes back as it is, without a copy.
    pub fn receive(&mut self, body: Vec<u8>) -> Received {
        let mut received = Received::default();
        let start = space(&body, 0);
        if body.get(start) == Some(&b'[') {
            self.batch(body, start, &mut received);
            return received;
        }
        match self.kind(&body, start) {
            Kind::Request => received.requests = Some(body),
            Kind::Response => self.complete(body, &mut received),
            Kind::Cancel(id) => received.cancelled.push(id),
        }
        received
    }

    /// A batch: of requests, of responses, or of both.
    fn batch(&mut self, body: Vec<u8>, start: usize, received: &mut Received) {
        let (mut requests, mut responses) = (0, 0);
        let whole = elements(&body, start, |at, _| match self.kind(&body, at) {
            Kind::Response => responses += 1,
            Kind::Request => requests += 1,
            Kind::Cancel(id) => {
                requests += 1;
                received.cancelled.push(id);
            }
        });
        if whole.is_err() {
            // No JSON, and the exchange says so. Nothing in it was meant, as far as one can tell.
            received.cancelled.clear();
            received.requests = Some(body);
        } else if responses == 0 {
            received.requests = Some(body);
        } else if requests == 0 {
            self.complete(body, received);
        } else {
            let (mut left, mut taken) = (Vec::new(), Vec::new());
            let split = elements(&body, start, |at, end| {
                let is_response = matches!(self.kind(&body, at), Kind::Response);
                let out = if is_response { &mut taken } else { &mut left };
                out.push(if out.is_empty() { b'[' } else { b',' });
                out.extend_from_slice(body.get(at..end).unwrap_or_default());
            });
            debug_assert!(split.is_ok(), "it was read before");
            left.push(b']');
            taken.push(b']');
            received.requests = Some(left);
            self.complete(taken, received);
        }
    }

    /// What the element at `at` is.
    fn kind(&self, body: &[u8], at: usize) -> Kind {
        // What is no JSON is for the exchange to refuse.
        self.known_kind(body, at).unwrap_or(Kind::Request)
    }

    fn known_kind(&self, body: &[u8], at: usize) -> Option<Kind> {
        let start = at;
        let mut at = space(body, scan::byte(body, at, b'{').ok()?);
        let mut more = true;
        while more {
            let (key_end, value) = scan::key(body, at, Surrogates::Any).ok()?;
            let key = body.get(at + 1..key_end - 1)?;
            if text::equals(key, b"result") || text::equals(key, b"error") {
                return Some(Kind::Response);
            }
            let end = scan::value(body, value, scan::MAX_DEPTH, Surrogates::Any).ok()?;
            if text::equals(key, b"method") {
                let name = body.get(value + 1..end - 1).unwrap_or_default();
                let cancels = body.get(value) == Some(&b'"') && text::equals(name, CANCEL.as_bytes());
                return if cancels { self.cancelled(body, start).map(Kind::Cancel) } else { None };
            }
            (at, more) = scan::next(body, end, b'}').ok()?;
        }
        None
    }

    /// The id that the notification at `at` gives up; `None` if it is no such notification as a whole.
    fn cancelled(&self, body: &[u8], at: usize) -> Option<String> {
        let (entry, _) = envelope::entry(body, at, &self.limits, &mut |_, _| None).ok()?;
        let (Ok(_), Id::Absent, Params::Object(params)) = (entry.method, entry.id, entry.params) else {
            return None;
        };
        let ([id], _) = members(body, params.start, ["id"], Others::Ignored, scan::MAX_DEPTH)?;
        let id = body.get(id?).filter(|id| id.len() <= self.limits.id)?;
        let usable = matches!(id.first(), Some(b'"' | b'-' | b'0'..=b'9'));
        if usable { String::from_utf8(id.to_vec()).ok() } else { None }
    }

    /// Brings a body of responses to the calls that they answer.
    fn complete(&mut self, body: Vec<u8>, received: &mut Received) {
        let Ok(replies) = Replies::read(body, &self.limits) else {
            self.noise.unreadable += 1;
            return;
        };
        for response in replies.responses() {
            let Some(id) = replies.id(response) else {
                self.noise.anonymous += 1;
                continue;
            };
            let number = decimal(id.as_bytes()).and_then(|number| u32::try_from(number).ok());
            match number.and_then(|number| Some((number, self.take(number)?))) {
                Some((number, expected)) => {
                    let result = replies.judge(response, &expected).map(|result| result.into_owned());
                    received.completed.push((number, result));
                }
                None => self.noise.unknown += 1,
            }
        }
    }

    fn find(&self, number: u32) -> Result<usize, usize> {
        self.calls.binary_search_by_key(&number, |(known, _)| *known)
    }

    fn take(&mut self, number: u32) -> Option<Expected> {
        let at = self.find(number).ok()?;
        let expected = self.calls.get_mut(at)?.1.take()?;
        self.open -= 1;
        if self.open * 2 < self.calls.len() {
            self.calls.retain(|(_, call)| call.is_some());
        }
        Some(expected)
    }
}

/// What one element of a body is.
enum Kind {
    /// A request, or nothing that one could tell.
    Request,
    Response,
    /// The peer gives up on its request of this id.
    Cancel(String),
}

/// Goes over the elements of the array at `start`, which is all of `body`: where each begins and ends.
fn elements(body: &[u8], start: usize, mut each: impl FnMut(usize, usize)) -> Result<(), Fault> {
    let mut at = space(body, start + 1);
    let mut more = body.get(at) != Some(&b']');
    if !more {
        at += 1;
    }
    while more {
        let end = scan::value(body, at, scan::MAX_DEPTH, Surrogates::Any)?;
        each(at, end);
        (at, more) = scan::next(body, end, b']')?;
    }
    let end = space(body, at);
    if end == body.len() { Ok(()) } else { Err(Fault::new(FaultKind::Syntax, end)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_again_only_when_all_were_used_and_the_call_is_over() {
        let call = Prepared::unchecked(&Limits::default(), "m", "").expect("a call");
        let number = |session: &mut Session| session.call(&call).map(|call| call.0);
        assert_eq!(number(&mut Session::new(&Limits::default(), 3).resumed(7)), Ok(8));
        assert_eq!(number(&mut Session::new(&Limits::default(), 3).resumed(u32::MAX)), Ok(1));
        let mut session = Session::new(&Limits::default(), 3);
        assert_eq!((number(&mut session), number(&mut session)), (Ok(1), Ok(2)));
        session.last = u32::MAX - 1;
        assert_eq!(number(&mut session), Ok(u32::MAX));
        session.cancel(2);
        assert_eq!(number(&mut session), Ok(3));
        assert!(session.calls.is_sorted_by_key(|call| call.0));
        for _ in 0..1000 {
            session.cancel(session.last);
            assert!(number(&mut session).is_ok() && session.calls.len() <= 6);
        }
    }
}
