//! The WebAssembly engine that a server's plugins share.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use wasmtime::component;
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, Linker, PoolingAllocationConfig, Result};

use super::cache::{Cache, Compiled};
use super::component::host;
use super::driver::Driver;
use super::epoch::Ticker;
use super::guest::Guest;
use super::{Isolation, imports, wasi};

/// How an [`Engine`] is set up.
#[derive(Debug)]
pub struct EngineOptions {
    /// Instances that can exist at once in pre-reserved slots, over all plugins. Each reserves a little more
    /// than 4 GiB of address space, not of memory. Default 1000.
    pub slots: u32,
    /// Time between two ticks: how long a guest runs before it gives the thread back. Default 5 ms.
    pub tick: Duration,
    /// Count fuel, so that plugins can bound it. Default off.
    pub fuel: bool,
    /// Where compiled modules are kept. Default nowhere.
    pub cache: Option<Cache>,
}

impl Default for EngineOptions {
    fn default() -> Self {
        EngineOptions { slots: 1000, tick: Duration::from_millis(5), fuel: false, cache: None }
    }
}

/// Compiles and runs guests. One per server; clones share it. The last one stops its thread.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    options: EngineOptions,
    ticker: Ticker,
    last_id: AtomicU64,
    /// Made when a plugin first needs them.
    tiers: Mutex<HashMap<Allocation, Arc<Tier>>>,
}

/// Where instances live, which is also how their code is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Allocation {
    /// In reserved slots with copy-on-write memory, which start in microseconds. Pages without permission stop what
    /// leaves a memory, so that the code need not check: for instances that are kept.
    Guarded,
    /// In such slots as well, but the code checks every access: for instances that serve one call. Changing the
    /// permission of pages, twice for each that grows its memory, would make all threads wait for each other.
    Checked,
    /// For what does not fit a slot: several memories, many or large tables.
    OnDemand,
}

/// One way to allocate instances, with all that is prepared for it once.
pub(super) struct Tier {
    pub(super) driver: Driver,
    /// The imports of the module `pintle`.
    pub(super) linker: Linker<Guest>,
    /// The same and WASI.
    pub(super) wasi: Linker<Guest>,
    /// Everything that a component can import.
    pub(super) components: component::Linker<Guest>,
}

/// Bytes of stack for a guest, and for a guest and the host functions above it.
const GUEST_STACK: usize = 512 << 10;
const FIBER_STACK: usize = 1 << 20;

/// Bytes of a slot that are cleared by writing instead of by giving the pages back.
const KEEP_RESIDENT: usize = 64 << 10;

impl Engine {
    /// Starts the ticker. Slots are reserved when a plugin first needs them.
    ///
    /// # Errors
    ///
    /// The system has no thread left.
    pub fn new(options: EngineOptions) -> Result<Engine, String> {
        let ticker = Ticker::start(options.tick).map_err(|error| error.to_string())?;
        Ok(Engine {
            inner: Arc::new(Inner { options, ticker, last_id: AtomicU64::new(0), tiers: Mutex::default() }),
        })
    }

    pub(super) fn ticker(&self) -> &Ticker {
        &self.inner.ticker
    }

    /// A number that this engine has not given before.
    pub(super) fn next_id(&self) -> u64 {
        self.inner.last_id.fetch_add(1, Relaxed) + 1
    }

    pub(super) fn counts_fuel(&self) -> bool {
        self.inner.options.fuel
    }

    /// Compiles for slots if the plugin fits them, else for allocation on demand. `fits` is a guess: one that is wrong
    /// costs time.
    pub(super) fn compile<C: Compiled>(
        &self,
        bytes: &[u8],
        isolation: Isolation,
        fits: bool,
    ) -> Result<(Arc<Tier>, C)> {
        let slots = match isolation {
            Isolation::Call => Allocation::Checked,
            Isolation::Pool | Isolation::Single => Allocation::Guarded,
        };
        match fits.then(|| self.tier(slots)) {
            None => {}
            Some(Ok(tier)) => {
                if let Ok(compiled) = self.compile_for(&tier, bytes) {
                    return Ok((tier, compiled));
                }
            }
            Some(Err(error)) => {
                let slots = self.inner.options.slots;
                tracing::warn!("no room for {slots} instance slots, guests will start slower: {error:#}");
            }
        }
        let tier = self.tier(Allocation::OnDemand)?;
        let compiled = self.compile_for(&tier, bytes)?;
        Ok((tier, compiled))
    }

    fn tier(&self, allocation: Allocation) -> Result<Arc<Tier>> {
        let mut tiers = self.inner.tiers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tier) = tiers.get(&allocation) {
            return Ok(tier.clone());
        }
        let engine = wasmtime::Engine::new(&config(&self.inner.options, allocation))?;
        self.inner.ticker.watch(engine.weak());
        let tier = Arc::new(Tier::new(&engine)?);
        tiers.insert(allocation, tier.clone());
        Ok(tier)
    }

    fn compile_for<C: Compiled>(&self, tier: &Tier, bytes: &[u8]) -> Result<C> {
        let engine = tier.linker.engine();
        match &self.inner.options.cache {
            Some(cache) => cache.compiled(engine, bytes),
            None => C::compile(engine, bytes),
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("options", &self.inner.options).finish_non_exhaustive()
    }
}

impl Tier {
    fn new(engine: &wasmtime::Engine) -> Result<Tier> {
        let mut linker = Linker::new(engine);
        imports::define(&mut linker)?;
        let mut with_wasi = linker.clone();
        wasi::define(&mut with_wasi)?;
        let mut components = component::Linker::new(engine);
        host::define(&mut components)?;
        wasi::define_for_components(&mut components)?;
        Ok(Tier { driver: Driver::new(engine)?, linker, wasi: with_wasi, components })
    }
}

fn config(options: &EngineOptions, allocation: Allocation) -> Config {
    let mut config = Config::new();
    config.epoch_interruption(true);
    config.consume_fuel(options.fuel);
    config.max_wasm_stack(GUEST_STACK);
    config.async_stack_size(FIBER_STACK);
    // Recognised so that a 64-bit memory is refused by its name.
    config.wasm_memory64(true);
    if allocation != Allocation::OnDemand {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pooling(options.slots)));
    }
    if allocation == Allocation::Checked {
        // Both are needed for a slot to keep the pages that an instance grew by.
        config.signals_based_traps(false);
        config.memory_guard_size(0);
    }
    config
}

/// What one component may have in slots: the shape of what all toolchains make, with room. More would let a few of them
/// take the slots of all others.
pub(super) const SLOT_INSTANCES: u32 = 40;
pub(super) const SLOT_MEMORIES: u32 = 1;
pub(super) const SLOT_TABLES: u32 = 4;
/// Elements that a table in a slot may have.
pub(super) const SLOT_ELEMENTS: usize = 20_000;

fn pooling(slots: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    // A guest and its driver, or a component and what is inside of it.
    pool.total_core_instances(slots.saturating_mul(SLOT_INSTANCES));
    pool.total_component_instances(slots);
    pool.max_core_instances_per_component(SLOT_INSTANCES);
    pool.total_memories(slots);
    pool.max_memories_per_component(SLOT_MEMORIES);
    pool.total_tables(slots.saturating_mul(SLOT_TABLES));
    pool.max_tables_per_component(SLOT_TABLES);
    pool.table_elements(SLOT_ELEMENTS);
    pool.total_stacks(slots);
    pool.total_gc_heaps(slots);
    // A slot reserves this much anyway; how much a guest may use is counted by its limits.
    pool.max_memory_size(1 << 32);
    pool.linear_memory_keep_resident(KEEP_RESIDENT);
    pool.table_keep_resident(KEEP_RESIDENT);
    pool.pagemap_scan(Enabled::Auto);
    pool
}
