//! Plugins: handlers that run as WebAssembly guests.
//!
//! A [`Plugin`] is one loaded core module. [`Plugin::call`] runs one call in one of its instances and shows
//! the answer where the guest wrote it. Everything a guest can do is bounded by [`GuestLimits`].
//!
//! Guests run on fibers and give the thread back at every tick of the engine's ticker: a guest
//! that loops costs its share of a thread, never the thread.

mod abi;
mod cache;
mod counters;
mod driver;
mod engine;
mod epoch;
mod guest;
mod imports;
mod inspect;
mod instance;
mod limits;
mod load;
mod log;
mod pool;
mod run;
mod single;
mod wasi;

use std::sync::Arc;
use std::time::Instant;

use pintle_core::{Code, RpcError};

pub use abi::Answer;
pub use cache::Cache;
pub use counters::Counts;
pub use engine::{Engine, EngineOptions};
pub use inspect::{Import, Memory, ModuleInfo, inspect};
pub use limits::GuestLimits;
pub use load::LoadError;
pub use log::{Level, LogLine, LogSink, TracingLog};

use counters::Counters;
use load::Prepared;
use pool::Pool;
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
    /// Where the guest's log lines go.
    pub log: Arc<dyn LogSink>,
}

impl PluginOptions {
    /// Options with the default isolation and limits, logging through `tracing`.
    pub fn new(name: impl Into<String>) -> Self {
        PluginOptions {
            name: name.into(),
            isolation: Isolation::default(),
            limits: GuestLimits::default(),
            log: Arc::new(TracingLog),
        }
    }
}

/// What a guest may learn of the call that it serves, through the import `context`.
pub trait CallContext: Send + Sync {
    /// The `ctx` object as JSON. Asked for at most once per call, and only if the guest wants it.
    fn json(&self) -> String;
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
}

impl<'a> Invocation<'a> {
    /// A call without context and deadline.
    pub fn new(method: &'a str, params: &'a str) -> Self {
        Invocation { method, params, context: None, deadline: None }
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
            FailureKind::Trap | FailureKind::Answer => Code::PluginFailed,
            FailureKind::RunTime | FailureKind::Deadline => Code::DeadlineExceeded,
            FailureKind::Overloaded => Code::Overloaded,
            FailureKind::TooLarge => Code::TooLarge,
            FailureKind::Cancelled => Code::Cancelled,
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
    limits: GuestLimits,
    log: Arc<dyn LogSink>,
    counters: Counters,
    prepared: Prepared,
    engine: Engine,
}

/// A loaded plugin. Dropping it lets its running calls finish.
pub struct Plugin {
    shared: Arc<Shared>,
    info: ModuleInfo,
    isolation: Isolation,
    runner: Runner,
}

enum Runner {
    Pool(Pool),
    Single(Single),
}

impl Plugin {
    /// Checks, compiles and starts a core module. One instance is started, so that a plugin whose start-up
    /// fails is refused here. Must run inside a tokio runtime with time.
    pub async fn load(
        engine: &Engine,
        module: impl Into<Arc<[u8]>>,
        options: PluginOptions,
    ) -> Result<Plugin, LoadError> {
        let (info, prepared) =
            load::prepare(engine, module.into(), options.isolation, &options.limits).await?;
        let shared = Arc::new(Shared {
            name: options.name,
            limits: options.limits,
            log: options.log,
            counters: Counters::default(),
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

    /// Runs one call. `read` sees the answer in the guest's memory, without a copy (in [`Isolation::Single`],
    /// a copy); the guest's `pintle_free` runs after it. Dropping the future cancels the call: its instance is
    /// never used again, except in [`Isolation::Single`], where a running call goes on and its answer is
    /// thrown away.
    pub async fn call<R: Send>(
        &self,
        invocation: Invocation<'_>,
        read: impl FnOnce(Answer<'_>) -> R + Send,
    ) -> Result<R, Failure> {
        let outcome = match &self.runner {
            Runner::Pool(pool) => pool.call(invocation, read).await,
            Runner::Single(single) => single.call(invocation, read).await,
        };
        self.shared.counters.called(outcome.as_ref().err().map(|failure| failure.kind));
        outcome
    }

    /// The name in logs and metrics.
    pub fn name(&self) -> &str {
        &self.shared.name
    }

    /// What the module is.
    pub fn info(&self) -> &ModuleInfo {
        &self.info
    }

    /// What an instance serves.
    pub fn isolation(&self) -> Isolation {
        self.isolation
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
