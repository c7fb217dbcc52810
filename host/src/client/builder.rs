//! How a client is made.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use ::http::header::{HeaderMap, HeaderName, HeaderValue};
use pintle_core::dialect::remotipy;
use pintle_core::frame::Framing;
use pintle_core::{Contract, Limits, RpcError};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio_rustls::rustls::ClientConfig;

use super::callbacks::{Callback, Callbacks, Handler};
use super::child::Child;
use super::error::ClientError;
use super::http::Http;
use super::link::{Reader, Writer};
use super::peer::Peer;
use super::protocol::{Dialect, Protocol};
use super::request::within;
use super::target::{Place, Site, Target};
use super::wire::{Ids, Way, Wire};
use super::{Client, Inner, contract, dial, link};

/// Collects what a [`Client`] is made of.
pub struct Builder {
    timeout: Duration,
    headers: HeaderMap,
    extra: BTreeMap<String, Box<RawValue>>,
    ids: Ids,
    framing: Framing,
    dialect: Dialect,
    authorities: Option<Vec<u8>>,
    contract: Source,
    mounts: Vec<(String, String)>,
    max_reply: usize,
    serves: Vec<String>,
    handler: Option<Handler>,
}

/// Whose contract calls are checked by.
enum Source {
    Server,
    Given(Box<Contract>),
    Nobody,
}

impl Builder {
    pub(super) fn new() -> Builder {
        Builder {
            timeout: Duration::from_secs(30),
            headers: HeaderMap::new(),
            extra: BTreeMap::new(),
            ids: Ids::Counter(AtomicU64::new(1)),
            framing: Framing::Lines,
            dialect: Dialect::JsonRpc,
            authorities: None,
            contract: Source::Server,
            mounts: Vec::new(),
            max_reply: 64 << 20,
            serves: Vec::new(),
            handler: None,
        }
    }

    /// Time for connecting, the contract included, and for each call that names no other. 30 s unless given.
    pub fn timeout(mut self, time: Duration) -> Builder {
        self.timeout = time;
        self
    }

    /// Adds a header to every HTTP request, or to the one that opens a WebSocket.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Builder {
        self.headers.append(name, value);
        self
    }

    /// Adds a parameter to every call whose parameters are by name, unless it names one itself: a token, for example.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Builder {
        // A value is always JSON.
        self.extra.insert(name.into(), to_raw_value(&value.into()).unwrap_or_default());
        self
    }

    /// Makes the ids of HTTP requests: numbers or strings, as JSON text. 1, 2, 3 … unless given. On other transports a
    /// connection numbers its calls itself.
    pub fn ids(mut self, make: impl Fn() -> Box<RawValue> + Send + Sync + 'static) -> Builder {
        self.ids = Ids::Own(Box::new(make));
        self
    }

    /// How bodies are told apart on `tcp`, `tls`, `unix` and `stdio`. Lines unless given.
    pub fn framing(mut self, framing: Framing) -> Builder {
        self.framing = framing;
        self
    }

    /// What the server speaks. JSON-RPC unless given; another needs [`Builder::contract`] or [`Builder::unchecked`].
    pub fn dialect(mut self, dialect: Dialect) -> Builder {
        self.dialect = dialect;
        self
    }

    /// Trusts these certificate authorities too, PEM, beside those of the system.
    pub fn authorities(mut self, pem: impl Into<Vec<u8>>) -> Builder {
        self.authorities = Some(pem.into());
        self
    }

    /// Checks calls by this contract instead of asking the server for its own; [`Client::verify`] compares the two.
    pub fn contract(mut self, contract: Contract) -> Builder {
        self.contract = Source::Given(Box::new(contract));
        self
    }

    /// Checks nothing: no contract is asked for.
    pub fn unchecked(mut self) -> Builder {
        self.contract = Source::Nobody;
        self
    }

    /// Says that the server has `interface` under the path `at`, which replaces its name and may be empty. Without any
    /// mount every interface is called by its own name.
    pub fn mount(mut self, at: impl Into<String>, interface: impl Into<String>) -> Builder {
        self.mounts.push((at.into(), interface.into()));
        self
    }

    /// The largest reply that is read, in bytes; bounds memory. 64 MiB unless given.
    pub fn max_reply(mut self, bytes: usize) -> Builder {
        self.max_reply = bytes;
        self
    }

    /// Serves interfaces of the contract to the server, which may call them wherever a connection goes both ways. Calls
    /// come in the order in which they were sent; their answers need not. A client that serves nothing answers Method not
    /// found.
    pub fn callbacks<F, R, T>(
        mut self,
        interfaces: impl IntoIterator<Item = impl Into<String>>,
        handler: F,
    ) -> Builder
    where
        F: Fn(Callback) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, RpcError>> + Send + 'static,
        T: Serialize,
    {
        self.serves = interfaces.into_iter().map(Into::into).collect();
        self.handler = Some(Handler::new(handler));
        self
    }

    /// Connects to one of the forms of [`Target`]. Must be called inside a runtime with I/O and time.
    ///
    /// # Errors
    /// The target is none, the server cannot be reached, or its contract cannot be had.
    pub async fn connect(self, target: &str) -> Result<Client, ClientError> {
        let target = Target::parse(target)?;
        within(self.timeout, async {
            let (way, callbacks) = self.way(&target).await?;
            self.client(target.to_string(), way, callbacks).await
        })
        .await
    }

    /// Speaks over a connection that is there already, with the chosen framing.
    ///
    /// # Errors
    /// The server's contract cannot be had.
    pub async fn over<S>(self, io: S) -> Result<Client, ClientError>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        within(self.timeout, async {
            let (reader, writer) = link::bytes(Box::new(io), self.framing, self.max_reply);
            let (way, callbacks) = self.peer(reader, writer, None);
            self.client("the server".to_owned(), way, callbacks).await
        })
        .await
    }

    async fn way(&self, target: &Target) -> Result<(Way, Option<Ready>), ClientError> {
        let spoken = match (&target.place, self.dialect) {
            (_, Dialect::JsonRpc) => true,
            (Place::Http(_), dialect) => dialect == Dialect::Remotipy,
            (Place::WebSocket(_), _) => false,
            (_, dialect) => dialect == Dialect::Simplerpc && self.framing == Framing::Lines,
        };
        if !spoken {
            let why = format!(
                "{:?} is not spoken like that: remotipy needs HTTP, simplerpc lines of bytes",
                self.dialect
            );
            return Err(ClientError::not_sent(why));
        }
        let bytes = |io| link::bytes(io, self.framing, self.max_reply);
        let ((reader, writer), child) = match &target.place {
            Place::Http(site) => {
                let (tls, headers) = (self.tls(site, true)?, self.headers.clone());
                let http = Http::new(site.clone(), tls, headers, self.max_reply)?;
                return Ok((Way::Http(http), None));
            }
            Place::WebSocket(site) => {
                let tls = self.tls(site, false)?;
                (link::websocket(site, tls.as_ref(), &self.headers, self.max_reply).await?, None)
            }
            Place::Tcp(site) => (bytes(site.dial(self.tls(site, false)?.as_ref()).await?.io), None),
            Place::Unix(path) => (bytes(dial::unix(path).await?), None),
            Place::Stdio(words) => {
                let (child, io) = Child::start(words)?;
                (bytes(io), Some(child))
            }
        };
        Ok(self.peer(reader, writer, child))
    }

    fn tls(&self, site: &Site, http: bool) -> Result<Option<Arc<ClientConfig>>, ClientError> {
        site.tls.then(|| dial::tls(self.authorities.as_deref(), http)).transpose()
    }
}

/// Where the callbacks are told once the contract is known.
type Ready = oneshot::Sender<Callbacks>;

impl Builder {
    fn peer(&self, reader: Reader, writer: Writer, child: Option<Child>) -> (Way, Option<Ready>) {
        let (ready, callbacks) = oneshot::channel();
        let protocol = Protocol::new(self.dialect, &self.limits());
        (Way::Peer(Peer::start(reader, writer, child, protocol, callbacks)), Some(ready))
    }

    fn limits(&self) -> Limits {
        // What this side sends is bounded by its own memory, and by what the server takes.
        Limits { reply: self.max_reply, body: self.max_reply, batch: usize::MAX, ..Limits::default() }
    }

    async fn client(self, target: String, way: Way, ready: Option<Ready>) -> Result<Client, ClientError> {
        let limits = self.limits();
        let mut wire = Wire { way, limits: limits.clone(), ids: self.ids, remotipy: None, target };
        let contract = match self.contract {
            Source::Server if self.dialect != Dialect::JsonRpc => {
                let why = "servers of this protocol have no contract to give: name one, or check nothing";
                return Err(ClientError::NoContract(why.to_owned()));
            }
            Source::Server => Some(contract::fetch(&wire).await?),
            Source::Given(contract) => Some(*contract),
            Source::Nobody => None,
        };
        if let Some(ready) = ready {
            let callbacks = match (&contract, self.handler) {
                (Some(contract), Some(handler)) => {
                    Callbacks::new(contract.clone(), &self.serves, handler, self.dialect)?
                }
                (None, Some(_)) => return Err(ClientError::not_sent("callbacks need a contract")),
                (_, None) => Callbacks::none(self.dialect)?,
            };
            // It is gone if the connection is.
            let _ = ready.send(callbacks);
        }
        let engine = match contract {
            Some(contract) => Some(contract::engine(contract, &self.mounts, limits)?),
            None => None,
        };
        if self.dialect == Dialect::Remotipy {
            let engine = match &engine {
                Some(engine) => engine.clone(),
                None => contract::served(contract::empty()?, &[])?,
            };
            let client = remotipy::Client::new(&engine);
            wire.remotipy = Some(client.map_err(|error| ClientError::not_sent(error.to_string()))?);
        }
        Ok(Client { inner: Arc::new(Inner { wire, engine, extra: self.extra, timeout: self.timeout }) })
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
