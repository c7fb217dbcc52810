//! `wasi:http` for requests that a component sends: to the hosts of its grants, and within the deadline of its call.
//!
//! Each request has a connection of its own, HTTP/1.1. Redirects are answers like all others. What authorities TLS
//! trusts is the system's matter.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::uri::{PathAndQuery, Scheme};
use http::{Request, Response, Uri};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, SizeHint};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio::time::{Sleep, sleep_until, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use wasmtime_wasi_http::{
    Error, RequestOptions, Result, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

use crate::client::tls;
use crate::plugin::guest::Guest;
use crate::plugin::{Shared, wasi};

/// What TLS trusts, read when the first request needs it.
pub(in crate::plugin) type Trust = OnceCell<Arc<ClientConfig>>;

/// What an instance sends.
pub(in crate::plugin) struct Outgoing {
    context: WasiHttpCtx,
    sender: Sender,
}

struct Sender {
    shared: Arc<Shared>,
    /// When everything that the current call sends must have ended, if that call has a deadline.
    deadline: Option<Instant>,
    /// Requests of the current call.
    requests: u32,
}

/// How long a request may take in a call without a deadline.
const LONGEST: Duration = Duration::from_secs(60);

impl Outgoing {
    pub(in crate::plugin) fn new(shared: Arc<Shared>) -> Outgoing {
        let sender = Sender { shared, deadline: None, requests: 0 };
        Outgoing { context: WasiHttpCtx::new(), sender }
    }

    /// A call begins, or a start.
    pub(in crate::plugin) fn begin(&mut self, deadline: Option<Instant>) {
        self.sender.deadline = deadline;
        self.sender.requests = 0;
    }
}

impl WasiHttpView for Guest {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        let Outgoing { context, sender } = &mut self.http;
        WasiHttpCtxView { ctx: context, table: wasi::table(&mut self.wasi), hooks: sender }
    }
}

/// Runs a connection; it ends with the response, and with whoever drops this.
type Connection = Box<dyn Future<Output = Result<()>> + Send>;

impl WasiHttpHooks for Sender {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Connection,
    ) -> Box<dyn Future<Output = Result<(Response<WasiBody>, Connection)>> + Send> {
        let place = self.place(request.uri());
        let shared = self.shared.clone();
        let deadline = self.deadline.unwrap_or_else(|| Instant::now() + LONGEST);
        Box::new(async move { send(&shared, place?, request, options.unwrap_or_default(), deadline).await })
    }
}

impl Sender {
    /// Where a request goes, if it may.
    fn place(&mut self, uri: &Uri) -> Result<Place> {
        let is_tls = uri.scheme() == Some(&Scheme::HTTPS);
        let authority = uri.authority().ok_or(Error::HttpRequestUriInvalid)?;
        let port = authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let host = authority.host().to_ascii_lowercase();
        let asked = format!("{host}:{port}");
        // The name and password of somebody would not be part of what was compared.
        if authority.as_str().contains('@') || !self.shared.grants.hosts.contains(&asked) {
            return Err(Error::HttpRequestDenied);
        }
        self.requests = self.requests.saturating_add(1);
        if self.requests > self.shared.limits.http_requests {
            return Err(Error::ConnectionLimitReached);
        }
        Ok(Place { is_tls, host, asked })
    }
}

/// Where a request goes.
struct Place {
    is_tls: bool,
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    host: String,
    /// With its port.
    asked: String,
}

async fn send(
    shared: &Shared,
    place: Place,
    request: Request<WasiBody>,
    options: RequestOptions,
    deadline: Instant,
) -> Result<(Response<WasiBody>, Connection)> {
    let within = |time: Option<Duration>| match time.and_then(|time| Instant::now().checked_add(time)) {
        Some(sooner) => sooner.min(deadline),
        None => deadline,
    };
    let connected = timeout_at(within(options.connect_timeout).into(), place.connect(shared)).await;
    let io = TokioIo::new(connected.map_err(|_| Error::ConnectionTimeout)??);
    let (mut sender, connection) = http1::handshake(io).await?;
    let connection = wasmtime_wasi::runtime::spawn(connection);
    let limit = shared.limits.http_body;
    let (mut parts, body) = request.into_parts();
    // The rest of it is for proxies.
    parts.uri = parts.uri.into_parts().path_and_query.unwrap_or(PathAndQuery::from_static("/")).into();
    let over = Error::HttpRequestBodySize(Some(limit as u64));
    let body = Bounded::new(body, limit, over, deadline, None);
    let answered = timeout_at(
        within(options.first_byte_timeout).into(),
        sender.send_request(Request::from_parts(parts, body)),
    );
    let response = answered.await.map_err(|_| Error::HttpResponseTimeout)??;
    let over = Error::HttpResponseBodySize(Some(limit as u64));
    let bounded =
        |body| Bounded::new(body, limit, over, deadline, options.between_bytes_timeout).boxed_unsync();
    let connection = Box::new(async move { Ok(connection.await?) });
    Ok((response.map(bounded), connection))
}

/// A connection in both directions.
trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

impl Place {
    async fn connect(&self, shared: &Shared) -> Result<Box<dyn Io>> {
        let stream = TcpStream::connect(&self.asked).await.map_err(Error::Connect)?;
        if !self.is_tls {
            return Ok(Box::new(stream));
        }
        let name = self.host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(name).map_err(|_| Error::HttpRequestUriInvalid)?;
        let config = shared.trust.get_or_try_init(|| async {
            // Authorities are read from files.
            let read = tokio::task::spawn_blocking(|| tls(None, false)).await.ok().and_then(|read| read.ok());
            read.ok_or(Error::ConfigurationError)
        });
        let connector = TlsConnector::from(config.await?.clone());
        Ok(Box::new(connector.connect(name, stream).await.map_err(Error::Tls)?))
    }
}

/// A body that ends with an error when it is too large, or when its time is over.
struct Bounded<B> {
    body: B,
    /// Bytes that may still come.
    left: usize,
    /// What is said when more come.
    over: Option<Error>,
    deadline: Instant,
    /// Time from one frame to the next.
    between: Option<Duration>,
    alarm: Pin<Box<Sleep>>,
}

impl<B> Bounded<B> {
    fn new(body: B, limit: usize, over: Error, deadline: Instant, between: Option<Duration>) -> Self {
        let alarm = Box::pin(sleep_until(deadline.into()));
        let mut bounded = Bounded { body, left: limit, over: Some(over), deadline, between, alarm };
        bounded.rest();
        bounded
    }

    /// Something came: the next may take its time again.
    fn rest(&mut self) {
        if let Some(next) = self.between.and_then(|between| Instant::now().checked_add(between)) {
            self.alarm.as_mut().reset(next.min(self.deadline).into());
        }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Bounded<B>
where
    Error: From<B::Error>,
{
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>>>> {
        let frame = match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => frame,
            Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending => {
                ready!(self.alarm.as_mut().poll(cx));
                return Poll::Ready(Some(Err(Error::ConnectionReadTimeout)));
            }
        };
        match self.left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
            Some(left) => self.left = left,
            // It is not asked again after its end.
            None => return Poll::Ready(self.over.take().map(Err)),
        }
        self.rest();
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
