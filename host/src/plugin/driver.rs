//! The driver: a tiny module of ours that makes one call one entry into WebAssembly.
//!
//! A call is several calls of guest functions: two buffers, the call itself, the answer given back. Each entry from the
//! host on a fiber costs more than a guest's echo. The driver makes them from the inside, on one fiber, so that all of
//! them are interrupted alike. Its own instantiation pays only for instances that are kept.

use wasmtime::{
    AsContextMut, Caller, Engine, Extern, Func, Linker, Module, ModuleExport, Result, StoreContextMut, bail,
    format_err,
};

use super::guest::Guest;
use super::imports;

/// `drive(method_len, params_len)`; its text is in the test below.
const DRIVER: &[u8] = b"\0asm\x01\0\0\0\
    \x01\x17\x04\x60\x01\x7f\x01\x7f\x60\x04\x7f\x7f\x7f\x7f\x01\x7e\x60\x02\x7f\x7f\0\x60\x01\x7e\0\
    \x02\x57\x05\x05guest\x0cpintle_alloc\0\0\x05guest\x0bpintle_call\0\x01\x05guest\x0bpintle_free\0\x02\
    \x04host\x05write\0\x02\x04host\x04take\0\x03\
    \x03\x02\x01\x02\
    \x07\x09\x01\x05drive\0\x05\
    \x0a\x35\x01\x33\x02\x02\x7f\x01\x7e\
    \x20\0\x10\0\x21\x02\x20\x01\x10\0\x21\x03\x20\x02\x20\x03\x10\x03\
    \x20\x02\x20\0\x20\x03\x20\x01\x10\x01\x21\x04\x20\x04\x10\x04\
    \x20\x04\x42\x20\x88\xa7\x20\x04\xa7\x10\x02\x0b";

/// The driver, compiled for one engine.
#[derive(Clone)]
pub(super) struct Driver {
    pub(super) module: Module,
    pub(super) drive: ModuleExport,
    pub(super) host: Linker<Guest>,
}

impl Driver {
    pub(super) fn new(engine: &Engine) -> Result<Driver> {
        let module = Module::new(engine, DRIVER)?;
        let drive =
            module.get_export_index("drive").ok_or_else(|| format_err!("the driver has lost its export"))?;
        let mut host = Linker::new(engine);
        host.func_wrap("host", "write", write)?;
        host.func_wrap("host", "take", take)?;
        host.func_wrap("host", "nothing", |_: u32, _: u32| ())?;
        Ok(Driver { module, drive, host })
    }

    /// What the driver imports. A guest without `pintle_free` is asked to do nothing.
    pub(super) fn imports(
        &self,
        mut store: impl AsContextMut<Data = Guest>,
        (alloc, call, free): (Func, Func, Option<Func>),
    ) -> Result<[Extern; 5]> {
        let mut host = |name| self.host.get(&mut store, "host", name);
        let free = match free {
            Some(free) => free.into(),
            None => host("nothing")?,
        };
        Ok([alloc.into(), call.into(), free, host("write")?, host("take")?])
    }
}

fn write(mut caller: Caller<'_, Guest>, method: u32, params: u32) -> Result<()> {
    copy_in(&mut caller, method, params)
}

fn take(mut caller: Caller<'_, Guest>, answer: u64) -> Result<()> {
    copy_out(&mut caller, answer)
}

/// Copies the answer, `(ptr << 32) | len`, out of the guest.
pub(super) fn copy_out<'a>(store: impl Into<StoreContextMut<'a, Guest>>, answer: u64) -> Result<()> {
    let store: StoreContextMut<'a, Guest> = store.into();
    let Some(memory) = store.data().memory else { bail!("take before start") };
    let (bytes, guest) = memory.data_and_store_mut(store);
    let (at, len) = ((answer >> 32) as u32, answer as u32);
    match imports::range(bytes, at, len) {
        Some(bytes) => guest.answered(bytes),
        None => bail!("the answer of {len} bytes at {at} is outside of the memory"),
    }
    Ok(())
}

/// Copies method and parameters into the two buffers that the guest made.
pub(super) fn copy_in<'a>(
    store: impl Into<StoreContextMut<'a, Guest>>,
    method: u32,
    params: u32,
) -> Result<()> {
    let store: StoreContextMut<'a, Guest> = store.into();
    let Some(memory) = store.data().memory else { bail!("write before start") };
    let (bytes, guest) = memory.data_and_store_mut(store);
    for (at, text) in [(method, guest.method.as_bytes()), (params, guest.params.as_bytes())] {
        if at == 0 {
            bail!("pintle_alloc had no memory for {} bytes", text.len());
        }
        let at = at as usize;
        let Some(buffer) = at.checked_add(text.len()).and_then(|end| bytes.get_mut(at..end)) else {
            bail!("pintle_alloc answered {at}, which leaves no {} bytes", text.len());
        };
        buffer.copy_from_slice(text);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_bytes_are_this_text() {
        let text = r#"(module
            (type (func (param i32) (result i32)))
            (type (func (param i32 i32 i32 i32) (result i64)))
            (type (func (param i32 i32)))
            (type (func (param i64)))
            (import "guest" "pintle_alloc" (func (type 0)))
            (import "guest" "pintle_call" (func (type 1)))
            (import "guest" "pintle_free" (func (type 2)))
            (import "host" "write" (func (type 2)))
            (import "host" "take" (func (type 3)))
            (func (export "drive") (type 2) (local i32 i32 i64)
                (local.set 2 (call 0 (local.get 0)))
                (local.set 3 (call 0 (local.get 1)))
                (call 3 (local.get 2) (local.get 3))
                (local.set 4 (call 1 (local.get 2) (local.get 0) (local.get 3) (local.get 1)))
                (call 4 (local.get 4))
                (call 2
                    (i32.wrap_i64 (i64.shr_u (local.get 4) (i64.const 32)))
                    (i32.wrap_i64 (local.get 4)))))"#;
        assert_eq!(wat::parse_str(text).unwrap(), super::DRIVER);
    }
}
