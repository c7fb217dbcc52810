//! The other end of HTTP: one `POST` to a server.

use std::fmt;
use std::pin::pin;

use ::http::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use ::http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Where a server is.
#[derive(Debug, Clone)]
pub struct Target {
    address: String,
    host: HeaderValue,
    path: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientError(String);

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ClientError {}

impl Target {
    /// Reads `http://host[:port][/path]`.
    pub fn parse(text: &str) -> Result<Target, ClientError> {
        let uri: Uri = text.parse().map_err(|_| ClientError(format!("{text} is no URL")))?;
        match uri.scheme_str() {
            Some("http") => (),
            Some("https") => return Err(ClientError("https is not built yet; use http".to_owned())),
            _ => return Err(ClientError(format!("{text} is no URL of a server: http://HOST:PORT/PATH"))),
        }
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'));
        let authority = authority.ok_or_else(|| ClientError(format!("{text} names no host")))?;
        let host = HeaderValue::from_str(authority.as_str());
        Ok(Target {
            address: format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(80)),
            host: host.map_err(|_| ClientError(format!("{text} names no host")))?,
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        })
    }
}

/// Posts a body and reads the answer, of at most `limit` bytes.
pub async fn post(
    target: &Target,
    headers: &HeaderMap,
    body: Vec<u8>,
    limit: usize,
) -> Result<(StatusCode, Vec<u8>), ClientError> {
    let told =
        |what: &str, error: &dyn fmt::Display| ClientError(format!("{what} {}: {error}", target.address));
    let stream = TcpStream::connect(&target.address).await.map_err(|error| told("cannot reach", &error))?;
    let handshake = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|error| told("no HTTP with", &error))?;
    let mut request = Request::post(target.path.as_str())
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| told("bad path for", &error))?;
    *request.headers_mut() = headers.clone();
    request.headers_mut().insert(HOST, target.host.clone());
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let exchange = async {
        let response = sender.send_request(request).await.map_err(|error| told("no answer from", &error))?;
        let status = response.status();
        let body = Limited::new(response.into_body(), limit).collect().await;
        let body = body.map_err(|error| told("half an answer from", &error))?;
        Ok((status, body.to_bytes().into()))
    };
    // The connection only moves while it is polled; what it fails with, the exchange fails with too.
    let mut connection = pin!(connection);
    let mut exchange = pin!(exchange);
    tokio::select! {
        biased;
        result = &mut exchange => result,
        _ = &mut connection => exchange.await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let target = Target::parse("http://[::1]:8080/rpc?x=1").unwrap();
        assert_eq!((target.address.as_str(), target.path.as_str()), ("[::1]:8080", "/rpc?x=1"));
        let target = Target::parse("http://localhost").unwrap();
        assert_eq!((target.address.as_str(), target.path.as_str()), ("localhost:80", "/"));
        for bad in
            ["", "localhost", "localhost:80", "https://localhost/", "http://user@host/", "ftp://x/", "/path"]
        {
            assert!(Target::parse(bad).is_err(), "{bad}");
        }
    }
}
