//! What a handler may learn about the caller: `ctx`, built only when it is asked for.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName};
use serde_json::{Map, Value};

use super::connections::Peers;

/// One request's caller, as the transport knows it.
#[derive(Debug, Clone)]
pub struct Context {
    /// `http`, `websocket`, `tcp`, `unix` or `stdio`.
    pub transport: &'static str,
    /// The socket's peer.
    pub remote: Remote,
    /// Shared by all requests of one connection.
    pub connection: Arc<ConnectionId>,
    /// The caller behind the proxies that are trusted, if they name one.
    pub forwarded: Option<String>,
    /// As they came; on WebSocket with the request that opened it, elsewhere there are none.
    pub headers: Arc<HeaderMap>,
    /// What the check of the caller answered, as JSON text; empty before it, and where there is none.
    pub auth: OnceLock<String>,
    /// Whom a handler can send to. Shared like `connection`.
    pub peers: Arc<Peers>,
}

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remote {
    /// Somebody on the network.
    Ip(SocketAddr),
    /// A process of this machine: `local`.
    Local,
}

impl Remote {
    /// Its address on the network.
    pub(crate) fn ip(self) -> Option<IpAddr> {
        match self {
            Remote::Ip(address) => Some(address.ip()),
            Remote::Local => None,
        }
    }
}

impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remote::Ip(address) => write!(f, "{address}"),
            Remote::Local => f.write_str("local"),
        }
    }
}

/// Names a connection; made on first use, from the system's randomness.
#[derive(Debug, Default)]
pub struct ConnectionId(OnceLock<String>);

impl ConnectionId {
    /// 32 hexadecimal digits that nobody can guess; empty when the system has no randomness to give.
    pub fn text(&self) -> &str {
        self.0.get_or_init(|| {
            let mut bytes = [0; 16];
            match getrandom::fill(&mut bytes) {
                Ok(()) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
                Err(_) => String::new(),
            }
        })
    }
}

impl Context {
    /// The JSON object. `request` is the id as JSON text; `allowed` are the headers (in lower case) that may be shown,
    /// `None` all but `authorization` and `cookie`.
    pub fn json(&self, request: Option<&str>, deadline: Instant, allowed: Option<&[String]>) -> String {
        self.object(request, deadline, |name| match allowed {
            Some(allowed) => allowed.iter().any(|allowed| allowed == name.as_str()),
            None => name != AUTHORIZATION && name != COOKIE,
        })
    }

    /// The same with all headers, for whoever checks the caller.
    pub fn whole_json(&self, deadline: Instant) -> String {
        self.object(None, deadline, |_| true)
    }

    fn object(
        &self,
        request: Option<&str>,
        deadline: Instant,
        shown: impl Fn(&HeaderName) -> bool,
    ) -> String {
        let mut ctx = Map::new();
        let mut put = |name: &str, value: Value| ctx.insert(name.to_owned(), value);
        put("transport", self.transport.into());
        put("remote", self.forwarded.clone().unwrap_or_else(|| self.remote.to_string()).into());
        put("connection", self.connection.text().into());
        put("headers", Value::Object(self.headers(shown)));
        if let Some(id) = request {
            put("request", id.into());
        }
        let left = deadline.saturating_duration_since(Instant::now()).as_millis();
        put("deadlineMs", u64::try_from(left).unwrap_or(u64::MAX).into());
        if let Some(parent) = self.headers.get("traceparent").and_then(|value| value.to_str().ok())
            && is_traceparent(parent)
        {
            put("traceparent", parent.into());
        }
        // Checked when it was answered.
        if let Some(auth) = self.auth.get().and_then(|auth| serde_json::from_str(auth).ok()) {
            put("auth", auth);
        }
        Value::Object(ctx).to_string()
    }

    fn headers(&self, shown: impl Fn(&HeaderName) -> bool) -> Map<String, Value> {
        let mut out = Map::new();
        for name in self.headers.keys() {
            if shown(name) {
                let values = self.headers.get_all(name).iter();
                let texts: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
                out.insert(name.as_str().to_owned(), texts.join(", ").into());
            }
        }
        out
    }
}

/// W3C Trace Context, section 3.2: `version-traceid-parentid-flags`, lower-case hexadecimal.
fn is_traceparent(text: &str) -> bool {
    let hex = |part: &str| part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let mut parts = text.split('-');
    let mut next = |length| parts.next().is_some_and(|part| part.len() == length && hex(part));
    next(2) && next(32) && next(16) && next(2) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_is_allowed() {
        let mut headers = HeaderMap::new();
        for (name, value) in
            [("accept", "a"), ("accept", "b"), ("cookie", "c"), ("authorization", "d"), ("x-y", "z")]
        {
            headers.append(name, value.parse().unwrap());
        }
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        headers.append("traceparent", trace.parse().unwrap());
        let remote = Remote::Ip("127.0.0.1:9".parse().unwrap());
        let context = Context {
            transport: "http",
            remote,
            forwarded: None,
            connection: Arc::default(),
            headers: Arc::new(headers),
            auth: OnceLock::new(),
            peers: Arc::default(),
        };
        let read = |allowed: Option<&[String]>| -> Value {
            serde_json::from_str(&context.json(Some("\"a\\n\""), Instant::now(), allowed)).unwrap()
        };
        let all = read(None);
        assert_eq!(all["headers"], serde_json::json!({"accept": "a, b", "x-y": "z", "traceparent": trace}));
        assert_eq!(all["request"], "\"a\\n\"");
        assert_eq!(all["remote"], "127.0.0.1:9");
        assert_eq!(all["deadlineMs"], 0);
        assert_eq!(all["traceparent"], trace);
        assert_eq!(all["connection"].as_str().unwrap().len(), 32);
        assert_eq!(read(None)["connection"], all["connection"]);
        assert_eq!(read(Some(&["cookie".to_owned()]))["headers"], serde_json::json!({"cookie": "c"}));
    }

    #[test]
    fn traceparents() {
        assert!(!is_traceparent("00-4BF92F3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        assert!(!is_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x"));
        assert!(!is_traceparent(""));
    }
}
