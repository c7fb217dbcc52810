//! One request of a body, from its reading to its response.

use crate::engine::MethodId;
use crate::envelope::{Id, Params};
use crate::params::Text;

#[derive(Debug)]
pub(super) struct Slot {
    pub(super) id: Id,
    pub(super) silent: bool,
    pub(super) state: State,
}

#[derive(Debug)]
pub(super) enum State {
    New {
        method: MethodId,
        params: Pending,
    },
    /// Waits for its admission.
    Asked {
        method: MethodId,
        params: Params,
    },
    Admitted {
        method: MethodId,
        params: Params,
        extra: Vec<(String, String)>,
    },
    /// Its call is out.
    Out {
        method: MethodId,
    },
    /// The response; empty for what is not answered.
    Ready(Vec<u8>),
}

#[derive(Debug)]
pub(super) enum Pending {
    Unchecked(Params),
    Checked(Text),
}

impl Slot {
    pub(super) fn id<'a>(&self, body: &'a str) -> &'a str {
        match &self.id {
            Id::Text(range) => body.get(range.clone()).unwrap_or("null"),
            _ => "null",
        }
    }

    /// Room for the error that is written when the real response does not fit.
    pub(super) fn reserve(&self) -> usize {
        match &self.id {
            _ if self.silent => 0,
            Id::Text(range) => RESERVE + range.len(),
            _ => RESERVE,
        }
    }

    /// Bytes held for a slot as the body left it.
    pub(super) fn held(&self) -> usize {
        if let State::Ready(response) = &self.state { response.len() } else { self.reserve() }
    }
}

/// Bytes of a Too large response without its id; a test holds it to the truth.
pub(super) const RESERVE: usize = 160;
