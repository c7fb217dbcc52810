//! A contract read and checked.
#![allow(missing_docs, reason = "criterion's macros make public items")]

mod documents;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

fn parse(criterion: &mut Criterion) {
    let long = documents::long_contract(5_000);
    let mut group = criterion.benchmark_group("parse");
    for (name, text) in [("checkout", documents::CHECKOUT), ("5,000 lines", &long)] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| documents::contract(black_box(text))));
    }
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
