//! Exports before the validators of their own fields, and JSON Schema against validation on random values.

#[path = "../../core/tests/agreement/choices.rs"]
#[allow(dead_code, reason = "shared with the core's tests")]
mod choices;
mod contracts;
#[path = "../../core/tests/agreement/document.rs"]
#[allow(dead_code, reason = "shared with the core's tests")]
mod document;
#[path = "../../core/tests/agreement/model.rs"]
#[allow(dead_code, reason = "shared with the core's tests")]
mod model;
mod outside;

use std::fs;
use std::path::{Path, PathBuf};

use choices::Choices;
use document::{Document, Text};
use model::{Model, Type};
use pintle_core::Engine;
use pintle_toolchain::{jsonschema, openapi, openrpc};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// Writes the export of every good contract and names the files.
fn written(form: &str, write: impl Fn(&pintle_core::Contract) -> String) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(form);
    fs::create_dir_all(&directory).expect("a directory");
    let write = |(number, (_, contract)): (usize, (String, pintle_core::Contract))| {
        let path = directory.join(format!("{number}.json"));
        fs::write(&path, write(&contract)).expect("the file can be written");
        path
    };
    contracts::all().into_iter().enumerate().map(write).collect()
}

#[test]
fn openapi_is_valid() {
    let mut python = outside::python();
    python.arg(contracts::tests("outside/openapi.py")).args(written("openapi", openapi::write));
    outside::passes(python);
}

#[test]
fn openrpc_is_valid() {
    let mut node = outside::node();
    node.arg(contracts::tests("outside/openrpc.js")).args(written("openrpc", openrpc::write));
    outside::passes(node);
}

/// A document of which no member has the name of a field, in no case, so that no name is like a field's.
fn foreign(choices: &mut Choices<'_>) -> Document {
    fn rename(value: &mut Document) {
        match value {
            Document::Array(items) => items.iter_mut().for_each(rename),
            Document::Object(members) => {
                for (number, (key, member)) in members.iter_mut().enumerate() {
                    key.value.insert_str(0, &format!("key {number} "));
                    rename(member);
                }
            }
            _ => {}
        }
    }
    let mut value = document::document(choices, 3);
    rename(&mut value);
    value
}

/// Puts something else in one random place.
fn change(value: &mut Document, choices: &mut Choices<'_>) {
    let inside = choices.below(4) > 0;
    match value {
        Document::Array(items) if inside && !items.is_empty() => {
            let at = choices.below(items.len());
            change(&mut items[at], choices);
        }
        Document::Object(members) if inside && !members.is_empty() => {
            let at = choices.below(members.len());
            match choices.below(4) {
                0 => drop(members.remove(at)),
                1 => members.push((Text::from("one more"), foreign(choices))),
                _ => change(&mut members[at].1, choices),
            }
        }
        Document::Number(_) if choices.one_in(2) => *value = Document::Number(document::number(choices)),
        _ => *value = foreign(choices),
    }
}

/// What neither JSON Schema nor its reader has a word for: half of a pair, a key twice, an exponent of twenty digits.
fn beyond(value: &Document) -> bool {
    match value {
        Document::Number(text) => text.contains("e99999999999999999999"),
        Document::Array(items) => items.iter().any(beyond),
        Document::Object(members) => {
            let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.value.as_str()).collect();
            keys.sort_unstable();
            keys.windows(2).any(|pair| pair[0] == pair[1]) || members.iter().any(|(_, member)| beyond(member))
        }
        _ => !value.paired(),
    }
}

/// A schema, and values with the verdict of validation.
fn case(contract: &str, name: &str, values: impl IntoIterator<Item = String>) -> Value {
    let contract = contracts::contract(contract);
    let schema = jsonschema::write_type(&contract, name).expect("a type");
    let engine = Engine::builder(contract).build().expect("an engine");
    let verdict = |text: String| {
        let valid = engine.validate(name, text.as_bytes()).expect("a type").valid();
        json!([text, valid])
    };
    json!({"schema": schema, "values": values.into_iter().map(verdict).collect::<Vec<_>>()})
}

#[test]
fn json_schema_says_what_validation_says() {
    const CONTRACTS: usize = 300;
    const VALUES: usize = 30;

    let mut runner = TestRunner::default();
    let mut random = |most| choices::choices(most).new_tree(&mut runner).expect("choices").current();
    let mut cases = Vec::new();
    for _ in 0..CONTRACTS {
        let model = Model::new(&mut Choices::new(&random(80)));
        let ty = Type::Struct(model.last_struct());
        let value = |_| {
            let list = random(200);
            let mut choices = Choices::new(&list);
            let mut value = model.value(&ty, &mut choices, 3);
            for _ in 0..choices.below(3) {
                change(&mut value, &mut choices);
            }
            (!beyond(&value) && value.paired()).then(|| value.write(&mut choices))
        };
        let values: Vec<String> = (0..VALUES).filter_map(value).collect();
        cases.push(case(&format!("namespace a\n{}", model.pulse()), &ty.pulse(), values));
    }
    let numbers = [
        "0",
        "-0",
        "3.0",
        "3.3",
        "1e2",
        "10e-1",
        "0e999",
        "1e-400",
        "1e18",
        "1e19",
        "1e300",
        "1e400",
        "-1e400",
        "9223372036854775807",
        "9223372036854775807.0",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "922337203685477580.75e1",
        "1.7976931348623157e308",
        "-1.7976931348623157e308",
        "1.7976931348623159e308",
        "\"3\"",
        "true",
        "null",
        "[]",
    ];
    for field in ["int", "float", "int [optional]", "[]float", "map[string]int", "E", "bool", "string"] {
        let value = |number: &&str| match field {
            "[]float" => format!("{{\"x\":[{number}]}}"),
            "map[string]int" => format!("{{\"x\":{{\"y\":{number}}}}}"),
            _ => format!("{{\"x\":{number}}}"),
        };
        let contract = format!("namespace a struct S {{ x {field} }} enum E {{ a }}");
        cases.push(case(&contract, "S", numbers.iter().map(value)));
    }
    let verdicts: Vec<bool> = cases
        .iter()
        .flat_map(|case| case["values"].as_array().expect("values"))
        .map(|value| value[1].as_bool().expect("a verdict"))
        .collect();
    let valid = verdicts.iter().filter(|valid| **valid).count();
    assert!(valid > 1000 && verdicts.len() - valid > 1000, "{valid} of {} are valid", verdicts.len());

    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("json-schema.json");
    fs::write(&path, Value::Array(cases).to_string()).expect("the file can be written");
    let mut python = outside::python();
    python.arg(contracts::tests("outside/json_schema.py")).arg(path);
    outside::passes(python);
}

#[test]
fn json_schemas_of_all_types_are_schemas() {
    let schemas = contracts::all().into_iter().map(|(_, contract)| jsonschema::write(&contract));
    let cases: Vec<Value> = schemas.map(|schema| json!({"schema": schema, "values": []})).collect();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("json-schemas.json");
    fs::write(&path, Value::Array(cases).to_string()).expect("the file can be written");
    let mut python = outside::python();
    python.arg(contracts::tests("outside/json_schema.py")).arg(path);
    outside::passes(python);
}
