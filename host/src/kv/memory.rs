//! A store that ends with the process.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::future::ready;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Answering, Change, Changed, Error, Quota, Store, Usage, Written, start, within};

/// Keeps values in memory: for tests, and for what may be forgotten. Nothing of it waits.
#[derive(Debug, Default)]
pub struct Memory {
    buckets: Mutex<HashMap<String, Held>>,
}

#[derive(Debug, Default)]
struct Held {
    values: BTreeMap<Vec<u8>, Vec<u8>>,
    usage: Usage,
}

impl Memory {
    fn buckets(&self) -> MutexGuard<'_, HashMap<String, Held>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn apply(&self, bucket: &str, key: &[u8], change: Change, quota: &Quota) -> Result<Changed, Error> {
        let mut buckets = self.buckets();
        let held = buckets.entry(bucket.to_owned()).or_default();
        let before = held.values.get(key);
        let (changed, after) =
            change.of(before.map(Vec::len), || Ok(Cow::from(before.map_or(&[][..], Vec::as_slice))))?;
        let Some(after) = after else { return Ok(changed) };
        held.usage =
            held.usage.after(key.len(), before.map(Vec::len), after.as_ref().map(Vec::len), quota)?;
        match after {
            Some(value) => held.values.insert(key.to_owned(), value),
            None => held.values.remove(key),
        };
        Ok(changed)
    }
}

impl Store for Memory {
    fn get<'a>(
        &'a self,
        bucket: &'a str,
        key: &'a [u8],
        most: usize,
    ) -> Answering<'a, (Option<Vec<u8>>, Option<Written>)> {
        let buckets = self.buckets();
        let value = buckets.get(bucket).and_then(|held| held.values.get(key));
        let within = within(most, value.map_or(0, Vec::len));
        Box::pin(ready(within.map(|()| (value.cloned(), None))))
    }

    fn change<'a>(
        &'a self,
        bucket: &'a str,
        key: &'a [u8],
        change: Change,
        quota: &'a Quota,
    ) -> Answering<'a, (Changed, Option<Written>)> {
        Box::pin(ready(self.apply(bucket, key, change, quota).map(|changed| (changed, None))))
    }

    fn list<'a>(
        &'a self,
        bucket: &'a str,
        prefix: &'a [u8],
        after: &'a [u8],
        most: usize,
    ) -> Answering<'a, (Vec<Vec<u8>>, Option<Written>)> {
        let buckets = self.buckets();
        let keys = buckets.get(bucket).into_iter().flat_map(|held| {
            let from = held.values.range::<[u8], _>((start(prefix, after), Bound::Unbounded));
            from.map(|(key, _)| key).take_while(|key| key.starts_with(prefix))
        });
        Box::pin(ready(Ok((keys.take(most).cloned().collect(), None))))
    }

    fn commit(&self, _: Written) -> Answering<'static, ()> {
        Box::pin(ready(Ok(())))
    }
}
