//! The contract language against cases in `tests/idl`: `NNN-name.pulse`, or a directory `NNN-name` with a
//! `root.pulse`, beside what it comes to, `.json` or `.err`. `PINTLE_ACCEPT=1` writes what is found.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use pintle_core::contract::Contract;
use pintle_core::idl::{Loader, Parsed, parse};

struct Directory(PathBuf);

impl Loader for Directory {
    fn load(&mut self, key: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(key)).map_err(|_| "there is no such file".into())
    }
}

struct Memory(BTreeMap<String, String>);

impl Loader for Memory {
    fn load(&mut self, key: &str) -> Result<String, String> {
        self.0.get(key).cloned().ok_or_else(|| "there is no such file".into())
    }
}

fn read(files: Vec<(String, String)>) -> Parsed {
    let root = files[0].0.clone();
    parse(&root, &mut Memory(files.into_iter().collect()))
}

fn rendered(parsed: &Parsed) -> String {
    parsed.diagnostics.iter().map(|d| parsed.sources.render(d)).collect::<Vec<_>>().join("\n")
}

fn same(expected: &Path, found: &str) -> bool {
    if env::var_os("PINTLE_ACCEPT").is_some() {
        fs::write(expected, found).expect("the case can be written");
    }
    fs::read_to_string(expected).is_ok_and(|text| text == found)
}

/// Case name, directory, root file.
fn cases() -> Vec<(String, PathBuf, String)> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/idl");
    let mut cases = Vec::new();
    for entry in fs::read_dir(&all).expect("cases exist").map(|entry| entry.expect("entry").path()) {
        let name = entry.file_stem().and_then(|stem| stem.to_str()).expect("plain name").to_string();
        if entry.is_dir() {
            cases.push((name, entry, "root.pulse".to_string()));
        } else if entry.extension().is_some_and(|extension| extension == "pulse") {
            cases.push((name.clone(), all.clone(), format!("{name}.pulse")));
        }
    }
    cases.sort();
    cases
}

#[test]
fn every_case_comes_to_what_stands_beside_it() {
    let mut failed = Vec::new();
    let cases = cases();
    assert!(cases.len() > 50);
    for (name, directory, root) in cases {
        let parsed = parse(&root, &mut Directory(directory));
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/idl").join(&name);
        let (good, bad) = (beside.with_extension("json"), beside.with_extension("err"));
        assert_eq!(parsed.contract.is_some(), parsed.diagnostics.is_empty(), "{name}");
        let matches = match &parsed.contract {
            Some(contract) => same(&good, &contract.to_json_pretty()) && !bad.exists(),
            None => same(&bad, &rendered(&parsed)) && !good.exists(),
        };
        if !matches {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "these differ, or have both a .json and an .err: {failed:?}");
}

#[test]
fn text_to_json_to_text_to_json_is_stable() {
    for (name, directory, root) in cases() {
        let Some(contract) = parse(&root, &mut Directory(directory)).contract else { continue };
        let json = contract.to_json();
        let from_json = Contract::from_json(&json).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert_eq!(from_json, contract, "{name}");
        let again = read(from_json.to_pulse());
        assert_eq!(rendered(&again), "", "{name}");
        let again = again.contract.expect("no diagnostics");
        assert_eq!(again.to_json(), json, "{name}");
        assert_eq!(again.to_pulse(), contract.to_pulse(), "{name}");
        assert_eq!(Contract::from_json(&contract.to_json_pretty()), Ok(contract), "{name}");
    }
}

#[test]
fn the_checkout_contract_has_the_known_checksum_and_is_printed_as_it_stands() {
    let text = include_str!("../../examples/checkout/checkout.pulse");
    let parsed = read(vec![("checkout.pulse".into(), text.into())]);
    assert_eq!(rendered(&parsed), "");
    let contract = parsed.contract.expect("no diagnostics");
    assert_eq!(contract.checksum(), "QRhpvI82cyOt-09wpxUcS4-UvP8hFt5UuzryBpCpiF0");
    let printed = contract.to_pulse();
    assert_eq!(printed.len(), 1);
    let above = "// A shop: products, carts and orders.\n";
    assert_eq!(format!("{above}{}", printed[0].1), text);
}
