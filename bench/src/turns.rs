//! Timing in turns: what disturbs one side disturbs the others as much.

use std::time::{Duration, Instant};

/// How long one turn of one side takes, and how many each has.
const TURN: Duration = Duration::from_millis(10);
const TURNS: usize = 50;

/// Nanoseconds for one call of each side: the best of its turns, as noise only ever adds.
pub(crate) fn best<const N: usize>(mut sides: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut best = [f64::INFINITY; N];
    let counts = sides.each_mut().map(|side| calls_in_a_turn(*side));
    for _ in 0..TURNS {
        for ((side, best), calls) in sides.iter_mut().zip(&mut best).zip(counts) {
            *best = best.min(time(*side, calls).as_nanos() as f64 / f64::from(calls));
        }
    }
    best
}

fn calls_in_a_turn(side: &mut dyn FnMut()) -> u32 {
    let mut calls = 1;
    while time(side, calls) < TURN && calls < 1 << 24 {
        calls *= 2;
    }
    calls
}

fn time(side: &mut dyn FnMut(), calls: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        side();
    }
    start.elapsed()
}
