//! What the host keeps for one instance: the data of its store.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use wasmtime::Memory;
use wasmtime_wasi::p1::WasiP1Ctx;

use super::limits::Held;
use super::log::CallLog;
use super::roster::Member;
use super::{CallContext, Chain, Invocation, Shared, wasi};

pub(super) struct Guest {
    pub(super) shared: Arc<Shared>,
    pub(super) member: Arc<Member>,
    pub(super) held: Held,
    /// Known once the module is instantiated.
    pub(super) memory: Option<Memory>,
    /// The current call.
    pub(super) method: String,
    pub(super) params: String,
    pub(super) context: Option<Arc<dyn CallContext>>,
    pub(super) chain: Chain,
    pub(super) context_json: Option<String>,
    /// What the current call has sent to connections.
    sends: u32,
    send_bytes: usize,
    pub(super) log: Arc<CallLog>,
    /// Only for modules that import WASI.
    pub(super) wasi: Option<Box<WasiP1Ctx>>,
}

/// Capacity that the buffer of the parameters may keep between calls.
const KEEP: usize = 64 << 10;

impl Guest {
    pub(super) fn new(shared: Arc<Shared>) -> Guest {
        shared.counters.live.fetch_add(1, Relaxed);
        let log = Arc::new(CallLog::new(shared.clone()));
        let wasi = shared.prepared.wasi.then(|| Box::new(wasi::context(&log)));
        Guest {
            member: shared.roster.enter(shared.engine.next_id()),
            held: Held::new(shared.limits.memory),
            shared,
            memory: None,
            method: String::new(),
            params: String::new(),
            context: None,
            chain: Chain::default(),
            context_json: None,
            sends: 0,
            send_bytes: 0,
            log,
            wasi,
        }
    }

    pub(super) fn begin(&mut self, invocation: &Invocation<'_>) {
        let Invocation { method, params, context, chain, .. } = invocation;
        self.member.begin();
        self.method.clear();
        self.method.push_str(method);
        self.params.clear();
        self.params.push_str(params);
        self.context = context.clone();
        self.chain = chain.clone();
        self.context_json = None;
        (self.sends, self.send_bytes) = (0, 0);
        self.log.begin();
        if self.wasi.is_some() {
            self.log.streams_serve(method);
        }
    }

    /// `served` counts the calls of the instance.
    pub(super) fn end(&mut self, served: u32) {
        self.member.end(served, self.held.bytes);
        if self.wasi.is_some() {
            self.log.flush_streams();
        }
        self.log.end(&self.method);
        self.context = None;
        if self.params.capacity() > KEEP {
            self.params = String::new();
        }
    }

    /// Counts a message to a connection; whether this call may still send it.
    pub(super) fn may_send(&mut self, bytes: u32) -> bool {
        self.sends = self.sends.saturating_add(1);
        self.send_bytes = self.send_bytes.saturating_add(bytes as usize);
        let limits = &self.shared.limits;
        self.sends <= limits.sends && self.send_bytes <= limits.send_bytes
    }

    /// The `ctx` of the current call.
    pub(super) fn context_json(&mut self) -> &str {
        let context = &self.context;
        self.context_json
            .get_or_insert_with(|| context.as_ref().map_or_else(|| "{}".to_owned(), |context| context.json()))
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.shared.counters.live.fetch_sub(1, Relaxed);
        self.shared.roster.leave(&self.member);
    }
}
