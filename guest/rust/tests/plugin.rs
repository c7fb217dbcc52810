//! `plugin!` and `dispatch`, as a plugin's author meets them.

use std::collections::BTreeMap;

use pintle_guest::Error;
use serde::{Deserialize, Serialize};

pintle_guest::plugin! {
    Calc { add: add, half: half, type: kind, nothing: nothing, never: never, unwritable: unwritable, sum: sum }
    inc.Shop { find: shop::find }
    Empty {}
}

fn add(a: i64, b: i64) -> i64 {
    a.saturating_add(b)
}

struct Odd(i64);

impl From<Odd> for Error {
    fn from(odd: Odd) -> Self {
        Error::new(1001, "odd").with_data(BTreeMap::from([("value", odd.0)]))
    }
}

fn half(value: i64) -> Result<i64, Odd> {
    if value % 2 == 0 { Ok(value / 2) } else { Err(Odd(value)) }
}

fn kind() -> &'static str {
    "calc"
}

fn nothing(_flag: Option<bool>) {}

fn never() -> Result<(), Error> {
    Err(Error::invalid_params("a \"quoted\"\nreason"))
}

/// JSON has no keys that are lists.
fn unwritable() -> BTreeMap<Vec<i64>, i64> {
    BTreeMap::from([(vec![1], 2)])
}

#[allow(clippy::too_many_arguments)]
fn sum(a: i64, b: i64, c: i64, d: i64, e: i64, f: i64, g: i64, h: f64) -> f64 {
    [a, b, c, d, e, f, g].iter().sum::<i64>() as f64 + h
}

mod shop {
    use super::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Wish {
        product_id: String,
    }

    pub(super) fn find(wish: Wish) -> Option<Wish> {
        (!wish.product_id.is_empty()).then_some(wish)
    }
}

fn answer(method: &str, params: &str) -> String {
    String::from_utf8(dispatch(method, params.as_bytes())).unwrap()
}

#[test]
fn a_value_is_the_result() {
    assert_eq!(answer("Calc.add", "[4, 5]"), r#"{"result":9}"#);
    assert_eq!(answer("Calc.type", "[]"), r#"{"result":"calc"}"#);
    assert_eq!(answer("Calc.sum", "[1,2,3,4,5,6,7,0.5]"), r#"{"result":28.5}"#);
    assert_eq!(answer("inc.Shop.find", r#"[{"productId":"é"}]"#), r#"{"result":{"productId":"é"}}"#);
}

#[test]
fn unit_and_none_are_null() {
    assert_eq!(answer("Calc.nothing", "[null]"), r#"{"result":null}"#);
    assert_eq!(answer("inc.Shop.find", r#"[{"productId":""}]"#), r#"{"result":null}"#);
}

#[test]
fn an_error_is_answered_with_code_message_and_data() {
    assert_eq!(answer("Calc.half", "[8]"), r#"{"result":4}"#);
    assert_eq!(answer("Calc.half", "[7]"), r#"{"error":{"code":1001,"message":"odd","data":{"value":7}}}"#);
    assert_eq!(answer("Calc.never", "[]"), r#"{"error":{"code":-32602,"message":"a \"quoted\"\nreason"}}"#);
}

#[test]
fn what_does_not_fit_is_an_internal_error_that_says_nothing() {
    let internal = r#"{"error":{"code":-32603,"message":"Internal error"}}"#;
    for params in
        ["[1]", "[1,2,3]", r#"["a",1]"#, "[1.5,2]", "{}", "null", "", "[1,2", "[9223372036854775808,0]"]
    {
        assert_eq!(answer("Calc.add", params), internal, "{params}");
    }
    for params in ["[1]", "{}", "null"] {
        assert_eq!(answer("Calc.type", params), internal, "{params}");
    }
    assert_eq!(answer("Calc.unwritable", "[]"), internal);
}

#[test]
fn a_method_that_is_not_listed_does_not_exist() {
    for method in ["Calc.subtract", "Shop.find", "Calc", "", "Empty.anything"] {
        assert!(answer(method, "[]").starts_with(r#"{"error":{"code":-32601,"#), "{method}");
    }
}
