//! What waits to be written to one connection: bounded, so that a peer who does not read costs no more than that.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

/// Filled by whoever has something to say, drained by the connection's writer.
#[derive(Debug)]
pub(super) struct Outgoing {
    state: Mutex<State>,
    /// For the writer: there is something to write, or the end.
    filled: Notify,
    /// For the reader: the writer took something, or the end.
    drained: Notify,
    limit: Limit,
}

/// What may wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    pub(super) bytes: usize,
    pub(super) messages: usize,
}

#[derive(Debug)]
struct State {
    queue: VecDeque<Message>,
    bytes: usize,
    end: Option<End>,
}

/// One body on its way out.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) body: Bytes,
    pub(super) kind: Kind,
}

/// What a message is where there are several kinds, on WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Binary,
    /// Asks for a sign of life.
    Ping,
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The peer is gone or wants no more.
    Peer,
    /// The server is stopping.
    Draining,
    /// Nothing was to do for too long.
    Idle,
    /// The peer does not follow the transport's rules.
    Protocol,
    /// A text is not UTF-8.
    NotUtf8,
    /// A message is over its limit.
    TooLarge,
    /// The peer does not read what it is sent.
    Unread,
    /// The check of callers does not let the peer in.
    Stranger,
    /// Our mistake.
    Internal,
}

/// Why a message does not go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// The connection has ended.
    Ended,
    /// Too much waits already; the connection is closed for it.
    Full,
}

/// What the writer does next.
pub(super) enum Next {
    Message(Message),
    End(End),
}

impl End {
    /// The close code of WebSocket: RFC 6455, section 7.4.1.
    pub(super) fn code(self) -> u16 {
        match self {
            End::Peer | End::Idle => 1000,
            End::Draining => 1001,
            End::Protocol => 1002,
            End::NotUtf8 => 1007,
            End::Stranger => 1008,
            End::TooLarge => 1009,
            End::Internal => 1011,
            End::Unread => 1013,
        }
    }

    /// For the peer and for the log.
    pub(super) fn reason(self) -> &'static str {
        match self {
            End::Peer => "",
            End::Draining => "the server is stopping",
            End::Idle => "nothing to do",
            End::Protocol => "the transport's rules are broken",
            End::NotUtf8 => "a text is not UTF-8",
            End::TooLarge => "a message is over the limit",
            End::Unread => "too much waits to be read",
            End::Stranger => "not let in",
            End::Internal => "internal error",
        }
    }
}

impl Outgoing {
    pub(super) fn new(limit: Limit) -> Outgoing {
        let state = State { queue: VecDeque::new(), bytes: 0, end: None };
        Outgoing { state: Mutex::new(state), filled: Notify::new(), drained: Notify::new(), limit }
    }

    /// Lets a message wait for its turn. One alone may be of any size: bodies have a limit of their own.
    pub(super) fn push(&self, message: Message) -> Result<(), Refused> {
        let mut state = self.state();
        if state.end.is_some() {
            return Err(Refused::Ended);
        }
        let bytes = state.bytes.saturating_add(message.body.len());
        let fits = bytes <= self.limit.bytes && state.queue.len() < self.limit.messages;
        if !fits && !state.queue.is_empty() {
            // What waits would only keep the reason from the peer.
            state.queue.clear();
            state.bytes = 0;
            state.end = Some(End::Unread);
            drop(state);
            self.filled.notify_one();
            self.drained.notify_one();
            return Err(Refused::Full);
        }
        state.bytes = bytes;
        state.queue.push_back(message);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// From here on nothing is taken; what waits still goes out. The first end counts.
    pub(super) fn end(&self, end: End) {
        self.state().end.get_or_insert(end);
        self.filled.notify_one();
        self.drained.notify_one();
    }

    /// Whether so much waits that the peer should read before it is heard again.
    pub(super) fn crowded(&self) -> bool {
        let state = self.state();
        state.bytes > self.limit.bytes / 2 || state.queue.len() > self.limit.messages / 2
    }

    /// Waits until the peer has had enough to read, or too much: the end for which the connection closes itself.
    pub(super) async fn relief(&self) -> Option<End> {
        self.drained.notified().await;
        self.state().end
    }

    /// The next message, in order, or the end behind the last. For one caller.
    pub(super) async fn next(&self) -> Next {
        loop {
            if let Some(next) = self.take() {
                return next;
            }
            self.filled.notified().await;
        }
    }

    /// The next if it is there.
    pub(super) fn take(&self) -> Option<Next> {
        let mut state = self.state();
        let Some(message) = state.queue.pop_front() else { return state.end.map(Next::End) };
        state.bytes -= message.body.len();
        drop(state);
        self.drained.notify_one();
        Some(Next::Message(message))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(body: &'static str) -> Message {
        Message { body: Bytes::from_static(body.as_bytes()), kind: Kind::Text }
    }

    fn outgoing() -> Outgoing {
        Outgoing::new(Limit { bytes: 10, messages: 3 })
    }

    #[tokio::test]
    async fn what_waits_goes_out_in_order_and_then_the_end() {
        let outgoing = outgoing();
        outgoing.push(message("1")).unwrap();
        outgoing.push(message("2")).unwrap();
        outgoing.end(End::Draining);
        outgoing.end(End::Internal);
        assert_eq!(outgoing.push(message("3")), Err(Refused::Ended));
        for expected in ["1", "2"] {
            assert!(matches!(outgoing.next().await, Next::Message(message) if message.body == expected));
        }
        assert!(matches!(outgoing.next().await, Next::End(End::Draining)));
    }

    #[tokio::test]
    async fn too_much_is_the_end() {
        for too_much in [&["1", "2", "3", "4"][..], &["123456", "12345"]] {
            let outgoing = outgoing();
            let (last, first) = too_much.split_last().unwrap();
            first.iter().for_each(|body| outgoing.push(message(body)).unwrap());
            assert_eq!(outgoing.push(message(last)), Err(Refused::Full));
            assert_eq!(outgoing.relief().await, Some(End::Unread));
            assert!(matches!(outgoing.next().await, Next::End(End::Unread)));
        }
        // A single one has the limit of bodies.
        outgoing().push(message("12345678901")).unwrap();
    }

    #[test]
    fn half_of_it_is_a_crowd() {
        let outgoing = outgoing();
        outgoing.push(message("12345")).unwrap();
        assert!(!outgoing.crowded());
        outgoing.push(message("6")).unwrap();
        assert!(outgoing.crowded());
        outgoing.take();
        assert!(!outgoing.crowded());
    }
}
