//! Contracts that arrive as JSON: `tests/contract_json/NNN-name.json` are wrong, each as the `.err` beside it says.
//! `PINTLE_ACCEPT=1` writes what is found. Good ones are the results of `tests/idl`.

use std::path::Path;
use std::{env, fs};

use pintle_core::contract::{Contract, Definition};

#[test]
fn every_mistake_is_reported_with_its_place() {
    let mut failed = Vec::new();
    let mut count = 0;
    for entry in
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract_json")).expect("cases exist")
    {
        let path = entry.expect("entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        count += 1;
        let text = fs::read_to_string(&path).expect("text");
        let diagnostics = Contract::from_json(&text).expect_err(&path.display().to_string());
        let found: String = diagnostics.iter().map(|d| format!("{d}\n")).collect();
        let expected = path.with_extension("err");
        if env::var_os("PINTLE_ACCEPT").is_some() {
            fs::write(&expected, &found).expect("the case can be written");
        }
        if found.is_empty() || fs::read_to_string(&expected).ok().as_ref() != Some(&found) {
            failed.push(path);
        }
    }
    assert!(count > 15);
    assert!(failed.is_empty(), "{failed:?}");
}

const SMALL: &str = r#"{"rootNamespace": "a", "checksum": "ignored", "new": {"in": "a later version"},
    "interfaces": [{"name": "I", "namespace": "a", "methods": [{"name": "f", "parameters": [
        {"name": "x", "type": {"builtIn": "int"}}, {"name": "y", "type": {"builtIn": "int"}}],
        "returnType": null, "raises": ["E"]}]}],
    "structs": [{"name": "S", "namespace": "a", "extends": "b.P"}, {"name": "b.P", "namespace": "b",
        "fields": [{"name": "k", "type": {"userDefined": "Kind"}}]}],
    "enums": [{"name": "b.Kind", "namespace": "b"}],
    "errors": [{"name": "a.E", "namespace": "a", "code": -5, "message": "m"}]}"#;

fn small(from: &str, to: &str) -> Contract {
    assert!(SMALL.contains(from));
    Contract::from_json(&SMALL.replace(from, to)).expect("a good contract")
}

#[test]
fn names_resolve_where_they_stand() {
    let contract = small("", "");
    let name = |reference: &str, namespace: &str| match contract.definition(reference, namespace)? {
        Definition::Struct(item) => Some(item.name.as_str()),
        Definition::Enum(item) => Some(item.name.as_str()),
    };
    assert_eq!(name("S", "a"), Some("S"));
    assert_eq!(name("a.S", "a"), Some("S"));
    assert_eq!(name("Kind", "b"), Some("b.Kind"));
    assert_eq!(name("b.Kind", "a"), Some("b.Kind"));
    assert_eq!(name("Kind", "a"), None);
    assert_eq!(name("I", "a"), None);
    assert_eq!(name("E", "a"), None);
    assert_eq!(contract.interface("I", "a").map(|i| i.name.as_str()), Some("I"));
    assert_eq!(contract.interface("S", "a"), None);
    assert_eq!(contract.resolve_error("E", "a"), contract.error(-5));
    assert_eq!(contract.resolve_error("a.E", "b"), contract.error(-5));
    assert_eq!(contract.resolve_error("S", "a"), None);
    assert_eq!(contract.error(5), None);
    assert_eq!(contract.parent(&contract.structs()[0]), Some(&contract.structs()[1]));
    assert_eq!(contract.parent(&contract.structs()[1]), None);
}

#[test]
fn the_checksum_is_blind_where_the_peer_is_and_the_fingerprint_is_not() {
    let sums = |c: Contract| (c.checksum(), c.fingerprint());
    let (checksum, fingerprint) = sums(small("", ""));
    let swapped = small(r#""name": "x""#, r#""name": "z""#);
    assert_ne!(swapped.checksum(), checksum);
    let in_other_order = sums(
        Contract::from_json(
            &SMALL.replace(r#""x""#, r#""?""#).replace(r#""y""#, r#""x""#).replace(r#""?""#, r#""y""#),
        )
        .expect("a good contract"),
    );
    assert_eq!(in_other_order.0, checksum);
    assert_ne!(in_other_order.1, fingerprint);
    let other_message = sums(small(r#""message": "m""#, r#""message": "n""#));
    assert_eq!(other_message.0, checksum);
    assert_ne!(other_message.1, fingerprint);
    let other_code = sums(small("-5", "-6"));
    assert_ne!(other_code.0, checksum);
    assert_ne!(other_code.1, fingerprint);
}

#[test]
fn what_was_checked_is_read_again_without_the_rules() {
    let mut count = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/idl")).expect("cases exist") {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let contract =
                Contract::from_json(&fs::read_to_string(&path).expect("text")).expect("a good one");
            assert_eq!(Contract::from_checked_json(&contract.to_json()), Ok(contract), "{path:?}");
            count += 1;
        }
    }
    assert!(count > 15);
    for (from, to, why) in [
        ("{", "", "not JSON"),
        (r#""name": "x""#, r#""name": 5"#, "/interfaces/0/methods/0/parameters/0/name: expected a string"),
        (r#""name": "x""#, r#""name": "x\":\"""#, "no name"),
        (r#""name": "k""#, r#""name": """#, "no name"),
        (r#"{"userDefined": "Kind"}"#, r#"{"userDefined": "None"}"#, "`None` is no name, or names nothing"),
        (r#"{"builtIn": "int"}"#, r#"{"array": {"userDefined": "I"}}"#, "`I` is no name, or names nothing"),
        (r#""extends": "b.P""#, r#""extends": "S""#, "`S` inherits too much"),
        (r#""extends": "b.P""#, r#""extends": "b.Kind""#, "`S` extends no struct"),
    ] {
        assert!(SMALL.contains(from));
        let found = Contract::from_checked_json(&SMALL.replacen(from, to, 1)).expect_err(why);
        assert!(found[0].to_string().contains(why), "{}", found[0]);
    }
    let many: Vec<String> =
        (0..65).map(|i| format!(r#"{{"name": "s{i}", "extends": "s{}", "fields": []}}"#, i + 1)).collect();
    let chain =
        |length: usize| format!(r#"{{"structs": [{}, {{"name": "s{length}"}}]}}"#, many[..length].join(","));
    assert!(Contract::from_checked_json(&chain(64)).is_ok());
    let found = Contract::from_checked_json(&chain(65)).expect_err("too deep");
    assert_eq!(found[0].to_string(), "`s0` inherits too much");
}
