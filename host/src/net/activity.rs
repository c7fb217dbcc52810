//! What a connection is doing, and since when: the one place that decides to hang up on a peer.

use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::traffic::Traffic;
use crate::config::Limits;

/// What a connection may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// From the first byte of a head, or of a message, to its last.
    pub(super) head: Duration,
    /// With nothing open.
    pub(super) idle: Duration,
    /// With answers that are not read.
    pub(super) write: Duration,
}

impl Times {
    /// For HTTP, whose bodies have a timer of their own.
    pub(super) fn http(limits: &Limits) -> Times {
        Times { head: limits.header_time, idle: limits.idle_time, write: limits.write_time }
    }

    /// For messages. A peer that `waits` for what it is sent is never idle.
    pub(super) fn messages(limits: &Limits, waits: bool) -> Times {
        let idle = if waits { FOREVER } else { limits.idle_time };
        Times { head: limits.body_time, idle, write: limits.write_time }
    }
}

/// Longer than any server runs, and no trouble to add to a time.
const FOREVER: Duration = Duration::from_secs(u32::MAX as u64);

/// Shared by a connection's socket, its requests and its [`Watch`].
#[derive(Debug)]
pub(super) struct Activity {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Requests whose head has arrived and whose answer has not been handed to the socket.
    open: usize,
    /// The first byte of a head that is not complete. It has no deadline while requests are open.
    head_since: Option<Instant>,
    /// When the last request ended.
    idle_since: Instant,
    /// The socket takes nothing more.
    blocked_since: Option<Instant>,
    /// HTTP/2 answers that wait for their stream's window, oldest first.
    waiting: Vec<(u64, Instant)>,
    next_waiting: u64,
    http2: bool,
}

impl Activity {
    pub(super) fn new() -> Arc<Activity> {
        let state = State {
            open: 0,
            head_since: None,
            idle_since: Instant::now(),
            blocked_since: None,
            waiting: Vec::new(),
            next_waiting: 0,
            http2: false,
        };
        Arc::new(Activity { state: Mutex::new(state) })
    }

    /// A request's head is complete.
    pub(super) fn open(self: &Arc<Self>, http2: bool) -> Open {
        let mut state = self.state();
        state.open += 1;
        state.head_since = None;
        state.http2 |= http2;
        Open { activity: self.clone(), waiting: None }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn received(&self, bytes: &[u8]) {
        let mut state = self.state();
        // The preface of HTTP/2 is no half head: such a connection may be opened ahead of its first request.
        state.http2 |= bytes.starts_with(b"PRI * HTTP/2");
        if state.open == 0 && !state.http2 && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
    }

    /// Of a stream of frames, everything that arrived was looked at: whether a frame has begun that is not complete.
    pub(super) fn begun(&self, begun: bool) {
        let mut state = self.state();
        state.head_since = begun.then(|| state.head_since.unwrap_or_else(Instant::now));
    }

    fn blocked(&self, blocked: bool) {
        self.state().blocked_since = blocked.then(Instant::now);
    }

    /// Whether it is the peer who does not read.
    pub(super) fn is_blocked(&self) -> bool {
        self.state().blocked_since.is_some()
    }

    /// When the connection has used up its time, if nothing changes.
    fn deadline(&self, times: &Times) -> Option<Instant> {
        let state = self.state();
        let rest = match (state.open, state.head_since) {
            (0, Some(since)) => Some(since + times.head),
            (0, None) => Some(state.idle_since + times.idle),
            _ => None,
        };
        let waiting = state.waiting.first().map(|(_, since)| *since);
        let write =
            [state.blocked_since, waiting].into_iter().flatten().min().map(|since| since + times.write);
        [rest, write].into_iter().flatten().min()
    }
}

/// One open request; dropped when its answer was handed to the socket or given up.
#[derive(Debug)]
pub(super) struct Open {
    activity: Arc<Activity>,
    waiting: Option<u64>,
}

impl Open {
    /// The answer is ready: from here on the peer is the one who must act.
    pub(super) fn answered(&mut self) {
        let mut state = self.activity.state();
        if state.http2 {
            let id = state.next_waiting;
            state.next_waiting += 1;
            state.waiting.push((id, Instant::now()));
            self.waiting = Some(id);
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        state.open -= 1;
        if let Some(id) = self.waiting {
            state.waiting.retain(|(waiting, _)| *waiting != id);
        }
        if state.open == 0 {
            state.idle_since = Instant::now();
            // It may be that nothing was read meanwhile.
            state.head_since = state.head_since.map(|_| state.idle_since);
        }
    }
}

/// Ready when the connection has used up its time. The timer is moved only when it fires or is too late, so that a
/// busy connection never touches it.
pub(super) struct Watch {
    activity: Arc<Activity>,
    times: Times,
    timer: Pin<Box<Sleep>>,
}

impl Watch {
    pub(super) fn new(activity: Arc<Activity>, times: Times) -> Watch {
        let first = Instant::now() + times.head.min(times.idle);
        Watch { activity, times, timer: Box::pin(sleep_until(first)) }
    }

    pub(super) fn poll_expired(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let deadline = self.activity.deadline(&self.times);
            if let Some(deadline) = deadline
                && deadline < self.timer.deadline()
            {
                self.timer.as_mut().reset(deadline);
            }
            // With no deadline an elapsed timer stays as it is: whatever ends the open requests polls again.
            if deadline.is_none() && self.timer.is_elapsed() {
                return Poll::Pending;
            }
            ready!(self.timer.as_mut().poll(cx));
            match deadline {
                Some(deadline) if deadline <= Instant::now() => return Poll::Ready(()),
                Some(deadline) => self.timer.as_mut().reset(deadline),
                None => return Poll::Pending,
            }
        }
    }
}

/// A stream that tells its [`Activity`] what happens on it.
pub(super) struct Socket<S> {
    stream: S,
    activity: Arc<Activity>,
    traffic: Arc<Traffic>,
    /// The stream takes no bytes.
    full: bool,
    /// The stream has bytes of its own that it cannot get rid of: encryption does.
    held: bool,
}

impl<S> Socket<S> {
    pub(super) fn new(stream: S, activity: Arc<Activity>, traffic: Arc<Traffic>) -> Socket<S> {
        Socket { stream, activity, traffic, full: false, held: false }
    }

    fn took(&mut self, result: Poll<Result<usize>>) -> Poll<Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = &result {
            self.traffic.sent(*bytes);
        }
        self.wrote(result)
    }

    fn wrote<T>(&mut self, result: Poll<T>) -> Poll<T> {
        self.blocked(result.is_pending(), self.held);
        result
    }

    fn blocked(&mut self, full: bool, held: bool) {
        let before = self.full || self.held;
        (self.full, self.held) = (full, held);
        if (full || held) != before {
            self.activity.blocked(full || held);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Socket<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        if let Some(bytes) = buf.filled().get(before..).filter(|bytes| !bytes.is_empty()) {
            self.activity.received(bytes);
            self.traffic.received(bytes.len());
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Socket<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.took(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.took(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(cx);
        let full = self.full;
        self.blocked(full, result.is_pending());
        result
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
