//! HTTP/1.1 and HTTP/2 to one server: connections are kept and used again.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ::http::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use ::http::{Request, StatusCode, Uri, Version};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio_rustls::rustls::ClientConfig;

use super::error::ClientError;
use super::target::Site;

/// One server. Requests share connections as far as its protocol allows.
pub(super) struct Http {
    site: Site,
    tls: Option<Arc<ClientConfig>>,
    host: HeaderValue,
    headers: HeaderMap,
    /// Bytes of one answer.
    limit: usize,
    /// Connections that wait for a request: of HTTP/1.1 one for each, of HTTP/2 one for all.
    idle: Mutex<Vec<Connection>>,
}

/// What came back for one body.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Connections that are kept although nothing uses them. Bounds descriptors after many calls at once.
const MAX_IDLE: usize = 16;

type Body = Full<Bytes>;

enum Connection {
    One(http1::SendRequest<Body>),
    Many(http2::SendRequest<Body>),
}

/// What became of a request: an answer, or itself when no byte of it was sent.
enum Sent {
    Answered(::http::Response<Incoming>),
    Returned(Box<Request<Body>>),
}

impl Http {
    /// Nothing is connected yet. `headers` go with every request.
    pub(super) fn new(
        site: Site,
        tls: Option<Arc<ClientConfig>>,
        headers: HeaderMap,
        limit: usize,
    ) -> Result<Http, ClientError> {
        let host = HeaderValue::from_str(&site.authority)
            .map_err(|_| ClientError::not_sent(format!("{} is no host", site.authority)))?;
        Ok(Http { site, tls, host, headers, limit, idle: Mutex::default() })
    }

    /// Posts a body. What was sent once is not sent again, since the call may have run.
    pub(super) async fn post(&self, headers: &HeaderMap, body: Vec<u8>) -> Result<Answer, ClientError> {
        let mut request = Request::post(self.site.path.as_str())
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| ClientError::not_sent(format!("{} is no path: {error}", self.site.path)))?;
        let all = request.headers_mut();
        *all = self.headers.clone();
        headers.keys().for_each(|name| drop(all.remove(name)));
        all.extend(headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        all.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
        loop {
            let (mut connection, fresh) = match self.take() {
                Some(connection) => (connection, false),
                None => (self.open().await?, true),
            };
            self.address(&connection, &mut request);
            match connection.send(request).await.map_err(|error| self.told("no answer from", &error))? {
                Sent::Answered(response) => return self.read(response, connection).await,
                Sent::Returned(_) if fresh => {
                    return Err(self.told("no answer from", &"it hung up at once"));
                }
                // It was kept too long, and the server hung up.
                Sent::Returned(same) => request = *same,
            }
        }
    }

    async fn open(&self) -> Result<Connection, ClientError> {
        let dialled = self.site.dial(self.tls.as_ref()).await?;
        let io = TokioIo::new(dialled.io);
        // A connection only moves while it is polled; what it fails with, its requests fail with too.
        if dialled.http2 {
            let (sender, connection) = http2::handshake(TokioExecutor::new(), io)
                .await
                .map_err(|error| self.told("no HTTP with", &error))?;
            tokio::spawn(connection);
            let connection = Connection::Many(sender);
            self.keep(connection.shared());
            return Ok(connection);
        }
        let (sender, connection) =
            http1::handshake(io).await.map_err(|error| self.told("no HTTP with", &error))?;
        tokio::spawn(connection);
        Ok(Connection::One(sender))
    }

    /// HTTP/1.1 names the host in a header, HTTP/2 in the target.
    fn address(&self, connection: &Connection, request: &mut Request<Body>) {
        let path = &self.site.path;
        let (uri, version) = match connection {
            Connection::One(_) => {
                request.headers_mut().insert(HOST, self.host.clone());
                (path.clone(), Version::HTTP_11)
            }
            Connection::Many(_) => {
                request.headers_mut().remove(HOST);
                (format!("https://{}{path}", self.site.authority), Version::HTTP_2)
            }
        };
        // Both were parsed from the target, so this is always one.
        if let Ok(uri) = uri.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
        *request.version_mut() = version;
    }

    async fn read(
        &self,
        response: ::http::Response<Incoming>,
        connection: Connection,
    ) -> Result<Answer, ClientError> {
        let (head, body) = response.into_parts();
        let body = Limited::new(body, self.limit).collect().await;
        let body = body.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
            Some(_) => self.told("too long an answer from", &format!("more than {} bytes", self.limit)),
            None => self.told("half an answer from", &error),
        })?;
        if let Connection::One(_) = connection {
            self.keep(Some(connection));
        }
        Ok(Answer { status: head.status, headers: head.headers, body: body.to_bytes() })
    }

    /// A connection that waits. The last one that came back is the least likely to have been closed meanwhile.
    fn take(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(connection) = idle.pop() {
            if !connection.is_closed() {
                idle.extend(connection.shared());
                return Some(connection);
            }
        }
        None
    }

    fn keep(&self, connection: Option<Connection>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(connection);
        if idle.len() > MAX_IDLE {
            idle.remove(0);
        }
    }

    fn told(&self, what: &str, error: &dyn fmt::Display) -> ClientError {
        ClientError::Transport(format!("{what} {}: {error}", self.site.authority))
    }
}

impl Connection {
    /// The same connection for others, if it carries many requests at once.
    fn shared(&self) -> Option<Connection> {
        match self {
            Connection::One(_) => None,
            Connection::Many(sender) => Some(Connection::Many(sender.clone())),
        }
    }

    fn is_closed(&self) -> bool {
        match self {
            Connection::One(sender) => sender.is_closed(),
            Connection::Many(sender) => sender.is_closed(),
        }
    }

    async fn send(&mut self, request: Request<Body>) -> hyper::Result<Sent> {
        let sent = match self {
            Connection::One(sender) => match sender.ready().await {
                Ok(()) => sender.try_send_request(request).await,
                Err(_) => return Ok(Sent::Returned(Box::new(request))),
            },
            Connection::Many(sender) => match sender.ready().await {
                Ok(()) => sender.try_send_request(request).await,
                Err(_) => return Ok(Sent::Returned(Box::new(request))),
            },
        };
        match sent {
            Ok(response) => Ok(Sent::Answered(response)),
            Err(mut error) => match error.take_message() {
                Some(request) => Ok(Sent::Returned(Box::new(request))),
                None => Err(error.into_error()),
            },
        }
    }
}
