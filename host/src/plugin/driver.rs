//! The driver: a tiny module of ours that makes one call one entry into WebAssembly.
//!
//! A call is several calls of guest functions: two buffers, the call itself. Each entry from the host on a
//! fiber costs more than a guest's echo. The driver makes them from the inside, on one fiber, so that all of
//! them are interrupted alike. Its own instantiation pays only for instances that are kept.

use wasmtime::{
    Caller, Engine, Extern, Linker, Module, ModuleExport, Result, StoreContextMut, bail, format_err,
};

use super::guest::Guest;

/// `drive(method_len, params_len)`; its text is in the test below.
const DRIVER: &[u8] = b"\0asm\x01\0\0\0\
    \x01\x19\x04\x60\x01\x7f\x01\x7f\x60\x04\x7f\x7f\x7f\x7f\x01\x7e\x60\x02\x7f\x7f\0\x60\x02\x7f\x7f\x01\x7e\
    \x02\x37\x03\x05guest\x0cpintle_alloc\0\0\x05guest\x0bpintle_call\0\x01\x04host\x05write\0\x02\
    \x03\x02\x01\x03\
    \x07\x09\x01\x05drive\0\x03\
    \x0a\x22\x01\x20\x01\x02\x7f\
    \x20\0\x10\0\x21\x02\x20\x01\x10\0\x21\x03\x20\x02\x20\x03\x10\x02\
    \x20\x02\x20\0\x20\x03\x20\x01\x10\x01\x0b";

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
        Ok(Driver { module, drive, host })
    }

    /// The host function that the driver imports.
    pub(super) fn write(&self, store: impl wasmtime::AsContextMut<Data = Guest>) -> Result<Extern> {
        self.host.get(store, "host", "write")
    }
}

fn write(mut caller: Caller<'_, Guest>, method: u32, params: u32) -> Result<()> {
    copy_in(&mut caller, method, params)
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
            (type (func (param i32 i32) (result i64)))
            (import "guest" "pintle_alloc" (func (type 0)))
            (import "guest" "pintle_call" (func (type 1)))
            (import "host" "write" (func (type 2)))
            (func (export "drive") (type 3) (local i32 i32)
                (local.set 2 (call 0 (local.get 0)))
                (local.set 3 (call 0 (local.get 1)))
                (call 2 (local.get 2) (local.get 3))
                (call 1 (local.get 2) (local.get 0) (local.get 3) (local.get 1))))"#;
        assert_eq!(wat::parse_str(text).unwrap(), super::DRIVER);
    }
}
