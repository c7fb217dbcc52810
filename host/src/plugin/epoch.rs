//! The clock of an engine: one thread that moves the epoch while guests run.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::EngineWeak;

/// Ticks without a sign of a running guest after which the thread parks.
///
/// A guest that runs shows itself at every tick, so two would do; more keeps a server with sparse calls from
/// waking the thread for each.
const IDLE: u32 = 20;

struct State {
    engines: Mutex<Vec<EngineWeak>>,
    /// A guest started, resumed or ticked since the thread last looked.
    active: AtomicBool,
    parked: AtomicBool,
    stop: AtomicBool,
}

/// Moves the epoch of its engines every period. Stops when it is dropped.
pub(super) struct Ticker {
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
    pub(super) period: Duration,
}

impl Ticker {
    pub(super) fn start(period: Duration) -> std::io::Result<Ticker> {
        let state = Arc::new(State {
            engines: Mutex::default(),
            active: AtomicBool::new(false),
            parked: AtomicBool::new(false),
            stop: AtomicBool::new(false),
        });
        let shared = state.clone();
        let thread =
            thread::Builder::new().name("pintle-ticker".to_owned()).spawn(move || tick(&shared, period))?;
        Ok(Ticker { state, thread: Some(thread), period })
    }

    /// Moves the epoch of this engine too, from now on.
    pub(super) fn watch(&self, engine: EngineWeak) {
        self.state.engines.lock().unwrap_or_else(PoisonError::into_inner).push(engine);
    }

    /// Says that a guest is about to run. It then shows itself at every tick; the thread parks only after many
    /// ticks at which none did.
    pub(super) fn touch(&self) {
        if !self.state.active.load(SeqCst) {
            self.state.active.store(true, SeqCst);
            if self.state.parked.load(SeqCst)
                && let Some(thread) = &self.thread
            {
                thread.thread().unpark();
            }
        }
    }
}

fn tick(state: &State, period: Duration) {
    let mut idle = 0;
    while !state.stop.load(SeqCst) {
        thread::park_timeout(period);
        for engine in state.engines.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if let Some(engine) = engine.upgrade() {
                engine.increment_epoch();
            }
        }
        idle = if state.active.swap(false, SeqCst) { 0 } else { idle + 1 };
        if idle >= IDLE {
            state.parked.store(true, SeqCst);
            // `touch` marks before it looks at `parked`: one of the two sees the other.
            while !state.active.load(SeqCst) && !state.stop.load(SeqCst) {
                thread::park();
            }
            state.parked.store(false, SeqCst);
            idle = 0;
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.state.stop.store(true, SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It ends within one period.
            let _ = thread.join();
        }
    }
}
