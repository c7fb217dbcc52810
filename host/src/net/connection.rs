//! One connection of messages: bodies come in and run at the same time, replies and what else is said go out in the order
//! in which they are ready.

use std::future::{Future, poll_fn};
use std::io;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use pintle_core::{Code, RpcError};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at, timeout};

use super::activity::{Activity, Open, Times, Watch};
use super::connections::{Peer, Peers};
use super::context::Context;
use super::outgoing::{End, Kind, Message, Next, Outgoing};
use super::rate::Rate;
use super::service::{Answer, Service};
use crate::config::Limits;
use crate::drive::overloaded;
use crate::shutdown::Lifeline;

/// Where bodies come from.
pub(super) trait Reader: Send {
    /// The next thing that the peer says. Dropping the future loses nothing.
    fn receive(&mut self) -> impl Future<Output = Received> + Send;
}

/// Something that a peer said.
pub(super) enum Received {
    Body(Vec<u8>, Kind),
    /// Nothing but that it is there.
    Alive,
    /// It will say no more, and may still read: what it asked for is answered.
    Finished,
    /// What cannot be read on; this error says why, then the connection ends.
    Refused(RpcError, End),
    End(End),
}

/// Where bodies go.
pub(super) trait Writer: Send {
    /// Whether peers can be asked for a sign of life.
    const PINGS: bool;

    /// Takes a message; that it has left is only said by [`Writer::flush`].
    fn write(&mut self, message: Message) -> impl Future<Output = io::Result<()>> + Send;

    /// Sends what was taken.
    fn flush(&mut self) -> impl Future<Output = io::Result<()>> + Send;

    /// Says that nothing more comes, and why, where that can be said.
    fn close(&mut self, end: End) -> impl Future<Output = io::Result<()>> + Send;
}

/// One connection, before its first message.
pub(super) struct Connection<S> {
    service: Arc<S>,
    limits: Arc<Limits>,
    context: Context,
    peer: Arc<Peer>,
    activity: Arc<Activity>,
    lifeline: Lifeline,
}

impl<S: Service> Connection<S> {
    /// `context` is that of every body.
    pub(super) fn new(
        service: Arc<S>,
        limits: Arc<Limits>,
        mut context: Context,
        activity: Arc<Activity>,
        lifeline: Lifeline,
    ) -> Connection<S> {
        let asked = service.clone();
        let offers = Box::new(move || asked.callbacks());
        let peer = Arc::new(Peer::new(context.connection.clone(), offers, &limits));
        context.peers = Arc::new(Peers { own: Some(peer.clone()), all: context.peers.all.clone() });
        Connection { service, limits, context, peer, activity, lifeline }
    }

    /// Serves until either side ends it. The two halves come back for what the transport does at its end.
    pub(super) async fn run<R: Reader, W: Writer>(self, mut reader: R, mut writer: W) -> (R, W) {
        let outgoing = &self.peer.outgoing;
        // Without randomness nobody could be told from others.
        if self.peer.id().is_empty() {
            let _ = writer.close(End::Internal).await;
            return (reader, writer);
        }
        // Where a sign of life can be asked for, the idle are the dead.
        let waits = !W::PINGS && (self.service.callbacks().is_some() || self.context.transport == "stdio");
        let mut watch = Watch::new(self.activity.clone(), Times::messages(&self.limits, waits));
        let mut writing = Box::pin(write(&mut writer, outgoing));
        let mut running = JoinSet::new();
        let entered = AtomicBool::new(false);
        let (end, broken) = {
            let mut reading = pin!(async {
                let opening = self.activity.open(false);
                if let Err(error) = self.service.enter(&self.peer, self.context.clone()).await {
                    drop(opening);
                    self.reply(Some(self.service.refuse_unread(&error)), Kind::Text);
                    return End::Stranger;
                }
                // From here on others know of it, so its end is told, whatever comes of the rest.
                entered.store(true, Ordering::Relaxed);
                self.service.connected(self.context.clone()).await;
                drop(opening);
                self.read(&mut reader, &mut running, W::PINGS).await
            });
            tokio::select! {
                biased;
                end = &mut reading => (end, false),
                // It was not told to end, so it could not write.
                _ = &mut writing => (End::Peer, true),
                () = poll_fn(|cx| watch.poll_expired(cx)) => match self.activity.is_blocked() {
                    true => (End::Unread, false),
                    false => (End::Idle, false),
                },
            }
        };
        self.log(end);
        self.peer.end();
        // Nothing of it runs any more when its end is told.
        running.shutdown().await;
        outgoing.end(end);
        let closing = async {
            if !broken {
                // A peer that does not even read this is left alone.
                let _ = timeout(self.limits.write_time.min(CLOSE_TIME), &mut writing).await;
            }
        };
        let telling = async {
            if entered.load(Ordering::Relaxed) {
                self.service.disconnected(&self.peer, self.context.clone()).await;
            }
        };
        tokio::join!(closing, telling);
        drop(writing);
        (reader, writer)
    }

    /// Reads until there is an end.
    async fn read<R: Reader>(&self, reader: &mut R, running: &mut JoinSet<()>, pings: bool) -> End {
        let mut rate = self.limits.messages_per_second.map(Rate::new);
        let outgoing = &self.peer.outgoing;
        let mut lifeline = self.lifeline.clone();
        let mut drained = pin!(lifeline.drained());
        let half = (self.limits.idle_time / 2).max(Duration::from_millis(1));
        let mut quiet = interval_at(Instant::now() + half, half);
        // Why it ends when nothing runs any more; only with the server is the peer still heard then.
        let mut ending = None;
        loop {
            if let Some(end) = ending
                && running.is_empty()
            {
                return end;
            }
            let room = running.len() < self.most() || self.peer.is_asked();
            let heard = matches!(ending, None | Some(End::Draining)) && room && !outgoing.crowded();
            let received = tokio::select! {
                biased;
                end = outgoing.relief() => match end {
                    Some(end) => return end,
                    None => continue,
                },
                () = &mut drained, if ending.is_none() => {
                    ending = Some(End::Draining);
                    continue;
                }
                Some(_) = running.join_next() => continue,
                _ = quiet.tick(), if pings && heard => {
                    let _ = outgoing.push(Message { body: Bytes::new(), kind: Kind::Ping });
                    continue;
                }
                received = reader.receive(), if heard => received,
            };
            match received {
                Received::Body(body, kind) => {
                    let now = Instant::now().into_std();
                    let in_time = rate.as_mut().is_none_or(|rate| rate.take(now).is_ok());
                    let refusal = match ending {
                        Some(_) => Some(RpcError::from(Code::Cancelled).with_detail(End::Draining.reason())),
                        None if in_time => None,
                        None => Some(overloaded()),
                    };
                    self.take(running, body, kind, refusal);
                }
                Received::Alive => drop(self.activity.open(false)),
                Received::Finished => {
                    self.peer.end();
                    ending = Some(End::Peer);
                }
                Received::Refused(error, end) => {
                    // Nothing that it says is heard any more, so nothing that it was asked is answered.
                    self.peer.end();
                    self.reply(Some(self.service.refuse_unread(&error)), Kind::Text);
                    ending = Some(end);
                }
                Received::End(end) => return end,
            }
        }
    }

    /// Takes a body: answers go where they are waited for, requests are started, or refused if there is a reason.
    fn take(&self, running: &mut JoinSet<()>, body: Vec<u8>, kind: Kind, refusal: Option<RpcError>) {
        let open = self.activity.open(false);
        let (requests, cancelled) = match self.service.in_turn() {
            true => (Some(body), Vec::new()),
            false => self.peer.receive(body),
        };
        if let Some(body) = requests {
            self.start(running, body, kind, refusal, open);
        }
        for request in cancelled {
            self.peer.cancel(&request);
        }
    }

    fn start(
        &self,
        running: &mut JoinSet<()>,
        body: Vec<u8>,
        kind: Kind,
        refusal: Option<RpcError>,
        open: Open,
    ) {
        let full = || (running.len() >= self.most()).then(overloaded);
        if let Some(error) = refusal.or_else(full) {
            return self.reply(self.service.refuse(body, &error), kind);
        }
        let (service, context, peer) = (self.service.clone(), self.context.clone(), self.peer.clone());
        let answering = AssertUnwindSafe(async move {
            let reply = match service.answer(body, context).await {
                Answer::Reply(reply) => reply,
                Answer::Overloaded(body) => service.refuse(body, &overloaded()),
            };
            if let Some(reply) = reply {
                let _ = peer.outgoing.push(Message { body: reply.into(), kind });
            }
            drop(open);
        });
        let peer = self.peer.clone();
        let mut answering = Box::pin(answering.catch_unwind().map(move |outcome| {
            // A handler's mistake is told, and costs no more than this connection.
            if outcome.is_err() {
                peer.outgoing.end(End::Internal);
            }
        }));
        // Most are answered at once, and need no task of their own. Those that are not are by now known by their ids:
        // what cancels them may come with the next message.
        if answering.as_mut().now_or_never().is_none() {
            running.spawn(answering);
        }
    }

    /// How many bodies may run at the same time.
    fn most(&self) -> usize {
        if self.service.in_turn() { 1 } else { self.limits.connection_calls }
    }

    fn reply(&self, reply: Option<Vec<u8>>, kind: Kind) {
        if let Some(reply) = reply {
            // One who does not read has been told otherwise.
            let _ = self.peer.outgoing.push(Message { body: reply.into(), kind });
        }
    }

    fn log(&self, end: End) {
        let Context { transport, remote, .. } = &self.context;
        match end {
            End::Peer | End::Draining | End::Idle => {
                tracing::debug!(transport, %remote, "connection ended: {}", end.reason());
            }
            _ => tracing::warn!(transport, %remote, "connection closed: {}", end.reason()),
        }
    }
}

/// Time for the last words to a peer, at most.
const CLOSE_TIME: Duration = Duration::from_secs(5);

/// Writes what waits until the end is written too.
async fn write<W: Writer>(writer: &mut W, outgoing: &Outgoing) -> io::Result<()> {
    loop {
        let mut next = outgoing.next().await;
        loop {
            match next {
                Next::Message(message) => writer.write(message).await?,
                Next::End(end) => return writer.close(end).await,
            }
            match outgoing.take() {
                Some(more) => next = more,
                None => break,
            }
        }
        writer.flush().await?;
    }
}

/// Reads and forgets for a moment what the peer is still sending. Hanging up on unread bytes would reset the connection,
/// and the peer might never see why.
pub(super) async fn discard(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    const TIME: Duration = Duration::from_secs(1);
    let mut buffer = vec![0; 16 << 10];
    let _ = timeout(TIME, async {
        let _ = stream.shutdown().await;
        while stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
    })
    .await;
}
