//! The instances of a plugin that exist: who they are, what they do, and how one of them is stopped.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;

/// A reading of one instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstanceInfo {
    /// Unique among all instances of the engine, for the time of the engine.
    pub id: u64,
    /// Whether it starts or serves a call.
    pub busy: bool,
    /// Calls that it has served.
    pub calls: u64,
    /// Bytes of its memories and tables after its last call.
    pub memory: usize,
}

/// All instances of one plugin.
#[derive(Default)]
pub(super) struct Roster(Mutex<BTreeMap<u64, Arc<Member>>>);

impl Roster {
    pub(super) fn enter(&self, id: u64) -> Arc<Member> {
        let member = Arc::new(Member {
            id,
            busy: AtomicBool::new(true),
            calls: AtomicU64::new(0),
            memory: AtomicUsize::new(0),
            killed: AtomicBool::new(false),
            waker: AtomicWaker::new(),
        });
        self.members().insert(id, member.clone());
        member
    }

    pub(super) fn leave(&self, member: &Member) {
        self.members().remove(&member.id);
    }

    pub(super) fn find(&self, id: u64) -> Option<Arc<Member>> {
        self.members().get(&id).cloned()
    }

    /// All of them, the oldest first.
    pub(super) fn read(&self) -> Vec<InstanceInfo> {
        let info = |member: &Arc<Member>| InstanceInfo {
            id: member.id,
            busy: member.busy.load(Relaxed),
            calls: member.calls.load(Relaxed),
            memory: member.memory.load(Relaxed),
        };
        self.members().values().map(info).collect()
    }

    fn members(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Member>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One instance, as others see it.
pub(super) struct Member {
    id: u64,
    busy: AtomicBool,
    calls: AtomicU64,
    memory: AtomicUsize,
    killed: AtomicBool,
    /// The task that runs or keeps the instance.
    waker: AtomicWaker,
}

impl Member {
    pub(super) fn begin(&self) {
        self.busy.store(true, Relaxed);
    }

    /// Back from start-up (`calls` is 0) or from a call.
    pub(super) fn end(&self, calls: u32, memory: usize) {
        self.calls.store(calls.into(), Relaxed);
        self.memory.store(memory, Relaxed);
        self.busy.store(false, Relaxed);
    }

    /// Ends the instance: now if it runs, else when its keeper looks. Answers whether this was the first time.
    pub(super) fn kill(&self) -> bool {
        let first = !self.killed.swap(true, SeqCst);
        self.waker.wake();
        first
    }

    pub(super) fn is_killed(&self) -> bool {
        self.killed.load(SeqCst)
    }

    /// Whether it was killed; if not, the task is woken when it is.
    pub(super) fn poll_killed(&self, cx: &Context<'_>) -> Poll<()> {
        // Registered before the look, so that a kill in between wakes.
        self.waker.register(cx.waker());
        if self.is_killed() { Poll::Ready(()) } else { Poll::Pending }
    }

    pub(super) async fn killed(&self) {
        poll_fn(|cx| self.poll_killed(cx)).await;
    }
}
