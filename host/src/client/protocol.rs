//! What is spoken on a connection, and this side's open calls in it.

use std::collections::VecDeque;

use pintle_core::dialect::simplerpc;
use pintle_core::session::{Received, Session};
use pintle_core::{CallError, Expected, Limits, Prepared};

/// The protocols that a server may speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// JSON-RPC 2.0, over every transport: PulseRPC, Barrister and pulsar too.
    #[default]
    JsonRpc,
    /// simplerpc, over `tcp`, `tls`, `unix` and `stdio`. Its servers have no contract to give. What they send of their own
    /// are notifications of the first interface of [`Builder::callbacks`](super::Builder::callbacks).
    Simplerpc,
    /// remotipy, over HTTP. Its servers have no contract to give, and it has neither notifications nor batches.
    Remotipy,
}

/// Calls that may be open at the same time. Bounds memory when a server answers none.
const OPEN: usize = 65_536;

/// The open calls of a connection.
pub(super) enum Protocol {
    JsonRpc(Session),
    Simplerpc(InOrder),
}

/// Calls whose answers come in their order. Who gave one up does not change that.
#[derive(Default)]
pub(super) struct InOrder {
    last: u32,
    calls: VecDeque<(u32, Expected)>,
    ended: bool,
}

impl Protocol {
    pub(super) fn new(dialect: Dialect, limits: &Limits) -> Protocol {
        match dialect {
            Dialect::Simplerpc => Protocol::Simplerpc(InOrder::default()),
            Dialect::JsonRpc | Dialect::Remotipy => Protocol::JsonRpc(Session::new(limits, OPEN)),
        }
    }

    /// Whether there are calls without an answer, and several in one body.
    pub(super) fn has_notifications(&self) -> bool {
        matches!(self, Protocol::JsonRpc(_))
    }

    /// Opens a call: its number, and the body to send, before that of any later call.
    pub(super) fn call(&mut self, prepared: &Prepared) -> Result<(u32, Vec<u8>), CallError> {
        match self {
            Protocol::JsonRpc(session) => session.call(prepared),
            Protocol::Simplerpc(calls) => calls.call(prepared),
        }
    }

    /// Gives up on a call: what tells the server, if there is such a thing and the call is open.
    pub(super) fn cancel(&mut self, number: u32) -> Option<Vec<u8>> {
        match self {
            Protocol::JsonRpc(session) => session.cancel(number),
            Protocol::Simplerpc(_) => None,
        }
    }

    /// Takes a body that arrived.
    pub(super) fn receive(&mut self, body: Vec<u8>) -> Received {
        match self {
            Protocol::JsonRpc(session) => session.receive(body),
            Protocol::Simplerpc(calls) => calls.receive(body),
        }
    }

    /// The connection is over: no call can be opened any more.
    pub(super) fn end(&mut self) {
        match self {
            Protocol::JsonRpc(session) => drop(session.end()),
            Protocol::Simplerpc(calls) => *calls = InOrder { ended: true, ..InOrder::default() },
        }
    }
}

impl InOrder {
    fn call(&mut self, prepared: &Prepared) -> Result<(u32, Vec<u8>), CallError> {
        if self.ended {
            return Err(CallError::Cancelled);
        }
        if self.calls.len() >= OPEN {
            return Err(CallError::TooManyOpen { limit: OPEN });
        }
        let line = simplerpc::call(prepared)?;
        // Many fewer are open than there are numbers.
        self.last = self.last.wrapping_add(1);
        self.calls.push_back((self.last, prepared.expected().clone()));
        Ok((self.last, line))
    }

    fn receive(&mut self, line: Vec<u8>) -> Received {
        let mut received = Received::default();
        if !simplerpc::is_answer(&line) {
            received.requests = Some(line);
        } else if let Some((number, expected)) = self.calls.pop_front() {
            received.completed.push((number, simplerpc::answer(&line, &expected)));
        }
        received
    }
}
