//! `gen rust`: the accepted modules are part of this crate, so whatever judges it judges them too; here they serve and call.

mod goldens;

#[rustfmt::skip]
#[path = "generated/awkward/rust/awkward.rs"]
mod awkward;
#[rustfmt::skip]
#[path = "generated/checkout/rust/checkout.rs"]
mod checkout;
#[rustfmt::skip]
#[path = "generated/imports/rust/mod.rs"]
mod imports;

use std::collections::BTreeMap;
use std::path::PathBuf;

use pintle_toolchain::rust;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use imports::root::inc::{Calculator, CalculatorClient, Error as IncError, Op, Response, Status};
use imports::root::rpc::{Call, RpcError, Transport};
use imports::root::{Error, Page, Search, SearchClient, inc_};

#[test]
fn every_module_is_as_accepted_and_formatted() {
    let mut paths: Vec<PathBuf> = Vec::new();
    for (name, contract) in goldens::all() {
        let files = rust::generate(&contract).expect("modules");
        goldens::same(name, "rust", &files);
        paths.extend(files.iter().map(|file| goldens::directory(name, "rust").join(&file.path)));
    }
    goldens::formatted(&paths);
}

/// What serves all interfaces.
struct Server;

/// The way to it: calls are JSON on the way there and back, as on a wire.
struct Loop;

/// A call that has arrived.
struct Arrived<'a> {
    method: &'a str,
    params: String,
}

impl Transport for Loop {
    type Answer<R: DeserializeOwned + Send + 'static> = Result<R, RpcError>;

    fn call<P, R>(&self, method: &str, params: P) -> Result<R, RpcError>
    where
        P: Serialize,
        R: DeserializeOwned + Send + 'static,
    {
        let (interface, method) = method.rsplit_once('.').expect("an interface");
        let call = Arrived { method, params: serde_json::to_string(&params).expect("JSON") };
        let result = match interface {
            <Server as Search>::INTERFACE => Search::dispatch(&Server, call),
            <Server as Calculator>::INTERFACE => Calculator::dispatch(&Server, call),
            _ => panic!("there is no {interface}"),
        };
        result.map(|json| serde_json::from_str(&json).expect("the result"))
    }
}

impl Call for Arrived<'_> {
    type Answer = Result<String, RpcError>;

    fn method(&self) -> &str {
        self.method
    }

    fn run<P, R, H>(self, handler: H) -> Self::Answer
    where
        P: DeserializeOwned,
        R: Serialize,
        H: FnOnce(P) -> Result<R, RpcError>,
    {
        let params = serde_json::from_str(&self.params).map_err(|_| RpcError::invalid_params(self.params))?;
        handler(params).map(|result| serde_json::to_string(&result).expect("JSON"))
    }

    fn unknown(self) -> Self::Answer {
        Err(RpcError::new(-32601, self.method))
    }
}

impl Search for Server {
    fn find(&self, op: Vec<Op>, deep: inc_::Deep) -> Result<Option<Response>, RpcError> {
        if deep.deeper.is_some() {
            return Err(Error::Own.into());
        }
        Ok((!op.is_empty()).then_some(Response { status: Status::Ok, kind: None }))
    }

    fn page(&self, page: Page) -> Result<BTreeMap<String, Status>, RpcError> {
        let status = page.status.ok_or(IncError::Bad)?;
        Ok(BTreeMap::from([(page.number.to_string(), status)]))
    }

    fn sum(
        &self,
        p1: i64,
        p2: i64,
        p3: i64,
        p4: i64,
        p5: i64,
        p6: i64,
        p7: i64,
        p8: i64,
        p9: i64,
        p10: i64,
        p11: i64,
        p12: i64,
        p13: i64,
        p14: i64,
        p15: i64,
        p16: i64,
        p17: i64,
    ) -> Result<i64, RpcError> {
        Ok([p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17].iter().sum())
    }

    fn words(
        &self,
        p1: String,
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
        p16: String,
        p17: Option<String>,
    ) -> Result<Vec<String>, RpcError> {
        Ok([p1, p16].into_iter().chain(p17).collect())
    }
}

impl Calculator for Server {
    fn calculate(&self, op: Op, a: f64, b: f64) -> Result<Response, RpcError> {
        let is_good = (op == Op::Add) == (a + b > 0.0);
        Ok(Response { status: if is_good { Status::Ok } else { Status::Err }, kind: None })
    }
}

#[test]
fn a_client_reaches_the_handler_of_its_interface() {
    let good = Ok(Response { status: Status::Ok, kind: None });
    assert_eq!(Loop.calculate(Op::Add, 1.0, 2.0), good);
    let leaf = inc_::Deep { deeper: None };
    assert_eq!(Loop.find(&[], &leaf), Ok(None));
    assert_eq!(Loop.find(&[Op::Sub], &leaf), good.map(Some));
    let deep = inc_::Deep { deeper: Some(Box::new(leaf)) };
    assert_eq!(Loop.find(&[], &deep), Err(RpcError::new(1, "own")));
    let page = |status| Page { status, kind: None, number: 7, from: None };
    assert_eq!(Loop.page(&page(None)), Err(RpcError::new(2, "bad")));
    assert_eq!(Loop.page(&page(Some(Status::Err))).expect("a page")["7"], Status::Err);
}

#[test]
fn parameters_beyond_a_tuple_are_an_array_too() {
    assert_eq!(Loop.sum(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17), Ok(153));
    let words = |last| Loop.words("a", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "p", last);
    assert_eq!(words(None).expect("words"), ["a", "p"]);
    assert_eq!(words(Some("q")).expect("words"), ["a", "p", "q"]);
}

#[test]
fn no_parameters_are_an_empty_array() {
    struct Empty;
    impl checkout::rpc::Transport for Empty {
        type Answer<R: DeserializeOwned + Send + 'static> = String;

        fn call<P, R>(&self, method: &str, params: P) -> String
        where
            P: Serialize,
            R: DeserializeOwned + Send + 'static,
        {
            format!("{method} {}", serde_json::to_string(&params).expect("JSON"))
        }
    }
    use checkout::CatalogServiceClient;
    assert_eq!(Empty.list_products(), "CatalogService.listProducts []");
    assert_eq!(Empty.get_product("desk"), "CatalogService.getProduct [\"desk\"]");
}

#[test]
fn errors_know_their_codes() {
    for error in [checkout::Error::CartNotFound, checkout::Error::InvalidAddress] {
        assert_eq!(checkout::Error::from_code(error.code()), Some(error));
    }
    assert_eq!(checkout::Error::from_code(1), None);
    assert_eq!(checkout::Error::CartEmpty.message(), "Cart is empty");
    assert_eq!(awkward::Error::from_code(-2), Some(awkward::Error::Error2));
}

/// What is on the wire has the contract's names, whatever Rust calls it.
#[test]
fn names_on_the_wire_are_the_contracts() {
    let (_, contract) = goldens::all().find(|(name, _)| *name == "awkward").expect("a contract");
    let words = contract.structs().iter().find(|item| item.name == "Words").expect("a struct");
    let object: serde_json::Map<String, Value> =
        words.fields.iter().map(|field| (field.name.clone(), json!(field.name))).collect();
    same::<awkward::Words>(object.into());
    let choices = contract.enums().iter().find(|item| item.name == "Choice").expect("an enum");
    for value in &choices.values {
        same::<awkward::Choice>(json!(value.name));
    }
    for value in ["FIRST_THING", "SECOND_THING"] {
        same::<awkward::Shout>(json!(value));
    }
    same::<awkward::Self2>(json!({"self": {"selves": [{"by": {"a": {"other": {"self": {}}}}}]}}));
    same::<awkward::GrandChild>(json!({"a": "", "b": "x", "c": [], "d": 1, "e": 0.5, "f": [[{"k": [{}]}]]}));
    same::<awkward::Empty>(json!({}));
    assert!(serde_json::from_str::<awkward::Nothing>("\"x\"").is_err());
}

#[track_caller]
fn same<T: Serialize + DeserializeOwned>(value: Value) {
    let read: T = serde_json::from_value(value.clone()).expect("a value");
    assert_eq!(serde_json::to_value(read).expect("JSON"), value);
}
