//! What the host keeps for one instance: the data of its store.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use pintle_core::{Code, RpcError};
use tokio::task::JoinSet;
use wasmtime::{Memory, Result};
use wasmtime_wasi::p1::WasiP1Ctx;

use super::component::http::Outgoing;
use super::limits::Held;
use super::log::{CallLog, Level};
use super::roster::Member;
use super::{
    CallContext, Chain, Failure, FailureKind, Invocation, NestedCall, PeerCall, Reached, Reaching, Refused,
    Shared, kv, wasi,
};

pub(super) struct Guest {
    pub(super) shared: Arc<Shared>,
    pub(super) member: Arc<Member>,
    pub(super) held: Held,
    /// A module's, known once it is instantiated.
    pub(super) memory: Option<Memory>,
    /// It makes room for what an import answers.
    pub(super) allocating: bool,
    /// The current call.
    pub(super) method: String,
    /// What is copied into a module.
    pub(super) params: String,
    /// What was copied out of it, unless it is too long: then only how long it was.
    answer: Vec<u8>,
    answer_len: Option<usize>,
    pub(super) context: Option<Arc<dyn CallContext>>,
    pub(super) chain: Chain,
    pub(super) context_json: Option<String>,
    /// What the current call has sent to connections.
    sends: u32,
    send_bytes: usize,
    pub(super) kv: kv::Spent,
    /// What the reply of the last call waits for.
    pub(super) committing: kv::Committing,
    pub(super) log: Arc<CallLog>,
    /// Only for guests that import WASI.
    pub(super) wasi: Option<Box<WasiP1Ctx>>,
    pub(super) http: Outgoing,
}

/// Capacity that the buffers of the parameters and of the answer may keep between calls.
const KEEP: usize = 64 << 10;

impl Guest {
    /// Fails where something that is granted is gone.
    pub(super) fn new(shared: Arc<Shared>) -> Result<Guest> {
        let log = Arc::new(CallLog::new(shared.clone()));
        let wasi = match shared.prepared.wants_wasi() {
            true => Some(Box::new(wasi::context(&log, &shared.grants)?)),
            false => None,
        };
        shared.counters.live.fetch_add(1, Relaxed);
        Ok(Guest {
            member: shared.roster.enter(shared.engine.next_id()),
            held: Held::new(shared.limits.memory),
            http: Outgoing::new(shared.clone()),
            shared,
            memory: None,
            allocating: false,
            method: String::new(),
            params: String::new(),
            answer: Vec::new(),
            answer_len: None,
            context: None,
            chain: Chain::default(),
            context_json: None,
            sends: 0,
            send_bytes: 0,
            kv: kv::Spent::default(),
            committing: None,
            log,
            wasi,
        })
    }

    pub(super) fn begin(&mut self, invocation: &Invocation<'_>) {
        let Invocation { method, context, chain, deadline, .. } = invocation;
        self.member.begin();
        self.method.clear();
        self.method.push_str(method);
        self.context = context.clone();
        self.chain = chain.clone();
        self.context_json = None;
        (self.sends, self.send_bytes) = (0, 0);
        self.kv_begin();
        self.http.begin(*deadline);
        self.log.begin();
        if self.wasi.is_some() {
            self.log.streams_serve(method);
        }
    }

    /// Keeps the parameters for the driver.
    pub(super) fn lend(&mut self, params: &str) {
        self.params.clear();
        self.params.push_str(params);
        self.answer_len = None;
    }

    /// Takes the answer of the current call.
    pub(super) fn answered(&mut self, answer: &[u8]) {
        self.answer_len = Some(answer.len());
        self.answer.clear();
        if answer.len() <= self.shared.limits.answer {
            self.answer.extend_from_slice(answer);
        }
    }

    /// Whether the current call has left its answer.
    pub(super) fn has_answered(&self) -> bool {
        self.answer_len.is_some()
    }

    /// The answer of the last call.
    pub(super) fn answer(&self) -> Result<&[u8], Failure> {
        let limit = self.shared.limits.answer;
        match self.answer_len {
            Some(len) if len > limit => Err(Failure::too_large(len, limit)),
            Some(_) => Ok(&self.answer),
            None => Err(Failure::new(FailureKind::Answer, "the guest has left no answer")),
        }
    }

    /// `served` counts the calls of the instance.
    pub(super) fn end(&mut self, served: u32) {
        self.member.end(served, self.held.bytes);
        if served > 0 {
            self.committing = self.kv_end();
        }
        if self.wasi.is_some() {
            self.log.flush_streams();
        }
        self.log.end(&self.method);
        self.context = None;
    }

    /// Gives up what the last call left behind.
    pub(super) fn rest(&mut self) {
        self.params.clear();
        self.params.shrink_to(KEEP);
        self.answer.clear();
        self.answer.shrink_to(KEEP);
    }
}

/// What a guest asks of its host, in whichever form it asks.
impl Guest {
    /// Takes a line for the log.
    pub(super) fn log(&self, level: Level, line: &[u8]) {
        self.log.line(&self.method, level, line);
    }

    /// The `ctx` of the current call.
    pub(super) fn context_json(&mut self) -> &str {
        let context = &self.context;
        self.context_json
            .get_or_insert_with(|| context.as_ref().map_or_else(|| "{}".to_owned(), |context| context.json()))
    }

    /// Calls another interface of the same server.
    pub(super) fn call(&self, method: String, params: String) -> impl Future<Output = Reached> + use<> {
        let chain = self.chain.with(self.shared.id);
        let context = self.context.as_ref();
        apart(context.and_then(|context| context.call(NestedCall { method, params, chain })))
    }

    /// Counts a message to a connection, before it is copied; whether this call may still send it.
    pub(super) fn may_send(&mut self, bytes: usize) -> bool {
        self.sends = self.sends.saturating_add(1);
        self.send_bytes = self.send_bytes.saturating_add(bytes);
        let limits = &self.shared.limits;
        self.sends <= limits.sends && self.send_bytes <= limits.send_bytes
    }

    /// Notifies connections.
    pub(super) fn send(&self, to: &str, method: &str, params: &str) -> Result<(), Refused> {
        self.context.as_ref().ok_or(Refused::NotGranted)?.send(to, method, params)
    }

    /// Calls a connection's peer.
    pub(super) fn request(&self, call: PeerCall) -> impl Future<Output = Reached> + use<> {
        apart(self.context.as_ref().and_then(|context| context.request(call)))
    }
}

/// Waits for what runs in a task of its own, and ends it when the guest's call ends. What is not granted is not there.
async fn apart(reaching: Option<Reaching>) -> Reached {
    let Some(reaching) = reaching else { return Err(RpcError::from(Code::MethodNotFound)) };
    let mut task = JoinSet::new();
    task.spawn(reaching);
    // Without an end it panicked, or the runtime ends.
    let ended = task.join_next().await.and_then(Result::ok);
    ended.unwrap_or_else(|| Err(RpcError::from(Code::InternalError)))
}

impl Drop for Guest {
    fn drop(&mut self) {
        // Nobody waits for what a call wrote that was given up.
        drop(self.kv_end());
        self.shared.counters.live.fetch_sub(1, Relaxed);
        self.shared.roster.leave(&self.member);
    }
}
