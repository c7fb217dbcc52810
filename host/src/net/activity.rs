//! What a connection is doing, and since when: the one place that decides to hang up on a peer.

use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::config::Limits;

/// Shared by a connection's socket, its requests and its [`Watch`].
#[derive(Debug)]
pub(super) struct Activity {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Requests whose head has arrived and whose answer has not been handed to the socket.
    open: usize,
    /// The first byte of a head that is not complete; never set while requests are open.
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

    fn blocked(&self, blocked: bool) {
        self.state().blocked_since = blocked.then(Instant::now);
    }

    /// When the connection has used up its time, if nothing changes.
    fn deadline(&self, limits: &Limits) -> Option<Instant> {
        let state = self.state();
        let rest = match (state.open, state.head_since) {
            (0, Some(since)) => Some(since + limits.header_time),
            (0, None) => Some(state.idle_since + limits.idle_time),
            _ => None,
        };
        let waiting = state.waiting.first().map(|(_, since)| *since);
        let write =
            [state.blocked_since, waiting].into_iter().flatten().min().map(|since| since + limits.write_time);
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
        }
    }
}

/// Ready when the connection has used up its time. The timer is moved only when it fires or is too late, so that a
/// busy connection never touches it.
pub(super) struct Watch {
    activity: Arc<Activity>,
    limits: Arc<Limits>,
    timer: Pin<Box<Sleep>>,
}

impl Watch {
    pub(super) fn new(activity: Arc<Activity>, limits: Arc<Limits>) -> Watch {
        let first = Instant::now() + limits.header_time.min(limits.idle_time);
        Watch { activity, limits, timer: Box::pin(sleep_until(first)) }
    }

    pub(super) fn poll_expired(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let deadline = self.activity.deadline(&self.limits);
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

/// A socket that tells its [`Activity`] what happens on it.
pub(super) struct Socket {
    stream: TcpStream,
    activity: Arc<Activity>,
    blocked: bool,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, activity: Arc<Activity>) -> Socket {
        Socket { stream, activity, blocked: false }
    }

    fn wrote<T>(&mut self, result: Poll<T>) -> Poll<T> {
        if result.is_pending() != self.blocked {
            self.blocked = result.is_pending();
            self.activity.blocked(self.blocked);
        }
        result
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        if let Some(bytes) = buf.filled().get(before..).filter(|bytes| !bytes.is_empty()) {
            self.activity.received(bytes);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.wrote(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.wrote(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
