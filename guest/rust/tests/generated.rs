//! `plugin!` with the traits of a generated module, as a plugin's author meets it.

#[rustfmt::skip]
#[path = "../../../toolchain/tests/generated/imports/rust/mod.rs"]
mod imports;

use std::cell::Cell;
use std::collections::BTreeMap;

use imports::root;
use imports::root::inc::{Calculator, Op, Response, Status};
use imports::root::rpc::RpcError;
use imports::root::{Error, Page, Search, inc_};

pintle_guest::plugin! {
    impl root::{Search, inc::Calculator} for Server
}

#[derive(Default)]
struct Server {
    calls: Cell<i64>,
}

impl Search for Server {
    fn find(&self, op: Vec<Op>, _deep: inc_::Deep) -> Result<Option<Response>, RpcError> {
        if op.is_empty() {
            // Without a host nothing is granted.
            pintle_guest::peer::send("", "A.b", ())?;
        }
        Err(pintle_guest::Error::new(7, "seven").with_data([1, 2]))?
    }

    fn page(&self, page: Page) -> Result<BTreeMap<String, Status>, RpcError> {
        let status = page.status.ok_or(Error::Own)?;
        Ok(BTreeMap::from([(page.number.to_string(), status)]))
    }

    fn sum(
        &self,
        p1: i64,
        _: i64,
        _: i64,
        _: i64,
        _: i64,
        _: i64,
        _: i64,
        _: i64,
        _: i64,
        _: i64,
        _: i64,
        _: i64,
        _: i64,
        _: i64,
        _: i64,
        _: i64,
        p17: i64,
    ) -> Result<i64, RpcError> {
        self.calls.set(self.calls.get() + 1);
        Ok(p1 + p17 + 1000 * self.calls.get())
    }

    fn words(
        &self,
        _: String,
        _: String,
        _: String,
        _: String,
        _: String,
        _: String,
        _: String,
        _: String,
        _: String,
        _: String,
        _: String,
        _: String,
        _: String,
        _: String,
        _: String,
        _: String,
        p17: Option<String>,
    ) -> Result<Vec<String>, RpcError> {
        let data = Some(r#"{"a":1}"#.to_owned());
        p17.map(|word| vec![word]).ok_or(RpcError { data, ..RpcError::invalid_params("no word") })
    }
}

impl Calculator for Server {
    fn calculate(&self, _: Op, a: f64, b: f64) -> Result<Response, RpcError> {
        Ok(Response { status: if a < b { Status::Ok } else { Status::Err }, kind: None })
    }
}

fn answer(method: &str, params: &str) -> String {
    String::from_utf8(dispatch(method, params.as_bytes())).unwrap()
}

#[test]
fn a_call_reaches_the_method_of_its_interface() {
    assert_eq!(answer("inc.Calculator.calculate", r#"["add",1,2]"#), r#"{"result":{"status":"ok"}}"#);
    assert_eq!(answer("Search.page", r#"[{"number":3,"status":"err"}]"#), r#"{"result":{"3":"err"}}"#);
}

#[test]
fn one_handler_serves_all_calls_of_an_instance() {
    let params = "[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,2]";
    assert_eq!(answer("Search.sum", params), r#"{"result":1003}"#);
    assert_eq!(answer("Search.sum", params), r#"{"result":2003}"#);
}

#[test]
fn errors_pass_with_all_that_they_have() {
    assert_eq!(answer("Search.page", r#"[{"number":3}]"#), r#"{"error":{"code":1,"message":"own"}}"#);
    assert_eq!(
        answer("Search.find", r#"[["add"],{}]"#),
        r#"{"error":{"code":7,"message":"seven","data":[1,2]}}"#
    );
    let words = r#"["","","","","","","","","","","","","","","","",null]"#;
    assert_eq!(
        answer("Search.words", words),
        r#"{"error":{"code":-32602,"message":"no word","data":{"a":1}}}"#
    );
    let internal = r#"{"error":{"code":-32603,"message":"Internal error"}}"#;
    assert_eq!(answer("Search.find", "[[],{}]"), internal, "what the host refused");
    assert_eq!(answer("Search.page", "[1]"), internal, "parameters that do not fit");
}

#[test]
fn what_the_contract_does_not_have_does_not_exist() {
    for method in ["Search.other", "Calculator.calculate", "inc.Calculator.x", "Search", ""] {
        assert!(answer(method, "[]").starts_with(r#"{"error":{"code":-32601,"#), "{method}");
    }
}
