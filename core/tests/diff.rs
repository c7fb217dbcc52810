//! Comparing contracts: `tests/diff/NNN-name/{client,server}.pulse`, beside what each set of rules finds,
//! `pulserpc.txt` and `strict.txt`. `PINTLE_ACCEPT=1` writes what is found.

use std::path::{Path, PathBuf};
use std::{env, fs};

use pintle_core::contract::Contract;
use pintle_core::contract::diff::{Delta, Rules, Severity, Verdict, diff, to_json, verify};
use pintle_core::idl::{Loader, parse};

struct Files(PathBuf);

impl Loader for Files {
    fn load(&mut self, key: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(key)).map_err(|why| why.to_string())
    }
}

fn read(directory: &Path, root: &str) -> Contract {
    let parsed = parse(root, &mut Files(directory.to_owned()));
    let why: String = parsed.diagnostics.iter().map(|d| parsed.sources.render(d)).collect();
    parsed.contract.unwrap_or_else(|| panic!("{}: {why}", directory.display()))
}

/// Directory, client and server of every case.
fn cases() -> Vec<(PathBuf, Contract, Contract)> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff");
    let mut directories: Vec<PathBuf> =
        fs::read_dir(all).expect("cases exist").map(|entry| entry.expect("an entry").path()).collect();
    directories.sort();
    assert!(directories.len() >= 18);
    let read = |path: PathBuf| (path.clone(), read(&path, "client.pulse"), read(&path, "server.pulse"));
    directories.into_iter().map(read).collect()
}

#[test]
fn every_case_differs_as_it_stands_beside_it() {
    let mut wrong = Vec::new();
    for (directory, client, server) in cases() {
        for (rules, name) in [(Rules::PulseRpc, "pulserpc.txt"), (Rules::Strict, "strict.txt")] {
            let found: String = diff(&client, &server, rules)
                .iter()
                .map(|delta| format!("{} {} {delta}\n", delta.change, delta.direction))
                .collect();
            let beside = directory.join(name);
            if env::var_os("PINTLE_ACCEPT").is_some() {
                fs::write(&beside, &found).expect("the case can be written");
            }
            if fs::read_to_string(&beside).ok().as_ref() != Some(&found) {
                wrong.push(beside);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_differs_from_itself() {
    for (directory, client, server) in cases() {
        for contract in [client, server] {
            for rules in [Rules::PulseRpc, Rules::Strict] {
                assert_eq!(diff(&contract, &contract, rules), [], "{}", directory.display());
            }
        }
    }
}

#[test]
fn every_strict_difference_names_the_methods_that_reach_it() {
    for (directory, client, server) in cases() {
        for delta in diff(&client, &server, Rules::Strict) {
            assert!(!delta.methods.is_empty(), "{}: {delta}", directory.display());
        }
    }
}

#[test]
fn a_difference_is_an_object_in_json() {
    assert_eq!(to_json(&[]), "[]");
    let (_, client, server) = cases().swap_remove(6);
    let mut deltas = diff(&client, &server, Rules::Strict);
    deltas.extend(diff(&client, &server, Rules::PulseRpc));
    let list: Vec<serde_json::Value> = serde_json::from_str(&to_json(&deltas)).expect("a list");
    assert_eq!(list.len(), deltas.len());
    for (json, delta) in list.iter().zip(&deltas) {
        let text = |key: &str| json[key].as_str();
        assert_eq!(text("entity"), Some(delta.entity.to_string().as_str()));
        assert_eq!(text("name"), Some(delta.name.as_str()));
        assert_eq!(text("member"), delta.member.as_deref());
        assert_eq!(text("change"), Some(delta.change.to_string().as_str()));
        assert_eq!(text("direction"), Some(delta.direction.to_string().as_str()));
        assert_eq!(text("severity"), Some(delta.severity.to_string().as_str()));
        assert_eq!(text("description"), Some(delta.description.as_str()));
        let methods: Vec<&str> =
            json["methods"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str).collect();
        assert_eq!(methods, delta.methods);
    }
}

#[test]
fn the_caller_decides_what_a_difference_means() {
    let mut cases = cases();
    let (_, client, server) = cases.swap_remove(8);
    let errors = |deltas: &[Delta]| deltas.iter().filter(|delta| delta.severity == Severity::Error).count();
    let failed = verify(&client, &server, Rules::Strict, Verdict::by_severity).expect_err("not compatible");
    assert_eq!((failed.len(), errors(&failed)), (3, 3));
    let logged = verify(&client, &server, Rules::Strict, |_| Verdict::Log).expect("all is forgiven");
    assert_eq!(logged, diff(&client, &server, Rules::Strict));
    assert_eq!(verify(&client, &server, Rules::Strict, |_| Verdict::Ignore), Ok(Vec::new()));
    let logged = verify(&client, &server, Rules::PulseRpc, Verdict::by_severity).expect("compatible there");
    assert_eq!((logged.len(), errors(&logged)), (3, 0));
    let same = verify(&client, &client, Rules::Strict, |_| unreachable!("nothing differs"));
    assert_eq!(same, Ok(Vec::new()));
}

#[test]
fn many_methods_on_many_types_take_little_time() {
    const COUNT: usize = 3000;
    let text = |field: &str| {
        let methods: String = (0..COUNT).map(|i| format!("f{i}(x S{i}) S{i}\n")).collect();
        let structs: String = (0..COUNT)
            .map(|i| format!("struct S{i} {{ next S{} [optional] {field} }}\n", (i + 1) % COUNT))
            .collect();
        format!("namespace a\ninterface I {{ {methods} }}\n{structs}")
    };
    struct Text(String);
    impl Loader for Text {
        fn load(&mut self, _: &str) -> Result<String, String> {
            Ok(self.0.clone())
        }
    }
    let contract = |text| parse("a.pulse", &mut Text(text)).contract.expect("a contract");
    let deltas = diff(&contract(text("x int")), &contract(text("x string")), Rules::Strict);
    assert_eq!(deltas.len(), 2 * COUNT);
    let most = pintle_core::contract::diff::MAX_METHODS;
    assert!(deltas.iter().all(|delta| delta.methods.len() == most));
}
