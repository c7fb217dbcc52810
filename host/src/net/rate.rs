//! How many messages a connection may send: a bucket of tokens that holds one second's worth.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

/// The messages of one connection, counted. A second's worth may come at once.
#[derive(Debug)]
pub struct Rate {
    interval: Duration,
    /// When the bucket is full again. It is at most a second ahead.
    full: Option<Instant>,
}

impl Rate {
    /// So many messages in a second.
    pub fn new(per_second: NonZeroU32) -> Rate {
        Rate { interval: Duration::from_secs(1) / per_second.get(), full: None }
    }

    /// Counts a message that comes now.
    ///
    /// # Errors
    ///
    /// It is one too many, and not counted; the time after which there is room for one, at most a second.
    pub fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let full = self.full.map_or(now, |full| full.max(now)) + self.interval;
        match (full - now).checked_sub(Duration::from_secs(1)) {
            Some(over) if !over.is_zero() => Err(over),
            _ => {
                self.full = Some(full);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_s_worth_at_once_and_then_one_by_one() {
        let start = Instant::now();
        for per_second in [1, 3, 1000] {
            let mut rate = Rate::new(NonZeroU32::new(per_second).unwrap());
            for count in 0..per_second {
                assert_eq!(rate.take(start), Ok(()), "{count} of {per_second}");
            }
            let wait = rate.take(start).unwrap_err();
            assert!(wait <= Duration::from_secs(1) / per_second + Duration::from_micros(1));
            assert!(rate.take(start + wait - Duration::from_nanos(1)).is_err());
            assert_eq!(rate.take(start + wait), Ok(()));
            assert!(rate.take(start + wait).is_err());
            let later = start + Duration::from_secs(3600);
            assert_eq!((0..2 * per_second).filter(|_| rate.take(later).is_ok()).count(), per_second as usize);
            // A clock that seems to go back gives nothing away.
            assert!(rate.take(start).is_err());
        }
    }
}
