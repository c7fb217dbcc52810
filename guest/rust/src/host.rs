//! What a plugin imports, ABI version 1, as safe functions.
//!
//! Why the unsafe calls are sound: every pointer is passed with the length of the slice that it comes from, or is an
//! exclusive reference to one integer; the host reads there (writes, where the pointer is `*mut`) only until the
//! import returns. That the host keeps to this is the ABI itself, and nothing in here can check it. A host that needs
//! memory meanwhile calls `pintle_alloc`, which touches none of these slices.
#![allow(unsafe_code)]

use std::time::Duration;

use crate::Refused;
use crate::abi::answered;

/// Declares imports, and for targets without a host functions that only answer what follows the `=`: -1 is "nothing",
/// -2 the status "not granted".
macro_rules! imports {
    ($($module:literal { $(fn $name:ident($($arg:ident: $type:ty),*) -> $out:ty = $absent:expr;)* })*) => {
        mod import {
            $(
                #[cfg(target_family = "wasm")]
                #[link(wasm_import_module = $module)]
                unsafe extern "C" {
                    $(pub(super) fn $name($($arg: $type),*) -> $out;)*
                }
                $(
                    #[cfg(not(target_family = "wasm"))]
                    pub(super) unsafe fn $name($(_: $type),*) -> $out { $absent }
                )*
            )*
        }
    };
}

imports! {
    "pintle" {
        fn log(level: i32, text: *const u8, len: usize) -> () = ();
        fn context(out: *mut u8, cap: usize) -> i32 = 0;
        fn call(method: *const u8, method_len: usize, params: *const u8, params_len: usize) -> i64 = -1;
        fn send(conn: *const u8, conn_len: usize, method: *const u8, method_len: usize,
            params: *const u8, params_len: usize) -> i32 = -2;
        fn request(conn: *const u8, conn_len: usize, method: *const u8, method_len: usize,
            params: *const u8, params_len: usize) -> i64 = -1;
    }
    "wasi_snapshot_preview1" {
        fn clock_time_get(clock: i32, precision: i64, out: *mut u64) -> i32 = 0;
    }
}

/// Natively a bucket is a stand-in: `bucket.rs`.
#[cfg(target_family = "wasm")]
pub(crate) mod kv;

pub(crate) fn log(level: i32, text: &[u8]) {
    unsafe { import::log(level, text.as_ptr(), text.len()) }
}

pub(crate) fn context() -> Vec<u8> {
    let mut out = vec![0; 1024];
    loop {
        let len = unsafe { import::context(out.as_mut_ptr(), out.len()) };
        let len = usize::try_from(len).unwrap_or(0);
        if len <= out.len() {
            out.truncate(len);
            return out;
        }
        out.resize(len, 0);
    }
}

pub(crate) fn call(method: &str, params: &[u8]) -> Option<Vec<u8>> {
    answered(unsafe { import::call(method.as_ptr(), method.len(), params.as_ptr(), params.len()) })
}

pub(crate) fn send(conn: &str, method: &str, params: &[u8]) -> Result<(), Refused> {
    let (conn_len, method_len) = (conn.len(), method.len());
    done(unsafe {
        import::send(conn.as_ptr(), conn_len, method.as_ptr(), method_len, params.as_ptr(), params.len())
    })
}

pub(crate) fn request(conn: &str, method: &str, params: &[u8]) -> Option<Vec<u8>> {
    let (conn_len, method_len) = (conn.len(), method.len());
    answered(unsafe {
        import::request(conn.as_ptr(), conn_len, method.as_ptr(), method_len, params.as_ptr(), params.len())
    })
}

pub(crate) fn now() -> Duration {
    if cfg!(not(target_family = "wasm")) {
        return std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    }
    let mut nanoseconds = 0;
    // Clock 0 is the wall clock. It cannot fail where it exists, and without it the plugin does not load.
    unsafe { import::clock_time_get(0, 1, &mut nanoseconds) };
    Duration::from_nanos(nanoseconds)
}

fn done(status: i32) -> Result<(), Refused> {
    match status {
        0 => Ok(()),
        -1 => Err(Refused::NoConnection),
        -2 => Err(Refused::NotGranted),
        -4 => Err(Refused::Full),
        _ => Err(Refused::Invalid),
    }
}
