//! One running guest.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::{
    Extern, Func, Memory, PoolConcurrencyLimitError, Result, Store, Trap, TypedFunc, UpdateDeadline,
    format_err,
};

use super::abi::{self, Answer};
use super::driver::copy_in;
use super::guest::Guest;
use super::roster::Member;
use super::run::{Budget, Stop, run};
use super::{Failure, FailureKind, Invocation, Shared, imports};

/// An instance with its store. Serves one call at a time; dropped after any failure that leaves it in doubt.
pub(super) struct Instance {
    shared: Arc<Shared>,
    pub(super) member: Arc<Member>,
    store: Store<Guest>,
    memory: Memory,
    entry: Entry,
    free: Option<TypedFunc<(u32, u32), ()>>,
    answer: (u32, u32),
    served: u32,
}

/// The way into the guest for a call.
enum Entry {
    /// Through the driver: one entry. For instances that serve many calls.
    Driven(TypedFunc<(u32, u32), u64>),
    /// Three entries. For an instance that serves one call, cheaper than instantiating the driver.
    Direct { alloc: TypedFunc<u32, u32>, call: TypedFunc<(u32, u32, u32, u32), u64> },
}

impl Entry {
    async fn enter(&self, store: &mut Store<Guest>, method_len: u32, params_len: u32) -> Result<u64> {
        match self {
            Entry::Driven(drive) => drive.call_async(store, (method_len, params_len)).await,
            Entry::Direct { alloc, call } => {
                let method = alloc.call_async(&mut *store, method_len).await?;
                let params = alloc.call_async(&mut *store, params_len).await?;
                copy_in(&mut *store, method, params)?;
                call.call_async(store, (method, method_len, params, params_len)).await
            }
        }
    }
}

impl Instance {
    /// Instantiates the module and runs its start function and `_initialize`, within the start-up time.
    /// `kept` says that it will serve many calls.
    pub(super) async fn start(
        shared: &Arc<Shared>,
        deadline: Option<Instant>,
        kept: bool,
    ) -> Result<Instance, Failure> {
        let mut store = Store::new(shared.prepared.pre.module().engine(), Guest::new(shared.clone()));
        store.limiter(|guest| &mut guest.held);
        store.epoch_deadline_callback(|cx| {
            cx.data().shared.engine.ticker().touch();
            // Tokio's own yield lets sockets and timers be served in between.
            Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now())))
        });
        arm(&mut store)?;
        let member = store.data().member.clone();
        let budget = budget(shared, &member, shared.limits.start_time, deadline);
        let started = run(bind(&mut store, kept), budget).await;
        store.data_mut().end(0);
        let (memory, entry, free) = settle(started, &shared.limits.start_time, "start-up")?;
        store.data_mut().memory = Some(memory);
        Ok(Instance { shared: shared.clone(), member, store, memory, entry, free, answer: (0, 0), served: 0 })
    }

    /// Runs one call up to the answer, which [`Instance::answer`] then shows.
    pub(super) async fn call(&mut self, invocation: &Invocation<'_>) -> Result<(), Failure> {
        let Invocation { method, params, deadline, .. } = invocation;
        let (Ok(method_len), Ok(params_len)) = (u32::try_from(method.len()), u32::try_from(params.len()))
        else {
            return Err(Failure::new(FailureKind::TooLarge, "parameters of more than 4 GiB"));
        };
        self.store.data_mut().begin(invocation);
        arm(&mut self.store)?;
        let run_time = self.shared.limits.run_time;
        let budget = budget(&self.shared, &self.member, run_time, *deadline);
        let outcome = run(self.entry.enter(&mut self.store, method_len, params_len), budget).await;
        self.served = self.served.saturating_add(1);
        self.store.data_mut().end(self.served);
        let answer = settle(outcome, &run_time, "the call")?;
        self.answer = ((answer >> 32) as u32, answer as u32);
        Ok(())
    }

    /// The answer of the last call, where the guest wrote it.
    pub(super) fn answer(&self) -> Result<Answer<'_>, Failure> {
        let (at, len) = self.answer;
        let Some(bytes) = imports::range(self.memory.data(&self.store), at, len) else {
            let reason = format!("the answer of {len} bytes at {at} is outside of the memory");
            return Err(Failure::new(FailureKind::Trap, reason));
        };
        let limit = self.shared.limits.answer;
        if bytes.len() > limit {
            let reason = format!("the answer has {len} bytes; the limit is {limit}");
            let mut failure = Failure::new(FailureKind::TooLarge, reason);
            failure.error = failure.error.with_detail(&format!("The reply has more than {limit} bytes."));
            return Err(failure);
        }
        abi::parse(bytes).map_err(|reason| Failure::new(FailureKind::Answer, reason))
    }

    /// Gives the last answer back to the guest. The call has its outcome by then: a failure only says that
    /// the instance is lost.
    pub(super) async fn free(&mut self) -> Result<(), Failure> {
        let Some(free) = &self.free else { return Ok(()) };
        arm(&mut self.store)?;
        let run_time = self.shared.limits.run_time;
        let budget = budget(&self.shared, &self.member, run_time, None);
        settle(run(free.call_async(&mut self.store, self.answer), budget).await, &run_time, "pintle_free")
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

type Bound = (Memory, Entry, Option<TypedFunc<(u32, u32), ()>>);

async fn bind(store: &mut Store<Guest>, kept: bool) -> Result<Bound> {
    let shared = store.data().shared.clone();
    let prepared = &shared.prepared;
    let instance = prepared.pre.instantiate_async(&mut *store).await?;
    let mut function = |export| instance.get_module_export(&mut *store, export).and_then(Extern::into_func);
    let missing = || format_err!("an export is gone");
    let alloc: Func = function(&prepared.alloc).ok_or_else(missing)?;
    let call: Func = function(&prepared.call).ok_or_else(missing)?;
    let free = prepared.free.as_ref().and_then(&mut function);
    let initialize = prepared.initialize.as_ref().and_then(&mut function);
    let memory = instance.get_module_export(&mut *store, &prepared.memory).and_then(Extern::into_memory);
    let memory = memory.ok_or_else(missing)?;
    if let Some(initialize) = initialize {
        initialize.typed::<(), ()>(&*store)?.call_async(&mut *store, ()).await?;
    }
    if !kept {
        // Its answer is given back with the whole instance.
        let entry = Entry::Direct { alloc: alloc.typed(&*store)?, call: call.typed(&*store)? };
        return Ok((memory, entry, None));
    }
    let free = free.map(|free| free.typed(&*store)).transpose()?;
    let driver = &prepared.driver;
    let write = driver.write(&mut *store)?;
    let imports = [alloc.into(), call.into(), write];
    let driving = wasmtime::Instance::new_async(&mut *store, &driver.module, &imports).await?;
    let drive = driving.get_module_export(&mut *store, &driver.drive).and_then(Extern::into_func);
    let drive = drive.ok_or_else(missing)?.typed(&*store)?;
    Ok((memory, Entry::Driven(drive), free))
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
    } else {
        FailureKind::Trap
    }
}
