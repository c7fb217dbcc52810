//! The form of Barrister: `tests/barrister/NNN-name.json` is what Barrister 0.1.6 itself made of the case of that name
//! in `tests/idl`, with the time set to 0.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pintle_core::contract::{Contract, System};
use pintle_core::idl::{Loader, parse};
use pintle_core::{Builder, Builtin, Engine};
use serde_json::Value;

struct Files(PathBuf);

impl Loader for Files {
    fn load(&mut self, key: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(key)).map_err(|why| why.to_string())
    }
}

struct Memory(BTreeMap<String, String>);

impl Loader for Memory {
    fn load(&mut self, key: &str) -> Result<String, String> {
        self.0.get(key).cloned().ok_or_else(|| "there is no such file".into())
    }
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn contract(root: &str, loader: &mut dyn Loader) -> Contract {
    let parsed = parse(root, loader);
    let why: String = parsed.diagnostics.iter().map(|d| parsed.sources.render(d)).collect();
    parsed.contract.unwrap_or_else(|| panic!("{why}"))
}

fn one(text: &str) -> Contract {
    contract("a.pulse", &mut Memory(BTreeMap::from([("a.pulse".into(), text.into())])))
}

/// By type and name, without comments that document nothing.
fn elements(json: &str) -> BTreeMap<String, Value> {
    let Ok(Value::Array(list)) = serde_json::from_str(json) else { panic!("no list: {json}") };
    let told = list.into_iter().filter(|element| element["type"] != "comment");
    told.map(|element| (format!("{} {}", element["type"], element["name"]), element)).collect()
}

/// Name, what Barrister made of it, and the same case as it is read here.
fn cases() -> Vec<(String, String, Contract)> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(tests().join("barrister")).expect("cases exist") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let directory = tests().join("idl").join(&name);
        let contract = match directory.is_dir() {
            true => contract("root.idl", &mut Files(directory)),
            false => contract(&format!("{name}.idl"), &mut Files(tests().join("idl"))),
        };
        cases.push((name, fs::read_to_string(path).expect("text"), contract));
    }
    assert!(cases.len() >= 6);
    cases
}

#[test]
fn the_form_and_its_sum_are_those_that_barrister_writes() {
    for (name, theirs, contract) in cases() {
        let ours = contract.to_barrister(None).expect("it came from there");
        assert_eq!(elements(&ours), elements(&theirs), "{name}");
        if contract.namespace().is_empty() {
            assert_eq!(Contract::from_json(&ours), Ok(contract), "{name}");
        }
        let read = Contract::from_json(&theirs).unwrap_or_else(|why| panic!("{name}: {why:?}"));
        let again = read.to_barrister(Some(0)).expect("it came from there");
        assert_eq!(elements(&again), elements(&theirs), "{name}");
    }
}

#[test]
fn text_to_the_form_to_text_to_the_form_is_stable() {
    let notifications = contract("063-barrister-notifications.idl", &mut Files(tests().join("idl")));
    let shop = one(include_str!("../../examples/checkout/checkout.pulse")
        .split("errors {")
        .next()
        .unwrap_or_default());
    // Theirs may mix files: the first text puts that in order.
    let theirs = cases().into_iter().map(|(_, json, _)| {
        let files = Contract::from_json(&json).expect("a good contract").to_pulse();
        let root = files[0].0.clone();
        contract(&root, &mut Memory(files.into_iter().collect()))
    });
    let all = cases().into_iter().map(|(_, _, contract)| contract).chain(theirs).chain([notifications, shop]);
    for one in all {
        let json = one.to_barrister(None).expect("Barrister has all of it");
        let read = Contract::from_json(&json).expect("what was written is read");
        assert_eq!(read.to_barrister(None).as_ref(), Ok(&json));
        let files = read.to_pulse();
        let root = files[0].0.clone();
        let again = contract(&root, &mut Memory(files.into_iter().collect()));
        assert_eq!(again.to_barrister(None), Ok(json));
    }
}

#[test]
fn a_notification_returns_nothing_and_the_time_is_that_of_the_caller() {
    let notifications = contract("063-barrister-notifications.idl", &mut Files(tests().join("idl")));
    let json = notifications.to_barrister(Some(1_700_000_000_123)).expect("Barrister has them");
    let elements = elements(&json);
    let functions = &elements["\"interface\" \"Bell\""]["functions"];
    assert!(functions[0].get("returns").is_none() && functions[1].get("returns").is_some());
    assert_eq!(elements["\"meta\" null"]["date_generated"], 1_700_000_000_123_u64);
}

#[test]
fn all_that_barrister_does_not_have_is_refused_by_name() {
    let contract = one("namespace a
        interface I { f(x int, y map[string]int [optional]) [][]E raises (Bad) }
        interface Empty {}
        struct P { x int }
        struct S extends P { x int  m map[string][]S }
        enum E {}
        errors { 1 Bad \"bad\" }");
    let refused = contract.to_barrister(None).expect_err("there is much to refuse");
    let refused: Vec<String> = refused.iter().map(ToString::to_string).collect();
    assert_eq!(
        refused,
        [
            "I.f(y): Barrister has no maps",
            "I.f: Barrister has no lists of lists",
            "S.m: Barrister has no maps",
            "I.f: Barrister has no errors that a method raises",
            "I.f(y): Barrister has no optional parameters",
            "Empty: Barrister has no interfaces without methods",
            "E: Barrister has no enums without values",
            "S.x: Barrister takes no field `x` again: a parent has it",
            "a.Bad: Barrister has no definitions of errors",
        ]
    );
}

#[test]
fn a_namespace_makes_a_contract_of_barrister_one_of_pulserpc() {
    let bare = contract("061-barrister.idl", &mut Files(tests().join("idl")));
    let unportable = bare.portable(System::PulseRpc);
    assert_eq!(unportable[0].to_string(), "Library: PulseRPC wants a namespace in the root file");
    let full = bare.clone().in_namespace("library").expect("a namespace");
    assert_eq!(full.to_barrister(None), bare.to_barrister(None));
    let files = full.to_pulse();
    assert_eq!(files[0].0, "library.pulse");
    assert_eq!(contract("library.pulse", &mut Memory(files.into_iter().collect())), full);
    let unportable: Vec<String> = full.portable(System::PulseRpc).iter().map(ToString::to_string).collect();
    assert_eq!(
        unportable,
        [
            "LendRequest._reader: PulseRPC takes no name `_reader`: names start with a letter there",
            "Book.series: PulseRPC takes no circle of structs without an optional field: Book.series → Book",
        ]
    );

    let error = r#"{"errors": [{"name": "Bad", "code": 1, "message": ""}]}"#;
    let error = Contract::from_json(error).expect("a contract").in_namespace("library").expect("a namespace");
    assert_eq!(error.errors()[0].name, "library.Bad");

    assert_eq!(full.in_namespace("x"), Err("the contract has a namespace, `library`".into()));
    let imports = contract("root.idl", &mut Files(tests().join("idl/065-barrister-imports")));
    assert_eq!(imports.clone().in_namespace("geo"), Err("an imported file has the namespace `geo`".into()));
    assert_eq!(imports.clone().in_namespace("rpc"), Err("the namespace `rpc` is reserved".into()));
    assert!(imports.in_namespace("a-b").is_err());
}

#[test]
fn the_built_in_answers_the_form_and_is_not_there_without_it() {
    let ask = |contract: Contract| {
        let builtin = Builtin::barrister_idl(&contract, Some(7));
        let engine = builtin.into_iter().fold(Engine::builder(contract), Builder::builtin);
        let engine = engine.build().expect("an engine");
        let body = r#"{"jsonrpc":"2.0","method":"barrister-idl","id":1}"#;
        let reply = engine.handle(body, |_, _| Ok("null")).expect("a reply");
        serde_json::from_slice::<Value>(&reply).expect("JSON")
    };
    let library = contract("061-barrister.idl", &mut Files(tests().join("idl")));
    let json: Value = serde_json::from_str(&library.to_barrister(Some(7)).expect("all of it")).expect("JSON");
    assert_eq!(ask(library)["result"], json);
    assert_eq!(ask(one("namespace a interface Empty {}"))["error"]["code"], -32601);
}
