//! How long calls take: counted in buckets, without a lock.
//!
//! A bucket is an eighth of a power of two wide, so what is read differs from what was measured by an eighth at most; below
//! a microsecond, by 125 ns.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// The finest time that is told apart.
const TICK: u64 = 125;

/// A power of two has `1 << BITS` buckets.
const BITS: u32 = 3;

/// Powers of two of ticks, the first of which has as many ticks as buckets. The longest time is more than two hours.
const POWERS: u32 = 33;

const BUCKETS: usize = ((POWERS + 1) << BITS) as usize;

/// Times, counted.
#[derive(Debug)]
pub struct Histogram {
    buckets: [AtomicU64; BUCKETS],
    /// Nanoseconds of all of them.
    sum: AtomicU64,
}

/// A reading of one or more histograms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    buckets: Vec<u64>,
    sum: u64,
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram { buckets: [const { AtomicU64::new(0) }; BUCKETS], sum: AtomicU64::new(0) }
    }
}

impl Histogram {
    /// Counts a time; what is too long to be told apart counts as the longest.
    pub fn record(&self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        if let Some(bucket) = self.buckets.get(bucket(nanos / TICK)) {
            bucket.fetch_add(1, Relaxed);
        }
        self.sum.fetch_add(nanos, Relaxed);
    }

    /// What was counted so far.
    pub fn read(&self) -> Times {
        let buckets = self.buckets.iter().map(|bucket| bucket.load(Relaxed)).collect();
        Times { buckets, sum: self.sum.load(Relaxed) }
    }
}

impl Default for Times {
    fn default() -> Times {
        Times { buckets: vec![0; BUCKETS], sum: 0 }
    }
}

impl Times {
    /// Adds another reading.
    pub fn add(&mut self, other: &Times) {
        for (bucket, more) in self.buckets.iter_mut().zip(&other.buckets) {
            *bucket += more;
        }
        self.sum = self.sum.wrapping_add(other.sum);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// All of them together.
    pub fn sum(&self) -> Duration {
        Duration::from_nanos(self.sum)
    }

    /// A time that this part of them (0 to 1) does not exceed; `None` when there are none.
    pub fn quantile(&self, part: f64) -> Option<Duration> {
        let count = self.count();
        let rank = ((count as f64 * part).ceil() as u64).clamp(1, count.max(1));
        let mut below = 0;
        let found = self.buckets.iter().position(|bucket| {
            below += bucket;
            below >= rank
        });
        found.map(|index| Duration::from_nanos(end(index) * TICK))
    }

    /// How many are shorter than this power of two of microseconds.
    pub fn below(&self, power: u32) -> u64 {
        let ticks = (1 << power) * (1000 / TICK);
        self.buckets.iter().take(bucket(ticks)).sum()
    }
}

/// Which bucket has this many ticks.
fn bucket(ticks: u64) -> usize {
    if ticks < 1 << BITS {
        return ticks as usize;
    }
    let power = ticks.ilog2() - BITS;
    let index = ((power as usize) << BITS) + (ticks >> power) as usize;
    index.min(BUCKETS - 1)
}

/// The first tick that is beyond a bucket.
fn end(index: usize) -> u64 {
    let next = index as u64 + 1;
    match (next >> BITS).checked_sub(1) {
        None => next,
        Some(power) => ((1 << BITS) + (next & ((1 << BITS) - 1))) << power,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_follow_each_other_without_a_gap() {
        for index in 0..BUCKETS - 1 {
            assert_eq!(bucket(end(index) - 1), index);
            assert_eq!(bucket(end(index)), index + 1, "{index}");
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
        assert!(Duration::from_nanos(end(BUCKETS - 2) * TICK) > Duration::from_secs(7200));
    }

    #[test]
    fn what_is_read_is_near_to_what_was_measured() {
        let histogram = Histogram::default();
        assert_eq!(histogram.read().quantile(0.5), None);
        for micros in 1..=1000 {
            histogram.record(Duration::from_micros(micros));
        }
        histogram.record(Duration::MAX);
        let times = histogram.read();
        for (part, micros) in [(0.0, 1), (0.5, 501), (0.9, 901), (0.99, 991)] {
            let got = times.quantile(part).unwrap();
            let (low, high) = (Duration::from_micros(micros), Duration::from_micros(micros + micros / 8 + 1));
            assert!(low <= got && got <= high, "{part}: {got:?}");
        }
        assert_eq!(times.count(), 1001);
        assert_eq!([times.below(0), times.below(1), times.below(9), times.below(20)], [0, 1, 511, 1000]);
        let mut twice = times.clone();
        twice.add(&times);
        assert_eq!((twice.count(), twice.quantile(0.5)), (2002, times.quantile(0.5)));
    }
}
