//! What a change makes of a value, and of the usage of its bucket: the same in every store.

use std::borrow::Cow;

use super::{Error, Quota};

/// One change of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The key has this value.
    Set(Vec<u8>),
    /// There is no such key.
    Delete,
    /// The number that the value is, in up to 20 characters, grows by this much. A key that does not exist counts as 0.
    Add(i64),
    /// The key has the value `new`, if its value is `old`; `None` is a key that does not exist.
    Swap {
        /// What the value must be.
        old: Option<Vec<u8>>,
        /// What it then becomes.
        new: Vec<u8>,
    },
}

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// The key is as it should be.
    Done,
    /// [`Change::Add`]: the new number.
    Sum(i64),
    /// [`Change::Swap`]: the value was another one, and is left alone.
    Lost,
}

/// A value as a change leaves it. `None`: as it was.
pub(super) type After = Option<Option<Vec<u8>>>;

impl Change {
    /// What becomes of a key that has a value of `before` bytes. The value itself is read only where it decides.
    pub(super) fn of<'a>(
        self,
        before: Option<usize>,
        read: impl FnOnce() -> Result<Cow<'a, [u8]>, Error>,
    ) -> Result<(Changed, After), Error> {
        match self {
            Change::Set(value) => Ok((Changed::Done, Some(Some(value)))),
            Change::Delete => Ok((Changed::Done, before.is_some().then_some(None))),
            Change::Add(delta) => {
                let number = match before {
                    None => Some(0),
                    Some(COUNTER..) => None,
                    Some(_) => std::str::from_utf8(&read()?).ok().and_then(|digits| digits.parse().ok()),
                };
                let sum = number.and_then(|number: i64| number.checked_add(delta));
                let sum = sum.ok_or(Error::Invalid("the value is no counter, or would be none"))?;
                Ok((Changed::Sum(sum), Some(Some(sum.to_string().into_bytes()))))
            }
            Change::Swap { old, new } => {
                let same = match old {
                    Some(old) => before == Some(old.len()) && *read()? == old,
                    None => before.is_none(),
                };
                Ok(if same { (Changed::Done, Some(Some(new))) } else { (Changed::Lost, None) })
            }
        }
    }
}

/// Bytes that are more than a counter has.
const COUNTER: usize = "-9223372036854775808".len() + 1;

/// What a bucket holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Its keys.
    pub keys: u64,
    /// Bytes of its keys and values.
    pub bytes: u64,
}

impl Usage {
    /// The usage after a key of `key` bytes went from a value of `before` bytes to one of `after`. Only what makes it
    /// grow can be refused: a bucket whose quota was lowered can still be emptied.
    pub(super) fn after(
        self,
        key: usize,
        before: Option<usize>,
        after: Option<usize>,
        quota: &Quota,
    ) -> Result<Usage, Error> {
        let size = |value: Option<usize>| value.map_or(0, |value| (key as u64).saturating_add(value as u64));
        let keys = self.keys.saturating_sub(before.is_some().into()).saturating_add(after.is_some().into());
        let bytes = self.bytes.saturating_sub(size(before)).saturating_add(size(after));
        if keys > self.keys && keys > quota.keys {
            return Err(Error::Full("the bucket has no room for another key"));
        }
        if bytes > self.bytes && bytes > quota.bytes {
            return Err(Error::Full("the bucket has no room for so many bytes"));
        }
        Ok(Usage { keys, bytes })
    }
}
