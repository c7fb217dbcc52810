//! The same behaviour as a plugin, ABI version 1. It does not say what it serves: it serves everything.
#![allow(unsafe_code)] // The attribute of exports; what they call is safe.

use pintle_guest::abi;
use std::cell::Cell;

thread_local! {
    static COUNT: Cell<i64> = const { Cell::new(0) };
}

fn dispatch(method: &str, params: &[u8]) -> Vec<u8> {
    let mut count = COUNT.get();
    let answer = crate::behave(method, std::str::from_utf8(params).unwrap_or("[]"), &mut count);
    COUNT.set(count);
    crate::answer_object(answer).into_bytes()
}

#[unsafe(no_mangle)]
extern "C" fn pintle_abi_1() {}

#[unsafe(no_mangle)]
extern "C" fn pintle_alloc(len: i32) -> i32 {
    abi::alloc(len)
}

#[unsafe(no_mangle)]
extern "C" fn pintle_call(method: i32, method_len: i32, params: i32, params_len: i32) -> i64 {
    abi::call(dispatch, method, method_len, params, params_len)
}

#[unsafe(no_mangle)]
extern "C" fn pintle_free(address: i32, len: i32) {
    abi::free(address, len);
}
