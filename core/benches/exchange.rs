//! A request in, a reply out, with a handler that does nothing.
#![allow(missing_docs, reason = "criterion's macros make public items")]

mod documents;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use documents::{CHECKOUT_RESPONSE, CREATE_ORDER};
use std::hint::black_box;

fn exchange(criterion: &mut Criterion) {
    let engine = documents::checkout();
    let batch = documents::batch(20);
    let mut group = criterion.benchmark_group("exchange");
    for (name, body) in [("createOrder", CREATE_ORDER), ("batch of 20", &batch)] {
        let answer = || engine.handle(black_box(body), |_, _| Ok(CHECKOUT_RESPONSE));
        assert!(answer().is_some_and(|reply| String::from_utf8_lossy(&reply).contains(CHECKOUT_RESPONSE)));
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(answer));
    }
    group.finish();
}

criterion_group!(benches, exchange);
criterion_main!(benches);
