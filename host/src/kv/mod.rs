//! Keys and values that plugins keep beyond a call.
//!
//! ```text
//! guest ─ kv_* ─▶ Bucket (one name, one quota) ─▶ Store ─▶ Memory | Embedded
//! ```
//!
//! A [`Store`] holds buckets; a [`Bucket`] is the part of it that a plugin was granted, and it can reach no other. What a
//! call changed is seen by everybody at once. Its reply leaves when [`Bucket::commit`] has answered, and so does that of
//! every call that saw it: no reply tells what a loss of power makes untrue.

mod change;
mod embedded;
mod file;
mod layers;
mod memory;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use change::{Change, Changed, Usage};
pub use embedded::{Durability, Embedded};
pub use memory::Memory;

/// What a store answers: ready at once where the store is in this process.
pub type Answering<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Where values are kept. Buckets come into being with their first key and do not see each other.
///
/// A [`Bucket`] stands before it and has checked every key and value against its [`Quota`].
///
/// With each answer comes what it tells of that is not committed yet: `None` if all of it is.
pub trait Store: Send + Sync {
    /// The value of a key. It may be one that is not committed yet. Refuses with [`Error::Full`] one of more than `most`
    /// bytes, and does not read it.
    fn get<'a>(
        &'a self,
        bucket: &'a str,
        key: &'a [u8],
        most: usize,
    ) -> Answering<'a, (Option<Vec<u8>>, Option<Written>)>;

    /// Makes one change in one step: no other change of the bucket comes between its reading and its writing. Refuses
    /// with [`Error::Full`] what would take the bucket over `quota`.
    fn change<'a>(
        &'a self,
        bucket: &'a str,
        key: &'a [u8],
        change: Change,
        quota: &'a Quota,
    ) -> Answering<'a, (Changed, Option<Written>)>;

    /// Up to `most` keys that begin with `prefix`, in the order of their bytes, from the first one after `after`.
    fn list<'a>(
        &'a self,
        bucket: &'a str,
        prefix: &'a [u8],
        after: &'a [u8],
        most: usize,
    ) -> Answering<'a, (Vec<Vec<u8>>, Option<Written>)>;

    /// Answers when what was `written` survives the end of the process. It begins when it is called: a future that is
    /// dropped only does not wait.
    fn commit(&self, written: Written) -> Answering<'static, ()>;
}

/// What was written and is not known to be durable, by whomever: a range of positions in the order of a store's writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The position of the first write.
    pub first: u64,
    /// The position of the last one; at least `first`.
    pub last: u64,
}

impl Written {
    /// One position.
    #[must_use]
    pub fn at(position: u64) -> Written {
        Written { first: position, last: position }
    }

    /// What was written in either.
    #[must_use]
    pub fn both(one: Option<Written>, other: Option<Written>) -> Option<Written> {
        match (one, other) {
            (Some(one), Some(other)) => {
                Some(Written { first: one.first.min(other.first), last: one.last.max(other.last) })
            }
            (one, other) => one.or(other),
        }
    }
}

/// Bounds on one bucket, against plugins that fill the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// Bytes of one key, which are at least 1. Default 1 KiB.
    pub key: usize,
    /// Bytes of one value. Default 1 MiB.
    pub value: usize,
    /// Keys in the bucket. Default 100,000.
    pub keys: u64,
    /// Bytes of all its keys and values. Default 256 MiB.
    pub bytes: u64,
}

impl Default for Quota {
    fn default() -> Self {
        Quota { key: 1 << 10, value: 1 << 20, keys: 100_000, bytes: 256 << 20 }
    }
}

/// Why a store did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A key or value of a wrong size, or a value that is no counter.
    Invalid(&'static str),
    /// The quota of the bucket is reached, or the value is longer than may be read.
    Full(&'static str),
    /// The store itself failed. For the log: callers learn no more than that.
    Failed(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Invalid(reason) | Error::Full(reason) => f.write_str(reason),
            Error::Failed(reason) => write!(f, "the store failed: {reason}"),
        }
    }
}

impl std::error::Error for Error {}

/// What a plugin reaches of a store: one bucket, within a quota. Clones share it, and so do all buckets of one store
/// with the same name.
#[derive(Clone)]
pub struct Bucket {
    store: Arc<dyn Store>,
    name: Arc<str>,
    quota: Quota,
}

impl Bucket {
    /// Keys that [`Bucket::list`] answers at most.
    pub const LIST: usize = 256;

    /// The bucket `name` of a store.
    pub fn new(store: Arc<dyn Store>, name: &str, quota: Quota) -> Bucket {
        Bucket { store, name: name.into(), quota }
    }

    /// Its name in the store.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its bounds.
    pub fn quota(&self) -> &Quota {
        &self.quota
    }

    /// The value of a key, if there is one. It may be told when what was written is committed ([`Bucket::commit`]).
    ///
    /// # Errors
    ///
    /// The key is empty or too long, the value has more than `most` bytes (and was not read), or the store failed.
    pub async fn get(&self, key: &[u8], most: usize) -> Result<(Option<Vec<u8>>, Option<Written>), Error> {
        self.check_key(key)?;
        self.store.get(&self.name, key, most).await
    }

    /// Makes one change in one step. Its answer may be told when what was written is committed ([`Bucket::commit`]);
    /// `None` needs no commit.
    ///
    /// # Errors
    ///
    /// The key or the value is of a wrong size or no counter, the quota is reached, or the store failed. Nothing was
    /// changed.
    ///
    /// A value in the store is read only where it is compared with one of the same length, or may be a counter.
    pub async fn change(&self, key: &[u8], change: Change) -> Result<(Changed, Option<Written>), Error> {
        self.check_key(key)?;
        let value = match &change {
            Change::Set(value) | Change::Swap { new: value, .. } => value.len(),
            Change::Delete | Change::Add(_) => 0,
        };
        if value > self.quota.value {
            return Err(Error::Invalid("the value is too long"));
        }
        self.store.change(&self.name, key, change, &self.quota).await
    }

    /// Up to [`Bucket::LIST`] keys that begin with `prefix`, in the order of their bytes, from the first one after
    /// `after`. The last key of one list is the `after` of the next. They may be told when what was written is committed
    /// ([`Bucket::commit`]).
    ///
    /// # Errors
    ///
    /// `prefix` or `after` is longer than a key, or the store failed.
    pub async fn list(&self, prefix: &[u8], after: &[u8]) -> Result<(Vec<Vec<u8>>, Option<Written>), Error> {
        if prefix.len().max(after.len()) > self.quota.key {
            return Err(Error::Invalid("longer than a key"));
        }
        self.store.list(&self.name, prefix, after, Self::LIST).await
    }

    /// Answers when what was `written` survives the end of the process. It begins when it is called: a future that is
    /// dropped only does not wait.
    pub fn commit(&self, written: Written) -> Answering<'static, ()> {
        self.store.commit(written)
    }

    fn check_key(&self, key: &[u8]) -> Result<(), Error> {
        match key.len() {
            0 => Err(Error::Invalid("the key is empty")),
            len if len > self.quota.key => Err(Error::Invalid("the key is too long")),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket").field("name", &self.name).field("quota", &self.quota).finish_non_exhaustive()
    }
}

/// The value may be no longer than `most`.
fn within(most: usize, len: usize) -> Result<(), Error> {
    if len > most { Err(Error::Full("the value is longer than may be read")) } else { Ok(()) }
}

/// The keys of a list begin after this one.
fn start<'a>(prefix: &'a [u8], after: &'a [u8]) -> std::ops::Bound<&'a [u8]> {
    match after < prefix {
        true => std::ops::Bound::Included(prefix),
        false => std::ops::Bound::Excluded(after),
    }
}
