//! The functions that a guest can import from the module `pintle`.
//!
//! `log` and `context` work for everybody. The others need a grant; without one they answer so.

use pintle_core::Code;
use wasmtime::{Caller, Extern, Linker, Memory, Result, bail, format_err};

use super::abi;
use super::guest::Guest;
use super::log::Level;

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

/// The status "not granted".
const NOT_GRANTED: i32 = -2;

pub(super) fn define(linker: &mut Linker<Guest>) -> Result<()> {
    linker.func_wrap(abi::HOST, "log", log)?;
    linker.func_wrap(abi::HOST, "context", context)?;
    linker.func_wrap_async(abi::HOST, "call", |caller, _: (u32, u32, u32, u32)| Box::new(refuse(caller)))?;
    linker.func_wrap_async(abi::HOST, "request", |caller, _: (u32, u32, u32, u32, u32, u32)| {
        Box::new(refuse(caller))
    })?;
    linker.func_wrap(abi::HOST, "send", |_: u32, _: u32, _: u32, _: u32, _: u32, _: u32| NOT_GRANTED)?;
    linker.func_wrap(abi::HOST, "kv_get", |_: u32, _: u32| i64::from(NOT_GRANTED))?;
    linker.func_wrap(abi::HOST, "kv_set", |_: u32, _: u32, _: u32, _: u32| NOT_GRANTED)?;
    linker.func_wrap(abi::HOST, "kv_delete", |_: u32, _: u32| NOT_GRANTED)?;
    linker.func_wrap(abi::HOST, "kv_add", |_: u32, _: u32, _: i64, _: u32| NOT_GRANTED)?;
    linker.func_wrap(abi::HOST, "kv_cas", |_: u32, _: u32, _: u32, _: u32, _: u32, _: u32| NOT_GRANTED)?;
    linker.func_wrap(abi::HOST, "kv_list", |_: u32, _: u32, _: u32, _: u32| i64::from(NOT_GRANTED))?;
    Ok(())
}

fn log(mut caller: Caller<'_, Guest>, level: u32, at: u32, len: u32) -> Result<()> {
    let memory = memory(&mut caller)?;
    let (bytes, guest) = memory.data_and_store_mut(&mut caller);
    let Some(line) = range(bytes, at, len) else {
        bail!("log: {len} bytes at {at} are outside of the memory");
    };
    guest.log.line(&guest.method, Level::of(level), line);
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

/// Answers that the method does not exist for this guest, in the form of `pintle_call`'s answer.
async fn refuse(mut caller: Caller<'_, Guest>) -> Result<i64> {
    let code = Code::MethodNotFound;
    let answer = format!(r#"{{"error":{{"code":{},"message":"{}"}}}}"#, code.number(), code.message());
    hand_over(&mut caller, answer.as_bytes()).await
}

/// Writes an answer into a buffer that the guest makes: `(ptr << 32) | len`.
async fn hand_over(caller: &mut Caller<'_, Guest>, answer: &[u8]) -> Result<i64> {
    let memory = memory(caller)?;
    let alloc = caller.get_export(abi::ALLOC).and_then(Extern::into_func);
    let alloc = alloc.ok_or_else(|| format_err!("pintle_alloc is gone"))?.typed::<u32, u32>(&*caller)?;
    let len = u32::try_from(answer.len())?;
    let at = alloc.call_async(&mut *caller, len).await?;
    if at == 0 {
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
