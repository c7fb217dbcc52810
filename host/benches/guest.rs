//! One guest call: ours beside plain wasmtime, in a kept instance and in a fresh one.

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use pintle::plugin::{Answer, Engine, EngineOptions, Invocation, Isolation, Plugin, PluginOptions};
use tokio::runtime::Runtime;
use wasmtime::{
    Config, Instance, InstanceAllocationStrategy, InstancePre, Linker, Memory, Module,
    PoolingAllocationConfig, Store, TypedFunc,
};

const GUEST: &str = include_str!("../tests/guests/echo.wat");
const METHOD: &str = "OrderService.createOrder";

/// wasmtime called directly, on the thread's own stack, with the same copies in and nothing bounded but time.
struct Plain {
    store: Store<()>,
    memory: Memory,
    alloc: TypedFunc<i32, i32>,
    call: TypedFunc<(i32, i32, i32, i32), i64>,
    free: TypedFunc<(i32, i32), ()>,
}

impl Plain {
    fn new(pre: &InstancePre<()>) -> Plain {
        let mut store = Store::new(pre.module().engine(), ());
        store.set_epoch_deadline(1);
        let instance: Instance = pre.instantiate(&mut store).unwrap();
        Plain {
            memory: instance.get_memory(&mut store, "memory").unwrap(),
            alloc: instance.get_typed_func(&mut store, "pintle_alloc").unwrap(),
            call: instance.get_typed_func(&mut store, "pintle_call").unwrap(),
            free: instance.get_typed_func(&mut store, "pintle_free").unwrap(),
            store,
        }
    }

    fn call(&mut self, params: &str) -> usize {
        let (m, n) = (METHOD.len(), params.len());
        let p = self.alloc.call(&mut self.store, m as i32).unwrap();
        let q = self.alloc.call(&mut self.store, n as i32).unwrap();
        let bytes = self.memory.data_mut(&mut self.store);
        bytes[p as usize..][..m].copy_from_slice(METHOD.as_bytes());
        bytes[q as usize..][..n].copy_from_slice(params.as_bytes());
        let answer = self.call.call(&mut self.store, (p, m as i32, q, n as i32)).unwrap();
        let (at, len) = ((answer >> 32) as usize, answer as u32 as usize);
        let sum = self.memory.data(&self.store)[at..at + len].iter().step_by(64).map(|b| *b as usize).sum();
        self.free.call(&mut self.store, (at as i32, len as i32)).unwrap();
        sum
    }
}

fn bench(criterion: &mut Criterion) {
    let params = format!("[\"{}\"]", "x".repeat(330));
    let wasm = wat::parse_str(GUEST).unwrap();

    let mut config = Config::new();
    config.epoch_interruption(true);
    let mut slots = PoolingAllocationConfig::new();
    slots.linear_memory_keep_resident(64 << 10);
    slots.table_keep_resident(64 << 10);
    slots.pagemap_scan(wasmtime::Enabled::Auto);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(slots));
    let engine = wasmtime::Engine::new(&config).unwrap();
    let module = Module::new(&engine, &wasm).unwrap();
    let pre = Linker::new(&engine).instantiate_pre(&module).unwrap();
    let mut plain = Plain::new(&pre);
    criterion.bench_function("guest/kept/wasmtime", |b| b.iter(|| black_box(plain.call(&params))));

    let runtime = Runtime::new().unwrap();
    let engine = Engine::new(EngineOptions::default()).unwrap();
    let cases = [
        ("guest/kept/pool", Isolation::Pool),
        ("guest/kept/single", Isolation::Single),
        ("guest/fresh/call", Isolation::Call),
    ];
    for (name, isolation) in cases {
        if isolation == Isolation::Call {
            criterion.bench_function("guest/fresh/wasmtime", |b| {
                b.iter(|| black_box(Plain::new(&pre).call(&params)))
            });
        }
        let options = PluginOptions { isolation, ..PluginOptions::new("echo") };
        let plugin = runtime.block_on(Plugin::load(&engine, wasm.clone(), options)).unwrap();
        criterion.bench_function(name, |b| {
            b.iter_custom(|rounds| {
                runtime.block_on(async {
                    let start = Instant::now();
                    for _ in 0..rounds {
                        let invocation = Invocation::new(METHOD, &params);
                        let sum: usize = plugin
                            .call(invocation, |answer| match answer {
                                Answer::Result(bytes) => bytes.iter().step_by(64).map(|b| *b as usize).sum(),
                                Answer::Return(text) => text.len(),
                                Answer::Error(_) => 0,
                            })
                            .await
                            .unwrap();
                        black_box(sum);
                    }
                    start.elapsed()
                })
            });
        });
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
