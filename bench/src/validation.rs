//! An order checked against its contract: by the core, and as most runtimes do it, by a walk over a tree.

use crate::documents::{checkout, order};
use crate::{Outcome, report::Report, turns};
use serde::de::IgnoredAny;
use serde_json::Value;
use std::hint::black_box;

pub(crate) fn run(report: &mut Report) -> Outcome {
    let engine = checkout();
    let schema = order_schema();
    for items in [1, 5, 100, 10_000] {
        let order = order(items);
        let json = order.as_bytes();
        let valid = engine.validate("Order", json).is_some_and(|validation| validation.valid());
        if !valid || !tree_is(&schema, json) {
            return Err("the order is not valid".into());
        }
        let [ours, tree, skip] = turns::best([
            &mut || {
                black_box(engine.validate("Order", black_box(json)));
            },
            &mut || {
                black_box(tree_is(&schema, black_box(json)));
            },
            &mut || {
                black_box(serde_json::from_slice::<IgnoredAny>(black_box(json)).is_ok());
            },
        ]);
        let rate = |nanoseconds: f64| json.len() as f64 * 1000.0 / nanoseconds;
        let size = format!("{items} items, {} bytes", json.len());
        report.base(format!("{size}: serde_json Value, then a walk"), rate(tree), "MB/s");
        report.ratio(
            format!("{size}: serde_json IgnoredAny, no validation"),
            rate(skip),
            "MB/s",
            rate(tree),
            None,
        );
        let goal = (items == 100).then_some("≥ 1,400 MB/s, or ratio ≥ 8");
        report.ratio(format!("{size}: pintle"), rate(ours), "MB/s", rate(tree), goal);
    }
    Ok(())
}

fn tree_is(schema: &Schema, json: &[u8]) -> bool {
    serde_json::from_slice(json).is_ok_and(|value| schema.accepts(&value))
}

/// What a value must be, in the shape in which one writes such a check by hand.
enum Schema {
    String,
    Int,
    Float,
    Enum(&'static [&'static str]),
    Array(Box<Schema>),
    Struct(Vec<(&'static str, Schema)>),
}

impl Schema {
    fn accepts(&self, value: &Value) -> bool {
        match (self, value) {
            (Schema::String, Value::String(_)) => true,
            (Schema::Int, Value::Number(number)) => number.is_i64(),
            (Schema::Float, Value::Number(_)) => true,
            (Schema::Enum(names), Value::String(name)) => names.contains(&name.as_str()),
            (Schema::Array(element), Value::Array(values)) => {
                values.iter().all(|value| element.accepts(value))
            }
            (Schema::Struct(fields), Value::Object(members)) => fields
                .iter()
                .all(|(name, schema)| members.get(*name).is_some_and(|value| schema.accepts(value))),
            _ => false,
        }
    }
}

fn order_schema() -> Schema {
    use Schema::{Array, Enum, Float, Int, String, Struct};
    let item = Struct(vec![("productId", String), ("quantity", Int), ("price", Float)]);
    let cart = Struct(vec![("cartId", String), ("items", Array(Box::new(item))), ("subtotal", Float)]);
    let address = ["street", "city", "state", "zipCode", "country"].map(|name| (name, String));
    Struct(vec![
        ("orderId", String),
        ("cart", cart),
        ("shippingAddress", Struct(address.into())),
        ("paymentMethod", Enum(&["credit_card", "debit_card", "paypal", "apple_pay"])),
        ("status", Enum(&["pending", "paid", "shipped", "delivered", "cancelled"])),
        ("total", Float),
        ("createdAt", Int),
    ])
}
