//! Plugins that are components.

mod check;
pub(super) mod host;
pub(super) mod http;
pub(super) mod info;
pub(super) mod keyvalue;
mod kv;
mod shown;
mod typed;

use std::sync::Arc;

use pintle_core::RpcError;
use serde_json::value::RawValue;
use wasmtime::component::{ComponentExportIndex, Instance, InstancePre, TypedFunc};
use wasmtime::{Result, Store};

use super::abi::Answer;
use super::guest::Guest;
use super::{Failure, FailureKind, Invocation};

pub(super) use check::check;

/// A component that passed all checks, linked.
pub(super) struct Prepared {
    pub(super) pre: InstancePre<Guest>,
    pub(super) wasi: bool,
    pub(super) world: World,
}

/// How it takes calls.
pub(super) enum World {
    /// As JSON text, by one function.
    Bytes(ComponentExportIndex),
    /// By a function for each method.
    Typed(Arc<typed::World>),
}

/// `handle` of the bytes world.
type Handle = TypedFunc<(String, String), (Result<String, host::Error>,)>;

/// An instance of it.
pub(super) struct Running {
    entry: Entry,
    answer: Result<Answer<'static>, Failure>,
}

enum Entry {
    Bytes(Handle),
    Typed(Arc<typed::World>, Instance),
}

impl Prepared {
    /// Instantiates the component, which runs the start functions of its modules.
    pub(super) async fn start(&self, store: &mut Store<Guest>) -> Result<Running> {
        let instance = self.pre.instantiate_async(&mut *store).await?;
        let entry = match &self.world {
            World::Bytes(handle) => Entry::Bytes(instance.get_typed_func(&mut *store, handle)?),
            World::Typed(world) => Entry::Typed(world.clone(), instance),
        };
        Ok(Running { entry, answer: Err(Failure::new(FailureKind::Answer, "there was no call")) })
    }
}

impl Running {
    /// Runs one call up to the answer, which is then ours.
    pub(super) async fn call(&mut self, store: &mut Store<Guest>, invocation: &Invocation<'_>) -> Result<()> {
        let Invocation { method, params, .. } = *invocation;
        let limit = store.data().shared.limits.answer;
        self.answer = match &self.entry {
            Entry::Bytes(handle) => {
                let (answer,) = handle.call_async(store, (method.to_owned(), params.to_owned())).await?;
                match answer {
                    Ok(result) if result.len() > limit => Err(Failure::too_large(result.len(), limit)),
                    Ok(result) => Ok(Answer::Return(result)),
                    Err(error) => error.read(limit).map(Answer::Error),
                }
            }
            Entry::Typed(world, instance) => world.call(instance, store, invocation).await?,
        };
        Ok(())
    }

    /// The answer of the last call, once.
    pub(super) fn answer(&mut self) -> Result<Answer<'static>, Failure> {
        std::mem::replace(&mut self.answer, Err(Failure::new(FailureKind::Answer, "the answer is gone")))
    }
}

/// An error that a guest answered, of at most `limit` bytes, if its data is JSON.
fn error(code: i32, message: String, data: Option<String>, limit: usize) -> Result<RpcError, Failure> {
    let len = message.len().saturating_add(data.as_ref().map_or(0, String::len));
    if len > limit {
        return Err(Failure::too_large(len, limit));
    }
    if let Some(data) = &data {
        json(data, "the data of the error")?;
    }
    Ok(RpcError { code, message, data })
}

/// One JSON value, or it could be more than its place has.
fn json<'a>(text: &'a str, what: &str) -> Result<&'a str, Failure> {
    match serde_json::from_str::<&RawValue>(text) {
        Ok(value) => Ok(value.get()),
        Err(error) => Err(Failure::new(FailureKind::Answer, format!("{what} is not JSON: {error}"))),
    }
}
