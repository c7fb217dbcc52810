//! The plugin's own bucket of keys and values, if the manifest names one.
//!
//! Keys and values are bytes. All instances of the plugin see a change at once; it is durable before the reply of the call
//! leaves. Several changes are not one: use [`cas`] or [`add`] where calls could race.
//!
//! Natively, where no host is, a bucket in memory stands in, one for each thread: so tests have one each.

#[cfg(not(target_family = "wasm"))]
use crate::bucket as host;
#[cfg(target_family = "wasm")]
use crate::host::kv as host;

use crate::Refused;

/// The value of a key, if there is one.
///
/// # Errors
///
/// Why the host did not: no bucket, a key over its limit, too much in one call.
pub fn get(key: impl AsRef<[u8]>) -> Result<Option<Vec<u8>>, Refused> {
    host::get(key.as_ref())
}

/// Writes a value.
///
/// # Errors
///
/// Why the host did not: no bucket, a key or value over its limit, a full bucket, too much in one call.
pub fn set(key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Result<(), Refused> {
    host::set(key.as_ref(), value.as_ref())
}

/// Removes a key, which need not exist.
///
/// # Errors
///
/// As for [`set`].
pub fn delete(key: impl AsRef<[u8]>) -> Result<(), Refused> {
    host::delete(key.as_ref())
}

/// Adds to a counter in one step and answers its new value. A key that does not exist counts as 0; a counter is a number in
/// decimal digits.
///
/// # Errors
///
/// As for [`set`]; `Invalid` if the value is no counter, or would leave the range of an i64.
pub fn add(key: impl AsRef<[u8]>, delta: i64) -> Result<i64, Refused> {
    host::add(key.as_ref(), delta)
}

/// Writes `new` in one step if the value is `old` (`None`: if there is none), and answers whether it did: if not, another call
/// was faster.
///
/// # Errors
///
/// As for [`set`].
pub fn cas(key: impl AsRef<[u8]>, old: Option<&[u8]>, new: impl AsRef<[u8]>) -> Result<bool, Refused> {
    host::cas(key.as_ref(), old, new.as_ref())
}

/// Up to 256 keys that start with `prefix`, in order, from the first one after `after`; give the last key of one list
/// as the `after` of the next.
///
/// # Errors
///
/// As for [`get`].
pub fn list(prefix: impl AsRef<[u8]>, after: impl AsRef<[u8]>) -> Result<Vec<Vec<u8>>, Refused> {
    host::list(prefix.as_ref(), after.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_stands_in_for_the_host() {
        assert_eq!(get("a"), Ok(None));
        assert_eq!(set("a", "b"), Ok(()));
        assert_eq!(get("a"), Ok(Some(b"b".to_vec())));
        assert_eq!(cas("a", None, "c"), Ok(false));
        assert_eq!(cas("a", Some(b"b"), "c"), Ok(true));
        assert_eq!(add("a", 1), Err(Refused::Invalid));
        assert_eq!((add("n", 2), add("n", -3)), (Ok(2), Ok(-1)));
        assert_eq!(set("", "x"), Err(Refused::Invalid));
        assert_eq!(list("", ""), Ok(vec![b"a".to_vec(), b"n".to_vec()]));
        assert_eq!(list("n", ""), Ok(vec![b"n".to_vec()]));
        assert_eq!(list("", "a"), Ok(vec![b"n".to_vec()]));
        assert_eq!(delete("a"), Ok(()));
        assert_eq!(get("a"), Ok(None));
    }
}
