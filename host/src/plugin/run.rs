//! Runs guest code within its time.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::time::{Sleep, sleep_until};

use super::epoch::Ticker;
use super::roster::Member;

/// How long guest code may go on.
pub(super) struct Budget<'a> {
    /// Time on a thread.
    pub(super) run_time: Duration,
    /// Time of the wall clock.
    pub(super) deadline: Option<Instant>,
    /// What interrupts the guest.
    pub(super) ticker: &'a Ticker,
    /// Who runs, and may be stopped from outside.
    pub(super) member: &'a Member,
}

/// Why guest code was stopped.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    RunTime,
    Deadline,
    Killed,
}

/// Ticks that are charged at most for one turn on a thread: a turn ends at a tick, so what is longer was
/// mostly the operating system running something else.
const TURN: u32 = 4;

/// Drives `guest`, which gives the thread back at every tick and whenever it waits. Only its turns on a
/// thread are charged, not the time between them. A future that is stopped is dropped, which ends its fiber.
///
/// A guest that answers in its first turn costs no look at the clock; that turn, a tick at most, is not charged, so no guest
/// is stopped before its time.
pub(super) async fn run<F: Future>(guest: F, budget: Budget<'_>) -> Result<F::Output, Stop> {
    let mut guest = pin!(guest);
    let tick = budget.ticker.period;
    let mut used = Duration::ZERO;
    let mut first = true;
    let mut alarm: Option<Pin<Box<Sleep>>> = None;
    poll_fn(|cx| {
        // The ticker may have parked while the guest waited for its turn.
        budget.ticker.touch();
        let since = if first { None } else { Some(Instant::now()) };
        first = false;
        if let Poll::Ready(output) = guest.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        used += since.map_or(Duration::ZERO, |since| since.elapsed().min(tick * TURN));
        if used > budget.run_time {
            return Poll::Ready(Err(Stop::RunTime));
        }
        if budget.member.poll_killed(cx).is_ready() {
            return Poll::Ready(Err(Stop::Killed));
        }
        let Some(deadline) = budget.deadline else { return Poll::Pending };
        let alarm = alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline.into())));
        alarm.as_mut().poll(cx).map(|()| Err(Stop::Deadline))
    })
    .await
}
