//! One HTTP request: what is refused before its body is read, and how an answer looks.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, OnceLock, PoisonError};
use std::task::{Context as Task, Poll};

use ::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CONNECTION,
    CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER as RETRY_AFTER_HEADER,
    VARY, WWW_AUTHENTICATE,
};
use ::http::{Method, Request, Response, StatusCode, Version};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use pintle_core::{Code, RpcError};
use tokio::time::{Instant, timeout};

use super::activity::Open;
use super::context::Context;
use super::http::Connection;
use super::origin::Caller;
use super::service::{Answer, Service, error_body};
use super::websocket;

/// Seconds after which a refused peer may try again.
pub(super) const RETRY_AFTER: u32 = 1;

/// What is put aside for a body before any of it has come, however long it says it is.
const FIRST_BUFFER: usize = 16 << 10;

/// Answers one request.
pub(super) async fn respond<S: Service>(
    connection: &Arc<Connection<S>>,
    request: Request<Incoming>,
    mut open: Open,
) -> Response<Reply> {
    let site = &connection.site;
    let version = request.version();
    let mut listed = None;
    let result = match site.names.caller(request.headers()) {
        _ if !site.names.host_is_ours(request.uri(), request.headers()) => {
            Err(Refusal::new(StatusCode::FORBIDDEN, "the Host is not one of this server's names"))
        }
        Caller::Refused => Err(Refusal::new(StatusCode::FORBIDDEN, "the Origin may not call this server")),
        _ if websocket::is_asked_for(&request) && site.websocket && request.uri().path() == site.path => {
            match connection.lifeline.draining() {
                true => Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, DRAINING)),
                false => match websocket::upgrade(connection, request) {
                    Ok(response) => return response.map(|()| Reply { data: None, _open: open }),
                    Err(refusal) => Err(refusal),
                },
            }
        }
        Caller::Own => serve(connection, request).await,
        Caller::Listed(origin) if is_preflight(&request) => {
            return preflight(origin, request.headers(), open);
        }
        Caller::Listed(origin) => {
            listed = Some(origin);
            serve(connection, request).await
        }
    };
    open.answered();
    let mut response = match result {
        Ok(Some(reply)) => json(reply.into(), open),
        Ok(None) => {
            let mut response = Response::new(Reply { data: None, _open: open });
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
        Err(refusal) if site.remotipy && refusal.is_about_the_call() => {
            json(site.service.refuse_unread(&error(refusal.code(), refusal.detail)).into(), open)
        }
        Err(refusal) => {
            let mut response = json(error_body(&error(refusal.code(), refusal.detail)).into(), open);
            *response.status_mut() = refusal.status;
            let headers = response.headers_mut();
            match refusal.status {
                StatusCode::METHOD_NOT_ALLOWED => {
                    let allowed = if site.names.lists_origins() { "POST, OPTIONS" } else { "POST" };
                    headers.insert(ALLOW, HeaderValue::from_static(allowed));
                }
                StatusCode::UNAUTHORIZED => {
                    headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                }
                StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                    headers.insert(RETRY_AFTER_HEADER, RETRY_AFTER.into());
                }
                // What is left of the body is not waited for.
                StatusCode::REQUEST_TIMEOUT if version < Version::HTTP_2 => {
                    headers.insert(CONNECTION, HeaderValue::from_static("close"));
                }
                _ => (),
            }
            response
        }
    };
    if let Some(origin) = listed {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.headers_mut().insert(VARY, HeaderValue::from_static("origin"));
    }
    response
}

async fn serve<S: Service>(
    connection: &Connection<S>,
    request: Request<Incoming>,
) -> Result<Option<Vec<u8>>, Refusal> {
    let site = &connection.site;
    let auth = connection.identify(request.headers())?;
    if request.uri().path() != site.path {
        return Err(Refusal::new(StatusCode::NOT_FOUND, "nothing is served under this path"));
    }
    if request.method() != Method::POST {
        return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "calls are sent with POST"));
    }
    if !site.remotipy && !is_json(request.headers()) {
        let detail = "the Content-Type must be application/json, in UTF-8";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let announced = request.headers().get(CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let limit = site.limits.core.body;
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, BODY_LIMIT));
    }
    if connection.lifeline.draining() {
        return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, DRAINING));
    }
    let (parts, incoming) = request.into_parts();
    let capacity =
        announced.map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX).min(FIRST_BUFFER));
    let mut body = BodyReader { incoming, bytes: Vec::with_capacity(capacity), limit };
    // Most bodies come with their head: those never need a timer.
    let read = match poll_fn(|cx| Poll::Ready(body.poll(cx))).await {
        Poll::Ready(read) => read,
        Poll::Pending => match timeout(site.limits.body_time, poll_fn(|cx| body.poll(cx))).await {
            Ok(read) => read,
            Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body did not come in time")),
        },
    };
    read?;
    let context = Context {
        transport: "http",
        remote: connection.remote,
        forwarded: connection.forwarded(&parts.headers),
        connection: connection.id.clone(),
        headers: Arc::new(parts.headers),
        auth: auth.map_or_else(OnceLock::new, OnceLock::from),
        peers: connection.peers.clone(),
    };
    match site.service.answer(body.bytes, context).await {
        Answer::Reply(reply) => Ok(reply),
        Answer::Overloaded(_) => Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the server is full")),
    }
}

impl<S: Service> Connection<S> {
    /// Counts one request and reads who sends it; first of all, so that a stranger learns nothing of what is served.
    pub(super) fn identify(&self, headers: &HeaderMap) -> Result<Option<String>, Refusal> {
        if let Some(rate) = &self.rate
            && rate.lock().unwrap_or_else(PoisonError::into_inner).take(Instant::now().into_std()).is_err()
        {
            let detail = "this connection sends too many messages";
            return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, detail));
        }
        let stranger = |_| Refusal::new(StatusCode::UNAUTHORIZED, "calls need a bearer token");
        self.site.service.identify(headers).map_err(stranger)
    }

    /// The caller behind the proxies that are trusted.
    pub(super) fn forwarded(&self, headers: &HeaderMap) -> Option<String> {
        self.site.proxies.caller(self.remote.ip()?, headers)
    }
}

const BODY_LIMIT: &str = "the body is over the limit";
const DRAINING: &str = "the server is stopping";

/// A request that no exchange is opened for.
pub(super) struct Refusal {
    status: StatusCode,
    detail: &'static str,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, detail: &'static str) -> Refusal {
        Refusal { status, detail }
    }

    /// Not about who calls, or where.
    fn is_about_the_call(&self) -> bool {
        const ELSE: [StatusCode; 5] = [
            StatusCode::UNAUTHORIZED,
            StatusCode::FORBIDDEN,
            StatusCode::NOT_FOUND,
            StatusCode::METHOD_NOT_ALLOWED,
            StatusCode::TOO_MANY_REQUESTS,
        ];
        !ELSE.contains(&self.status)
    }

    fn code(&self) -> Code {
        match self.status {
            StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
            StatusCode::REQUEST_TIMEOUT => Code::DeadlineExceeded,
            StatusCode::UNAUTHORIZED => Code::Unauthorized,
            StatusCode::TOO_MANY_REQUESTS => Code::Overloaded,
            StatusCode::SERVICE_UNAVAILABLE if self.detail == DRAINING => Code::Cancelled,
            StatusCode::SERVICE_UNAVAILABLE => Code::Overloaded,
            _ => Code::InvalidRequest,
        }
    }
}

/// The error for a body that was not looked at.
pub(super) fn error(code: Code, detail: &str) -> RpcError {
    let mut data = serde_json::json!({ "detail": detail });
    if code == Code::Overloaded {
        data["retryAfterMs"] = (RETRY_AFTER * 1000).into();
    }
    RpcError::from(code).with_data(data.to_string())
}

fn json(body: Bytes, open: Open) -> Response<Reply> {
    let mut response = Response::new(Reply { data: Some(body), _open: open });
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn is_preflight(request: &Request<Incoming>) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight(origin: HeaderValue, request: &HeaderMap, mut open: Open) -> Response<Reply> {
    open.answered();
    let mut response = Response::new(Reply { data: None, _open: open });
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value| headers.insert(name, value);
    put(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    put(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    let asked = request.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    put(ACCESS_CONTROL_ALLOW_HEADERS, asked.unwrap_or(HeaderValue::from_static("content-type")));
    put(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    put(VARY, HeaderValue::from_static("origin, access-control-request-headers"));
    response
}

/// The media types that carry calls, in UTF-8.
fn is_json(headers: &HeaderMap) -> bool {
    let mut fields = headers.get_all(CONTENT_TYPE).iter();
    let (Some(field), None) = (fields.next(), fields.next()) else { return false };
    let Ok(text) = field.to_str() else { return false };
    let mut parts = text.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let known = ["application/json", "application/json-rpc", "application/jsonrequest"];
    known.iter().any(|known| known.eq_ignore_ascii_case(essence))
        && parts.all(|part| match part.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
                let value =
                    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
                value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8")
            }
            _ => true,
        })
}

/// Collects a body into one buffer, up to the limit.
struct BodyReader {
    incoming: Incoming,
    bytes: Vec<u8>,
    limit: usize,
}

impl BodyReader {
    fn poll(&mut self, cx: &mut Task<'_>) -> Poll<Result<(), Refusal>> {
        while !self.incoming.is_end_stream() {
            match Pin::new(&mut self.incoming).poll_frame(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => break,
                Poll::Ready(Some(Err(_))) => {
                    let detail = "the body broke off";
                    return Poll::Ready(Err(Refusal::new(StatusCode::BAD_REQUEST, detail)));
                }
                Poll::Ready(Some(Ok(frame))) => {
                    let Ok(data) = frame.into_data() else { continue };
                    if data.len() > self.limit - self.bytes.len() {
                        return Poll::Ready(Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, BODY_LIMIT)));
                    }
                    self.bytes.extend_from_slice(&data);
                }
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// A response's body: one piece or none. It keeps its request open until it is handed over.
pub(super) struct Reply {
    data: Option<Bytes>,
    _open: Open,
}

impl Body for Reply {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Task<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::convert::Infallible>>> {
        Poll::Ready(self.data.take().map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.data.as_ref().map_or(0, |data| data.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types() {
        let is = |values: &[&str]| {
            let map = values.iter().map(|value| (CONTENT_TYPE, value.parse().unwrap()));
            is_json(&map.collect())
        };
        for good in [
            "application/json",
            "Application/JSON",
            "application/json-rpc",
            "application/jsonrequest",
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
            "application/json ; profile=x",
        ] {
            assert!(is(&[good]), "{good}");
        }
        for bad in [
            "",
            "text/plain",
            "application/json5",
            "application/json; charset=latin1",
            "application/x-www-form-urlencoded",
        ] {
            assert!(!is(&[bad]), "{bad}");
        }
        assert!(!is(&[]));
        assert!(!is(&["application/json", "application/json"]));
    }
}
