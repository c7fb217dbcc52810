//! What was changed and is not in the file yet.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use super::Usage;

/// Values by bucket; `None` is a key that was removed.
pub(super) type Contents = HashMap<String, Part>;

/// What a layer has of one bucket.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub(super) values: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    /// Of the whole bucket, after these changes.
    pub(super) usage: Usage,
}

/// Changes that are committed together.
struct Layer {
    number: u64,
    contents: Arc<Contents>,
    /// Bytes that it holds, roughly.
    bytes: usize,
    state: Filling,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Filling {
    /// Nobody waits for it yet.
    Open,
    /// It is to be committed.
    Due,
    /// It is being committed, and changes no more.
    Leaving,
}

/// Layers over a file: the oldest leaves first, the newest takes the changes.
#[derive(Default)]
pub(super) struct Layers {
    layers: VecDeque<Layer>,
    /// The number of the newest layer that there ever was.
    last: u64,
    /// Bytes of all of them.
    pub(super) bytes: usize,
}

/// Bytes that an entry costs beside its key and its value, roughly.
const ENTRY: usize = 64;

impl Layers {
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// The value of a key, if it was changed, and the number of the layer that has it: what a layer says wins over what
    /// is below.
    pub(super) fn find(&self, bucket: &str, key: &[u8]) -> Option<(u64, Option<&Vec<u8>>)> {
        self.parts(bucket).find_map(|(number, part)| Some((number, part.values.get(key)?.as_ref())))
    }

    /// What a bucket holds, if it was changed.
    pub(super) fn usage(&self, bucket: &str) -> Option<Usage> {
        self.parts(bucket).next().map(|(_, part)| part.usage)
    }

    /// The first `most` keys with this prefix that were changed, and whether they have a value; and the number of the
    /// newest layer that has any of them.
    pub(super) fn keys(
        &self,
        bucket: &str,
        prefix: &[u8],
        from: Bound<&[u8]>,
        most: usize,
    ) -> (BTreeMap<Vec<u8>, bool>, Option<u64>) {
        let mut keys = BTreeMap::new();
        let mut newest = None;
        for (number, part) in self.parts(bucket) {
            let range = part.values.range::<[u8], _>((from, Bound::Unbounded));
            for (key, value) in range.take_while(|(key, _)| key.starts_with(prefix)).take(most) {
                keys.entry(key.clone()).or_insert(value.is_some());
                newest = newest.max(Some(number));
            }
        }
        while keys.len() > most {
            keys.pop_last();
        }
        (keys, newest)
    }

    /// Notes a change, in a layer of its own if the newest one is due and `alone`. Answers the layer's number.
    pub(super) fn put(
        &mut self,
        bucket: &str,
        key: &[u8],
        value: Option<Vec<u8>>,
        usage: Usage,
        alone: bool,
    ) -> u64 {
        let most = if alone { Filling::Open } else { Filling::Due };
        if self.layers.back().is_none_or(|layer| layer.state > most) {
            self.last += 1;
            let state = Filling::Open;
            self.layers.push_back(Layer { number: self.last, contents: Arc::default(), bytes: 0, state });
        }
        if let Some(layer) = self.layers.back_mut() {
            // Nobody else has a layer that is not leaving, so nothing is copied.
            let contents = Arc::make_mut(&mut layer.contents);
            let part = contents.entry(bucket.to_owned()).or_default();
            part.usage = usage;
            let size = |value: &Option<Vec<u8>>| ENTRY + key.len() + value.as_ref().map_or(0, Vec::len);
            let after = size(&value);
            let before = part.values.insert(key.to_owned(), value).map_or(0, |before| size(&before));
            for bytes in [&mut layer.bytes, &mut self.bytes] {
                *bytes = *bytes + after - before;
            }
        }
        self.last
    }

    /// Lets everything up to a layer be committed. Answers whether there is any.
    pub(super) fn due(&mut self, number: u64) -> bool {
        for layer in self.layers.iter_mut().take_while(|layer| layer.number <= number) {
            layer.state = layer.state.max(Filling::Due);
        }
        self.layers.front().is_some_and(|layer| layer.number <= number)
    }

    /// The layer to commit now, if one is due. It stays until it is [settled](Layers::settled).
    pub(super) fn leave(&mut self) -> Option<(u64, Arc<Contents>)> {
        let layer = self.layers.front_mut().filter(|layer| layer.state == Filling::Due)?;
        layer.state = Filling::Leaving;
        Some((layer.number, layer.contents.clone()))
    }

    /// The layer that left is in the file.
    pub(super) fn settled(&mut self) {
        if let Some(layer) = self.layers.pop_front_if(|layer| layer.state == Filling::Leaving) {
            self.bytes -= layer.bytes;
        }
    }

    /// Nothing of it will ever be in the file.
    pub(super) fn lost(&mut self) {
        self.layers.clear();
        self.bytes = 0;
    }

    /// What the layers have of a bucket, with their numbers, the newest first.
    fn parts(&self, bucket: &str) -> impl Iterator<Item = (u64, &Part)> {
        self.layers.iter().rev().filter_map(move |layer| Some((layer.number, layer.contents.get(bucket)?)))
    }
}
