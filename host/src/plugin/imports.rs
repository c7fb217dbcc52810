//! The functions that a guest can import from the module `pintle`.
//!
//! `log` and `context` work for everybody. The others need a grant; without one they answer so.

mod kv;

use pintle_core::Code;
use wasmtime::{Caller, Extern, Linker, Memory, Result, bail, format_err};

use super::abi;
use super::guest::Guest;
use super::log::Level;
use super::{PeerCall, Refused};

/// Name and type of every import, as messages show them.
pub(super) const IMPORTS: &[(&str, &str)] = &[
    ("log", "(i32, i32, i32) -> ()"),
    ("context", "(i32, i32) -> i32"),
    ("call", "(i32, i32, i32, i32) -> i64"),
    ("send", "(i32, i32, i32, i32, i32, i32) -> i32"),
    ("request", "(i32, i32, i32, i32, i32, i32) -> i64"),
    ("kv_get", "(i32, i32) -> i64"),
    ("kv_set", "(i32, i32, i32, i32) -> i32"),
    ("kv_delete", "(i32, i32) -> i32"),
    ("kv_add", "(i32, i32, i64, i32) -> i32"),
    ("kv_cas", "(i32, i32, i32, i32, i32, i32) -> i32"),
    ("kv_list", "(i32, i32, i32, i32) -> i64"),
];

pub(super) fn define(linker: &mut Linker<Guest>) -> Result<()> {
    linker.func_wrap(abi::HOST, "log", log)?;
    linker.func_wrap(abi::HOST, "context", context)?;
    linker.func_wrap_async(abi::HOST, "call", |caller, (method, method_len, params, params_len)| {
        Box::new(call(caller, (method, method_len), (params, params_len)))
    })?;
    linker.func_wrap_async(
        abi::HOST,
        "request",
        |caller, (to, to_len, method, method_len, params, params_len)| {
            Box::new(request(caller, (to, to_len), (method, method_len), (params, params_len)))
        },
    )?;
    linker.func_wrap(abi::HOST, "send", send)?;
    kv::define(linker)
}

fn log(mut caller: Caller<'_, Guest>, level: u32, at: u32, len: u32) -> Result<()> {
    let memory = memory(&mut caller)?;
    let (bytes, guest) = memory.data_and_store_mut(&mut caller);
    let Some(line) = range(bytes, at, len) else {
        bail!("log: {len} bytes at {at} are outside of the memory");
    };
    guest.log(Level::of(level), line);
    Ok(())
}

fn context(mut caller: Caller<'_, Guest>, at: u32, capacity: u32) -> Result<u32> {
    let memory = memory(&mut caller)?;
    let (bytes, guest) = memory.data_and_store_mut(&mut caller);
    let json = guest.context_json().as_bytes();
    let len = u32::try_from(json.len())?;
    if len <= capacity {
        let Some(buffer) = range_mut(bytes, at, len) else {
            bail!("context: {len} bytes at {at} are outside of the memory");
        };
        buffer.copy_from_slice(json);
    }
    Ok(len)
}

async fn call(mut caller: Caller<'_, Guest>, method: (u32, u32), params: (u32, u32)) -> Result<i64> {
    let method = text(&mut caller, "call", method)?;
    let params = text(&mut caller, "call", params)?;
    let answer = match (method, params) {
        (Some(method), Some(params)) => caller.data().call(method, params).await,
        _ => Err(Code::TooLarge.into()),
    };
    hand_over(&mut caller, &abi::object(answer)).await
}

/// The status of a message that goes to connections.
fn send(
    mut caller: Caller<'_, Guest>,
    to: u32,
    to_len: u32,
    method: u32,
    method_len: u32,
    params: u32,
    params_len: u32,
) -> Result<i32> {
    if !caller.data_mut().may_send(params_len as usize) {
        return Ok(Refused::Full as i32);
    }
    let to = text(&mut caller, "send", (to, to_len))?;
    let method = text(&mut caller, "send", (method, method_len))?;
    let params = text(&mut caller, "send", (params, params_len))?;
    let (Some(to), Some(method), Some(params)) = (to, method, params) else {
        return Ok(Refused::Invalid as i32);
    };
    Ok(caller.data().send(&to, &method, &params).map_or_else(|refused| refused as i32, |()| 0))
}

async fn request(
    mut caller: Caller<'_, Guest>,
    to: (u32, u32),
    method: (u32, u32),
    params: (u32, u32),
) -> Result<i64> {
    if !caller.data_mut().may_send(params.1 as usize) {
        return hand_over(&mut caller, &abi::object(Err(Code::Overloaded.into()))).await;
    }
    let to = text(&mut caller, "request", to)?;
    let method = text(&mut caller, "request", method)?;
    let params = text(&mut caller, "request", params)?;
    let answer = match (to, method, params) {
        (Some(to), Some(method), Some(params)) => {
            caller.data().request(PeerCall { to, method, params }).await
        }
        _ => Err(Code::TooLarge.into()),
    };
    hand_over(&mut caller, &abi::object(answer)).await
}

/// A copy of a guest's text; `None` if it is longer than an answer may be.
fn text(caller: &mut Caller<'_, Guest>, import: &str, (at, len): (u32, u32)) -> Result<Option<String>> {
    let memory = memory(caller)?;
    let (bytes, guest) = memory.data_and_store_mut(caller);
    let Some(bytes) = range(bytes, at, len) else {
        bail!("{import}: {len} bytes at {at} are outside of the memory");
    };
    if bytes.len() > guest.shared.limits.answer {
        return Ok(None);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Some(text.to_owned())),
        Err(_) => bail!("{import}: {len} bytes at {at} are not UTF-8"),
    }
}

/// Writes an answer into a buffer that the guest makes: `(ptr << 32) | len`.
async fn hand_over(caller: &mut Caller<'_, Guest>, answer: &[u8]) -> Result<i64> {
    let memory = memory(caller)?;
    let alloc = caller.get_export(abi::ALLOC).and_then(Extern::into_func);
    let alloc = alloc.ok_or_else(|| format_err!("pintle_alloc is gone"))?.typed::<u32, u32>(&*caller)?;
    let len = u32::try_from(answer.len())?;
    // Each entry into the guest takes a stack of its own: an allocator that asks the host, which answers through the
    // allocator, would take all there are.
    if std::mem::replace(&mut caller.data_mut().allocating, true) {
        bail!("pintle_alloc calls the host for what needs pintle_alloc");
    }
    let at = alloc.call_async(&mut *caller, len).await?;
    caller.data_mut().allocating = false;
    if at == 0 && len > 0 {
        bail!("pintle_alloc had no memory for {len} bytes");
    }
    let Some(buffer) = range_mut(memory.data_mut(&mut *caller), at, len) else {
        bail!("pintle_alloc answered {at}, which leaves no {len} bytes");
    };
    buffer.copy_from_slice(answer);
    Ok((i64::from(at) << 32) | i64::from(len))
}

/// The guest's memory, also while it starts.
fn memory(caller: &mut Caller<'_, Guest>) -> Result<Memory> {
    if let Some(memory) = caller.data().memory {
        return Ok(memory);
    }
    caller
        .get_export(abi::MEMORY)
        .and_then(Extern::into_memory)
        .ok_or_else(|| format_err!("the guest has no memory"))
}

/// The bytes that a guest means, if they are inside.
pub(super) fn range(bytes: &[u8], at: u32, len: u32) -> Option<&[u8]> {
    let (at, len) = (at as usize, len as usize);
    bytes.get(at..at.checked_add(len)?)
}

fn range_mut(bytes: &mut [u8], at: u32, len: u32) -> Option<&mut [u8]> {
    let (at, len) = (at as usize, len as usize);
    bytes.get_mut(at..at.checked_add(len)?)
}
