//! What happened in a plugin, counted.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::FailureKind;

/// What happened in a plugin. It outlives the plugin where another one takes its place.
#[derive(Debug, Default)]
pub struct Counters {
    calls: AtomicU64,
    errors: AtomicU64,
    traps: AtomicU64,
    timeouts: AtomicU64,
    overloaded: AtomicU64,
    pub(super) retired: AtomicU64,
    pub(super) replaced: AtomicU64,
    pub(super) killed: AtomicU64,
    pub(super) live: AtomicU64,
    pub(super) log_dropped: AtomicU64,
    pub(super) kv_refused: AtomicU64,
    refused_grants: AtomicU64,
}

/// A reading of a plugin's counters. All but `live` only grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Calls that ended, whatever their outcome; a call whose caller gave up is not among them.
    pub calls: u64,
    /// Calls that ended in a failure; errors that the guest answered are not failures.
    pub errors: u64,
    /// Failures by a trap.
    pub traps: u64,
    /// Failures by run time, start-up time, fuel or deadline.
    pub timeouts: u64,
    /// Calls refused because the queue was full.
    pub overloaded: u64,
    /// Pooled instances dropped: used up, grown, trapped, timed out or cancelled.
    pub retired: u64,
    /// Times that the instance of a `single` plugin was replaced, losing its state.
    pub replaced: u64,
    /// Instances stopped from outside.
    pub killed: u64,
    /// Instances that exist now.
    pub live: u64,
    /// Log lines dropped over the limit.
    pub log_dropped: u64,
    /// Times that a guest asked for what it is not granted: its store, other interfaces, connections.
    pub refused_grants: u64,
    /// Operations on keys and values refused for a limit.
    pub kv_refused: u64,
}

impl Counters {
    pub(super) fn called(&self, failure: Option<FailureKind>) {
        self.calls.fetch_add(1, Relaxed);
        let Some(kind) = failure else { return };
        self.errors.fetch_add(1, Relaxed);
        match kind {
            FailureKind::Trap => self.traps.fetch_add(1, Relaxed),
            FailureKind::RunTime | FailureKind::Deadline => self.timeouts.fetch_add(1, Relaxed),
            FailureKind::Overloaded => self.overloaded.fetch_add(1, Relaxed),
            FailureKind::Answer
            | FailureKind::TooLarge
            | FailureKind::Cancelled
            | FailureKind::Killed
            | FailureKind::Reentry
            | FailureKind::Store => 0,
        };
    }

    pub(crate) fn refuse_grant(&self) {
        self.refused_grants.fetch_add(1, Relaxed);
    }

    pub(super) fn read(&self) -> Counts {
        Counts {
            calls: self.calls.load(Relaxed),
            errors: self.errors.load(Relaxed),
            traps: self.traps.load(Relaxed),
            timeouts: self.timeouts.load(Relaxed),
            overloaded: self.overloaded.load(Relaxed),
            retired: self.retired.load(Relaxed),
            replaced: self.replaced.load(Relaxed),
            killed: self.killed.load(Relaxed),
            live: self.live.load(Relaxed),
            log_dropped: self.log_dropped.load(Relaxed),
            refused_grants: self.refused_grants.load(Relaxed),
            kv_refused: self.kv_refused.load(Relaxed),
        }
    }
}
