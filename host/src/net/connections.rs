//! Who is connected, and how handlers reach them: the peers of connections that carry messages both ways.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use pintle_core::dialect::simplerpc;
use pintle_core::session::Session;
use pintle_core::{CallError, Prepared};
use pintle_core::{Code, Engine, RpcError};
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout_at;

use super::context::ConnectionId;
use super::outgoing::{Kind, Limit, Message, Outgoing, Refused};
use crate::config::Limits;

/// All peers of a server, by the ids of their connections.
#[derive(Debug, Default)]
pub struct Connections {
    open: Mutex<HashMap<String, Arc<Peer>>>,
}

/// The other end of one connection.
pub struct Peer {
    id: Arc<ConnectionId>,
    offers: Offers,
    pub(super) outgoing: Outgoing,
    /// What it is asked.
    asked: Mutex<Asked>,
    /// Its calls that run here and can be cancelled, by their ids as JSON text.
    running: Mutex<HashMap<String, Arc<Notify>>>,
}

/// What a peer serves at this time; `None` is nothing. It changes when the server takes another contract.
pub(super) type Offers = Box<dyn Fn() -> Option<Arc<Callbacks>> + Send + Sync>;

/// What the peers of a listener serve, and how they are told.
#[derive(Debug)]
pub struct Callbacks {
    /// Has the methods under their own names.
    pub(crate) engine: Arc<Engine>,
    /// Writes messages for simplerpc, where nobody answers; `None` is JSON-RPC.
    pub(crate) simplerpc: Option<simplerpc::Messages>,
}

impl Callbacks {
    /// Checks a call of a peer.
    fn prepare(&self, method: &str, params: &str) -> Result<Prepared, CallError> {
        // What the engine answers by itself, a peer does not.
        let (interface, _) = method.rsplit_once('.').ok_or(CallError::UnknownMethod)?;
        if !self.engine.contract().interfaces().iter().any(|known| known.name == interface) {
            return Err(CallError::UnknownMethod);
        }
        Prepared::new(&self.engine, method, params, &[])
    }

    /// The body of a notification.
    fn notification(&self, method: &str, params: &str) -> Result<Bytes, CallError> {
        let call = self.prepare(method, params)?;
        match &self.simplerpc {
            None => Ok(call.notification().into()),
            Some(messages) => messages.write(&call).map(Bytes::from),
        }
    }
}

/// This side's open calls to a peer, and who waits for them.
struct Asked {
    session: Session,
    waiting: HashMap<u32, oneshot::Sender<Result<String, CallError>>>,
}

/// Whom a handler can reach from the call that it serves.
#[derive(Debug, Clone, Default)]
pub struct Peers {
    /// Its caller; `None` where a reply is all that can be sent.
    pub own: Option<Arc<Peer>>,
    /// Everybody.
    pub all: Arc<Connections>,
}

/// Why nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendError {
    /// There is no such connection, or it has ended.
    NoConnection,
    /// The peer does not serve that, or not with these parameters.
    Invalid(RpcError),
    /// Too much waits for this peer, whose connection is closed for it.
    Full,
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SendError::NoConnection => f.write_str("there is no such connection"),
            SendError::Invalid(error) => error.fmt(f),
            SendError::Full => f.write_str("the peer does not read what it is sent"),
        }
    }
}

impl std::error::Error for SendError {}

impl Peers {
    /// Notifies a peer. `to` is the id of its connection, empty for the caller's own, `*` for all that serve the method.
    /// `params` is a JSON array or object. What is sent to the caller leaves before the reply does.
    pub fn send(&self, to: &str, method: &str, params: &str) -> Result<(), SendError> {
        if to == "*" {
            return self.all.broadcast(method, params);
        }
        self.find(to).ok_or(SendError::NoConnection)?.notify(method, params)
    }

    /// Calls a peer and waits for its result, as JSON text, at most until the deadline. `to` and `params` are those of
    /// [`Peers::send`]; `*` is nobody in particular. Dropping the future gives the call up, and tells the peer so.
    pub async fn request(
        &self,
        to: &str,
        method: &str,
        params: &str,
        deadline: Instant,
    ) -> Result<String, RpcError> {
        let gone = || RpcError::from(Code::Cancelled).with_detail("There is no such connection.");
        let peer = self.find(to).ok_or_else(gone)?;
        match timeout_at(deadline.into(), peer.request(method, params)).await {
            Ok(result) => result.map_err(RpcError::from),
            Err(_) => Err(Code::DeadlineExceeded.into()),
        }
    }

    fn find(&self, to: &str) -> Option<Arc<Peer>> {
        if to.is_empty() { self.own.clone() } else { self.all.open().get(to).cloned() }
    }
}

impl Connections {
    /// Lets others reach a peer.
    pub(crate) fn enter(&self, peer: &Arc<Peer>) {
        self.open().insert(peer.id().to_owned(), peer.clone());
    }

    /// A peer that has gone.
    pub(crate) fn leave(&self, peer: &Peer) {
        self.open().remove(peer.id());
    }

    /// Notifies all peers that serve the method. Those who do not read lose their connections, as they do otherwise.
    fn broadcast(&self, method: &str, params: &str) -> Result<(), SendError> {
        // Checked once for each listener: its peers serve the same.
        let mut checked: Vec<(Arc<Callbacks>, Result<Bytes, CallError>)> = Vec::new();
        let peers: Vec<Arc<Peer>> = self.open().values().cloned().collect();
        let mut refused = None;
        for peer in peers {
            let Some(callbacks) = (peer.offers)() else { continue };
            let known = checked.iter().position(|(known, _)| Arc::ptr_eq(known, &callbacks));
            let index = known.unwrap_or_else(|| {
                let body = callbacks.notification(method, params);
                checked.push((callbacks, body));
                checked.len() - 1
            });
            match &checked[index].1 {
                Ok(body) => {
                    let _ = peer.push(body.clone());
                }
                Err(CallError::UnknownMethod) => (),
                Err(error) => refused = Some(error.clone()),
            }
        }
        refused.map_or(Ok(()), |error| Err(SendError::Invalid(error.into())))
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Arc<Peer>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Peer {
    pub(super) fn new(id: Arc<ConnectionId>, offers: Offers, limits: &Limits) -> Peer {
        let limit = Limit { bytes: limits.unread_bytes, messages: limits.unread_messages };
        let session = Session::new(&limits.core, limits.connection_calls);
        let asked = Mutex::new(Asked { session, waiting: HashMap::new() });
        Peer { id, offers, outgoing: Outgoing::new(limit), asked, running: Mutex::default() }
    }

    /// The id of its connection: nobody can guess it.
    pub fn id(&self) -> &str {
        self.id.text()
    }

    fn notify(&self, method: &str, params: &str) -> Result<(), SendError> {
        let callbacks = (self.offers)().ok_or(CallError::UnknownMethod);
        let body = callbacks.and_then(|callbacks| callbacks.notification(method, params));
        let body = body.map_err(|error| SendError::Invalid(error.into()))?;
        self.push(body).map_err(|refused| match refused {
            Refused::Ended => SendError::NoConnection,
            Refused::Full => SendError::Full,
        })
    }

    fn push(&self, body: Bytes) -> Result<(), Refused> {
        self.outgoing.push(Message { body, kind: Kind::Text })
    }

    async fn request(&self, method: &str, params: &str) -> Result<String, CallError> {
        let callbacks = (self.offers)().filter(|callbacks| callbacks.simplerpc.is_none());
        let call = callbacks.ok_or(CallError::UnknownMethod)?.prepare(method, params)?;
        let (answer, answered) = oneshot::channel();
        let (number, body) = {
            let mut asked = self.asked();
            let opened = asked.session.call(&call)?;
            asked.waiting.insert(opened.0, answer);
            opened
        };
        let _waiting = Waiting { peer: self, number };
        self.push(body.into()).map_err(|_| CallError::Cancelled)?;
        answered.await.unwrap_or(Err(CallError::Cancelled))
    }

    /// Takes what the peer sent: answers to calls go to who waits for them. What comes back is a body of requests, and the
    /// ids of those that the peer has given up, perhaps in this very body.
    pub(super) fn receive(&self, body: Vec<u8>) -> (Option<Vec<u8>>, Vec<String>) {
        let mut asked = self.asked();
        let received = asked.session.receive(body);
        for (number, result) in received.completed {
            if let Some(waiting) = asked.waiting.remove(&number) {
                // Whoever gave up meanwhile does not need it.
                let _ = waiting.send(result);
            }
        }
        (received.requests, received.cancelled)
    }

    /// Whether calls to it are open.
    pub(super) fn is_asked(&self) -> bool {
        self.asked().session.open() > 0
    }

    /// No call to it has an answer any more.
    pub(super) fn end(&self) {
        let mut asked = self.asked();
        asked.session.end();
        // Whoever waits learns from it that the call is cancelled.
        asked.waiting.clear();
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cancels the peer's call of this id, if it runs.
    pub(super) fn cancel(&self, request: &str) {
        if let Some(cancelled) = self.running().get(request) {
            cancelled.notify_one();
        }
    }

    /// Lets the peer cancel the call of this id, as long as the guard lives.
    pub(crate) fn cancellable(&self, request: &str) -> Running<'_> {
        let cancelled = Arc::new(Notify::new());
        self.running().insert(request.to_owned(), cancelled.clone());
        Running { peer: self, request: request.to_owned(), cancelled }
    }

    fn running(&self) -> MutexGuard<'_, HashMap<String, Arc<Notify>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peer").field("id", &self.id()).finish_non_exhaustive()
    }
}

/// A call to a peer that waits for its answer. Dropped before that, it is given up.
struct Waiting<'a> {
    peer: &'a Peer,
    number: u32,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let given_up = {
            let mut asked = self.peer.asked();
            asked.waiting.remove(&self.number);
            asked.session.cancel(self.number)
        };
        if let Some(body) = given_up {
            // One who does not even read that has lost the connection.
            let _ = self.peer.push(body.into());
        }
    }
}

/// A call of a peer that runs.
pub(crate) struct Running<'a> {
    peer: &'a Peer,
    request: String,
    cancelled: Arc<Notify>,
}

impl Running<'_> {
    /// Waits until the peer gives the call up.
    pub(crate) async fn cancelled(&self) {
        self.cancelled.notified().await;
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut running = self.peer.running();
        // Another call may have come with the same id, which is the peer's mistake.
        if running.get(&self.request).is_some_and(|known| Arc::ptr_eq(known, &self.cancelled)) {
            running.remove(&self.request);
        }
    }
}
