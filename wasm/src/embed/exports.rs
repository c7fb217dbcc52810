//! The exports, each one line around [`Module`]. The page of the parent module documents them.

// `no_mangle` is unsafe because two functions could have one symbol. Everything here begins with `pintle_`, which this
// package has for itself, and the functions are safe: they dereference nothing that they are given.
#![allow(unsafe_code)]

use super::buffer::address;
use super::module::Module;
use crate::flow::Flow;
use std::cell::RefCell;

thread_local! {
    static MODULE: RefCell<Module> = const { RefCell::new(Module::new()) };
}

/// Runs one function of the module; a refusal is kept for `pintle_last_error`. No function is within another.
#[inline(never)]
fn run(refused: i32, function: &dyn Fn(&mut Module) -> Result<i32, String>) -> i32 {
    MODULE.with_borrow_mut(|module| {
        function(module).unwrap_or_else(|why| {
            module.error = why;
            refused
        })
    })
}

/// The address and length of a text of the module; 0 if there is none.
#[inline(never)]
fn text(reader: fn(&Module) -> &[u8]) -> i64 {
    MODULE.with_borrow(|module| pair(reader(module)))
}

/// The same of an exchange.
#[inline(never)]
fn read(exchange: i32, reader: fn(&Flow) -> Option<&[u8]>) -> i64 {
    let mut found = 0;
    MODULE.with_borrow_mut(|module| match module.flow(exchange) {
        Ok(flow) => found = reader(flow).map_or(0, pair),
        Err(why) => module.error = why,
    });
    found
}

fn pair(text: &[u8]) -> i64 {
    (i64::from(address(text)) << 32) | (text.len() as i64 & 0xffff_ffff)
}

macro_rules! exports {
    ($($name:ident($($parameter:ident),*) $(-> $answer:ty)? = $body:expr;)*) => {
        $(#[unsafe(no_mangle)] extern "C" fn $name($($parameter: i32),*) $(-> $answer)? { $body })*
    };
}

exports! {
    pintle_embed_1() = ();
    pintle_alloc(len) -> i32 = run(0, &|module| Ok(module.buffers.lend(len)));
    pintle_free(at, len) = {
        run(0, &|module| module.buffers.take(at, len).map(|_| 0));
    };

    pintle_contract(at, len, form) -> i32 = run(0, &|module| module.contract((at, len), form));
    pintle_configure(contract, at, len) -> i32 = run(0, &|module| module.configure(contract, (at, len)));
    pintle_validate(contract, name, name_len, json, json_len) -> i32 =
        run(-1, &|module| module.validate(contract, (name, name_len), (json, json_len)));
    pintle_release(contract) -> i32 = run(0, &|module| module.release(contract));

    pintle_open(contract, at, len) -> i32 = run(0, &|module| module.open(contract, (at, len)));
    pintle_poll(exchange) -> i32 = run(-1, &|module| Ok(module.flow(exchange)?.poll() as i32));
    pintle_complete(exchange, ticket, form, at, len) -> i32 =
        run(-1, &|module| module.complete(exchange, ticket, form, (at, len)));
    pintle_fail(exchange, ticket, origin, code, message, message_len, data, data_len) -> i32 =
        run(-1, &|module| module.fail(exchange, ticket, origin, code, [(message, message_len), (data, data_len)]));
    pintle_parameter(exchange, ticket, name, name_len, json, json_len) -> i32 =
        run(0, &|module| module.parameter(exchange, ticket, (name, name_len), (json, json_len)));
    pintle_admit(exchange, ticket) -> i32 = run(0, &|module| module.admit(exchange, ticket));
    pintle_refuse(exchange, ticket, code, message, message_len, data, data_len) -> i32 =
        run(0, &|module| module.refuse(exchange, ticket, code, (message, message_len), (data, data_len)));
    pintle_abandon(exchange, code, message, message_len, data, data_len) -> i32 =
        run(0, &|module| module.abandon(exchange, code, (message, message_len), (data, data_len)));
    pintle_close(exchange) -> i32 = run(0, &|module| module.close(exchange));

    pintle_ticket(exchange) -> i32 = run(0, &|module| Ok(module.flow(exchange)?.ticket() as i32));
    pintle_notification(exchange) -> i32 =
        run(0, &|module| Ok(i32::from(module.flow(exchange)?.notification())));
    pintle_method(exchange) -> i64 = read(exchange, |flow| flow.method().map(str::as_bytes));
    pintle_params(exchange) -> i64 = read(exchange, |flow| flow.params().map(str::as_bytes));
    pintle_request_id(exchange) -> i64 = read(exchange, |flow| flow.request_id().map(str::as_bytes));
    pintle_reply(exchange) -> i64 = read(exchange, Flow::reply);
    pintle_problems() -> i64 = text(|module| module.problems.as_bytes());
    pintle_last_error() -> i64 = text(|module| module.error.as_bytes());
}
