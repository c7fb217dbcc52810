//! The WebAssembly engine that a server's plugins share.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::{
    Config, Enabled, InstanceAllocationStrategy, Linker, Module, PoolingAllocationConfig, Result,
};

use super::cache::Cache;
use super::driver::Driver;
use super::epoch::Ticker;
use super::guest::Guest;
use super::{imports, wasi};

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
    ticker: Ticker,
    /// Instances in reserved slots, with copy-on-write memory: starts in microseconds.
    pooled: Option<Tier>,
    /// For modules that do not fit a slot: several memories, large tables.
    on_demand: Tier,
    fuel: bool,
    cache: Option<Cache>,
}

/// One way to allocate instances, with all that is prepared for it once.
pub(super) struct Tier {
    pub(super) driver: Driver,
    /// The imports of the module `pintle`.
    pub(super) linker: Linker<Guest>,
    /// The same and WASI.
    pub(super) wasi: Linker<Guest>,
}

/// Bytes of stack for a guest, and for a guest and the host functions above it.
const GUEST_STACK: usize = 512 << 10;
const FIBER_STACK: usize = 1 << 20;

/// Bytes of a slot that are cleared by writing instead of by giving the pages back.
const KEEP_RESIDENT: usize = 64 << 10;

impl Engine {
    /// Reserves the slots and starts the ticker. If the address space has no room for the slots, every
    /// module is allocated on demand, with a warning.
    pub fn new(options: EngineOptions) -> Result<Engine, String> {
        Engine::build(options).map_err(|error| format!("{error:#}"))
    }

    fn build(options: EngineOptions) -> Result<Engine> {
        let on_demand = wasmtime::Engine::new(&config(&options))?;
        let mut slots = config(&options);
        slots.allocation_strategy(InstanceAllocationStrategy::Pooling(pooling(options.slots)));
        let pooled = match wasmtime::Engine::new(&slots) {
            Ok(engine) => Some(engine),
            Err(error) => {
                tracing::warn!(
                    "no room for {} instance slots, guests will start slower: {error:#}",
                    options.slots
                );
                None
            }
        };
        let engines = pooled.iter().chain([&on_demand]).map(wasmtime::Engine::weak).collect();
        let inner = Inner {
            ticker: Ticker::start(options.tick, engines)?,
            pooled: pooled.as_ref().map(Tier::new).transpose()?,
            on_demand: Tier::new(&on_demand)?,
            fuel: options.fuel,
            cache: options.cache,
        };
        Ok(Engine { inner: Arc::new(inner) })
    }

    pub(super) fn ticker(&self) -> &Ticker {
        &self.inner.ticker
    }

    pub(super) fn counts_fuel(&self) -> bool {
        self.inner.fuel
    }

    /// Compiles for slots if the module fits them, else for allocation on demand.
    pub(super) fn compile(&self, bytes: &[u8]) -> Result<(&Tier, Module)> {
        if let Some(tier) = &self.inner.pooled
            && let Ok(module) = self.compile_for(tier, bytes)
        {
            return Ok((tier, module));
        }
        let tier = &self.inner.on_demand;
        Ok((tier, self.compile_for(tier, bytes)?))
    }

    fn compile_for(&self, tier: &Tier, bytes: &[u8]) -> Result<Module> {
        let engine = tier.linker.engine();
        match &self.inner.cache {
            Some(cache) => cache.module(engine, bytes),
            None => Module::from_binary(engine, bytes),
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("pooled", &self.inner.pooled.is_some()).finish_non_exhaustive()
    }
}

impl Tier {
    fn new(engine: &wasmtime::Engine) -> Result<Tier> {
        let mut linker = Linker::new(engine);
        imports::define(&mut linker)?;
        let mut with_wasi = linker.clone();
        wasi::define(&mut with_wasi)?;
        Ok(Tier { driver: Driver::new(engine)?, linker, wasi: with_wasi })
    }
}

fn config(options: &EngineOptions) -> Config {
    let mut config = Config::new();
    config.epoch_interruption(true);
    config.consume_fuel(options.fuel);
    config.max_wasm_stack(GUEST_STACK);
    config.async_stack_size(FIBER_STACK);
    // Recognised so that a 64-bit memory is refused by its name.
    config.wasm_memory64(true);
    config
}

fn pooling(slots: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    // A guest and its driver.
    pool.total_core_instances(slots.saturating_mul(2));
    pool.total_memories(slots);
    pool.total_tables(slots);
    pool.total_stacks(slots);
    pool.total_gc_heaps(slots);
    // A slot reserves this much anyway; how much a guest may use is counted by its limits.
    pool.max_memory_size(1 << 32);
    pool.linear_memory_keep_resident(KEEP_RESIDENT);
    pool.table_keep_resident(KEEP_RESIDENT);
    pool.pagemap_scan(Enabled::Auto);
    pool
}
