//! Who calls, and how.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::{Error, host, log};

/// What the host knows about the running call.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Context {
    /// `http`, `ws`, `tcp`, `unix`, `stdio` or what else the call came by.
    pub transport: String,
    /// The caller's socket address; a forwarded one only from a proxy that the manifest trusts.
    pub remote: Option<String>,
    /// The connection's id, which nobody can guess: for [`peer`](crate::peer).
    pub connection: Option<String>,
    /// The request's headers that the manifest lets this plugin see, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The request's id as JSON text; none for a notification.
    pub request: Option<String>,
    /// Milliseconds that the call had left when it started.
    pub deadline_ms: Option<u64>,
    /// The W3C trace context that the caller sent.
    pub traceparent: Option<String>,
    auth: Option<Box<RawValue>>,
}

impl Context {
    /// What the server's check of the caller answered; none if the server checks nobody.
    ///
    /// # Errors
    ///
    /// Internal error if it is not a `T`; the reason is logged.
    pub fn auth<T: DeserializeOwned>(&self) -> Result<Option<T>, Error> {
        self.auth.as_deref().map(|auth| serde_json::from_str(auth.get())).transpose().map_err(|why| {
            log::error(format_args!("the context's auth has another type: {why}"));
            Error::internal()
        })
    }
}

/// The running call's context. The host builds it only when asked, so ask once.
pub fn ctx() -> Context {
    let json = host::context();
    if json.is_empty() {
        return Context::default();
    }
    serde_json::from_slice(&json).unwrap_or_else(|why| {
        log::error(format_args!("the context cannot be read: {why}"));
        Context::default()
    })
}

/// The running call's context as the host wrote it, a JSON object, with members that [`Context`] does not name; empty
/// if there is no host.
pub fn ctx_json() -> String {
    String::from_utf8_lossy(&host::context()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_hosts_write_and_ignores_the_rest() {
        let context: Context = serde_json::from_str(
            r#"{"transport":"http","remote":"127.0.0.1:9","headers":{"accept":"*/*"},"request":"7","deadlineMs":9999,
                "auth":{"user":"ann"},"later":[1]}"#,
        )
        .unwrap();
        assert_eq!((context.transport.as_str(), context.deadline_ms), ("http", Some(9999)));
        assert_eq!(context.request.as_deref(), Some("7"));
        assert_eq!(context.auth::<BTreeMap<String, String>>().unwrap().unwrap()["user"], "ann");
        assert_eq!(context.auth::<i64>().unwrap_err().code(), -32603);
        assert!(Context::default().auth::<i64>().unwrap().is_none());
    }

    #[test]
    fn without_a_host_it_is_empty() {
        assert_eq!(ctx().transport, "");
        assert_eq!(ctx_json(), "");
    }
}
