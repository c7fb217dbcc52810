//! `wasi:keyvalue@0.2.0-draft`, the interfaces `store` and `atomics`, over the plugin's own bucket.
//!
//! Its keys are text: those in other bytes are not listed. A bucket opens by its name, by `default` or by nothing.

use wasmtime::component::{ComponentType, Linker, Lower, Resource, ResourceTable, ResourceType};
use wasmtime::{Result, StoreContextMut};

use super::kv::sum;
use crate::kv::{Bucket, Change, Changed};
use crate::plugin::guest::Guest;
use crate::plugin::{Refused, wasi};

type Store<'a> = StoreContextMut<'a, Guest>;
type Told<T> = (Result<T, Error>,);

/// `error`
#[derive(ComponentType, Lower)]
#[component(variant)]
enum Error {
    #[component(name = "no-such-store")]
    NoSuchStore,
    #[component(name = "access-denied")]
    AccessDenied,
    #[component(name = "other")]
    Other(String),
}

/// `key-response`
#[derive(ComponentType, Lower)]
#[component(record)]
struct KeyResponse {
    keys: Vec<String>,
    cursor: Option<u64>,
}

/// `bucket`: an open one, and where each page of its keys ended when they were listed last. A cursor is a place in there.
#[derive(Default)]
struct Opened {
    pages: Vec<Vec<u8>>,
}

pub(in crate::plugin) fn define(linker: &mut Linker<Guest>) -> Result<()> {
    let mut store = linker.instance("wasi:keyvalue/store@0.2.0-draft")?;
    store.resource("bucket", ResourceType::host::<Opened>(), |mut store, rep| {
        table(&mut store).delete(Resource::<Opened>::new_own(rep))?;
        Ok(())
    })?;
    store.func_wrap("open", |mut store: Store<'_>, (name,): (String,)| {
        let opened = match &store.data().shared.grants.kv {
            None => Err(Error::AccessDenied),
            Some(bucket) if ["", "default", bucket.name()].contains(&name.as_str()) => Ok(()),
            Some(_) => Err(Error::NoSuchStore),
        };
        Ok((match opened {
            Ok(()) => Ok(table(&mut store).push(Opened::default())?),
            Err(error) => Err(error),
        },))
    })?;
    type Of = Resource<Opened>;
    store.func_wrap_async("[method]bucket.get", |store: Store<'_>, (of, key): (Of, String)| {
        Box::new(get(store, of, key))
    })?;
    store.func_wrap_async("[method]bucket.exists", |store: Store<'_>, (of, key): (Of, String)| {
        Box::new(async move {
            let (value,) = get(store, of, key).await?;
            Ok((value.map(|value| value.is_some()),))
        })
    })?;
    store.func_wrap_async(
        "[method]bucket.set",
        |store: Store<'_>, (of, key, value): (Of, String, Vec<u8>)| {
            Box::new(change(store, of, key, Change::Set(value), |_| Ok(())))
        },
    )?;
    store.func_wrap_async("[method]bucket.delete", |store: Store<'_>, (of, key): (Of, String)| {
        Box::new(change(store, of, key, Change::Delete, |_| Ok(())))
    })?;
    store.func_wrap_async(
        "[method]bucket.list-keys",
        |store: Store<'_>, (of, cursor): (Of, Option<u64>)| Box::new(list(store, of, cursor)),
    )?;
    let mut atomics = linker.instance("wasi:keyvalue/atomics@0.2.0-draft")?;
    atomics.func_wrap_async("increment", |store: Store<'_>, (of, key, delta): (Of, String, u64)| {
        Box::new(async move {
            let Ok(delta) = i64::try_from(delta) else { return Ok((Err(Error::other("too large a step")),)) };
            let below = |_| Error::other("the counter is below 0");
            change(store, of, key, Change::Add(delta), |changed| u64::try_from(sum(changed)).map_err(below))
                .await
        })
    })
}

async fn get(mut store: Store<'_>, of: Resource<Opened>, key: String) -> Result<Told<Option<Vec<u8>>>> {
    table(&mut store).get(&of)?;
    let value = store.data_mut().kv_get(key.as_bytes()).await?;
    Ok((value.map_err(Error::from),))
}

async fn change<T>(
    mut store: Store<'_>,
    of: Resource<Opened>,
    key: String,
    change: Change,
    told: impl FnOnce(Changed) -> Result<T, Error>,
) -> Result<Told<T>> {
    table(&mut store).get(&of)?;
    let changed = store.data_mut().kv_change(key.as_bytes(), change).await?;
    Ok((changed.map_err(Error::from).and_then(told),))
}

async fn list(mut store: Store<'_>, of: Resource<Opened>, cursor: Option<u64>) -> Result<Told<KeyResponse>> {
    let pages = &mut table(&mut store).get_mut(&of)?.pages;
    let after = match cursor {
        None => {
            pages.clear();
            Vec::new()
        }
        Some(cursor) => {
            match usize::try_from(cursor).ok().and_then(|at| Some((at, pages.get(at)?.clone()))) {
                Some((at, after)) => {
                    pages.truncate(at.saturating_add(1));
                    after
                }
                None => return Ok((Err(Error::other("there is no such cursor")),)),
            }
        }
    };
    let keys = match store.data_mut().kv_list(b"", &after).await? {
        Ok(keys) => keys,
        Err(refused) => return Ok((Err(refused.into()),)),
    };
    let pages = &mut table(&mut store).get_mut(&of)?.pages;
    let cursor = match keys.last() {
        Some(last) if keys.len() == Bucket::LIST => {
            pages.push(last.clone());
            Some(pages.len() as u64 - 1)
        }
        _ => None,
    };
    let keys = keys.into_iter().filter_map(|key| String::from_utf8(key).ok()).collect();
    Ok((Ok(KeyResponse { keys, cursor }),))
}

fn table<'a>(store: &'a mut Store<'_>) -> &'a mut ResourceTable {
    wasi::table(&mut store.data_mut().wasi)
}

impl Error {
    fn other(reason: &str) -> Error {
        Error::Other(reason.to_owned())
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotGranted => Error::AccessDenied,
            Refused::Full => Error::other("a limit is reached"),
            Refused::Invalid | Refused::NoConnection => Error::other("the key or the value is not taken"),
        }
    }
}
