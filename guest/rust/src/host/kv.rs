//! The functions `kv_*`. Why the unsafe calls are sound is said in `host.rs`.

use base64ct::{Base64, Encoding};

use super::done;
use crate::abi::answered;
use crate::{Refused, log};

mod import {
    #[link(wasm_import_module = "pintle")]
    unsafe extern "C" {
        pub(super) fn kv_get(key: *const u8, key_len: usize) -> i64;
        pub(super) fn kv_set(key: *const u8, key_len: usize, value: *const u8, value_len: usize) -> i32;
        pub(super) fn kv_delete(key: *const u8, key_len: usize) -> i32;
        pub(super) fn kv_add(key: *const u8, key_len: usize, delta: i64, out: *mut i64) -> i32;
        pub(super) fn kv_cas(
            key: *const u8,
            key_len: usize,
            old: *const u8,
            old_len: i32,
            new: *const u8,
            new_len: usize,
        ) -> i32;
        pub(super) fn kv_list(
            prefix: *const u8,
            prefix_len: usize,
            after: *const u8,
            after_len: usize,
        ) -> i64;
    }
}

pub(crate) fn get(key: &[u8]) -> Result<Option<Vec<u8>>, Refused> {
    match unsafe { import::kv_get(key.as_ptr(), key.len()) } {
        -1 => Ok(None),
        pair => buffer(pair).map(Some),
    }
}

pub(crate) fn set(key: &[u8], value: &[u8]) -> Result<(), Refused> {
    done(unsafe { import::kv_set(key.as_ptr(), key.len(), value.as_ptr(), value.len()) })
}

pub(crate) fn delete(key: &[u8]) -> Result<(), Refused> {
    done(unsafe { import::kv_delete(key.as_ptr(), key.len()) })
}

pub(crate) fn add(key: &[u8], delta: i64) -> Result<i64, Refused> {
    let mut sum = 0;
    done(unsafe { import::kv_add(key.as_ptr(), key.len(), delta, &mut sum) })?;
    Ok(sum)
}

pub(crate) fn cas(key: &[u8], old: Option<&[u8]>, new: &[u8]) -> Result<bool, Refused> {
    let (old, old_len) = match old {
        Some(old) => (old.as_ptr(), i32::try_from(old.len()).map_err(|_| Refused::Invalid)?),
        None => (std::ptr::null(), -1),
    };
    match unsafe { import::kv_cas(key.as_ptr(), key.len(), old, old_len, new.as_ptr(), new.len()) } {
        1 => Ok(false),
        status => done(status).map(|()| true),
    }
}

pub(crate) fn list(prefix: &[u8], after: &[u8]) -> Result<Vec<Vec<u8>>, Refused> {
    let pair = unsafe { import::kv_list(prefix.as_ptr(), prefix.len(), after.as_ptr(), after.len()) };
    let keys: Vec<String> = serde_json::from_slice(&buffer(pair)?).map_err(|why| {
        log::error(format_args!("the list of keys cannot be read: {why}"));
        Refused::Invalid
    })?;
    Ok(keys.iter().filter_map(|key| Base64::decode_vec(key).ok()).collect())
}

/// What the host handed over, or the status that it answered instead: no buffer has the address of one.
fn buffer(pair: i64) -> Result<Vec<u8>, Refused> {
    if let -4..=-2 = pair {
        done(pair as i32)?;
    }
    answered(pair).ok_or(Refused::Invalid)
}
