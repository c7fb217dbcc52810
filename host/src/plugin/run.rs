//! Runs guest code within its time.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::time::{Sleep, sleep_until};

/// How long guest code may go on.
pub(super) struct Budget {
    /// Time on a thread.
    pub(super) run_time: Duration,
    /// Time of the wall clock.
    pub(super) deadline: Option<Instant>,
    /// The engine's time between ticks.
    pub(super) tick: Duration,
}

/// Why guest code was stopped.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    RunTime,
    Deadline,
}

/// Ticks that are charged at most for one turn on a thread: a turn ends at a tick, so what is longer was
/// mostly the operating system running something else.
const TURN: u32 = 4;

/// Drives `guest`, which gives the thread back at every tick and whenever it waits. Only its turns on a
/// thread are charged, not the time between them. A future that is stopped is dropped, which ends its fiber.
///
/// A guest that answers in its first turn costs no look at the clock.
pub(super) async fn run<F: Future>(guest: F, budget: Budget) -> Result<F::Output, Stop> {
    let mut guest = pin!(guest);
    let mut used = Duration::ZERO;
    let mut first = true;
    let mut alarm: Option<Pin<Box<Sleep>>> = None;
    poll_fn(|cx| {
        let since = if first { None } else { Some(Instant::now()) };
        first = false;
        if let Poll::Ready(output) = guest.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        used += since.map_or(budget.tick, |since| since.elapsed().min(budget.tick * TURN));
        if used > budget.run_time {
            return Poll::Ready(Err(Stop::RunTime));
        }
        let Some(deadline) = budget.deadline else { return Poll::Pending };
        let alarm = alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline.into())));
        alarm.as_mut().poll(cx).map(|()| Err(Stop::Deadline))
    })
    .await
}
