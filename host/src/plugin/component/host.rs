//! The interface `host` of `guest/wit/plugin.wit`: what a component can ask of its host.
//!
//! Logging and the context work for everybody. The others need a grant; without one they answer so.

use pintle_core::{Code, RpcError};
use wasmtime::component::{ComponentType, Lift, Linker, Lower, WasmStr};
use wasmtime::{Result, StoreContextMut};

use super::kv;
use crate::plugin::guest::Guest;
use crate::plugin::{self, Failure, PeerCall, Reached, log};

/// Its name, as components import it.
pub(crate) const HOST: &str = "pintle:plugin/host@1.0.0";

/// `rpc-error`
#[derive(ComponentType, Lift, Lower)]
#[component(record)]
pub(crate) struct Error {
    code: i32,
    message: String,
    data: Option<String>,
}

/// `level`
#[derive(Clone, Copy, ComponentType, Lift)]
#[component(enum)]
#[repr(u8)]
#[expect(dead_code, reason = "made by lifting")]
enum Level {
    #[component(name = "error")]
    Error,
    #[component(name = "warn")]
    Warn,
    #[component(name = "info")]
    Info,
    #[component(name = "debug")]
    Debug,
    #[component(name = "trace")]
    Trace,
}

/// `refused`
#[derive(Clone, Copy, ComponentType, Lower)]
#[component(enum)]
#[repr(u8)]
pub(super) enum Refused {
    #[component(name = "no-connection")]
    NoConnection,
    #[component(name = "not-granted")]
    NotGranted,
    #[component(name = "invalid")]
    Invalid,
    #[component(name = "full")]
    Full,
}

type Store<'a> = StoreContextMut<'a, Guest>;

pub(crate) fn define(linker: &mut Linker<Guest>) -> Result<()> {
    let mut host = linker.instance(HOST)?;
    host.func_wrap("log", |store: Store<'_>, (level, line): (Level, WasmStr)| {
        let line = line.to_str(&store)?;
        store.data().log(level.into(), line.as_bytes());
        Ok(())
    })?;
    host.func_wrap("context", |mut store: Store<'_>, (): ()| {
        Ok((store.data_mut().context_json().to_owned(),))
    })?;
    host.func_wrap_async("call", |store: Store<'_>, (method, params): (WasmStr, WasmStr)| {
        Box::new(async move {
            let answer = match (text(&store, &method)?, text(&store, &params)?) {
                (Some(method), Some(params)) => store.data().call(method, params).await,
                _ => Err(Code::TooLarge.into()),
            };
            Ok((told(answer),))
        })
    })?;
    host.func_wrap("send", |mut store: Store<'_>, (to, method, params): (WasmStr, WasmStr, WasmStr)| {
        let len = params.to_str(&store)?.len();
        if !store.data_mut().may_send(len) {
            return Ok((Err(Refused::Full),));
        }
        let sent = match (text(&store, &to)?, text(&store, &method)?, text(&store, &params)?) {
            (Some(to), Some(method), Some(params)) => store.data().send(&to, &method, &params),
            _ => Err(plugin::Refused::Invalid),
        };
        Ok((sent.map_err(Refused::from),))
    })?;
    host.func_wrap_async(
        "request",
        |mut store: Store<'_>, (to, method, params): (WasmStr, WasmStr, WasmStr)| {
            Box::new(async move {
                let len = params.to_str(&store)?.len();
                if !store.data_mut().may_send(len) {
                    return Ok((told(Err(Code::Overloaded.into())),));
                }
                let answer = match (text(&store, &to)?, text(&store, &method)?, text(&store, &params)?) {
                    (Some(to), Some(method), Some(params)) => {
                        store.data().request(PeerCall { to, method, params }).await
                    }
                    _ => Err(Code::TooLarge.into()),
                };
                Ok((told(answer),))
            })
        },
    )?;
    kv::define(&mut host)
}

/// A copy of a guest's text; `None` if it is longer than an answer may be.
fn text(store: &Store<'_>, text: &WasmStr) -> Result<Option<String>> {
    let text = text.to_str(store)?;
    Ok((text.len() <= store.data().shared.limits.answer).then(|| text.into_owned()))
}

fn told(answer: Reached) -> Result<String, Error> {
    answer.map_err(|RpcError { code, message, data }| Error { code, message, data })
}

impl Error {
    /// The error that a handler answered, of at most `limit` bytes.
    pub(super) fn read(self, limit: usize) -> Result<RpcError, Failure> {
        let Error { code, message, data } = self;
        super::error(code, message, data, limit)
    }
}

impl From<Level> for log::Level {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => log::Level::Error,
            Level::Warn => log::Level::Warn,
            Level::Info => log::Level::Info,
            Level::Debug => log::Level::Debug,
            Level::Trace => log::Level::Trace,
        }
    }
}

impl From<plugin::Refused> for Refused {
    fn from(refused: plugin::Refused) -> Self {
        match refused {
            plugin::Refused::NoConnection => Refused::NoConnection,
            plugin::Refused::NotGranted => Refused::NotGranted,
            plugin::Refused::Invalid => Refused::Invalid,
            plugin::Refused::Full => Refused::Full,
        }
    }
}
