//! Contracts read, checked and compared.
#![allow(missing_docs, reason = "criterion's macros make public items")]

mod documents;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pintle_core::contract::System;
use pintle_core::contract::diff::{Rules, diff};
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

/// What `pintle check --portable` does, and a comparison.
fn check(criterion: &mut Criterion) {
    let long = documents::long_contract(5_000);
    let changed = documents::contract(&long.replace("amounts  []float", "amounts  []int [optional]"));
    let contract = documents::contract(&long);
    let mut group = criterion.benchmark_group("5,000 lines");
    for (name, system) in [("PulseRPC", System::PulseRpc), ("Barrister", System::Barrister)] {
        group.bench_function(format!("check for {name}"), |bencher| {
            bencher.iter(|| documents::parsed(black_box(&long)).portable(system));
        });
    }
    for rules in [Rules::PulseRpc, Rules::Strict] {
        group.bench_function(format!("diff {rules:?}"), |bencher| {
            bencher.iter(|| diff(black_box(&contract), black_box(&changed), rules));
        });
    }
    group.finish();
}

criterion_group!(benches, parse, check);
criterion_main!(benches);
