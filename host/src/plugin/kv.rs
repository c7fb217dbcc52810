//! What a guest does with its keys and values, in whichever form it asks.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use tokio::time::timeout_at;
use wasmtime::Result;

use super::guest::Guest;
use super::{Failure, FailureKind, Refused};
use crate::kv::{Answering, Bucket, Change, Changed, Error, Quota, Written};

/// What the current call did with its bucket.
#[derive(Default)]
pub(super) struct Spent {
    operations: u32,
    bytes: usize,
    /// What its reply tells of, and is to wait for.
    written: Option<Written>,
}

/// What the reply of a call waits for, if it wrote or saw what is not committed yet.
pub(super) type Committing = Option<Answering<'static, ()>>;

/// The outer error of these ends the call: the store failed. The inner one is told to the guest.
impl Guest {
    /// The bounds of its bucket, if it has one.
    pub(super) fn kv_quota(&self) -> Option<&Quota> {
        self.shared.grants.kv.as_ref().map(Bucket::quota)
    }

    /// Its bucket, if it is granted one.
    fn bucket(&self) -> Option<Bucket> {
        let bucket = self.shared.grants.kv.clone();
        if bucket.is_none() {
            self.shared.counters.refuse_grant();
        }
        bucket
    }

    /// The value of a key, if there is one.
    pub(super) async fn kv_get(&mut self, key: &[u8]) -> Result<Result<Option<Vec<u8>>, Refused>> {
        let Some(bucket) = self.bucket() else { return Ok(Err(Refused::NotGranted)) };
        if !self.kv_may(key.len()) {
            return Ok(Err(Refused::Full));
        }
        match bucket.get(key, self.shared.limits.kv_traffic.saturating_sub(self.kv.bytes)).await {
            Ok((value, written)) => {
                self.kv_tells_of(written);
                self.kv.bytes = self.kv.bytes.saturating_add(value.as_ref().map_or(0, Vec::len));
                Ok(Ok(value))
            }
            Err(error) => self.kv_refused(error).map(Err),
        }
    }

    /// Makes one change in one step.
    pub(super) async fn kv_change(&mut self, key: &[u8], change: Change) -> Result<Result<Changed, Refused>> {
        let Some(bucket) = self.bucket() else { return Ok(Err(Refused::NotGranted)) };
        let value = match &change {
            Change::Set(value) => value.len(),
            Change::Swap { old, new } => old.as_ref().map_or(0, Vec::len).saturating_add(new.len()),
            Change::Delete | Change::Add(_) => 0,
        };
        if !self.kv_may(key.len().saturating_add(value)) {
            return Ok(Err(Refused::Full));
        }
        match bucket.change(key, change).await {
            Ok((changed, written)) => {
                self.kv_tells_of(written);
                Ok(Ok(changed))
            }
            Err(error) => self.kv_refused(error).map(Err),
        }
    }

    /// The next keys that begin with `prefix`, after `after`.
    pub(super) async fn kv_list(
        &mut self,
        prefix: &[u8],
        after: &[u8],
    ) -> Result<Result<Vec<Vec<u8>>, Refused>> {
        let Some(bucket) = self.bucket() else { return Ok(Err(Refused::NotGranted)) };
        if !self.kv_may(prefix.len().saturating_add(after.len())) {
            return Ok(Err(Refused::Full));
        }
        let (keys, written) = match bucket.list(prefix, after).await {
            Ok(listed) => listed,
            Err(error) => return self.kv_refused(error).map(Err),
        };
        self.kv_tells_of(written);
        if !self.kv_may_move(keys.iter().map(Vec::len).sum()) {
            return Ok(Err(Refused::Full));
        }
        Ok(Ok(keys))
    }

    /// A call begins. What start-up wrote is left for its reply to wait for.
    pub(super) fn kv_begin(&mut self) {
        (self.kv.operations, self.kv.bytes) = (0, 0);
    }

    /// A call has ended: what it wrote or saw goes to the disk, whether anybody waits for it or not.
    pub(super) fn kv_end(&mut self) -> Committing {
        let written = self.kv.written.take()?;
        self.shared.grants.kv.as_ref().map(|bucket| bucket.commit(written))
    }

    fn kv_tells_of(&mut self, written: Option<Written>) {
        self.kv.written = Written::both(self.kv.written, written);
    }

    /// Counts an operation that brings so many bytes; whether this call may still do it.
    fn kv_may(&mut self, bytes: usize) -> bool {
        self.kv.operations = self.kv.operations.saturating_add(1);
        if self.kv.operations > self.shared.limits.kv_operations {
            self.shared.counters.kv_refused.fetch_add(1, Relaxed);
            return false;
        }
        self.kv_may_move(bytes)
    }

    fn kv_may_move(&mut self, bytes: usize) -> bool {
        self.kv.bytes = self.kv.bytes.saturating_add(bytes);
        let may = self.kv.bytes <= self.shared.limits.kv_traffic;
        if !may {
            self.shared.counters.kv_refused.fetch_add(1, Relaxed);
        }
        may
    }

    fn kv_refused(&self, error: Error) -> Result<Refused> {
        match error {
            Error::Invalid(_) => Ok(Refused::Invalid),
            Error::Full(_) => {
                self.shared.counters.kv_refused.fetch_add(1, Relaxed);
                Ok(Refused::Full)
            }
            error => Err(error.into()),
        }
    }
}

/// Waits until what a call wrote is durable. The instance that served it serves others meanwhile.
pub(super) async fn committed(committing: Committing, deadline: Option<Instant>) -> Result<(), Failure> {
    let Some(committing) = committing else { return Ok(()) };
    let outcome = match deadline {
        None => committing.await,
        Some(deadline) => timeout_at(deadline.into(), committing).await.map_err(|_| {
            Failure::new(FailureKind::Deadline, "the deadline passed while the call's changes were written")
        })?,
    };
    outcome.map_err(|error| Failure::new(FailureKind::Store, error.to_string()))
}
