//! A server, as seen from outside of it.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::SystemTime;

use crate::drive::Gate;
use crate::handlers::Served;
use crate::net::traffic::Traffic;

/// Where a server stands, and where its figures are.
pub struct Monitor {
    phase: RwLock<Phase>,
    plugins: RwLock<Vec<Arc<Served>>>,
    transport: OnceLock<Transport>,
    reloads: Reloads,
    started: SystemTime,
}

/// What a server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// Plugins are compiled, listeners are bound.
    #[default]
    Starting,
    /// It serves.
    Ready,
    /// Open calls have their time, and there are no new ones.
    Draining,
}

/// What goes over the listeners.
pub(super) struct Transport {
    /// By URL.
    pub(super) listeners: Vec<(String, Arc<Traffic>)>,
    pub(super) calls: Gate,
}

/// What came of reloads.
#[derive(Debug, Default)]
pub(super) struct Reloads {
    pub(super) done: AtomicU64,
    pub(super) refused: AtomicU64,
}

impl Monitor {
    /// A server that starts.
    pub fn new() -> Arc<Monitor> {
        Arc::new(Monitor {
            phase: RwLock::default(),
            plugins: RwLock::default(),
            transport: OnceLock::new(),
            reloads: Reloads::default(),
            started: SystemTime::now(),
        })
    }

    /// What it does.
    pub fn phase(&self) -> Phase {
        *self.phase.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// It does something else now.
    pub fn enter(&self, phase: Phase) {
        *self.phase.write().unwrap_or_else(PoisonError::into_inner) = phase;
    }

    /// Its listeners are bound. Told once.
    pub fn listens(&self, listeners: Vec<(String, Arc<Traffic>)>, calls: Gate) {
        // They cannot be others later.
        let _ = self.transport.set(Transport { listeners, calls });
    }

    /// These plugins serve from now on.
    pub fn serves(&self, plugins: Vec<Arc<Served>>) {
        *self.plugins.write().unwrap_or_else(PoisonError::into_inner) = plugins;
    }

    /// It was told to reload, and did or refused.
    pub fn reloaded<T, E>(&self, outcome: &Result<T, E>) {
        let count = if outcome.is_ok() { &self.reloads.done } else { &self.reloads.refused };
        count.fetch_add(1, Relaxed);
    }

    pub(super) fn plugins(&self) -> Vec<Arc<Served>> {
        self.plugins.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn transport(&self) -> Option<&Transport> {
        self.transport.get()
    }

    pub(super) fn reloads(&self) -> &Reloads {
        &self.reloads
    }

    pub(super) fn started(&self) -> SystemTime {
        self.started
    }
}
