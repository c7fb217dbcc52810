//! Validation: any bytes are judged, and what is refused is explained.
//!
//! The first byte chooses the type and whether unknown fields are refused.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use pintle_core::idl::{Loader, parse};
use pintle_core::{Engine, Limits};

const CONTRACT: &str = "namespace shop
    interface Shop { order(order Order) Order }
    enum Status { open Paid shipped }
    struct Item { id string quantity int price float gift bool [optional] }
    struct Order extends Item {
        items []Item tags map[string]int status Status more Order [optional] matrix [][]float [optional]
        byName map[string]Order [optional] billing_address_line string [optional] Id int [optional]
    }";

struct Text;

impl Loader for Text {
    fn load(&mut self, _key: &str) -> Result<String, String> {
        Ok(CONTRACT.into())
    }
}

fn engine(strict: bool) -> Arc<Engine> {
    let contract = parse("shop.pulse", &mut Text).contract.expect("a contract");
    let limits = Limits { depth: 6, ..Limits::default() };
    Engine::builder(contract).strict(strict).limits(limits).build().expect("an engine")
}

static ENGINES: LazyLock<[Arc<Engine>; 2]> = LazyLock::new(|| [engine(false), engine(true)]);

fuzz_target!(|data: &[u8]| {
    const TYPES: [&str; 6] = ["Order", "Item", "Status", "int", "float", "string"];
    let Some((&choice, text)) = data.split_first() else { return };
    let name = TYPES[choice as usize / 2 % TYPES.len()];
    let validation = ENGINES[choice as usize % 2].validate(name, text).expect("a type");
    assert!(validation.problems.len() <= 16);
    // The first pass and the one that explains agree about what is JSON.
    let json = serde_json::from_slice::<serde_json::Value>(text);
    if validation.valid() {
        // Half of a surrogate pair may stand in an unknown field, and the tree has no place for a large float.
        if let Err(why) = json {
            let why = why.to_string();
            assert!(
                why.contains("surrogate") || why.contains("hex escape") || why.contains("out of range"),
                "{why}"
            );
        }
    } else if json.is_err() {
        return;
    }
    // Refused: there is a reason. `valid` means that there is none, so ask the dispatcher, which decides first.
    if name == "Order" && std::str::from_utf8(text).is_ok() {
        let body =
            [b"{\"jsonrpc\":\"2.0\",\"method\":\"Shop.order\",\"id\":1,\"params\":[".as_slice(), text, b"]}"]
                .concat();
        let mut called = false;
        let reply = ENGINES[choice as usize % 2].handle(body, |_, _| {
            called = true;
            Ok("null")
        });
        assert!(reply.is_some());
        assert_eq!(called, validation.valid(), "checked in two places, and not alike");
    }
});
