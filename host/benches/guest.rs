//! One guest call: ours beside plain wasmtime, in a kept instance and in a fresh one; and components.

#[path = "../tests/guests/mod.rs"]
mod guests;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use pintle::plugin::{Answer, Engine, EngineOptions, Invocation, Isolation, Plugin, PluginOptions};
use pintle_core::Contract;
use pintle_core::idl::{self, Loader};
use tokio::runtime::Runtime;
use wasmtime::{
    Config, Instance, InstanceAllocationStrategy, InstancePre, Linker, Memory, Module,
    PoolingAllocationConfig, Store, TypedFunc,
};

const GUEST: &str = include_str!("../tests/guests/echo.wat");
const COMPONENT: &str = include_str!("../tests/guests/component.wat");
const TYPED: &str = include_str!("create_order.wat");
const METHOD: &str = "OrderService.createOrder";

/// The parameters of the request that the checkout example sends, by position.
const ORDER: &str = r#"[{"cartId":"cart_1","shippingAddress":{"street":"1 Main Street","city":"Springfield","state":"IL","zipCode":"62701","country":"USA"},"paymentMethod":"credit_card"}]"#;

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

    criterion
        .bench_function("guest/fresh/wasmtime", |b| b.iter(|| black_box(Plain::new(&pre).call(&params))));

    let runtime = Runtime::new().unwrap();
    let engine = Engine::new(EngineOptions::default()).unwrap();
    let kept = |name| PluginOptions { isolation: Isolation::Pool, ..PluginOptions::new(name) };
    let fresh = |name| PluginOptions { isolation: Isolation::Call, ..PluginOptions::new(name) };
    let single = PluginOptions { isolation: Isolation::Single, ..PluginOptions::new("echo") };
    let mut bench = |name, wasm: &[u8], options, params: &str| {
        let plugin = runtime.block_on(Plugin::load(&engine, wasm, options)).unwrap();
        criterion.bench_function(name, |b| b.iter_custom(|rounds| calls(&runtime, &plugin, params, rounds)));
    };
    bench("guest/kept/pool", &wasm, kept("echo"), &params);
    bench("guest/kept/single", &wasm, single, &params);
    bench("guest/fresh/call", &wasm, fresh("echo"), &params);

    let bytes = guests::wasm(COMPONENT);
    bench("component/bytes/pool", &bytes, kept("bytes"), &params);
    bench("component/bytes/call", &bytes, fresh("bytes"), &params);
    let contract = Arc::new(checkout());
    let world = guests::wit(&contract)
        .replace("  export catalog-service;\n", "")
        .replace("  export cart-service;\n", "");
    let typed = guests::componentize(&[guests::HOST, &world], "plugin", TYPED);
    let of = |options: PluginOptions| PluginOptions { contract: Some(contract.clone()), ..options };
    bench("component/typed/pool", &typed, of(kept("typed")), ORDER);
    bench("component/typed/call", &typed, of(fresh("typed")), ORDER);
}

/// The time of so many calls, one after another.
fn calls(runtime: &Runtime, plugin: &Plugin, params: &str, rounds: u64) -> Duration {
    runtime.block_on(async {
        let start = Instant::now();
        for _ in 0..rounds {
            let read = |answer: Answer<'_>| match answer {
                Answer::Result(bytes) => bytes.iter().step_by(64).map(|b| *b as usize).sum(),
                Answer::Return(text) => text.len(),
                Answer::Error(error) => panic!("{error}"),
            };
            let sum: usize = plugin.call(Invocation::new(METHOD, params), read).await.unwrap();
            black_box(sum);
        }
        start.elapsed()
    })
}

fn checkout() -> Contract {
    struct One;
    impl Loader for One {
        fn load(&mut self, _: &str) -> Result<String, String> {
            Ok(include_str!("../../examples/checkout/checkout.pulse").to_owned())
        }
    }
    idl::parse("checkout.pulse", &mut One).contract.unwrap()
}

criterion_group!(benches, bench);
criterion_main!(benches);
