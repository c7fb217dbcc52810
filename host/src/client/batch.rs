//! Several calls in one body.

use std::time::Duration;

use ::http::HeaderMap;
use pintle_core::Prepared;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::error::ClientError;
use super::request::{read, within};
use super::{Client, params};

/// Calls that are sent together; made by [`Client::batch`].
///
/// ```no_run
/// # async fn example(client: pintle::client::Client) -> Result<(), pintle::client::ClientError> {
/// let mut batch = client.batch();
/// batch.call("Calculator.add", (4, 5))?.call("Calculator.add", (6, 7))?;
/// for answer in batch.send().await? {
///     println!("{}: {}", answer.id, answer.read::<f64>()?);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Batch {
    client: Client,
    calls: Vec<(Option<String>, Prepared)>,
    timeout: Duration,
}

/// What one call of a batch came to.
#[derive(Debug)]
pub struct Answered {
    /// The request's id, JSON text.
    pub id: String,
    /// The result as JSON text, checked; `null` for nothing.
    pub result: Result<Box<RawValue>, ClientError>,
}

impl Answered {
    /// The result as a value.
    ///
    /// # Errors
    /// Why there is none, or [`ClientError::Type`].
    pub fn read<R: DeserializeOwned>(&self) -> Result<R, ClientError> {
        read(self.result.as_ref().map_err(Clone::clone)?)
    }
}

impl Batch {
    pub(super) fn new(client: Client) -> Batch {
        let timeout = client.inner.timeout;
        Batch { client, calls: Vec::new(), timeout }
    }

    /// Adds a call. Parameters are those of [`Request::params`](super::Request::params).
    ///
    /// # Errors
    /// [`ClientError::NotSent`]; the batch is as before.
    pub fn call(&mut self, method: &str, params: impl Serialize) -> Result<&mut Batch, ClientError> {
        let id = self.client.inner.wire.id();
        let prepared = self.client.inner.prepare(method, params::json(&params)?)?;
        self.calls.push((Some(id), prepared));
        Ok(self)
    }

    /// Adds a call with an id of its own, JSON text: a number or a string that no other call of the batch has.
    ///
    /// # Errors
    /// [`ClientError::NotSent`]; the batch is as before.
    pub fn call_as(
        &mut self,
        id: &RawValue,
        method: &str,
        params: impl Serialize,
    ) -> Result<&mut Batch, ClientError> {
        if !id.get().starts_with(|first: char| first == '"' || first == '-' || first.is_ascii_digit()) {
            return Err(ClientError::not_sent(format!("{id} is no id: those are numbers and strings")));
        }
        let prepared = self.client.inner.prepare(method, params::json(&params)?)?;
        self.calls.push((Some(id.get().to_owned()), prepared));
        Ok(self)
    }

    /// Adds a notification: it runs, and nothing is answered.
    ///
    /// # Errors
    /// [`ClientError::NotSent`]; the batch is as before.
    pub fn notify(&mut self, method: &str, params: impl Serialize) -> Result<&mut Batch, ClientError> {
        let prepared = self.client.inner.prepare(method, params::json(&params)?)?;
        self.calls.push((None, prepared));
        Ok(self)
    }

    /// Time until it is given up, in place of the client's.
    pub fn timeout(&mut self, time: Duration) -> &mut Batch {
        self.timeout = time;
        self
    }

    /// Sends it all and answers what each call came to, in the order in which they were added. A batch of nothing sends
    /// nothing.
    ///
    /// # Errors
    /// [`ClientError::NotSent`], [`ClientError::Transport`] or [`ClientError::Timeout`]: then no call has an answer.
    pub async fn send(self) -> Result<Vec<Answered>, ClientError> {
        if self.calls.is_empty() {
            return Ok(Vec::new());
        }
        within(self.timeout, self.client.inner.wire.batch(self.calls, &HeaderMap::new())).await
    }
}
