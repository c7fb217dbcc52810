//! A value checked against its type.
#![allow(missing_docs, reason = "criterion's macros make public items")]

mod documents;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

fn validate(criterion: &mut Criterion) {
    let engine = documents::checkout();
    let mut group = criterion.benchmark_group("validate");
    for items in [1, 5, 100, 10_000] {
        let order = documents::order(items);
        assert!(engine.validate("Order", order.as_bytes()).is_some_and(|validation| validation.valid()));
        group.throughput(Throughput::Bytes(order.len() as u64));
        group.bench_with_input(BenchmarkId::new("Order", items), order.as_bytes(), |bencher, order| {
            bencher.iter(|| engine.validate("Order", black_box(order)));
        });
    }
    group.finish();
}

criterion_group!(benches, validate);
criterion_main!(benches);
