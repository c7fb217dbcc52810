//! HTTP/1.1 and HTTP/2 on one port: one `POST` is one body.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use ::http::{HeaderMap, Version};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use pintle_core::Code;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::activity::{Activity, Socket, Watch};
use super::context::{ConnectionId, Context};
use super::forwarded::Proxies;
use super::origin::Names;
use super::rate::Rate;
use super::request;
use crate::admission::Stranger;
use crate::config::{Limits, Listener};
use crate::shutdown::Lifeline;

/// Answers bodies.
pub trait Service: Send + Sync + 'static {
    /// Who sends a request, by its headers, before its body is read. Answers what `ctx.auth` shows, if it is known by
    /// then; a stranger gets 401.
    fn identify(&self, _: &HeaderMap) -> Result<Option<String>, Stranger> {
        Ok(None)
    }

    /// One body in, at most one out. The future is dropped when the peer is gone.
    fn answer(&self, body: Vec<u8>, context: Context) -> impl Future<Output = Answer> + Send;
}

/// What came of a body.
#[derive(Debug)]
pub enum Answer {
    /// 200 with this reply, or 204 for none.
    Reply(Option<Vec<u8>>),
    /// 503: nothing of it ran.
    Overloaded,
}

/// A listener that is bound and not yet serving.
#[derive(Debug)]
pub struct Http {
    socket: TcpListener,
    local: SocketAddr,
    listener: Listener,
    limits: Arc<Limits>,
}

impl Http {
    /// Really listens from here on. Must be called inside a runtime.
    pub fn bind(listener: Listener, limits: Arc<Limits>) -> io::Result<Http> {
        let socket = std::net::TcpListener::bind(listener.address)?;
        socket.set_nonblocking(true)?;
        let socket = TcpListener::from_std(socket)?;
        let local = socket.local_addr()?;
        Ok(Http { socket, local, listener, limits })
    }

    /// Where it listens: a chosen port in place of 0.
    pub fn url(&self) -> String {
        let path = if self.listener.path == "/" { "" } else { &self.listener.path };
        format!("http://{}{path}", self.local)
    }

    /// Serves until the lifeline drains; connections that are open then hold lifelines of their own.
    pub async fn serve<S: Service>(self, service: Arc<S>, mut lifeline: Lifeline) {
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
        let proxies = self.listener.trust_forwarded_from;
        let site = Arc::new(Site { service, builder, names, proxies, path: self.listener.path, limits });
        let connections = Arc::new(AtomicUsize::new(0));
        let watched = lifeline.clone();
        let mut draining = pin!(lifeline.drained());
        loop {
            let accepted = tokio::select! {
                biased;
                () = &mut draining => return,
                accepted = self.socket.accept() => accepted,
            };
            match accepted {
                Ok((stream, remote)) => match Seat::take(&connections, site.limits.connections) {
                    Some(seat) => {
                        let (activity, id, lifeline) = (Activity::new(), Arc::default(), watched.clone());
                        let rate = site.limits.messages_per_second.map(|rate| Mutex::new(Rate::new(rate)));
                        let connection =
                            Connection { site: site.clone(), remote, id, rate, activity, lifeline };
                        tokio::spawn(async move {
                            connection.serve(stream).await;
                            drop(seat);
                        });
                    }
                    None => turn_away(&stream),
                },
                // Out of descriptors, most likely: trying again at once would only burn the processor.
                Err(error) => {
                    tracing::warn!(%error, "cannot accept connections");
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }
}

/// One of a listener's connections, counted.
struct Seat(Arc<AtomicUsize>);

impl Seat {
    fn take(count: &Arc<AtomicUsize>, limit: usize) -> Option<Seat> {
        let seat = Seat(count.clone());
        (count.fetch_add(1, Ordering::Relaxed) < limit).then_some(seat)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Answers 503 without a task, as far as the fresh socket's buffer goes, and hangs up.
fn turn_away(stream: &TcpStream) {
    let body = request::error_body(Code::Overloaded, "too many connections");
    let length = body.len();
    let head = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         retry-after: {}\r\nconnection: close\r\n\r\n",
        request::RETRY_AFTER
    );
    // The peer may be gone already, which is as good.
    let _ = stream.try_write([head, body].concat().as_bytes());
}

/// What the connections of a listener share.
pub(super) struct Site<S> {
    pub(super) service: Arc<S>,
    pub(super) names: Names,
    pub(super) proxies: Proxies,
    pub(super) path: String,
    pub(super) limits: Arc<Limits>,
    builder: auto::Builder<TokioExecutor>,
}

/// What the requests of a connection share.
pub(super) struct Connection<S> {
    pub(super) site: Arc<Site<S>>,
    pub(super) remote: SocketAddr,
    pub(super) id: Arc<ConnectionId>,
    pub(super) rate: Option<Mutex<Rate>>,
    pub(super) activity: Arc<Activity>,
    pub(super) lifeline: Lifeline,
}

impl<S: Service> Connection<S> {
    async fn serve(self, stream: TcpStream) {
        // Answers are written whole, so waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
        let this = Arc::new(self);
        let mut watch = Watch::new(this.activity.clone(), this.site.limits.clone());
        let io = TokioIo::new(Socket::new(stream, this.activity.clone()));
        let service = service_fn(|request| {
            let open = this.activity.open(request.version() == Version::HTTP_2);
            let this = this.clone();
            async move { Ok::<_, Infallible>(request::respond(&this, request, open).await) }
        });
        let mut connection = pin!(this.site.builder.serve_connection(io, service));
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
