//! Stopping in order: listeners close, open calls get their time, what is left is cancelled.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// How far the end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Calls come and go.
    Serving,
    /// No new connections and calls; open calls go on.
    Draining,
    /// Open calls end with Cancelled.
    Cancelling,
}

/// Ends what holds a [`Lifeline`]. Dropping it cancels everything.
#[derive(Debug)]
pub struct Shutdown {
    phase: watch::Sender<Phase>,
}

/// Held by everything that the end waits for.
#[derive(Debug, Clone)]
pub struct Lifeline {
    phase: watch::Receiver<Phase>,
}

impl Shutdown {
    /// Time for cancelled calls to send their answers.
    const LAST_WORDS: Duration = Duration::from_secs(1);

    /// Nothing ends yet.
    pub fn new() -> Shutdown {
        Shutdown { phase: watch::Sender::new(Phase::Serving) }
    }

    /// For a task that must be waited for.
    pub fn lifeline(&self) -> Lifeline {
        Lifeline { phase: self.phase.subscribe() }
    }

    /// Drains for `limit`, then cancels. Answers whether everything ended by itself.
    pub async fn run(self, limit: Duration) -> bool {
        self.phase.send_replace(Phase::Draining);
        if timeout(limit, self.phase.closed()).await.is_ok() {
            return true;
        }
        self.phase.send_replace(Phase::Cancelling);
        // What does not end now is dropped with the runtime.
        let _ = timeout(Self::LAST_WORDS, self.phase.closed()).await;
        false
    }
}

impl Default for Shutdown {
    fn default() -> Self {
        Shutdown::new()
    }
}

impl Drop for Shutdown {
    fn drop(&mut self) {
        self.phase.send_replace(Phase::Cancelling);
    }
}

impl Lifeline {
    /// How far the end has come.
    pub fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Whether the phase changed since [`Lifeline::reached`] last looked. Costs one atomic load.
    pub(crate) fn has_changed(&self) -> bool {
        self.phase.has_changed().unwrap_or(true)
    }

    /// Waits for a phase, or a later one.
    pub async fn reached(&mut self, phase: Phase) {
        // An error means that the sender is gone, and with it everything.
        let _ = self.phase.wait_for(|now| *now >= phase).await;
    }
}

/// Waits for SIGINT or SIGTERM; from the second on, the process exits at once.
pub async fn signal() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let mut next = async move || {
            tokio::select! {
                _ = interrupt.recv() => (),
                _ = terminate.recv() => (),
            }
        };
        next().await;
        tokio::spawn(async move {
            next().await;
            tracing::warn!("second signal: gone at once");
            std::process::exit(1);
        });
        Ok(())
    }
    #[cfg(not(unix))]
    {
        tokio::signal::ctrl_c().await?;
        tokio::spawn(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(1);
            }
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waits_for_what_is_open_and_cancels_it_in_the_end() {
        let shutdown = Shutdown::new();
        let mut quick = shutdown.lifeline();
        tokio::spawn(async move { quick.reached(Phase::Draining).await });
        assert!(shutdown.run(Duration::from_secs(5)).await);

        let shutdown = Shutdown::new();
        let mut slow = shutdown.lifeline();
        let task = tokio::spawn(async move {
            slow.reached(Phase::Cancelling).await;
            slow.phase()
        });
        assert!(!shutdown.run(Duration::from_secs(5)).await);
        assert_eq!(task.await.unwrap(), Phase::Cancelling);
    }

    #[tokio::test]
    async fn a_dropped_shutdown_cancels() {
        let shutdown = Shutdown::new();
        let mut lifeline = shutdown.lifeline();
        drop(shutdown);
        lifeline.reached(Phase::Cancelling).await;
    }
}
