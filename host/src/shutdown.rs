//! Stopping in order: listeners close, open calls get their time, what is left is cancelled.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// Ends what holds a [`Lifeline`]. Dropping it drains and cancels everything.
#[derive(Debug)]
pub struct Shutdown {
    draining: watch::Sender<bool>,
    cancelling: watch::Sender<bool>,
}

/// Held by everything that the end waits for.
#[derive(Debug, Clone)]
pub struct Lifeline(watch::Receiver<bool>);

/// Tells when open calls must end. Nothing waits for its holders.
#[derive(Debug, Clone)]
pub struct Cancellation(watch::Receiver<bool>);

impl Shutdown {
    /// Time for cancelled calls to send their answers.
    const LAST_WORDS: Duration = Duration::from_secs(1);

    /// Nothing ends yet.
    pub fn new() -> Shutdown {
        Shutdown { draining: watch::Sender::new(false), cancelling: watch::Sender::new(false) }
    }

    /// For a task that must be waited for.
    pub fn lifeline(&self) -> Lifeline {
        Lifeline(self.draining.subscribe())
    }

    /// For what runs calls.
    pub fn cancellation(&self) -> Cancellation {
        Cancellation(self.cancelling.subscribe())
    }

    /// Drains for `limit`, then cancels. Answers whether everything ended by itself.
    pub async fn run(self, limit: Duration) -> bool {
        self.draining.send_replace(true);
        if timeout(limit, self.draining.closed()).await.is_ok() {
            return true;
        }
        self.cancelling.send_replace(true);
        // What does not end now is dropped with the runtime.
        let _ = timeout(Self::LAST_WORDS, self.draining.closed()).await;
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
        self.draining.send_replace(true);
        self.cancelling.send_replace(true);
    }
}

impl Lifeline {
    /// Whether draining has begun since the lifeline was first handed out. Costs one atomic load.
    pub fn draining(&self) -> bool {
        self.0.has_changed().unwrap_or(true)
    }

    /// Waits for draining to begin.
    pub async fn drained(&mut self) {
        // An error means that the sender is gone, which is the end as well.
        let _ = self.0.wait_for(|draining| *draining).await;
    }
}

impl Cancellation {
    /// Waits until open calls must end.
    pub async fn requested(&mut self) {
        let _ = self.0.wait_for(|cancelling| *cancelling).await;
    }
}

/// The signals that ask the process to end: SIGINT and SIGTERM.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// From here on the signals are caught. Must be called inside a runtime.
    pub fn catch() -> std::io::Result<Signals> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Signals {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }
        #[cfg(not(unix))]
        Ok(Signals {})
    }

    /// Waits for the first; at the second, the process exits at once.
    pub async fn first(mut self) {
        self.next().await;
        tokio::spawn(async move {
            self.next().await;
            std::process::exit(1);
        });
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => (),
            _ = self.terminate.recv() => (),
        }
        #[cfg(not(unix))]
        // What cannot be caught ends the process by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waits_for_what_is_open_and_cancels_it_in_the_end() {
        let shutdown = Shutdown::new();
        let mut quick = shutdown.lifeline();
        tokio::spawn(async move { quick.drained().await });
        assert!(shutdown.run(Duration::from_secs(5)).await);

        let shutdown = Shutdown::new();
        let (slow, mut cancellation) = (shutdown.lifeline(), shutdown.cancellation());
        let task = tokio::spawn(async move {
            cancellation.requested().await;
            slow.draining()
        });
        assert!(!shutdown.run(Duration::from_millis(1)).await);
        assert!(task.await.unwrap());
    }

    #[tokio::test]
    async fn a_dropped_shutdown_cancels() {
        let shutdown = Shutdown::new();
        let (mut lifeline, mut cancellation) = (shutdown.lifeline(), shutdown.cancellation());
        assert!(!lifeline.draining());
        drop(shutdown);
        lifeline.drained().await;
        cancellation.requested().await;
    }
}
