//! Every number that bounds what a guest can make the host do.

use std::time::Duration;

/// Bounds on one plugin. Hitting one ends the call with its error and leaves the server serving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestLimits {
    /// Bytes of one instance: all linear memories and tables together (a table element counts 8). Against
    /// guests that grow for ever; growing beyond it fails inside the guest. Default 64 MiB.
    pub memory: usize,
    /// Time that a guest may run in one call, its allocator included, waiting not. Against loops.
    /// It is never less, and more by a few ticks of the engine at most. Default 1 s.
    pub run_time: Duration,
    /// Time that instantiation and `_initialize` may run; with what they wait for, they may take twice that and a second.
    /// Against loops in start functions. Default 5 s.
    pub start_time: Duration,
    /// Fuel for one call (and for start-up): a deterministic bound on instructions. Needs an engine with
    /// fuel. Default none.
    pub fuel: Option<u64>,
    /// Instances that run at once, at least 1. Bounds memory per plugin. Default 32.
    pub instances: usize,
    /// Calls that may wait for an instance; one more is Overloaded. Default 1024.
    pub queue: usize,
    /// Calls after which a pooled instance is retired. Against slow leaks. Default 1,000,000.
    pub calls_per_instance: u32,
    /// Bytes, as for `memory`, above which a pooled instance is retired after its call: what a guest has
    /// grown it never gives back. Default 48 MiB.
    pub memory_mark: usize,
    /// Bytes of one answer. Bounds what is checked and copied. Default 8 MiB.
    pub answer: usize,
    /// Log lines of one call, stdout and stderr included; the excess is dropped and counted. Default 100.
    pub log_lines: u32,
    /// Bytes of one log line; the rest is cut. Default 8 KiB.
    pub log_line: usize,
    /// Messages to connections in one call, requests included; more are refused. Default 100.
    pub sends: u32,
    /// Bytes of the parameters of those messages. Default 1 MiB.
    pub send_bytes: usize,
    /// Operations on keys and values in one call; more are refused. Default 1000. What the bucket may hold is its
    /// [`Quota`](crate::kv::Quota).
    pub kv_operations: u32,
    /// Bytes of keys and values that those operations move in one call, read and written; more are refused. Default
    /// 8 MiB.
    pub kv_traffic: usize,
    /// HTTP requests that one call of a component may send; more are refused. Default 100.
    pub http_requests: u32,
    /// Bytes of the body of such a request, and of its response. Default 8 MiB.
    pub http_body: usize,
    /// Bytes of the module. Bounds compilation. Default 64 MiB.
    pub module: usize,
    /// Time that compilation may take; a compilation that is given up still ends by itself. Default 60 s.
    pub compile_time: Duration,
}

impl GuestLimits {
    /// What an Overloaded error advises, in milliseconds.
    pub const RETRY_AFTER_MS: u32 = 100;
}

impl Default for GuestLimits {
    fn default() -> Self {
        GuestLimits {
            memory: 64 << 20,
            run_time: Duration::from_secs(1),
            start_time: Duration::from_secs(5),
            fuel: None,
            instances: 32,
            queue: 1024,
            calls_per_instance: 1_000_000,
            memory_mark: 48 << 20,
            answer: 8 << 20,
            log_lines: 100,
            log_line: 8 << 10,
            sends: 100,
            send_bytes: 1 << 20,
            kv_operations: 1000,
            kv_traffic: 8 << 20,
            http_requests: 100,
            http_body: 8 << 20,
            module: 64 << 20,
            compile_time: Duration::from_secs(60),
        }
    }
}

/// Counts what the memories and tables of one store hold, against one bound.
pub(super) struct Held {
    pub(super) bytes: usize,
    limit: usize,
}

impl Held {
    pub(super) fn new(limit: usize) -> Self {
        Held { bytes: 0, limit }
    }

    fn grow(&mut self, by: usize) -> bool {
        match self.bytes.checked_add(by) {
            Some(total) if total <= self.limit => {
                self.bytes = total;
                true
            }
            _ => false,
        }
    }
}

const TABLE_ELEMENT: usize = 8;

/// What a component may be made of: each costs the host some memory of its own, whatever its size.
const PARTS: usize = 128;

// A growth that fails after it was allowed stays counted: the bound then holds a little earlier, never later.
impl wasmtime::ResourceLimiter for Held {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(maximum.is_none_or(|maximum| desired <= maximum) && self.grow(desired.saturating_sub(current)))
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let by = desired.saturating_sub(current).saturating_mul(TABLE_ELEMENT);
        Ok(maximum.is_none_or(|maximum| desired <= maximum) && self.grow(by))
    }

    fn instances(&self) -> usize {
        PARTS
    }

    fn tables(&self) -> usize {
        PARTS
    }

    fn memories(&self) -> usize {
        PARTS
    }
}
