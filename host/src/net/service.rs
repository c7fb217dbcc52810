//! What transports hand bodies to.

use std::future::{Future, ready};
use std::sync::Arc;

use http::HeaderMap;
use pintle_core::RpcError;

use super::connections::{Callbacks, Connections, Peer};
use super::context::Context;
use crate::admission::Stranger;

/// Answers bodies.
pub trait Service: Send + Sync + 'static {
    /// Who sends a request, by its headers, before its body is read. Answers what `ctx.auth` shows, if it is known by
    /// then; a stranger gets 401.
    ///
    /// # Errors
    /// [`Stranger`]: nothing else may be told.
    fn identify(&self, _: &HeaderMap) -> Result<Option<String>, Stranger> {
        Ok(None)
    }

    /// One body in, at most one out. The future is dropped when the peer is gone.
    fn answer(&self, body: Vec<u8>, context: Context) -> impl Future<Output = Answer> + Send;

    /// The reply to a body of which nothing runs: `error` for each request in it.
    fn refuse(&self, body: Vec<u8>, error: &RpcError) -> Option<Vec<u8>>;

    /// The reply to what was not read at all.
    fn refuse_unread(&self, error: &RpcError) -> Vec<u8> {
        error_body(error)
    }

    /// Whether the bodies of a connection are answered one after the other, each with one reply; then none of them is a
    /// reply to this side.
    fn in_turn(&self) -> bool {
        false
    }

    /// Whom handlers can send to, beside their callers.
    fn connections(&self) -> Arc<Connections> {
        Arc::default()
    }

    /// What peers on connections of messages serve; `None` is nothing.
    fn callbacks(&self) -> Option<Arc<Callbacks>> {
        None
    }

    /// Whether a connection of messages may go on.
    ///
    /// # Errors
    /// Why it is closed at once; it is not told as ended then.
    fn enter(
        &self,
        _peer: &Arc<Peer>,
        _context: Context,
    ) -> impl Future<Output = Result<(), RpcError>> + Send {
        ready(Ok(()))
    }

    /// A connection that was let in is open. None of its bodies is answered before this has ended, and nothing more of it is
    /// done when the connection ends first.
    fn connected(&self, _context: Context) -> impl Future<Output = ()> + Send {
        ready(())
    }

    /// A connection that was let in has ended.
    fn disconnected(&self, _peer: &Arc<Peer>, _context: Context) -> impl Future<Output = ()> + Send {
        ready(())
    }
}

/// What came of a body.
#[derive(Debug)]
pub enum Answer {
    /// The reply, if there is any.
    Reply(Option<Vec<u8>>),
    /// Nothing of this body ran.
    Overloaded(Vec<u8>),
}

/// A JSON-RPC reply to what was not looked at.
pub(crate) fn error_body(error: &RpcError) -> Vec<u8> {
    let mut object = serde_json::json!({ "code": error.code, "message": error.message });
    if let Some(data) = error.data.as_ref().and_then(|data| serde_json::from_str(data).ok()) {
        object["data"] = data;
    }
    serde_json::json!({ "jsonrpc": "2.0", "error": object, "id": null }).to_string().into_bytes()
}
