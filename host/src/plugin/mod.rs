//! Plugins: handlers that run as WebAssembly guests.
//!
//! A [`Plugin`] is one loaded core module or component. [`Plugin::call`] runs one call in one of its instances and shows
//! the answer where the guest wrote it. Everything a guest can do is bounded by [`GuestLimits`].
//!
//! Guests run on fibers and give the thread back at every tick of the engine's ticker: a guest
//! that loops costs its share of a thread, never the thread.

mod abi;
mod cache;
mod chain;
mod component;
mod counters;
mod driver;
mod engine;
mod epoch;
mod grants;
mod guest;
mod imports;
mod inspect;
mod instance;
mod kv;
mod limits;
mod load;
mod log;
mod module;
mod pool;
mod roster;
mod run;
mod single;
mod wasi;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use pintle_core::{Code, Contract, RpcError};

pub use abi::Answer;
pub use cache::Cache;
pub use chain::Chain;
pub use component::info::{ComponentInfo, World};
pub use counters::{Counters, Counts};
pub use engine::{Engine, EngineOptions};
pub use grants::{Dir, Grants};
pub use inspect::{Import, Memory, ModuleInfo, PluginInfo, inspect};
pub use limits::GuestLimits;
pub use load::LoadError;
pub use log::{Level, LogLine, LogSink, TracingLog};
pub use roster::InstanceInfo;

use load::Prepared;
use pool::Pool;
use roster::Roster;
use single::Single;

/// What an instance serves, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Isolation {
    /// A fresh instance for every call: for untrusted code.
    Call,
    /// Instances serve many calls, one at a time: for speed. State can pass between callers.
    #[default]
    Pool,
    /// One instance serves all calls, one at a time: for state in memory.
    Single,
}

/// How a plugin is to be run.
#[derive(Clone)]
pub struct PluginOptions {
    /// The name in logs and metrics.
    pub name: String,
    /// What an instance serves.
    pub isolation: Isolation,
    /// Bounds on the guest.
    pub limits: GuestLimits,
    /// What the guest may reach.
    pub grants: Grants,
    /// What the types of a component are held against, if it has a function for each method; others do not need it.
    pub contract: Option<Arc<Contract>>,
    /// Where the guest's log lines go.
    pub log: Arc<dyn LogSink>,
    /// Counts what happens: new ones, or those of the plugin whose place this one takes.
    pub counters: Arc<Counters>,
}

impl PluginOptions {
    /// Options with the default isolation and limits, nothing granted, logging through `tracing`.
    pub fn new(name: impl Into<String>) -> Self {
        PluginOptions {
            name: name.into(),
            isolation: Isolation::default(),
            limits: GuestLimits::default(),
            grants: Grants::default(),
            contract: None,
            log: Arc::new(TracingLog),
            counters: Arc::default(),
        }
    }
}

/// What a guest may learn of the call that it serves, and reach from it, through its imports.
pub trait CallContext: Send + Sync {
    /// The `ctx` object as JSON, for the import `context`. Asked for at most once per call, and only if the guest
    /// wants it.
    fn json(&self) -> String;

    /// Makes a call to the same server, for the import `call`. `None`: it is not granted, and the guest is answered that
    /// there is no such method.
    fn call(&self, _: NestedCall) -> Option<Reaching> {
        None
    }

    /// Notifies connections, for the import `send`: `to` is an id, empty for the caller's own, `*` for all.
    fn send(&self, _to: &str, _method: &str, _params: &str) -> Result<(), Refused> {
        Err(Refused::NotGranted)
    }

    /// Calls a connection's peer, for the import `request`. `None`: it is not granted, and the guest is answered that
    /// there is no such method.
    fn request(&self, _: PeerCall) -> Option<Reaching> {
        None
    }
}

/// What a guest waits for in an import. It runs in a task of its own, so that none of it counts as the guest's run
/// time, and is dropped with the call that the guest serves.
pub type Reaching = Pin<Box<dyn Future<Output = Reached> + Send>>;

/// What came of it: the result as JSON text, or the error.
pub type Reached = Result<String, RpcError>;

/// A call that a guest makes. Neither text was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NestedCall {
    /// `Interface.method`
    pub method: String,
    /// JSON, if the guest is honest.
    pub params: String,
    /// Who waits for it: hand it on with the [`Invocation`].
    pub chain: Chain,
}

/// A call that a guest makes to a connection's peer. No text was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerCall {
    /// The id of the connection; empty for the caller's own.
    pub to: String,
    /// `Interface.method`.
    pub method: String,
    /// JSON, if the guest is honest.
    pub params: String,
}

/// Why a message of a guest is not sent, with the status that the guest is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There is no such connection.
    NoConnection = -1,
    /// This plugin may not send.
    NotGranted = -2,
    /// The peer serves no such method, or not with these parameters.
    Invalid = -3,
    /// Too much was sent in this call, or waits for that peer already.
    Full = -4,
}

/// One call, checked by the caller.
#[derive(Clone)]
pub struct Invocation<'a> {
    /// `Interface.method`.
    pub method: &'a str,
    /// A JSON array, by position.
    pub params: &'a str,
    /// What `context` answers; without it, `{}`.
    pub context: Option<Arc<dyn CallContext>>,
    /// When the call must have ended, waiting included.
    pub deadline: Option<Instant>,
    /// Who waits for it.
    pub chain: Chain,
}

impl<'a> Invocation<'a> {
    /// A call from outside, without context and deadline.
    pub fn new(method: &'a str, params: &'a str) -> Self {
        Invocation { method, params, context: None, deadline: None, chain: Chain::default() }
    }
}

/// Why a call failed on this side of the ABI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The guest trapped, or handed over a pointer outside of its memory.
    Trap,
    /// The guest ran past its run time, start-up time or fuel.
    RunTime,
    /// The call ran past its deadline, waiting or running.
    Deadline,
    /// All instances are busy and the queue is full, or the engine has no room.
    Overloaded,
    /// The answer is not what the ABI says; the instance is well.
    Answer,
    /// The answer is larger than [`GuestLimits::answer`].
    TooLarge,
    /// The plugin is being unloaded.
    Cancelled,
    /// The instance was stopped from outside: [`Plugin::kill`].
    Killed,
    /// The only instance waits for this very call.
    Reentry,
    /// What the guest keeps could not be read or written.
    Store,
}

impl FailureKind {
    /// One word for logs.
    pub fn name(self) -> &'static str {
        match self {
            FailureKind::Trap => "trap",
            FailureKind::RunTime => "run_time",
            FailureKind::Deadline => "deadline",
            FailureKind::Overloaded => "overloaded",
            FailureKind::Answer => "bad_answer",
            FailureKind::TooLarge => "too_large",
            FailureKind::Cancelled => "cancelled",
            FailureKind::Killed => "killed",
            FailureKind::Reentry => "reentry",
            FailureKind::Store => "store",
        }
    }
}

/// A call that failed on this side of the ABI; an error that the guest answered is an [`Answer::Error`].
#[derive(Debug, Clone)]
pub struct Failure {
    /// What kind of failure, for metrics.
    pub kind: FailureKind,
    /// What the caller of the RPC may see.
    pub error: RpcError,
    /// What happened inside, for the log only: trap text, guest backtrace.
    pub reason: String,
}

impl Failure {
    pub(crate) fn new(kind: FailureKind, reason: impl Into<String>) -> Self {
        let code = match kind {
            FailureKind::Trap | FailureKind::Answer | FailureKind::Reentry => Code::PluginFailed,
            FailureKind::RunTime | FailureKind::Deadline => Code::DeadlineExceeded,
            FailureKind::Overloaded => Code::Overloaded,
            FailureKind::TooLarge => Code::TooLarge,
            FailureKind::Store => Code::InternalError,
            FailureKind::Cancelled | FailureKind::Killed => Code::Cancelled,
        };
        let mut error = RpcError::from(code);
        if kind == FailureKind::Overloaded {
            error = error.with_data(format!(r#"{{"retryAfterMs":{}}}"#, GuestLimits::RETRY_AFTER_MS));
        }
        Failure { kind, error, reason: reason.into() }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.error, self.reason)
    }
}

impl std::error::Error for Failure {}

/// What every part of a loaded plugin shares.
struct Shared {
    name: String,
    /// Unique in its engine.
    id: u64,
    limits: GuestLimits,
    grants: Grants,
    trust: component::http::Trust,
    log: Arc<dyn LogSink>,
    counters: Arc<Counters>,
    roster: Roster,
    prepared: Prepared,
    engine: Engine,
}

/// A loaded plugin. Dropping it lets its running calls finish.
pub struct Plugin {
    shared: Arc<Shared>,
    info: PluginInfo,
    isolation: Isolation,
    runner: Runner,
}

enum Runner {
    Pool(Pool),
    Single(Single),
}

impl Plugin {
    /// Checks, compiles and starts a core module or a component. One instance is started, so that a plugin whose start-up
    /// fails is refused here. Must run inside a tokio runtime with time.
    pub async fn load(
        engine: &Engine,
        plugin: impl Into<Arc<[u8]>>,
        options: PluginOptions,
    ) -> Result<Plugin, LoadError> {
        let (info, prepared) =
            load::prepare(engine, plugin.into(), options.isolation, &options.limits, options.contract)
                .await?;
        let shared = Arc::new(Shared {
            name: options.name,
            id: engine.next_id(),
            limits: options.limits,
            grants: options.grants,
            trust: component::http::Trust::default(),
            log: options.log,
            counters: options.counters,
            roster: Roster::default(),
            prepared,
            engine: engine.clone(),
        });
        let first = instance::Instance::start(&shared, None, options.isolation != Isolation::Call)
            .await
            .map_err(|failure| LoadError::new(format!("start-up failed: {}", failure.reason)))?;
        let runner = match options.isolation {
            Isolation::Call => Runner::Pool(Pool::new(shared.clone(), None)),
            Isolation::Pool => Runner::Pool(Pool::new(shared.clone(), Some(first))),
            Isolation::Single => Runner::Single(Single::new(shared.clone(), first)),
        };
        Ok(Plugin { shared, info, isolation: options.isolation, runner })
    }

    /// Runs one call. `read` sees the answer; the guest has it back by then. What the call wrote is durable when this
    /// returns. Dropping the future cancels the call: its instance is never used again, except in
    /// [`Isolation::Single`], where a running call goes on and its answer is thrown away.
    pub async fn call<R: Send>(
        &self,
        invocation: Invocation<'_>,
        read: impl FnOnce(Answer<'_>) -> R + Send,
    ) -> Result<R, Failure> {
        let single = self.isolation == Isolation::Single;
        let deadline = invocation.deadline;
        let outcome = match (invocation.chain.check(self.shared.id, single), &self.runner) {
            (Err(failure), _) => Err(failure),
            (Ok(()), Runner::Pool(pool)) => pool.call(invocation, read).await,
            (Ok(()), Runner::Single(single)) => single.call(invocation, read).await,
        };
        let outcome = match outcome {
            Ok((answer, committing)) => kv::committed(committing, deadline).await.map(|()| answer),
            Err(failure) => Err(failure),
        };
        self.shared.counters.called(outcome.as_ref().err().map(|failure| failure.kind));
        outcome
    }

    /// The name in logs and metrics.
    pub fn name(&self) -> &str {
        &self.shared.name
    }

    /// What the plugin is.
    pub fn info(&self) -> &PluginInfo {
        &self.info
    }

    /// What an instance serves.
    pub fn isolation(&self) -> Isolation {
        self.isolation
    }

    /// The instances that exist, the oldest first.
    pub fn instances(&self) -> Vec<InstanceInfo> {
        self.shared.roster.read()
    }

    /// Stops an instance. A call that it serves ends with Cancelled. In [`Isolation::Single`] a fresh one takes its
    /// place, and its state is lost. `false` if there is no such instance.
    pub fn kill(&self, instance: u64) -> bool {
        let Some(member) = self.shared.roster.find(instance) else { return false };
        if member.kill() {
            self.shared.counters.killed.fetch_add(1, Relaxed);
            tracing::warn!(plugin = self.shared.name, instance, "an instance is stopped");
        }
        if let Runner::Pool(pool) = &self.runner {
            pool.sweep();
        }
        true
    }

    /// What counts for it, to hand on to the plugin that takes its place.
    pub fn counters(&self) -> &Arc<Counters> {
        &self.shared.counters
    }

    /// What happened so far.
    pub fn counts(&self) -> Counts {
        self.shared.counters.read()
    }
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin")
            .field("name", &self.shared.name)
            .field("isolation", &self.isolation)
            .finish_non_exhaustive()
    }
}
