//! Isolation `call` and `pool`: instances that are taken, used by one call, and given back or dropped.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout_at;

use super::abi::Answer;
use super::instance::Instance;
use super::kv::Committing;
use super::{Failure, FailureKind, Invocation, Shared};

pub(super) struct Pool {
    shared: Arc<Shared>,
    /// Those that nobody uses, the last used on top. `None`: instances are not kept.
    idle: Option<Mutex<Vec<Idle>>>,
    room: Semaphore,
    waiting: AtomicUsize,
}

/// An instance that waits for a call.
struct Idle {
    instance: Box<Instance>,
    /// Whose caches its memory is in.
    thread: ThreadId,
}

impl Idle {
    /// This thread has just used it.
    fn new(instance: Box<Instance>) -> Idle {
        Idle { instance, thread: thread::current().id() }
    }
}

impl Pool {
    /// A pool that keeps instances, beginning with `first`; without one, a fresh instance serves every call.
    pub(super) fn new(shared: Arc<Shared>, first: Option<Instance>) -> Pool {
        let room = shared.limits.instances.clamp(1, Semaphore::MAX_PERMITS);
        Pool {
            shared,
            idle: first.map(|first| Mutex::new(vec![Idle::new(Box::new(first))])),
            room: Semaphore::new(room),
            waiting: AtomicUsize::new(0),
        }
    }

    pub(super) async fn call<R: Send>(
        &self,
        invocation: Invocation<'_>,
        read: impl FnOnce(Answer<'_>) -> R + Send,
    ) -> Result<(R, Committing), Failure> {
        let _room = self.enter(&invocation).await?;
        // Whatever ends this future early, a cancelled caller included, drops the lease and with it the instance.
        let mut lease = Lease { pool: self, instance: None };
        let instance = match self.take() {
            Some(instance) => instance,
            None => Box::new(Instance::start(&self.shared, invocation.deadline, self.idle.is_some()).await?),
        };
        let instance = lease.instance.insert(instance);
        instance.call(&invocation).await?;
        let committing = instance.committing();
        let outcome = instance.answer().map(|answer| (read(answer), committing));
        if outcome.as_ref().is_err_and(|failure| !failure.spares_instance()) || self.idle.is_none() {
            return outcome;
        }
        match instance.rest() {
            None if instance.is_fresh() => lease.give_back(),
            None => {}
            Some(failure) => tracing::warn!(plugin = self.shared.name, "{}", failure.reason),
        }
        outcome
    }

    /// Drops the idle instances that were killed.
    pub(super) fn sweep(&self) {
        let Some(idle) = &self.idle else { return };
        let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
        let before = idle.len();
        idle.retain(|idle| !idle.instance.member.is_killed());
        self.shared.counters.retired.fetch_add((before - idle.len()) as u64, Relaxed);
    }

    /// Waits for room, if the queue has a place and until the deadline. A nested call does not wait.
    async fn enter(&self, invocation: &Invocation<'_>) -> Result<SemaphorePermit<'_>, Failure> {
        if let Ok(permit) = self.room.try_acquire() {
            return Ok(permit);
        }
        if invocation.chain.is_nested() {
            return Err(Failure::new(
                FailureKind::Overloaded,
                "all instances are busy; nested calls do not wait",
            ));
        }
        let place = Place(&self.waiting);
        if place.0.fetch_add(1, Relaxed) >= self.shared.limits.queue {
            return Err(Failure::new(
                FailureKind::Overloaded,
                "all instances are busy and the queue is full",
            ));
        }
        let permit = match invocation.deadline {
            None => self.room.acquire().await,
            Some(deadline) => match timeout_at(deadline.into(), self.room.acquire()).await {
                Ok(permit) => permit,
                Err(_) => {
                    return Err(Failure::new(FailureKind::Deadline, "the deadline passed in the queue"));
                }
            },
        };
        permit.map_err(|_| Failure::new(FailureKind::Cancelled, "the plugin is being unloaded"))
    }

    /// An idle instance: the one that this thread used last, if there is one.
    fn take(&self) -> Option<Box<Instance>> {
        let here = thread::current().id();
        let mut idle = self.idle.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let found = match idle.iter().rposition(|idle| idle.thread == here) {
            Some(at) => Some(idle.remove(at)),
            None => idle.pop(),
        };
        found.map(|idle| idle.instance)
    }
}

/// A place in the queue, given up when it is dropped.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// An instance in use. Dropped with it unless it is given back.
struct Lease<'a> {
    pool: &'a Pool,
    instance: Option<Box<Instance>>,
}

impl Lease<'_> {
    fn give_back(&mut self) {
        let Some(idle) = &self.pool.idle else { return };
        // Whoever kills it marks it first and then looks among the idle, so one of the two sees the other.
        let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.instance.take_if(|instance| !instance.member.is_killed()).map(Idle::new));
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if self.instance.is_some() && self.pool.idle.is_some() {
            self.pool.shared.counters.retired.fetch_add(1, Relaxed);
        }
    }
}
