//! Exports against `tests/exports`, and OpenAPI back to the contract it was made from. `PINTLE_ACCEPT=1` writes what
//! is found.

mod contracts;

use contracts::{all, contract, files, load, same, tests, workspace};
use pintle_core::{Contract, Engine};
use pintle_toolchain::{jsonschema, openapi, openrpc};
use serde_json::Value;

#[test]
fn exports_are_what_stands_in_the_files() {
    let mut failed = Vec::new();
    for (name, path) in [
        ("checkout", workspace().join("examples/checkout/checkout.pulse")),
        ("everything", tests("exports/everything.pulse")),
    ] {
        let contract = load(&path);
        for (form, text) in [
            ("openapi", openapi::write(&contract)),
            ("openrpc", openrpc::write(&contract)),
            ("jsonschema", jsonschema::write(&contract)),
        ] {
            let path = tests(&format!("exports/{name}.{form}.json"));
            if !same(&path, &text) {
                failed.push(path);
            }
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}

/// The JSON form in which every reference into the namespace that holds it is bare, without the sums.
fn normal(contract: &Contract) -> Value {
    fn bare(value: &mut Value, namespace: &str) {
        match value {
            Value::String(text) => {
                if let Some(rest) = text.strip_prefix(namespace).and_then(|rest| rest.strip_prefix('.')) {
                    *text = rest.into();
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| bare(item, namespace)),
            Value::Object(members) => {
                let own = members.get("namespace").and_then(Value::as_str).unwrap_or(namespace).to_owned();
                for (key, member) in members {
                    if !matches!(key.as_str(), "comment" | "message" | "namespace" | "name") {
                        bare(member, &own);
                    }
                }
            }
            _ => {}
        }
    }
    let mut json: Value = serde_json::from_str(&contract.to_json()).expect("JSON");
    json.as_object_mut().expect("an object").remove("checksum");
    bare(&mut json, "");
    json
}

#[test]
fn a_contract_comes_back_from_openapi() {
    for (name, contract) in all() {
        let imported =
            openapi::read("it.json", &openapi::write(&contract)).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert_eq!(imported.warnings, [], "{name}");
        assert_eq!(normal(&imported.contract), normal(&contract), "{name}");
    }
}

#[test]
fn the_checkout_contract_is_the_same_text_after_openapi() {
    let contract = load(&workspace().join("examples/checkout/checkout.pulse"));
    let imported = openapi::read("checkout.json", &openapi::write(&contract)).expect("a contract");
    assert_eq!(imported.contract, contract);
    assert_eq!(imported.contract.fingerprint(), contract.fingerprint());
    assert_eq!(imported.contract.to_pulse(), contract.to_pulse());
    assert_eq!(files(imported.contract.to_pulse()), contract);
}

#[test]
fn a_schema_of_one_type_has_what_it_needs_and_nothing_else() {
    let contract = load(&tests("exports/everything.pulse"));
    let names = |name: &str| {
        let schema: Value = serde_json::from_str(&jsonschema::write_type(&contract, name)?).expect("JSON");
        let mut names: Vec<String> =
            schema["$defs"].as_object().expect("definitions").keys().cloned().collect();
        names.sort();
        Some(names.join(" "))
    };
    assert_eq!(names("Empty").as_deref(), Some("Empty"));
    assert_eq!(names("everything.Never").as_deref(), Some("Neither Never"));
    assert_eq!(names("inc.Base").as_deref(), Some("inc.Base inc.Kind"));
    assert_eq!(names("Child").as_deref(), Some("Child Thing inc.Base inc.Kind"));
    assert_eq!(names("Things"), None);
    assert_eq!(names("Missing"), None);
}

#[test]
fn names_that_come_to_one_operation_are_told_apart() {
    let contract = contract("namespace a interface A_b { c() } interface A { b_c() }");
    let document: Value = serde_json::from_str(&openapi::write(&contract)).expect("JSON");
    assert_eq!(document["paths"]["/A_b/c"]["post"]["operationId"], "A_b_c");
    assert_eq!(document["paths"]["/A/b_c"]["post"]["operationId"], "A_b_c_");
    assert_eq!(openapi::read("a.json", &openapi::write(&contract)).expect("a contract").contract, contract);
}

#[test]
fn examples_are_valid() {
    let mut seen = 0;
    for (name, contract) in all() {
        let document: Value = serde_json::from_str(&openrpc::write(&contract)).expect("JSON");
        let engine = Engine::builder(contract).build().expect("an engine");
        for method in document["methods"].as_array().expect("methods") {
            let Some(example) = method["examples"].get(0) else { continue };
            let values: Vec<Value> = example["params"]
                .as_array()
                .expect("values")
                .iter()
                .map(|item| item["value"].clone())
                .collect();
            let body =
                serde_json::json!({"jsonrpc": "2.0", "id": 1, "method": method["name"], "params": values});
            let result = example["result"]["value"].to_string();
            let reply = engine.handle(body.to_string(), |_, _| Ok(result.clone())).expect("a reply");
            let reply: Value = serde_json::from_slice(reply.as_ref()).expect("JSON");
            assert_eq!(reply["result"], example["result"]["value"], "{name}: {method}\n{reply}");
            assert!(reply.get("result").is_some(), "{name}: {method}\n{reply}");
            seen += 1;
        }
    }
    assert!(seen > 20);
}

#[test]
fn a_value_that_is_too_large_is_no_example() {
    // The wide ones double with every step, the long ones only grow deeper.
    let wide = (0..12).map(|i| format!("struct W{i} {{ a W{} b W{} }}\n", i + 1, i + 1));
    let long = (0..30).map(|i| format!("struct L{i} {{ a L{} }}\n", i + 1));
    let structs: String = wide.chain(long).collect();
    let contract = contract(&format!(
        "namespace a\n{structs} struct W12 {{}} struct L30 {{}}
        interface I {{ wide(s W0) long(s L0) small(s W11, l L29) }}"
    ));
    let document: Value = serde_json::from_str(&openrpc::write(&contract)).expect("JSON");
    assert_eq!(document["methods"][0].get("examples"), None);
    assert_eq!(document["methods"][1].get("examples"), None);
    let small = document["methods"][2]["examples"][0]["params"].to_string();
    assert_eq!(small, r#"[{"name":"s","value":{"a":{},"b":{}}},{"name":"l","value":{"a":{}}}]"#);
}

#[test]
fn discovery_is_one_line_with_the_names_on_the_wire() {
    let contract = contract("namespace a interface I { f() g() }");
    let text = openrpc::discover(&contract, &|_, method| match method.name.as_str() {
        "f" => vec!["x.f".into(), "f".into()],
        _ => Vec::new(),
    });
    assert!(!text.contains('\n'));
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let names: Vec<&Value> =
        document["methods"].as_array().expect("methods").iter().map(|method| &method["name"]).collect();
    assert_eq!(names, ["x.f", "f"]);
}
