//! The functions `kv_*` of the core-module ABI.

use wasmtime::{Caller, Linker, Result, bail};

use super::{hand_over, memory, range, range_mut};
use crate::kv::{Change, Changed, Quota};
use crate::plugin::guest::Guest;
use crate::plugin::{Refused, abi};

/// `kv_get`: there is no such key.
const NOTHING: i64 = -1;
/// `kv_cas`: the value was another one.
const LOST: i32 = 1;

pub(super) fn define(linker: &mut Linker<Guest>) -> Result<()> {
    linker.func_wrap_async(abi::HOST, "kv_get", |caller, (key, len)| Box::new(get(caller, (key, len))))?;
    linker.func_wrap_async(abi::HOST, "kv_set", |caller, (key, key_len, value, len)| {
        Box::new(set(caller, (key, key_len), (value, len)))
    })?;
    linker
        .func_wrap_async(abi::HOST, "kv_delete", |caller, (key, len)| Box::new(delete(caller, (key, len))))?;
    linker.func_wrap_async(abi::HOST, "kv_add", |caller, (key, len, delta, out)| {
        Box::new(add(caller, (key, len), delta, out))
    })?;
    linker.func_wrap_async(abi::HOST, "kv_cas", |caller, (key, key_len, old, old_len, new, new_len)| {
        Box::new(swap(caller, (key, key_len), (old, old_len), (new, new_len)))
    })?;
    linker.func_wrap_async(abi::HOST, "kv_list", |caller, (prefix, prefix_len, after, after_len)| {
        Box::new(list(caller, (prefix, prefix_len), (after, after_len)))
    })?;
    Ok(())
}

async fn get(mut caller: Caller<'_, Guest>, key: (u32, u32)) -> Result<i64> {
    let key = match copied(&mut caller, "kv_get", key, |quota| quota.key)? {
        Ok(key) => key,
        Err(refused) => return Ok(refused as i64),
    };
    match caller.data_mut().kv_get(&key).await? {
        Ok(Some(value)) => hand_over(&mut caller, &value).await,
        Ok(None) => Ok(NOTHING),
        Err(refused) => Ok(refused as i64),
    }
}

async fn set(mut caller: Caller<'_, Guest>, key: (u32, u32), value: (u32, u32)) -> Result<i32> {
    let key = copied(&mut caller, "kv_set", key, |quota| quota.key)?;
    let value = copied(&mut caller, "kv_set", value, |quota| quota.value)?;
    match (key, value) {
        (Ok(key), Ok(value)) => change(&mut caller, &key, Change::Set(value)).await,
        (Err(refused), _) | (_, Err(refused)) => Ok(refused as i32),
    }
}

async fn delete(mut caller: Caller<'_, Guest>, key: (u32, u32)) -> Result<i32> {
    match copied(&mut caller, "kv_delete", key, |quota| quota.key)? {
        Ok(key) => change(&mut caller, &key, Change::Delete).await,
        Err(refused) => Ok(refused as i32),
    }
}

async fn add(mut caller: Caller<'_, Guest>, key: (u32, u32), delta: i64, out: u32) -> Result<i32> {
    const SUM: u32 = size_of::<i64>() as u32;
    let memory = memory(&mut caller)?;
    // Before anything is changed.
    if range(memory.data(&caller), out, SUM).is_none() {
        bail!("kv_add: 8 bytes at {out} are outside of the memory");
    }
    let key = match copied(&mut caller, "kv_add", key, |quota| quota.key)? {
        Ok(key) => key,
        Err(refused) => return Ok(refused as i32),
    };
    match caller.data_mut().kv_change(&key, Change::Add(delta)).await? {
        Ok(Changed::Sum(sum)) => {
            if let Some(place) = range_mut(memory.data_mut(&mut caller), out, SUM) {
                place.copy_from_slice(&sum.to_le_bytes());
            }
            Ok(0)
        }
        Ok(_) => Ok(Refused::Invalid as i32),
        Err(refused) => Ok(refused as i32),
    }
}

async fn swap(
    mut caller: Caller<'_, Guest>,
    key: (u32, u32),
    old: (u32, u32),
    new: (u32, u32),
) -> Result<i32> {
    const ABSENT: u32 = u32::MAX;
    let key = copied(&mut caller, "kv_cas", key, |quota| quota.key)?;
    let old = match old.1 {
        ABSENT => Ok(None),
        _ => copied(&mut caller, "kv_cas", old, |quota| quota.value)?.map(Some),
    };
    let new = copied(&mut caller, "kv_cas", new, |quota| quota.value)?;
    match (key, old, new) {
        (Ok(key), Ok(old), Ok(new)) => change(&mut caller, &key, Change::Swap { old, new }).await,
        (Err(refused), ..) | (_, Err(refused), _) | (.., Err(refused)) => Ok(refused as i32),
    }
}

async fn list(mut caller: Caller<'_, Guest>, prefix: (u32, u32), after: (u32, u32)) -> Result<i64> {
    let prefix = copied(&mut caller, "kv_list", prefix, |quota| quota.key)?;
    let after = copied(&mut caller, "kv_list", after, |quota| quota.key)?;
    let keys = match (prefix, after) {
        (Ok(prefix), Ok(after)) => caller.data_mut().kv_list(&prefix, &after).await?,
        (Err(refused), _) | (_, Err(refused)) => Err(refused),
    };
    match keys {
        Ok(keys) => hand_over(&mut caller, abi::keys(&keys).as_bytes()).await,
        Err(refused) => Ok(refused as i64),
    }
}

async fn change(caller: &mut Caller<'_, Guest>, key: &[u8], change: Change) -> Result<i32> {
    Ok(match caller.data_mut().kv_change(key, change).await? {
        Ok(Changed::Lost) => LOST,
        Ok(Changed::Done | Changed::Sum(_)) => 0,
        Err(refused) => refused as i32,
    })
}

/// A copy of a guest's bytes, if it has a bucket and they are not longer than that takes.
fn copied(
    caller: &mut Caller<'_, Guest>,
    import: &str,
    (at, len): (u32, u32),
    most: impl Fn(&Quota) -> usize,
) -> Result<Result<Vec<u8>, Refused>> {
    let memory = memory(caller)?;
    let (bytes, guest) = memory.data_and_store_mut(caller);
    let Some(quota) = guest.kv_quota() else { return Ok(Err(Refused::NotGranted)) };
    let Some(bytes) = range(bytes, at, len) else {
        bail!("{import}: {len} bytes at {at} are outside of the memory");
    };
    Ok(if bytes.len() > most(quota) { Err(Refused::Invalid) } else { Ok(bytes.to_vec()) })
}
