//! The functions `kv-*` of the interface `host`.

use wasmtime::component::LinkerInstance;
use wasmtime::{Result, StoreContextMut};

use super::host::Refused;
use crate::kv::{Change, Changed};
use crate::plugin::guest::Guest;

type Store<'a> = StoreContextMut<'a, Guest>;

/// Keys and values.
type Bytes = Vec<u8>;

/// What a function answers.
type Told<T> = (Result<T, Refused>,);

pub(super) fn define(host: &mut LinkerInstance<'_, Guest>) -> Result<()> {
    host.func_wrap_async("kv-get", |mut store: Store<'_>, (key,): (Bytes,)| {
        Box::new(async move {
            let value = store.data_mut().kv_get(&key).await?;
            Ok((value.map_err(Refused::from),))
        })
    })?;
    host.func_wrap_async("kv-set", |store: Store<'_>, (key, value): (Bytes, Bytes)| {
        Box::new(change(store, key, Change::Set(value), |_| ()))
    })?;
    host.func_wrap_async("kv-delete", |store: Store<'_>, (key,): (Bytes,)| {
        Box::new(change(store, key, Change::Delete, |_| ()))
    })?;
    host.func_wrap_async("kv-add", |store: Store<'_>, (key, delta): (Bytes, i64)| {
        Box::new(change(store, key, Change::Add(delta), sum))
    })?;
    host.func_wrap_async("kv-cas", |store: Store<'_>, (key, old, new): (Bytes, Option<Bytes>, Bytes)| {
        Box::new(change(store, key, Change::Swap { old, new }, |changed| changed != Changed::Lost))
    })?;
    host.func_wrap_async("kv-list", |mut store: Store<'_>, (prefix, after): (Bytes, Bytes)| {
        Box::new(async move {
            let keys = store.data_mut().kv_list(&prefix, &after).await?;
            Ok((keys.map_err(Refused::from),))
        })
    })
}

async fn change<T>(
    mut store: Store<'_>,
    key: Bytes,
    change: Change,
    told: impl FnOnce(Changed) -> T,
) -> Result<Told<T>> {
    let changed = store.data_mut().kv_change(&key, change).await?;
    Ok((changed.map(told).map_err(Refused::from),))
}

/// The new value of a counter: only [`Change::Add`] comes here, and it answers nothing else.
pub(super) fn sum(changed: Changed) -> i64 {
    match changed {
        Changed::Sum(sum) => sum,
        Changed::Done | Changed::Lost => 0,
    }
}
