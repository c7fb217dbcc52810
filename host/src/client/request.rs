//! One call, with everything that can be said about it.

use std::time::Duration;

use ::http::StatusCode;
use ::http::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::error::ClientError;
use super::{Client, params};

/// A call that is not sent yet; made by [`Client::request`].
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before it is asked for an answer"]
pub struct Request {
    client: Client,
    method: String,
    /// A fault is told when it is sent.
    params: Result<Option<String>, ClientError>,
    timeout: Duration,
    headers: HeaderMap,
}

/// A result, and what came with it.
#[derive(Debug, Clone)]
pub struct Response {
    /// HTTP's status; `None` on other transports.
    pub status: Option<StatusCode>,
    /// HTTP's headers; none on other transports.
    pub headers: HeaderMap,
    /// The result, checked, as JSON text; `null` for nothing.
    pub result: Box<RawValue>,
}

impl Response {
    /// The result as a value.
    ///
    /// # Errors
    /// [`ClientError::Type`].
    pub fn read<R: DeserializeOwned>(&self) -> Result<R, ClientError> {
        read(&self.result)
    }
}

/// JSON text as a value.
pub(super) fn read<R: DeserializeOwned>(json: &RawValue) -> Result<R, ClientError> {
    serde_json::from_str(json.get()).map_err(|error| ClientError::Type(error.to_string()))
}

impl Request {
    pub(super) fn new(client: Client, method: &str) -> Request {
        let timeout = client.inner.timeout;
        Request { client, method: method.to_owned(), params: Ok(None), timeout, headers: HeaderMap::new() }
    }

    /// The parameters: a tuple or list by position, a struct or map by name, `()` for none, or JSON text as a
    /// [`RawValue`].
    pub fn params(mut self, params: impl Serialize) -> Request {
        self.params = params::json(&params);
        self
    }

    /// The parameters as JSON text: an array or object.
    pub fn json(mut self, params: impl Into<String>) -> Request {
        self.params = Ok(Some(params.into()));
        self
    }

    /// Time until it is given up, in place of the client's.
    pub fn timeout(mut self, time: Duration) -> Request {
        self.timeout = time;
        self
    }

    /// Adds a header, in place of the client's of that name. Only HTTP carries it.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Request {
        self.headers.append(name, value);
        self
    }

    /// Sends it and reads the result. Dropping the future cancels the call, as far as the transport can tell the server.
    ///
    /// # Errors
    /// Any [`ClientError`].
    pub async fn call<R: DeserializeOwned>(self) -> Result<R, ClientError> {
        self.response().await?.read()
    }

    /// The same with status and headers, and the result as JSON text.
    ///
    /// # Errors
    /// Any [`ClientError`] but [`ClientError::Type`].
    pub async fn response(self) -> Result<Response, ClientError> {
        let prepared = self.client.inner.prepare(&self.method, self.params?)?;
        within(self.timeout, self.client.inner.wire.call(&prepared, &self.headers)).await
    }

    /// Sends it as a notification: it runs, and nothing is answered. On HTTP this waits for the server to have taken it.
    ///
    /// # Errors
    /// Any [`ClientError`] but [`ClientError::Type`] and [`ClientError::Broken`].
    pub async fn notify(self) -> Result<(), ClientError> {
        let prepared = self.client.inner.prepare(&self.method, self.params?)?;
        within(self.timeout, self.client.inner.wire.notify(&prepared, &self.headers)).await
    }
}

/// Gives up after `time`.
pub(super) async fn within<T>(
    time: Duration,
    future: impl Future<Output = Result<T, ClientError>>,
) -> Result<T, ClientError> {
    match tokio::time::timeout(time, future).await {
        Ok(result) => result,
        Err(_) => Err(ClientError::Timeout(time)),
    }
}
