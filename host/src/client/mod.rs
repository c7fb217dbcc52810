//! The other end: calls to a server over any transport, checked by its contract on the way out and back.
//!
//! ```no_run
//! use pintle::client::{Client, ClientError};
//!
//! # async fn example() -> Result<(), ClientError> {
//! let client = Client::connect("http://127.0.0.1:8080").await?;
//! let sum: f64 = client.call("Calculator.add", (4, 5)).await?;
//!
//! // By name, with JSON where types would be too much; an error that the contract declares has its name.
//! let point = serde_json::json!({ "x": 1, "y": 2 });
//! match client.call::<serde_json::Value>("Map.find", point).await {
//!     Ok(found) => println!("{found}"),
//!     Err(error) if error.remote().is_some_and(|remote| remote.name.as_deref() == Some("NotFound")) => (),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A client is cheap to clone and used from many tasks at once. Over HTTP its calls share connections that are kept; over
//! WebSocket, TCP, Unix sockets and the pipes of a command they share one connection, which goes both ways:
//! [`Builder::callbacks`] serves the calls of the server. When such a connection ends, every open call ends with
//! [`ClientError::Transport`], and so does every later one.
//!
//! Nothing is sent twice by itself, since a call that has no answer may have run.

mod batch;
mod builder;
mod callbacks;
mod child;
mod contract;
mod dial;
mod error;
mod http;
mod link;
mod params;
mod peer;
mod protocol;
mod request;
mod target;
mod typed;
mod wire;

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use pintle_core::contract::diff::{Delta, Rules, Verdict};
use pintle_core::{Contract, Engine, Prepared};

pub use batch::{Answered, Batch};
pub use builder::Builder;
pub use callbacks::Callback;
pub(crate) use dial::tls;
pub use error::{ClientError, RemoteError};

pub use pintle_core::frame::Framing;
pub use pintle_core::{Code, RpcError};
pub use protocol::Dialect;
pub use request::{Request, Response};
#[doc(hidden)]
pub use serde::Serialize;
#[doc(hidden)]
pub use serde::de::DeserializeOwned;
pub use serde_json::value::RawValue;
pub use target::{FORMS, Target};

use wire::{Way, Wire};

/// A server to call. Clones share its connections; the last one to be dropped closes them.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

/// The future of a call.
pub type Answer<R> = Pin<Box<dyn Future<Output = Result<R, ClientError>> + Send>>;

struct Inner {
    wire: Wire,
    /// Checks calls; `None` sends what it is given.
    engine: Option<Arc<Engine>>,
    extra: BTreeMap<String, Box<RawValue>>,
    timeout: Duration,
}

impl Client {
    /// Connects to one of [`FORMS`] and takes the server's own contract to check by.
    ///
    /// # Errors
    /// Those of [`Builder::connect`].
    pub async fn connect(target: &str) -> Result<Client, ClientError> {
        Client::builder().connect(target).await
    }

    /// Starts a client with everything at its default.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Calls a method and reads its result. Parameters are a tuple or list by position, a struct or map by name, `()` for
    /// none, or JSON text as a [`RawValue`].
    ///
    /// # Errors
    /// Any [`ClientError`].
    pub async fn call<R: DeserializeOwned>(
        &self,
        method: &str,
        params: impl Serialize,
    ) -> Result<R, ClientError> {
        self.request(method).params(params).call().await
    }

    /// Sends a notification: it runs, and nothing is answered.
    ///
    /// # Errors
    /// Those of [`Request::notify`].
    pub async fn notify(&self, method: &str, params: impl Serialize) -> Result<(), ClientError> {
        self.request(method).params(params).notify().await
    }

    /// A call that more can be said about before it is sent.
    pub fn request(&self, method: &str) -> Request {
        Request::new(self.clone(), method)
    }

    /// Calls that are sent in one body.
    pub fn batch(&self) -> Batch {
        Batch::new(self.clone())
    }

    /// The contract that calls are checked by.
    pub fn contract(&self) -> Option<&Contract> {
        self.inner.engine.as_deref().map(|engine| engine.contract().as_ref())
    }

    /// Asks the server for its contract as it sends it: in the JSON form of PulseRPC or Barrister.
    ///
    /// # Errors
    /// [`ClientError::NoContract`] or [`ClientError::Timeout`].
    pub async fn server_idl(&self) -> Result<String, ClientError> {
        request::within(self.inner.timeout, contract::text(&self.inner.wire)).await
    }

    /// Asks the server for its contract, whatever this client checks by.
    ///
    /// # Errors
    /// [`ClientError::NoContract`] or [`ClientError::Timeout`].
    pub async fn server_contract(&self) -> Result<Contract, ClientError> {
        request::within(self.inner.timeout, contract::fetch(&self.inner.wire)).await
    }

    /// Compares the contract of [`Builder::contract`] with the server's own. `audit` sees every difference and says what
    /// becomes of it; [`Verdict::by_severity`] is the usual one.
    ///
    /// # Errors
    /// [`ClientError::NotSent`] with the differences that `audit` fails, or if this client has no contract, and those of
    /// [`Client::server_contract`]. What is only logged is answered.
    pub async fn verify(
        &self,
        rules: Rules,
        audit: impl FnMut(&Delta) -> Verdict,
    ) -> Result<Vec<Delta>, ClientError> {
        let own = self.contract().ok_or_else(|| ClientError::not_sent("there is no contract to compare"))?;
        contract::verify(own, &self.server_contract().await?, rules, audit)
    }

    /// Why nothing can be called any more; `None` while something can. HTTP connects again when it must.
    pub fn closed(&self) -> Option<ClientError> {
        match &self.inner.wire.way {
            Way::Http(_) => None,
            Way::Peer(peer) => peer.ended(),
        }
    }

    /// Ends the connection after everything that was sent has left, and waits until the server has hung up, or a second.
    /// Open calls of other clones end with [`ClientError::Transport`].
    pub async fn close(self) {
        if let Way::Peer(peer) = &self.inner.wire.way {
            peer.close().await;
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("target", &self.inner.wire.target).finish_non_exhaustive()
    }
}

impl Inner {
    fn prepare(&self, method: &str, params: Option<String>) -> Result<Prepared, ClientError> {
        let params = params::extended(params, &self.extra)?;
        let params = params.as_deref().unwrap_or_default();
        let prepared = match &self.engine {
            Some(engine) => Prepared::new(engine, method, params, &[]),
            None => Prepared::unchecked(&self.wire.limits, method, params),
        };
        prepared.map_err(|error| ClientError::of_preparing(method, error))
    }
}

/// A handler's result as JSON text, for [`typed!`](crate::typed).
#[doc(hidden)]
pub fn result(value: &impl Serialize) -> Result<Box<RawValue>, RpcError> {
    serde_json::value::to_raw_value(value).map_err(|_| Code::InternalError.into())
}
