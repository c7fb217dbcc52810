//! What is kept in the plugin's bucket, as JSON.

use pintle_guest::{kv, log};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::checkout::rpc::RpcError;

/// The value of a key, with what it was read from.
pub(crate) fn read<T: DeserializeOwned>(key: &str) -> Result<Option<(T, Vec<u8>)>, RpcError> {
    let Some(bytes) = kv::get(key)? else { return Ok(None) };
    match serde_json::from_slice(&bytes) {
        Ok(value) => Ok(Some((value, bytes))),
        Err(why) => {
            log::error(format_args!("{key} cannot be read: {why}"));
            Err(internal())
        }
    }
}

/// Writes a value.
pub(crate) fn write<T: Serialize>(key: &str, value: &T) -> Result<(), RpcError> {
    Ok(kv::set(key, json(value)?)?)
}

/// Writes a value in the place of the one that was read, `None` if there was none. False: another call was faster.
pub(crate) fn replace<T: Serialize>(key: &str, read: Option<&[u8]>, value: &T) -> Result<bool, RpcError> {
    Ok(kv::cas(key, read, json(value)?)?)
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, RpcError> {
    serde_json::to_vec(value).map_err(|why| {
        log::error(format_args!("a value cannot be written: {why}"));
        internal()
    })
}

fn internal() -> RpcError {
    RpcError::new(-32603, "Internal error")
}
