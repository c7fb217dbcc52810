//! What calls to a plugin came to: counted by method, timed, and logged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use crate::histogram::{Histogram, Times};
use crate::net::context::Context;

/// Where each call to a plugin is written down.
#[derive(Debug, Default)]
pub struct Ledger {
    /// By `Interface.method`.
    methods: BTreeMap<String, Arc<Tally>>,
    importance: Importance,
}

/// How much the line matters that each call writes to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Importance {
    /// For whoever looks for a fault.
    #[default]
    Debug,
    /// For everybody.
    Info,
}

/// What the calls to one method came to.
#[derive(Debug, Default)]
struct Tally {
    time: Histogram,
    errors: AtomicU64,
    failures: AtomicU64,
    abandoned: AtomicU64,
}

/// A reading of what the calls to one method came to. All of it only grows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MethodCounts {
    /// How long each call took that was answered, waiting included.
    pub times: Times,
    /// Of those, how many the plugin answered with an error.
    pub errors: u64,
    /// Of those, how many failed: no answer of the plugin could be had.
    pub failures: u64,
    /// Calls that nobody waited for to the end.
    pub abandoned: u64,
}

/// What a call came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Result,
    /// With its code.
    Error(i32),
    /// With the name of the kind of failure.
    Failure(&'static str),
    /// The caller has gone.
    Abandoned,
}

impl Ledger {
    /// With a page for each of `methods` (`Interface.method`). What `before` has written is kept.
    pub fn new(
        methods: impl IntoIterator<Item = String>,
        before: Option<&Ledger>,
        importance: Importance,
    ) -> Ledger {
        let kept = |method: &String| before.and_then(|before| before.methods.get(method)).cloned();
        let pages = methods.into_iter().map(|method| {
            let tally = kept(&method).unwrap_or_default();
            (method, tally)
        });
        Ledger { methods: pages.collect(), importance }
    }

    /// Each method and what its calls came to.
    pub fn read(&self) -> impl Iterator<Item = (&str, MethodCounts)> {
        self.methods.iter().map(|(method, tally)| (method.as_str(), tally.read()))
    }

    /// A call has begun. Dropped before its end, it was abandoned.
    pub(crate) fn open<'a>(&'a self, plugin: &'a str, method: &'a str, context: &'a Context) -> Entry<'a> {
        let tally = self.methods.get(method).map(Arc::as_ref);
        let ending = Ending::Abandoned;
        Entry { ledger: self, tally, plugin, method, context, since: Instant::now(), ending }
    }
}

impl Tally {
    fn read(&self) -> MethodCounts {
        MethodCounts {
            times: self.time.read(),
            errors: self.errors.load(Relaxed),
            failures: self.failures.load(Relaxed),
            abandoned: self.abandoned.load(Relaxed),
        }
    }
}

/// One call, written down when it is dropped.
pub(crate) struct Entry<'a> {
    ledger: &'a Ledger,
    tally: Option<&'a Tally>,
    plugin: &'a str,
    method: &'a str,
    context: &'a Context,
    since: Instant,
    ending: Ending,
}

impl Entry<'_> {
    /// The call has ended.
    pub(crate) fn close(mut self, ending: Ending) {
        self.ending = ending;
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        let time = self.since.elapsed();
        if let Some(tally) = self.tally {
            let more = match self.ending {
                Ending::Result => None,
                Ending::Error(_) => Some(&tally.errors),
                Ending::Failure(_) => Some(&tally.failures),
                Ending::Abandoned => Some(&tally.abandoned),
            };
            if let Some(more) = more {
                more.fetch_add(1, Relaxed);
            }
            if self.ending != Ending::Abandoned {
                tally.time.record(time);
            }
        }
        let (outcome, code) = match self.ending {
            Ending::Result => ("result", None),
            Ending::Error(code) => ("error", Some(code)),
            Ending::Failure(kind) => (kind, None),
            Ending::Abandoned => ("abandoned", None),
        };
        let Entry { plugin, method, context, .. } = *self;
        let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        // What is not written costs no more than a look at the level.
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    target: "call",
                    plugin,
                    method,
                    connection = context.connection.text(),
                    microseconds,
                    outcome,
                    code,
                    "called"
                )
            };
        }
        match self.ledger.importance {
            Importance::Debug => line!(debug),
            Importance::Info => line!(info),
        }
    }
}
