//! The keys of a bucket, from the file and from the layers over it.

use std::ops::Bound;

use super::Shared;
use crate::kv::{Error, Written};

/// A list that is being made.
pub(super) struct Listing<'a> {
    pub(super) bucket: &'a str,
    pub(super) prefix: &'a [u8],
    /// Keys that it is to have.
    pub(super) most: usize,
    /// What is looked at next.
    pub(super) from: Bound<Vec<u8>>,
    /// What it has, in order.
    pub(super) keys: Vec<Vec<u8>>,
    /// What of it may not be committed.
    pub(super) seen: Option<Written>,
}

impl Listing<'_> {
    /// Takes some more keys. Answers whether there may be others that it is to have.
    pub(super) fn goes_on(&mut self, shared: &Shared) -> Result<bool, Error> {
        let from = self.from.as_ref().map(Vec::as_slice);
        // The file is read when others can go on. What left the layers meanwhile is in it.
        let (file, (mut found, newest)) = {
            let state = shared.state();
            (state.file()?, state.layers.keys(self.bucket, self.prefix, from, self.most))
        };
        self.seen = Written::both(self.seen, newest.map(Written::at));
        // Of what comes after the last of so many the layers may know more.
        let last = found.last_key_value().filter(|_| found.len() == self.most).map(|(key, _)| key.clone());
        // Those that the layers removed are passed over.
        let enough = self.most.saturating_add(found.len());
        for key in file.reading()?.keys(self.bucket, from)?.take(enough) {
            let key = key?;
            if !key.starts_with(self.prefix) || last.as_ref().is_some_and(|last| key > *last) {
                break;
            }
            found.entry(key).or_insert(true);
        }
        let there = found.into_iter().filter_map(|(key, there)| there.then_some(key));
        self.keys.extend(there.take(self.most - self.keys.len()));
        match last {
            Some(last) if self.keys.len() < self.most => {
                self.from = Bound::Excluded(last);
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}
