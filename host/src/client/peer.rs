//! One connection on which both sides call.
//!
//! ```text
//! callers ──▶ outgoing ──▶ write ══▶ the server
//! callers ◀── open ◀──┬─── read ◀══╝
//!          serve ◀────┘
//! ```
//!
//! Reading never waits for writing, nor for a callback: two sides that send much to each other cannot lock up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use pintle_core::session::Received;
use pintle_core::{CallError, Expected, Prepared};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::batch::Answered;
use super::callbacks::Callbacks;
use super::child::Child;
use super::error::ClientError;
use super::link::{Reader, Writer};
use super::protocol::Protocol;
use super::wire::raw;

/// A connection, until it is dropped.
pub(super) struct Peer {
    shared: Arc<Shared>,
    /// Taken by [`Peer::close`].
    outgoing: Mutex<Option<mpsc::Sender<Outgoing>>>,
    read: JoinHandle<()>,
    _child: Option<Child>,
}

/// Bodies that wait to be written. Callers wait for a place among them, within their time.
const OUTGOING: usize = 64;

/// Bodies of the server that wait for a place among those that run, and those that run. Bounds memory when a server calls
/// faster than it is answered; then the connection is ended.
const CALLBACKS: usize = 64;

/// Time for the server to hang up after this side has.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A body, and who wants to know that it was written.
struct Outgoing {
    body: Vec<u8>,
    written: Option<oneshot::Sender<()>>,
}

/// What the server wants.
enum Wanted {
    Body(Vec<u8>),
    /// It no longer waits for the answer to the request with this id.
    Cancelled(String),
}

struct Shared {
    open: Mutex<Open>,
    /// Why the connection ended.
    ended: watch::Sender<Option<String>>,
}

struct Open {
    protocol: Protocol,
    waiting: HashMap<u32, oneshot::Sender<Result<String, CallError>>>,
}

impl Peer {
    /// Starts to read and to write. Calls of the server wait until it is known what `callbacks` are.
    pub(super) fn start(
        reader: Reader,
        writer: Writer,
        child: Option<Child>,
        protocol: Protocol,
        callbacks: oneshot::Receiver<Callbacks>,
    ) -> Peer {
        let open = Open { protocol, waiting: HashMap::new() };
        let shared = Arc::new(Shared { open: Mutex::new(open), ended: watch::Sender::new(None) });
        let (outgoing, to_write) = mpsc::channel(OUTGOING);
        let (wanted, to_serve) = mpsc::channel(CALLBACKS);
        tokio::spawn(write(writer, to_write, shared.clone()));
        tokio::spawn(serve(callbacks, to_serve, outgoing.downgrade()));
        let read = tokio::spawn(read(reader, wanted, shared.clone()));
        Peer { shared, outgoing: Mutex::new(Some(outgoing)), read, _child: child }
    }

    /// Calls and waits for the result, JSON text. Dropping the future tells the server.
    pub(super) async fn call(&self, prepared: &Prepared) -> Result<String, ClientError> {
        let place = self.place().await?;
        let mut waiting = self.open(prepared, |body| drop(place.send(Outgoing { body, written: None })))?;
        waiting.answer(prepared.expected()).await
    }

    /// Calls without an answer, and waits until it is written.
    pub(super) async fn notify(&self, prepared: &Prepared) -> Result<(), ClientError> {
        if self.shared.open().protocol.has_notifications() {
            return self.send(prepared.notification()).await;
        }
        let place = self.place().await?;
        let (written, done) = oneshot::channel();
        let written = Some(written);
        // Its answer comes, and nobody waits for it.
        drop(self.open(prepared, |body| drop(place.send(Outgoing { body, written })))?);
        done.await.map_err(|_| self.shared.gone())
    }

    /// Sends a body that is not answered, and waits until it is written.
    async fn send(&self, body: Vec<u8>) -> Result<(), ClientError> {
        let place = self.place().await?;
        let (written, done) = oneshot::channel();
        place.send(Outgoing { body, written: Some(written) });
        done.await.map_err(|_| self.shared.gone())
    }

    /// Calls together. The ids are the caller's names for them; on the wire the connection has its own.
    pub(super) async fn batch(
        &self,
        calls: Vec<(Option<String>, Prepared)>,
    ) -> Result<Vec<Answered>, ClientError> {
        if !self.shared.open().protocol.has_notifications() {
            return Err(ClientError::not_sent("this protocol has no batches"));
        }
        if calls.iter().all(|(id, _)| id.is_none()) {
            let bodies: Vec<Vec<u8>> = calls.iter().map(|(_, prepared)| prepared.notification()).collect();
            self.send(Prepared::batch(&bodies)).await?;
            return Ok(Vec::new());
        }
        let place = self.place().await?;
        let (mut bodies, mut waiting) = (Vec::new(), Vec::new());
        for (id, prepared) in &calls {
            let body = match id {
                None => prepared.notification(),
                Some(id) => {
                    let mut body = Vec::new();
                    let call = self.open(prepared, |text| body = text)?;
                    waiting.push((id, prepared, call));
                    body
                }
            };
            bodies.push(body);
        }
        place.send(Outgoing { body: Prepared::batch(&bodies), written: None });
        let mut answered = Vec::new();
        for (id, prepared, mut call) in waiting {
            let result = call.answer(prepared.expected()).await;
            answered.push(Answered { id: id.clone(), result: result.and_then(raw) });
        }
        Ok(answered)
    }

    /// Why the connection ended, if it has.
    pub(super) fn ended(&self) -> Option<ClientError> {
        self.shared.ended.borrow().is_some().then(|| self.shared.gone())
    }

    /// Sends what waits, hangs up, and waits until the server has too.
    pub(super) async fn close(&self) {
        self.outgoing.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut ended = self.shared.ended.subscribe();
        // Whoever does not hang up is left.
        let _ = tokio::time::timeout(LAST_WORDS, ended.wait_for(Option::is_some)).await;
        self.shared.end("the client was closed");
    }

    /// A place among what waits to be written.
    async fn place(&self) -> Result<mpsc::OwnedPermit<Outgoing>, ClientError> {
        let outgoing = self.outgoing.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let outgoing = outgoing.ok_or_else(|| self.shared.gone())?;
        outgoing.reserve_owned().await.map_err(|_| self.shared.gone())
    }

    /// Opens a call and hands over the body to send, before any later call can be opened.
    fn open(&self, prepared: &Prepared, send: impl FnOnce(Vec<u8>)) -> Result<Waiting<'_>, ClientError> {
        let (answer, answered) = oneshot::channel();
        let mut open = self.shared.open();
        let (number, body) = open.protocol.call(prepared).map_err(|error| match error {
            CallError::Cancelled => self.shared.gone(),
            error => ClientError::of_call(error, prepared.expected()),
        })?;
        open.waiting.insert(number, answer);
        send(body);
        Ok(Waiting { peer: self, number, answered })
    }

    /// Gives up on a call, if it is still open, and tells the server.
    fn cancel(&self, number: u32) {
        let body = {
            let mut open = self.shared.open();
            open.waiting.remove(&number);
            open.protocol.cancel(number)
        };
        let outgoing = self.outgoing.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let (Some(body), Some(outgoing)) = (body, outgoing) {
            // A server that takes nothing at the moment would not take this either.
            let _ = outgoing.try_send(Outgoing { body, written: None });
        }
    }
}

/// An open call. It is given up when this is dropped.
struct Waiting<'a> {
    peer: &'a Peer,
    number: u32,
    answered: oneshot::Receiver<Result<String, CallError>>,
}

impl Waiting<'_> {
    async fn answer(&mut self, expected: &Expected) -> Result<String, ClientError> {
        match (&mut self.answered).await {
            Ok(result) => result.map_err(|error| ClientError::of_call(error, expected)),
            Err(_) => Err(self.peer.shared.gone()),
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.peer.cancel(self.number);
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Then nothing serves any more, and what writes hangs up when it has written all.
        self.read.abort();
    }
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a body of the server; what it answers is brought to who waits.
    fn receive(&self, body: Vec<u8>) -> Received {
        let mut open = self.open();
        let mut received = open.protocol.receive(body);
        for (number, result) in received.completed.drain(..) {
            // Who gave up at this moment is gone.
            open.waiting.remove(&number).map(|waiting| waiting.send(result));
        }
        received
    }

    /// The connection is over: all open calls end.
    fn end(&self, why: &str) {
        self.ended.send_if_modified(|ended| {
            let first = ended.is_none();
            ended.get_or_insert_with(|| why.to_owned());
            first
        });
        let mut open = self.open();
        open.protocol.end();
        // Who waits learns it from the sender that is gone.
        open.waiting.clear();
    }

    /// What callers are told after the end.
    fn gone(&self) -> ClientError {
        let why = self.ended.borrow();
        ClientError::Transport(format!(
            "the connection is gone: {}",
            why.as_deref().unwrap_or("it was closed")
        ))
    }
}

/// Brings answers to their calls, and calls to `wanted`.
async fn read(mut reader: Reader, wanted: mpsc::Sender<Wanted>, shared: Arc<Shared>) {
    loop {
        let body = match reader.next().await {
            Ok(body) => body,
            Err(why) => return shared.end(&why),
        };
        let Received { requests, cancelled, .. } = shared.receive(body);
        let all = requests.map(Wanted::Body).into_iter().chain(cancelled.into_iter().map(Wanted::Cancelled));
        for one in all {
            if let Err(TrySendError::Full(_)) = wanted.try_send(one) {
                return shared.end("the server calls faster than it is answered");
            }
        }
    }
}

/// Writes what waits, until nobody is left who could send more.
async fn write(mut writer: Writer, mut outgoing: mpsc::Receiver<Outgoing>, shared: Arc<Shared>) {
    while let Some(Outgoing { body, written }) = outgoing.recv().await {
        if let Err(why) = writer.send(body).await {
            return shared.end(&why);
        }
        // Whoever no longer wants to know is gone.
        written.map(|written| written.send(()));
    }
    writer.close().await;
}

/// Runs the calls of the server, until nothing is read any more.
async fn serve(
    callbacks: oneshot::Receiver<Callbacks>,
    mut wanted: mpsc::Receiver<Wanted>,
    outgoing: mpsc::WeakSender<Outgoing>,
) {
    let Ok(callbacks) = callbacks.await else { return };
    let mut running = FuturesUnordered::new();
    loop {
        tokio::select! {
            one = wanted.recv(), if running.len() < CALLBACKS => match one {
                Some(Wanted::Body(body)) => running.extend(callbacks.read(body).map(|body| callbacks.answer(body))),
                Some(Wanted::Cancelled(id)) => callbacks.cancel(&id),
                None => return,
            },
            Some(reply) = running.next(), if !running.is_empty() => {
                let (Some(body), Some(outgoing)) = (reply, outgoing.upgrade()) else { continue };
                // An error means that writing is over, and reading will be.
                let _ = outgoing.send(Outgoing { body, written: None }).await;
            }
        }
    }
}
