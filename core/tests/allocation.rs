//! What a valid call costs in allocations: a test binary of its own, because it counts them all.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

use pintle_core::idl::{Loader, parse};
use pintle_core::{Call, Engine, Exchange, Step};

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

fn count(bytes: usize) {
    // A thread that ends may need memory after its counters are gone.
    let _ = COUNT.try_with(|count| count.set(count.get() + 1));
    let _ = BYTES.try_with(|sum| sum.set(sum.get() + bytes));
}

// SAFETY: every request goes to the system's allocator as it came; the counters are plain cells of the thread,
// without a destructor and without memory of their own, so counting never allocates.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's promises are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `System`, above or below.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: the pointer came from `System`, above or below.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many allocations `run` makes on this thread.
fn allocations<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let before = COUNT.get();
    let result = run();
    (result, COUNT.get() - before)
}

const CONTRACT: &str = "namespace shop
    interface Shop { place(order Order) string }
    enum Status { open paid shipped }
    struct Named { name string }
    struct Address { street string city string zip string country string [optional] }
    struct Item extends Named { id string quantity int price float gift bool [optional] }
    struct Order extends Named {
        id string status Status items []Item shipping Address billing Address [optional]
        labels map[string]string total float placedAt int
    }";

struct Text;

impl Loader for Text {
    fn load(&mut self, _key: &str) -> Result<String, String> {
        Ok(CONTRACT.into())
    }
}

fn engine() -> Arc<Engine> {
    let contract = parse("shop.pulse", &mut Text).contract.expect("a contract");
    Engine::builder(contract).build().expect("an engine")
}

/// An order of `items` items: 60 of them are about 5.5 KB.
fn order(items: usize) -> String {
    let item = |index: usize| {
        format!(
            "{{\"name\":\"Thing \\u0023{index}, \\\"new\\\"\",\"id\":\"sku-{index:04}\",\"quantity\":{index},\
             \"price\": 19.99e0,\"gift\":null}}"
        )
    };
    let items: Vec<String> = (0..items).map(item).collect();
    format!(
        "{{\"name\":\"Ada\",\"id\":\"o-1\",\"status\":\"paid\",\"items\":[{}],\
         \"shipping\":{{\"zip\":\"1\",\"street\":\"S\",\"city\":\"C\"}},\"labels\":{{\"a\":\"b\",\"c\":\"d\"}},\
         \"total\":12.5,\"placedAt\":1700000000,\"unknown\":[{{\"x\":[1,2,3]}}]}}",
        items.join(", ")
    )
}

#[test]
fn a_valid_value_is_checked_without_memory() {
    let engine = engine();
    for items in [0, 1, 60, 5000] {
        let order = order(items);
        let (validation, count) = allocations(|| engine.validate("Order", order.as_bytes()).expect("a type"));
        assert!(validation.valid(), "{:?}", validation.error());
        assert_eq!(count, 0, "{} bytes", order.len());
    }
    let (validation, count) = allocations(|| engine.validate("Order", b"{}").expect("a type"));
    assert!(!validation.valid() && count > 0, "the counter counts");
}

#[test]
fn a_map_of_many_keys_takes_memory_for_its_keys_alone() {
    let engine = engine();
    let counted = |keys: usize| {
        let labels: Vec<String> = (0..keys).map(|index| format!("\"k{index}\":\"\"")).collect();
        let text = order(1).replace("\"a\":\"b\",\"c\":\"d\"", &labels.join(","));
        let (validation, count) = allocations(|| engine.validate("Order", text.as_bytes()).expect("a type"));
        assert!(validation.valid());
        count
    };
    assert_eq!(counted(16), 0);
    // One list that doubles: 16, 32, 64 … 1024.
    assert_eq!(counted(17), 2);
    assert_eq!(counted(1000), 7);
}

fn opened(engine: &Arc<Engine>, body: Vec<u8>) -> (Exchange, Call) {
    let mut exchange = Exchange::open(engine, body);
    let Step::Call(call) = exchange.poll() else { panic!("a call") };
    (exchange, call)
}

#[test]
fn a_valid_call_takes_two_allocations_whatever_its_size() {
    let engine = engine();
    for items in [0, 1, 60, 5000] {
        let order = order(items);
        for body in [
            format!("{{\"jsonrpc\":\"2.0\",\"method\":\"Shop.place\",\"params\":[{order}],\"id\":1}}"),
            // The method is not known yet when the parameters come.
            format!("{{\"params\":[{order}],\"id\":\"x\",\"method\":\"Shop.place\",\"jsonrpc\":\"2.0\"}}"),
        ] {
            let ((exchange, call), count) = allocations(|| opened(&engine, body.into_bytes()));
            assert_eq!(exchange.params(&call).len(), order.len() + 2);
            // The list of one slot, and what the exchange shares with its tickets. The body is taken as it is.
            assert_eq!(count, 2, "{items} items");
        }
    }
}

#[test]
fn what_is_rewritten_takes_one_text_more() {
    let engine = engine();
    let order = order(60);
    let by_name = format!(
        "{{\"jsonrpc\":\"2.0\",\"method\":\"Shop.place\",\"params\":{{\"order\":{order}}},\"id\":1}}"
    );
    let (_, count) = allocations(|| opened(&engine, by_name.into_bytes()));
    // Beside the two: where each parameter stands, and the new text.
    assert_eq!(count, 4);
    let broken = format!("{{\"jsonrpc\":\"2.0\",\"method\":\"Shop.place\",\"params\":[\n{order}],\"id\":1}}");
    let (_, count) = allocations(|| opened(&engine, broken.into_bytes()));
    assert_eq!(count, 3);
}

#[test]
fn each_call_of_a_batch_takes_memory_by_its_own_size() {
    let engine = engine();
    let call = |order: &str| {
        format!("{{\"jsonrpc\":\"2.0\",\"method\":\"Shop.place\",\"params\":{{\"order\":{order}}},\"id\":1}}")
    };
    let mut calls = vec![call(&order(5000))];
    calls.resize(100, call(&order(0)));
    let body = format!("[{}]", calls.join(",")).into_bytes();
    let size = body.len();
    let before = BYTES.get();
    let mut exchange = Exchange::open(&engine, body);
    let mut out = Vec::new();
    while let Step::Call(call) = exchange.poll() {
        out.push(call);
    }
    assert_eq!(out.len(), 100);
    assert!(BYTES.get() - before < 2 * size, "{} bytes for {size}", BYTES.get() - before);
}
