//! HTTP/1.1 and HTTP/2 on one port: one `POST` is one body.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use ::http::Version;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use pintle_core::Code;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

use super::accept::accept;
use super::activity::{Activity, Socket, Times, Watch};
use super::connections::Peers;
use super::context::{ConnectionId, Remote};
use super::forwarded::Proxies;
use super::origin::Names;
use super::rate::Rate;
use super::request;
use super::service::{Service, error_body};
use super::tls::Encryption;
use super::traffic::{Seat, Traffic};
use crate::config::{Dialect, Endpoint, Limits, Listener};
use crate::shutdown::Lifeline;

/// A listener that is bound and not yet serving.
pub struct Http {
    socket: TcpListener,
    local: SocketAddr,
    listener: Listener,
    limits: Arc<Limits>,
    encryption: Option<Encryption>,
    traffic: Arc<Traffic>,
}

impl Http {
    /// Really listens from here on. Must be called inside a runtime.
    pub fn bind(listener: Listener, limits: Arc<Limits>) -> io::Result<Http> {
        let Endpoint::Http(address) = &listener.endpoint else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not an HTTP listener"));
        };
        let load = |tls| Encryption::load(tls, &["h2", "http/1.1"], limits.header_time);
        let encryption = listener.tls.as_ref().map(load).transpose()?;
        let socket = std::net::TcpListener::bind(address)?;
        socket.set_nonblocking(true)?;
        let socket = TcpListener::from_std(socket)?;
        let local = socket.local_addr()?;
        Ok(Http { socket, local, listener, limits, encryption, traffic: Arc::default() })
    }

    /// Where it listens: a chosen port in place of 0.
    pub fn url(&self) -> String {
        let path = if self.listener.path == "/" { "" } else { &self.listener.path };
        let scheme = if self.encryption.is_some() { "https" } else { "http" };
        format!("{scheme}://{}{path}", self.local)
    }

    /// What goes over it.
    pub fn traffic(&self) -> Arc<Traffic> {
        self.traffic.clone()
    }

    /// Serves until the lifeline drains; connections that are open then hold lifelines of their own.
    pub async fn serve<S: Service>(self, service: Arc<S>, lifeline: Lifeline) {
        let limits = self.limits;
        let mut builder = auto::Builder::new(TokioExecutor::new());
        // All times are watched by `Watch`, over both versions alike.
        let headers = u32::try_from(limits.header_bytes).unwrap_or(u32::MAX);
        // Replies are mostly small: copied behind their head they leave in one piece.
        builder.http1().header_read_timeout(None).max_buf_size(limits.header_bytes).writev(false);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_header_list_size(headers)
            .max_concurrent_streams(limits.h2_streams)
            .max_pending_accept_reset_streams(limits.h2_resets)
            .max_local_error_reset_streams(limits.h2_resets);
        let names = Names::new(&self.listener, self.local);
        let Listener { path, websocket, dialect, trust_forwarded_from: proxies, .. } = self.listener;
        let (seats, remotipy) = (limits.connections, matches!(dialect, Dialect::Remotipy(_)));
        let websocket = websocket && !remotipy;
        let traffic = self.traffic.clone();
        let site =
            Arc::new(Site { service, builder, names, proxies, path, websocket, remotipy, limits, traffic });
        let encryption = self.encryption;
        let watched = lifeline.clone();
        let open = |stream: TcpStream, remote, seat| {
            let (activity, id, lifeline) = (Activity::new(), Arc::default(), watched.clone());
            let rate = site.limits.messages_per_second.map(|rate| Mutex::new(Rate::new(rate)));
            let peers = Arc::new(Peers { own: None, all: site.service.connections() });
            let connection =
                Connection { site: site.clone(), remote, id, peers, rate, activity, lifeline, _seat: seat };
            let encryption = encryption.clone();
            tokio::spawn(async move {
                match encryption {
                    None => connection.serve(stream).await,
                    Some(encryption) => {
                        let mut lifeline = connection.lifeline.clone();
                        if let Some(stream) = encryption.accept(stream, &mut lifeline).await {
                            connection.serve(stream).await;
                        }
                    }
                }
            });
        };
        accept(self.socket, seats, &self.traffic, lifeline, open, turn_away).await;
    }
}

/// Answers 503 without a task, as far as the fresh socket's buffer goes, and hangs up: in plain text, which is no
/// handshake, where encryption is expected.
fn turn_away(stream: &TcpStream) {
    let body = error_body(&request::error(Code::Overloaded, "too many connections"));
    let length = body.len();
    let head = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         retry-after: {}\r\nconnection: close\r\n\r\n",
        request::RETRY_AFTER
    );
    // The peer may be gone already, which is as good.
    let _ = stream.try_write(&[head.as_bytes(), &body].concat());
}

/// What the connections of a listener share.
pub(super) struct Site<S> {
    pub(super) service: Arc<S>,
    pub(super) names: Names,
    pub(super) proxies: Proxies,
    pub(super) path: String,
    pub(super) websocket: bool,
    /// Bodies of any type are taken, and what becomes of them is no matter of HTTP.
    pub(super) remotipy: bool,
    pub(super) limits: Arc<Limits>,
    builder: auto::Builder<TokioExecutor>,
    traffic: Arc<Traffic>,
}

/// What the requests of a connection share.
pub(super) struct Connection<S> {
    pub(super) site: Arc<Site<S>>,
    pub(super) remote: Remote,
    pub(super) id: Arc<ConnectionId>,
    pub(super) peers: Arc<Peers>,
    pub(super) rate: Option<Mutex<Rate>>,
    pub(super) activity: Arc<Activity>,
    pub(super) lifeline: Lifeline,
    _seat: Seat,
}

impl<S: Service> Connection<S> {
    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let this = Arc::new(self);
        let mut watch = Watch::new(this.activity.clone(), Times::http(&this.site.limits));
        let io = TokioIo::new(Socket::new(stream, this.activity.clone(), this.site.traffic.clone()));
        let service = service_fn(|request| {
            let open = this.activity.open(request.version() == Version::HTTP_2);
            let this = this.clone();
            async move { Ok::<_, Infallible>(request::respond(&this, request, open).await) }
        });
        let mut connection = pin!(this.site.builder.serve_connection_with_upgrades(io, service));
        let mut lifeline = this.lifeline.clone();
        let mut drained = pin!(lifeline.drained());
        let (mut registered, mut draining) = (false, false);
        poll_fn(|cx| {
            if connection.as_mut().poll(cx).is_ready() {
                return Poll::Ready(());
            }
            // The task's waker stays the same, so one registration is enough; afterwards an atomic load tells.
            if !draining && (!registered || this.lifeline.draining()) && drained.as_mut().poll(cx).is_ready()
            {
                draining = true;
                connection.as_mut().graceful_shutdown();
                if connection.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(());
                }
            }
            registered = true;
            watch.poll_expired(cx)
        })
        .await;
    }
}
