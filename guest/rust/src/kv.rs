//! The plugin's own bucket of keys and values, if the manifest names one.
//!
//! Keys and values are bytes. What a call wrote is durable before its reply leaves.

use base64ct::{Base64, Encoding};

use crate::{Refused, host, log};

/// The value of a key; none if there is no such key, or no bucket.
pub fn get(key: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    host::kv_get(key.as_ref())
}

/// Writes a value.
///
/// # Errors
///
/// Why the host did not: no bucket, a key or value over its limit, a full bucket.
pub fn set(key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Result<(), Refused> {
    host::kv_set(key.as_ref(), value.as_ref())
}

/// Removes a key, which need not exist.
///
/// # Errors
///
/// As for [`set`].
pub fn delete(key: impl AsRef<[u8]>) -> Result<(), Refused> {
    host::kv_delete(key.as_ref())
}

/// Adds to a counter in one step and answers its new value. A key that does not exist counts as 0.
///
/// # Errors
///
/// As for [`set`]; `Invalid` if the value is no counter.
pub fn add(key: impl AsRef<[u8]>, delta: i64) -> Result<i64, Refused> {
    host::kv_add(key.as_ref(), delta)
}

/// Writes `new` in one step if the value is `old` (`None`: if there is none), and answers whether it did.
///
/// # Errors
///
/// As for [`set`].
pub fn swap(key: impl AsRef<[u8]>, old: Option<&[u8]>, new: impl AsRef<[u8]>) -> Result<bool, Refused> {
    host::kv_cas(key.as_ref(), old, new.as_ref())
}

/// Up to 256 keys that start with `prefix`, in order, from the first one after `after`; give the last key of one list
/// as the `after` of the next.
pub fn list(prefix: impl AsRef<[u8]>, after: impl AsRef<[u8]>) -> Vec<Vec<u8>> {
    host::kv_list(prefix.as_ref(), after.as_ref()).map(|json| keys(&json)).unwrap_or_default()
}

fn keys(json: &[u8]) -> Vec<Vec<u8>> {
    let keys: Vec<String> = serde_json::from_slice(json).unwrap_or_else(|why| {
        log::error(format_args!("the list of keys cannot be read: {why}"));
        Vec::new()
    });
    keys.iter().filter_map(|key| Base64::decode_vec(key).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_as_base64() {
        assert_eq!(keys(br#"["YQ==","/+8="]"#), [b"a".to_vec(), vec![0xff, 0xef]]);
        assert_eq!(keys(b"nonsense"), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn without_a_host_there_is_no_bucket() {
        assert_eq!(get("a"), None);
        assert_eq!(set("a", "b"), Err(Refused::NotGranted));
        assert_eq!(add("a", 1), Err(Refused::NotGranted));
        assert_eq!(swap("a", None, "b"), Err(Refused::NotGranted));
        assert!(list("", "").is_empty());
    }
}
