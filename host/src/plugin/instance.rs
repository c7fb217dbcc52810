//! One running guest.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::{PoolConcurrencyLimitError, Result, Store, Trap, UpdateDeadline};

use super::abi::Answer;
use super::guest::Guest;
use super::kv::Committing;
use super::load::Prepared;
use super::roster::Member;
use super::run::{Budget, Stop, run};
use super::{Failure, FailureKind, Invocation, Shared, component, module};
use crate::kv;

/// An instance with its store. Serves one call at a time; dropped after any failure that leaves it in doubt.
pub(super) struct Instance {
    shared: Arc<Shared>,
    pub(super) member: Arc<Member>,
    store: Store<Guest>,
    running: Running,
    served: u32,
    /// Why it cannot serve again, although its last call has an answer.
    lost: Option<Failure>,
}

enum Running {
    Module(module::Running),
    Component(component::Running),
}

/// Handles of a component that may be open at once, and what wasmtime keeps for them: far below its own bound.
const HANDLES: usize = 10_000;

impl Instance {
    /// Instantiates the plugin and runs what it runs at start, within the start-up time. `kept` says that it will serve
    /// many calls.
    pub(super) async fn start(
        shared: &Arc<Shared>,
        deadline: Option<Instant>,
        kept: bool,
    ) -> Result<Instance, Failure> {
        let guest = Guest::new(shared.clone())
            .map_err(|error| Failure::new(FailureKind::Trap, format!("{error:#}")))?;
        let mut store = Store::new(shared.prepared.engine(), guest);
        store.limiter(|guest| &mut guest.held);
        store.epoch_deadline_callback(|cx| {
            cx.data().shared.engine.ticker().touch();
            // Tokio's own yield lets sockets and timers be served in between.
            Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now())))
        });
        arm(&mut store)?;
        let member = store.data().member.clone();
        let start_time = shared.limits.start_time;
        // Also when it waits instead of running, and nobody waits for it. Late enough that one that runs is told that it ran
        // too long: where others run too, it is charged for a part of what passes on the clock.
        let most = start_time.saturating_mul(2).saturating_add(Duration::from_secs(1));
        let deadline = Instant::now().checked_add(most).into_iter().chain(deadline).min();
        let budget = budget(shared, &member, start_time, deadline);
        let started = async {
            Ok(match &shared.prepared {
                Prepared::Module(module) => Running::Module(module.start(&mut store, kept).await?),
                Prepared::Component(component) => {
                    store.set_max_component_handles(HANDLES);
                    // What is copied out of a guest at once is never more than what it may have itself.
                    store.set_hostcall_fuel(shared.limits.memory);
                    Running::Component(component.start(&mut store).await?)
                }
            })
        };
        let started = run(started, budget).await;
        store.data_mut().end(0);
        let running = settle(started, &start_time, "start-up")?;
        Ok(Instance { shared: shared.clone(), member, store, running, served: 0, lost: None })
    }

    /// Runs one call up to the answer, which [`Instance::answer`] then shows.
    pub(super) async fn call(&mut self, invocation: &Invocation<'_>) -> Result<(), Failure> {
        self.store.data_mut().begin(invocation);
        arm(&mut self.store)?;
        let run_time = self.shared.limits.run_time;
        let budget = budget(&self.shared, &self.member, run_time, invocation.deadline);
        let outcome = match &mut self.running {
            Running::Module(module) => run(module.call(&mut self.store, invocation), budget).await,
            Running::Component(component) => run(component.call(&mut self.store, invocation), budget).await,
        };
        self.served = self.served.saturating_add(1);
        self.store.data_mut().end(self.served);
        match settle(outcome, &run_time, "the call") {
            // It failed after its answer, in `pintle_free`: that is no matter of the caller.
            Err(failure) if self.store.data().has_answered() => self.lost = Some(failure),
            settled => settled?,
        }
        Ok(())
    }

    /// The answer of the last call.
    pub(super) fn answer(&mut self) -> Result<Answer<'_>, Failure> {
        match &mut self.running {
            Running::Module(module) => module.answer(self.store.data()),
            Running::Component(component) => component.answer(),
        }
    }

    /// What the reply of the last call has to wait for.
    pub(super) fn committing(&mut self) -> Committing {
        self.store.data_mut().committing.take()
    }

    /// Makes it ready for the next call, now that nobody needs its last answer. Answers why it cannot serve again, if it
    /// cannot.
    pub(super) fn rest(&mut self) -> Option<Failure> {
        self.store.data_mut().rest();
        self.lost.take()
    }

    /// Whether a pool may keep it.
    pub(super) fn is_fresh(&self) -> bool {
        let limits = &self.shared.limits;
        self.served < limits.calls_per_instance && self.store.data().held.bytes <= limits.memory_mark
    }
}

impl Failure {
    /// Whether the instance that failed so can serve again.
    pub(super) fn spares_instance(&self) -> bool {
        matches!(self.kind, FailureKind::Answer | FailureKind::TooLarge)
    }

    pub(super) fn too_large(len: usize, limit: usize) -> Failure {
        let reason = format!("the answer has {len} bytes; the limit is {limit}");
        let mut failure = Failure::new(FailureKind::TooLarge, reason);
        failure.error = failure.error.with_detail(&format!("The reply has more than {limit} bytes."));
        failure
    }
}

fn budget<'a>(
    shared: &'a Shared,
    member: &'a Member,
    run_time: Duration,
    deadline: Option<Instant>,
) -> Budget<'a> {
    Budget { run_time, deadline, ticker: shared.engine.ticker(), member }
}

/// Sets the next tick and the fuel. Every entry into guest code comes after one.
fn arm(store: &mut Store<Guest>) -> Result<(), Failure> {
    store.set_epoch_deadline(1);
    let shared = &store.data().shared;
    if shared.engine.counts_fuel() {
        let fuel = shared.limits.fuel.unwrap_or(u64::MAX);
        store.set_fuel(fuel).map_err(|error| Failure::new(FailureKind::Trap, error.to_string()))?;
    }
    Ok(())
}

/// Sorts out how guest code ended.
fn settle<T>(outcome: Result<Result<T>, Stop>, time: &Duration, what: &str) -> Result<T, Failure> {
    let (kind, reason) = match outcome {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => (kind(&error), format!("{error:?}")),
        Err(Stop::RunTime) => (FailureKind::RunTime, format!("{what} ran for more than {time:?}")),
        Err(Stop::Deadline) => (FailureKind::Deadline, format!("the deadline passed during {what}")),
        Err(Stop::Killed) => {
            let mut failure =
                Failure::new(FailureKind::Killed, format!("the instance was stopped during {what}"));
            failure.error = failure.error.with_detail("The instance that served the call was stopped.");
            return Err(failure);
        }
    };
    Err(Failure::new(kind, reason))
}

fn kind(error: &wasmtime::Error) -> FailureKind {
    if error.is::<PoolConcurrencyLimitError>() {
        FailureKind::Overloaded
    } else if error.downcast_ref::<Trap>() == Some(&Trap::OutOfFuel) {
        FailureKind::RunTime
    } else if error.is::<kv::Error>() {
        FailureKind::Store
    } else {
        FailureKind::Trap
    }
}
