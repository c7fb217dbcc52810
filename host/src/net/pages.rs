//! An HTTP listener of pages to be read: `GET` and `HEAD`, nothing else.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use ::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use ::http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::accept::accept;
use super::activity::{Activity, Socket, Times, Watch};
use super::origin::{Caller, Names};
use super::traffic::Traffic;
use crate::config::{Endpoint, Limits, Listener};
use crate::shutdown::Shutdown;

/// Connections at the same time. Those who read pages are few.
const SEATS: usize = 64;

/// A listener that is bound and not yet serving.
pub struct Pages {
    socket: TcpListener,
    local: SocketAddr,
    names: Names,
}

/// One page, as plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// 200 or what is wrong.
    pub status: StatusCode,
    /// Of the text, which is UTF-8.
    pub content_type: &'static str,
    /// All of it.
    pub text: String,
}

impl Page {
    /// A line of plain text.
    pub fn line(status: StatusCode, text: &str) -> Page {
        Page { status, content_type: "text/plain; charset=utf-8", text: format!("{text}\n") }
    }
}

impl Pages {
    /// Really listens from here on. `hosts` are names it is reached by, checked as for any listener. Must be called inside a
    /// runtime.
    pub fn bind(address: SocketAddr, hosts: Vec<String>) -> io::Result<Pages> {
        let socket = std::net::TcpListener::bind(address)?;
        socket.set_nonblocking(true)?;
        let socket = TcpListener::from_std(socket)?;
        let local = socket.local_addr()?;
        let listener = Listener { endpoint: Endpoint::Http(address), hosts, ..Listener::default() };
        Ok(Pages { names: Names::new(&listener, local), socket, local })
    }

    /// Where it listens: a chosen port in place of 0.
    pub fn url(&self) -> String {
        format!("http://{}", self.local)
    }

    /// Serves for ever what `page` answers for a path; `None` is that there is none. Nobody who reads is waited for when
    /// this is dropped.
    pub async fn serve(self, page: impl Fn(&str) -> Option<Page> + Send + Sync + 'static) {
        let Pages { socket, names, .. } = self;
        let limits = Limits::default();
        let times = Times::http(&limits);
        let shutdown = Shutdown::new();
        let (page, names) = (Arc::new(page), Arc::new(names));
        let traffic: Arc<Traffic> = Arc::default();
        let open = |stream: TcpStream, _, seat| {
            let (page, names, traffic) = (page.clone(), names.clone(), traffic.clone());
            let mut lifeline = shutdown.lifeline();
            tokio::spawn(async move {
                let activity = Activity::new();
                let service = service_fn(|request: Request<Incoming>| {
                    let open = activity.open(false);
                    let response = respond(&request, &names, page.as_ref());
                    drop(open);
                    async move { Ok::<_, Infallible>(response) }
                });
                let io = TokioIo::new(Socket::new(stream, activity.clone(), traffic));
                let mut builder = http1::Builder::new();
                // All times are watched by `Watch`.
                builder.header_read_timeout(None).max_buf_size(limits.header_bytes);
                let connection = builder.serve_connection(io, service);
                let mut watch = Watch::new(activity.clone(), times);
                let watched = poll_fn(|cx| watch.poll_expired(cx));
                tokio::select! {
                    _ = connection => (),
                    () = watched => (),
                    () = lifeline.drained() => (),
                }
                drop(seat);
            });
        };
        let lifeline = shutdown.lifeline();
        accept(socket, SEATS, &traffic, lifeline, open, |_| ()).await;
    }
}

fn respond(
    request: &Request<Incoming>,
    names: &Names,
    page: impl Fn(&str) -> Option<Page>,
) -> Response<Full<Bytes>> {
    let (uri, headers, method) = (request.uri(), request.headers(), request.method());
    let wrong = |status, why| Page::line(status, why);
    let page = if !names.host_is_ours(uri, headers) {
        wrong(StatusCode::FORBIDDEN, "the Host is not one of this server's names")
    } else if names.caller(headers) != Caller::Own {
        wrong(StatusCode::FORBIDDEN, "the Origin may not read this")
    } else if !matches!(*method, Method::GET | Method::HEAD) {
        wrong(StatusCode::METHOD_NOT_ALLOWED, "pages are read with GET")
    } else {
        page(uri.path()).unwrap_or_else(|| wrong(StatusCode::NOT_FOUND, "there is no such page"))
    };
    let mut response = Response::new(Full::new(Bytes::from(page.text)));
    *response.status_mut() = page.status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(page.content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if page.status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    response
}
