//! The contracts and values that every bench reads.
#![allow(dead_code, reason = "each bench takes what it needs")]

use pintle_core::{Contract, Engine, idl};
use std::fmt::Write;
use std::sync::Arc;

/// The contract of the checkout example.
pub(crate) const CHECKOUT: &str = include_str!("../../../examples/checkout/checkout.pulse");

/// A call of 236 bytes.
pub(crate) const CREATE_ORDER: &str = r#"{"jsonrpc":"2.0","id":1,"method":"OrderService.createOrder","params":[{"cartId":"cart_1","shippingAddress":{"street":"Grosser Grasbrook 17","city":"Hamburg","state":"HH","zipCode":"20457","country":"DE"},"paymentMethod":"credit_card"}]}"#;

/// Its result.
pub(crate) const CHECKOUT_RESPONSE: &str = r#"{"orderId":"order_1","message":"Thank you for your order"}"#;

/// An `Order` of `items` items: 334 bytes with one, 52 more for each further one.
pub(crate) fn order(items: usize) -> String {
    let item = r#"{"productId":"mouse-01","quantity":1,"price":29.99}"#;
    let items = vec![item; items].join(",");
    format!(
        r#"{{"orderId":"order_1000001","cart":{{"cartId":"cart_1","items":[{items}],"subtotal":29.99}},"shippingAddress":{{"street":"Grosser Grasbrook 17","city":"Hamburg","state":"HH","zipCode":"20457","country":"DE"}},"paymentMethod":"credit_card","status":"pending","total":29.99,"createdAt":1755000000}}"#
    )
}

/// The call `times` times, as a batch.
pub(crate) fn batch(times: usize) -> String {
    format!("[{}]", vec![CREATE_ORDER; times].join(","))
}

/// A contract of at least `lines` lines, as large services have: structs, enums, interfaces and comments.
pub(crate) fn long_contract(lines: usize) -> String {
    let mut text = "namespace large\n\n".to_owned();
    let mut written = 2;
    for number in 0.. {
        if written >= lines {
            break;
        }
        let part = format!(
            "// What is known about number {number}.
struct Record{number} {{
    // Never empty.
    id       string
    name     string [optional]
    amounts  []float
    labels   map[string]string
    state    State{number}
}}

enum State{number} {{
    open
    closed
}}

// Everything about records of this kind.
interface Records{number} {{
    // The record, or null.
    find(id string) Record{number} [optional]
    store(record Record{number}, replace bool) string
}}

"
        );
        written += part.lines().count();
        let _ = text.write_str(&part);
    }
    text
}

struct Text<'a>(&'a str);

impl idl::Loader for Text<'_> {
    fn load(&mut self, _key: &str) -> Result<String, String> {
        Ok(self.0.into())
    }
}

/// Reads and checks a contract that imports nothing.
pub(crate) fn contract(text: &str) -> Contract {
    parsed(text).contract.expect("nothing is wrong with the contract")
}

pub(crate) fn parsed(text: &str) -> idl::Parsed {
    idl::parse("bench.pulse", &mut Text(text))
}

/// An engine for the checkout contract.
pub(crate) fn checkout() -> Arc<Engine> {
    Engine::builder(contract(CHECKOUT)).build().expect("the checkout contract can be served")
}
