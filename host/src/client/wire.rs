//! The way to a server and back, whichever transport it is.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use ::http::{HeaderMap, StatusCode};
use pintle_core::dialect::remotipy;
use pintle_core::{CallError, Expected, Limits, Prepared, Replies, RpcError};
use serde_json::value::RawValue;

use super::batch::Answered;
use super::error::{ClientError, RemoteError};
use super::http::{Answer, Http};
use super::peer::Peer;
use super::request::Response;

/// A server, as it is reached.
pub(super) struct Wire {
    pub(super) way: Way,
    pub(super) limits: Limits,
    pub(super) ids: Ids,
    /// There if and only if that is what the server speaks.
    pub(super) remotipy: Option<remotipy::Client>,
    /// As the target was written.
    pub(super) target: String,
}

pub(super) enum Way {
    Http(Http),
    Peer(Peer),
}

/// Makes the ids of requests.
pub(super) enum Ids {
    /// 1, 2, 3 …
    Counter(AtomicU64),
    Own(Box<dyn Fn() -> Box<RawValue> + Send + Sync>),
}

impl Wire {
    /// A new id, JSON text.
    pub(super) fn id(&self) -> String {
        match &self.ids {
            Ids::Counter(next) => next.fetch_add(1, Ordering::Relaxed).to_string(),
            Ids::Own(make) => make().get().to_owned(),
        }
    }

    pub(super) async fn call(
        &self,
        prepared: &Prepared,
        headers: &HeaderMap,
    ) -> Result<Response, ClientError> {
        let http = match &self.way {
            Way::Http(http) => http,
            Way::Peer(peer) => {
                let result = raw(peer.call(prepared).await?)?;
                return Ok(Response { status: None, headers: HeaderMap::new(), result });
            }
        };
        if let Some(remotipy) = &self.remotipy {
            return self.remote(http, remotipy, prepared, headers).await;
        }
        let id = self.id();
        let answer = http.post(headers, prepared.request(&id)).await?;
        let (status, headers) = (answer.status, answer.headers.clone());
        let replies = self.read(answer)?;
        let result = replies.answer(&id, prepared.expected());
        let result = result.map_err(|error| self.failed(error, Some(status), prepared.expected()))?;
        Ok(Response { status: Some(status), headers, result: raw(result.into_owned())? })
    }

    async fn remote(
        &self,
        http: &Http,
        remotipy: &remotipy::Client,
        prepared: &Prepared,
        headers: &HeaderMap,
    ) -> Result<Response, ClientError> {
        let failed = |error| ClientError::of_call(error, prepared.expected());
        let Answer { status, headers, body } =
            http.post(headers, remotipy.call(prepared).map_err(failed)?).await?;
        // Exceptions come with it too, so that anything else is of another server.
        if status != StatusCode::OK {
            return Err(self.strange(status, "remotipy always answers 200"));
        }
        let result = remotipy.answer(&body, prepared.expected());
        let result = result.map_err(|error| self.failed(error, Some(status), prepared.expected()))?;
        Ok(Response { status: Some(status), headers, result: raw(result)? })
    }

    pub(super) async fn notify(&self, prepared: &Prepared, headers: &HeaderMap) -> Result<(), ClientError> {
        let http = match &self.way {
            Way::Http(http) => http,
            Way::Peer(peer) => return peer.notify(prepared).await,
        };
        if self.remotipy.is_some() {
            return Err(ClientError::not_sent("remotipy has no notifications"));
        }
        let answer = http.post(headers, prepared.notification()).await?;
        let status = answer.status;
        if status.is_success() && answer.body.is_empty() {
            return Ok(());
        }
        match self.read(answer)?.answer("", prepared.expected()) {
            // There is a body, although there is nothing to answer: it does not matter while all is well.
            Err(CallError::Unanswered | CallError::Reply(_)) | Ok(_) if status.is_success() => Ok(()),
            Ok(_) => Err(self.strange(status, "it is no error")),
            Err(error) => Err(self.failed(error, Some(status), prepared.expected())),
        }
    }

    /// At least one call; the answers are those of the calls that are no notifications.
    pub(super) async fn batch(
        &self,
        calls: Vec<(Option<String>, Prepared)>,
        headers: &HeaderMap,
    ) -> Result<Vec<Answered>, ClientError> {
        let http = match &self.way {
            Way::Http(http) => http,
            Way::Peer(peer) => return peer.batch(calls).await,
        };
        if self.remotipy.is_some() {
            return Err(ClientError::not_sent("remotipy has no batches"));
        }
        let body = |(id, prepared): &(Option<String>, Prepared)| match id {
            Some(id) => prepared.request(id),
            None => prepared.notification(),
        };
        let bodies: Vec<Vec<u8>> = calls.iter().map(body).collect();
        let answer = http.post(headers, Prepared::batch(&bodies)).await?;
        let status = answer.status;
        if status.is_success() && answer.body.is_empty() && calls.iter().all(|(id, _)| id.is_none()) {
            return Ok(Vec::new());
        }
        let replies = self.read(answer)?;
        let calls = calls.into_iter().filter_map(|(id, prepared)| Some((id?, prepared)));
        let answered = calls.map(|(id, prepared)| {
            let result = replies.answer(&id, prepared.expected());
            let result = result.map_err(|error| self.failed(error, Some(status), prepared.expected()));
            Answered { result: result.and_then(|json| raw(json.into_owned())), id }
        });
        Ok(answered.collect())
    }

    fn read(&self, answer: Answer) -> Result<Replies, ClientError> {
        Replies::read(answer.body, &self.limits).map_err(|error| match error {
            CallError::Reply(why) => self.strange(answer.status, why),
            error => self.strange(answer.status, error),
        })
    }

    fn strange(&self, status: StatusCode, why: impl fmt::Display) -> ClientError {
        ClientError::Transport(format!("{} answered {status} and no reply: {why}", self.target))
    }

    fn failed(&self, error: CallError, status: Option<StatusCode>, expected: &Expected) -> ClientError {
        match (error, status) {
            (CallError::Reply(why), Some(status)) => self.strange(status, why),
            (error, _) => ClientError::of_call(error, expected),
        }
    }
}

/// Checked JSON text as a value of serde_json.
pub(super) fn raw(json: String) -> Result<Box<RawValue>, ClientError> {
    RawValue::from_string(json).map_err(|error| ClientError::Type(error.to_string()))
}

impl ClientError {
    /// What the core says of a call of `method` that was not sent.
    pub(super) fn of_preparing(method: &str, error: CallError) -> ClientError {
        match error {
            CallError::UnknownMethod => ClientError::UnknownMethod(method.to_owned()),
            CallError::Params(problems) => {
                ClientError::NotSent { reason: format!("{method} takes other parameters"), problems }
            }
            error => ClientError::not_sent(error.to_string()),
        }
    }

    /// What the core says of a call that expects `expected`.
    pub(super) fn of_call(error: CallError, expected: &Expected) -> ClientError {
        match error {
            CallError::Rpc(error) => ClientError::Remote(remote(error, expected)),
            CallError::Result(problems) => ClientError::Broken(problems),
            CallError::UnknownMethod | CallError::Params(_) | CallError::TooManyOpen { .. } => {
                ClientError::not_sent(error.to_string())
            }
            CallError::Reply(_) | CallError::Unanswered | CallError::Cancelled => {
                ClientError::Transport(error.to_string())
            }
        }
    }
}

fn remote(error: RpcError, expected: &Expected) -> RemoteError {
    let declared = expected.declared(error.code);
    let name = declared.map(|declared| declared.name.rsplit('.').next().unwrap_or_default().to_owned());
    RemoteError { error, name }
}
