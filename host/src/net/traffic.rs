//! What goes over a listener, counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// The connections of one listener and what they carry.
#[derive(Debug, Default)]
pub struct Traffic {
    open: AtomicUsize,
    accepted: AtomicU64,
    turned_away: AtomicU64,
    received: AtomicU64,
    sent: AtomicU64,
}

/// A reading of a listener's traffic. All but `open` only grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrafficCounts {
    /// Connections that are open now.
    pub open: usize,
    /// Connections that were served.
    pub accepted: u64,
    /// Connections that found no room.
    pub turned_away: u64,
    /// Bytes that came; with encryption, those inside.
    pub received: u64,
    /// Bytes that left.
    pub sent: u64,
}

impl Traffic {
    /// What was counted so far.
    pub fn read(&self) -> TrafficCounts {
        TrafficCounts {
            // One that is turned away has a seat for a moment.
            open: self.open.load(Relaxed),
            accepted: self.accepted.load(Relaxed),
            turned_away: self.turned_away.load(Relaxed),
            received: self.received.load(Relaxed),
            sent: self.sent.load(Relaxed),
        }
    }

    pub(super) fn received(&self, bytes: usize) {
        self.received.fetch_add(bytes as u64, Relaxed);
    }

    pub(super) fn sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Relaxed);
    }
}

/// One of a listener's connections, open until it is dropped.
#[derive(Debug)]
pub(super) struct Seat(Arc<Traffic>);

impl Seat {
    /// `None` if `limit` connections are open.
    pub(super) fn take(traffic: &Arc<Traffic>, limit: usize) -> Option<Seat> {
        let seat = Seat(traffic.clone());
        let free = traffic.open.fetch_add(1, Relaxed) < limit;
        let count = if free { &traffic.accepted } else { &traffic.turned_away };
        count.fetch_add(1, Relaxed);
        free.then_some(seat)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Relaxed);
    }
}
