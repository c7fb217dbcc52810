//! OpenAPI documents against cases in `tests/imports`: `NNN-name.yaml` or `.json`, beside the contract it comes to,
//! `.pulse`, and what is said of it, `.warnings`; or beside why it is refused, `.err`. `PINTLE_ACCEPT=1` writes what is
//! found.

mod contracts;

use std::fs;
use std::path::PathBuf;

use contracts::{files, same, tests};
use pintle_core::Contract;
use pintle_toolchain::openapi::{self, Diagnostic};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn cases() -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(tests("imports")).expect("cases exist");
    let paths = entries.map(|entry| entry.expect("entry").path());
    let documents = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "json"));
    let name = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
    let mut cases: Vec<_> = documents.map(|path| (name(&path), path)).collect();
    cases.sort();
    assert!(cases.len() > 30);
    cases
}

fn lines(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

#[test]
fn every_document_comes_to_what_stands_beside_it() {
    let mut failed = Vec::new();
    for (name, path) in cases() {
        let text = fs::read_to_string(&path).expect("text");
        let (good, warned, bad) =
            (path.with_extension("pulse"), path.with_extension("warnings"), path.with_extension("err"));
        let matches = match openapi::read(&name, &text) {
            Ok(imported) => {
                let written = imported.contract.to_pulse();
                assert_eq!(files(written.clone()).fingerprint(), imported.contract.fingerprint(), "{name}");
                let text: Vec<String> =
                    written.into_iter().map(|(name, text)| format!("// {name}\n{text}")).collect();
                same(&good, &text.join("\n")) && same(&warned, &lines(&imported.warnings)) && !bad.exists()
            }
            Err(problems) => {
                assert!(!problems.is_empty(), "{name}");
                same(&bad, &lines(&problems)) && !good.exists()
            }
        };
        if !matches {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "these differ, or have both a .pulse and an .err: {failed:?}");
}

/// A document with these schemas.
fn with_schemas(schemas: &str) -> String {
    format!(
        r#"{{"openapi":"3.1.0","info":{{"title":"t","version":"1"}},"paths":{{}},"components":{{"schemas":{{{schemas}}}}}}}"#
    )
}

#[test]
fn an_enum_of_very_many_values_that_are_no_names_is_read() {
    let values: Vec<String> =
        (0..50_000).map(|i| format!("\"{}\"", char::from_u32(0x10000 + i).expect("a character"))).collect();
    let imported = openapi::read(
        "it",
        &with_schemas(&format!(r#""E":{{"type":"string","enum":[{}]}}"#, values.join(","))),
    )
    .expect("an enum");
    assert_eq!(imported.contract.enums()[0].values.len(), 50_000);
    assert_eq!(imported.contract.enums()[0].values[1].name, "value_");
    assert_eq!(imported.warnings.len(), openapi::MAX_WARNINGS + 1);
    assert_eq!(imported.warnings.last().map(|warning| warning.message.as_str()), Some("49000 more warnings"));
}

#[test]
fn long_chains_need_no_stack_and_little_time() {
    const LENGTH: usize = 5_000;
    let chain = |link: &dyn Fn(usize, usize) -> String| {
        let schemas: Vec<String> =
            (0..LENGTH).map(|i| format!(r#""S{i}":{}"#, link(i, (i + 1) % LENGTH))).collect();
        openapi::read("it", &with_schemas(&schemas.join(",")))
    };
    let circle = chain(&|_, next| {
        format!(r##"{{"required":["x"],"properties":{{"x":{{"$ref":"#/components/schemas/S{next}"}}}}}}"##)
    });
    assert_eq!(circle.expect("a contract").warnings.len(), 1);
    let references =
        chain(&|_, next| format!(r##"{{"$ref":"#/components/schemas/S{next}"}}"##)).expect("a contract");
    assert!(references.warnings[0].message.contains("too often"), "{}", references.warnings[0]);
    let lists = chain(&|_, next| {
        format!(r##"{{"type":"array","items":{{"$ref":"#/components/schemas/S{next}"}}}}"##)
    });
    lists.expect("a contract");
    let choices = chain(&|_, next| {
        format!(
            r##"{{"oneOf":[{{"$ref":"#/components/schemas/S{next}"}},{{"$ref":"#/components/schemas/S{next}"}}]}}"##
        )
    });
    choices.expect("a contract");
    let parents = chain(&|_, next| {
        format!(r##"{{"allOf":[{{"$ref":"#/components/schemas/S{next}"}},{{"properties":{{}}}}]}}"##)
    });
    let why = parents.map(|_| ()).expect_err("too many parents");
    assert!(why[0].message.contains("more than 64 structs above it"), "{}", why[0]);
    let copies = chain(&|_, next| {
        format!(
            r##"{{"allOf":[{{"$ref":"#/components/schemas/S0"}},{{"$ref":"#/components/schemas/S{next}"}}],"properties":{{"x":{{}}}}}}"##
        )
    });
    let why = copies.map(|_| ()).expect_err("too many copies");
    assert!(why[0].message.contains("would be copied"), "{}", why[0]);
}

#[test]
fn json_and_yaml_of_one_content_come_to_one_contract() {
    let schemas: Vec<String> = (0..5_000)
        .map(|i| format!(r##""S{i}":{{"type":"object","required":["a"],"properties":{{"a":{{"type":"string","maxLength":3}},"b":{{"type":"array","items":{{"$ref":"#/components/schemas/S{}"}}}}}}}}"##, i / 2))
        .collect();
    let document = with_schemas(&schemas.join(","));
    let contract = openapi::read("it", &document).expect("a contract").contract;
    assert_eq!(contract.structs().len(), 5_000);
    let yaml: String = document.replace(",\"", ",\n \"");
    let again = openapi::read("it.yaml", &yaml).expect("a contract").contract;
    assert_eq!(again, contract);
}

#[test]
fn many_references_to_one_long_list_are_refused() {
    let parameters: Vec<String> = (0..2000)
        .map(|i| format!(r#"{{"name":"p{i}","in":"query","schema":{{"type":"string"}}}}"#))
        .collect();
    let parameters = parameters.join(",");
    let properties: Vec<String> = (0..2000).map(|i| format!(r#""p{i}":{{"type":"string"}}"#)).collect();
    let body = format!(
        r#"{{"content":{{"application/json":{{"schema":{{"properties":{{{}}}}}}}}}}}"#,
        properties.join(",")
    );
    let references = |paths: &dyn Fn(usize) -> String| {
        let paths: Vec<String> = (0..2000).map(|i| format!(r#""/{i}":{}"#, paths(i))).collect();
        let document = format!(
            r#"{{"openapi":"3.1.0","info":{{"title":"t","version":"1"}},"paths":{{{}}},
                "x-item":{{"get":{{}},"parameters":[{parameters}]}},"x-body":{body}}}"#,
            paths.join(",")
        );
        lines(&openapi::read("it", &document).map(|_| ()).expect_err("too much"))
    };
    let items = references(&|_| r##"{"$ref":"#/x-item"}"##.into());
    assert!(items.ends_with("the operations have more than 262144 parameters and responses\n"), "{items}");
    let bodies = references(&|_| r##"{"get":{"requestBody":{"$ref":"#/x-body"}}}"##.into());
    assert!(bodies.ends_with("the operations have more than 262144 parameters and responses\n"), "{bodies}");
}

#[test]
fn a_document_is_bounded() {
    let long = " ".repeat(openapi::MAX_TEXT + 1);
    assert_eq!(
        lines(&openapi::read("it", &long).map(|_| ()).expect_err("too long")),
        "it: the document has more than 16 MiB\n"
    );
    let many = format!("{{\"openapi\":[{}0]}}", "0,".repeat(openapi::MAX_VALUES));
    let why = lines(&openapi::read("it", &many).map(|_| ()).expect_err("too many"));
    assert_eq!(why, "it: the document has more than 1048576 values\n");
}

/// Schemas of all kinds of sense and nonsense, which refer to each other.
fn schema() -> impl Strategy<Value = Value> {
    let reference = (0..6).prop_map(|to| json!({"$ref": format!("#/components/schemas/S{to}")}));
    let names = prop::sample::select(vec![
        "string", "integer", "number", "boolean", "object", "array", "null", "any",
    ]);
    let leaf = prop_oneof![
        4 => reference,
        3 => names.prop_map(|name| json!({"type": name})),
        1 => Just(json!({"enum": ["a", "b-c", null, 3]})),
        1 => Just(json!({"type": ["string", "null"], "nullable": true})),
        1 => Just(json!({"required": ["x", "y"]})),
        1 => any::<bool>().prop_map(Value::Bool),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let list = || prop::collection::vec(inner.clone(), 0..4);
        let properties =
            prop::collection::vec((prop::sample::select(vec!["x", "y", "*/", "a b"]), inner.clone()), 0..4);
        let properties = properties.prop_map(|members| {
            members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>()
        });
        let member = prop_oneof![
            properties.prop_map(|members| ("properties", Value::Object(members))),
            list().prop_map(|members| ("allOf", Value::Array(members))),
            list().prop_map(|members| ("oneOf", Value::Array(members))),
            list().prop_map(|members| ("anyOf", Value::Array(members))),
            inner.clone().prop_map(|member| ("items", member)),
            inner.clone().prop_map(|member| ("additionalProperties", member)),
            Just(("required", json!(["x", "y", "x"]))),
            Just(("type", json!("object"))),
        ];
        prop::collection::vec(member, 1..4)
            .prop_map(|members| members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    })
}

/// A contract is one that its own text stands for, and comes back from what is written of it.
fn is_sound(contract: &Contract) -> Result<(), TestCaseError> {
    prop_assert_eq!(files(contract.to_pulse()).fingerprint(), contract.fingerprint());
    let back =
        openapi::read("it.json", &openapi::write(contract)).map(|imported| imported.contract.fingerprint());
    prop_assert_eq!(back, Ok(contract.fingerprint()));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_schemas_come_to_a_contract(schemas in prop::collection::vec(schema(), 6), body in schema(), result in schema()) {
        let schemas: Map<String, Value> =
            schemas.into_iter().enumerate().map(|(number, schema)| (format!("S{number}"), schema)).collect();
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "it", "version": "1"},
            "paths": {"/a": {"post": {
                "requestBody": {"content": {"application/json": {"schema": body}}},
                "responses": {"200": {"content": {"application/json": {"schema": result}}}},
            }}},
            "components": {"schemas": schemas},
        });
        match openapi::read("it.json", &document.to_string()) {
            Ok(imported) => is_sound(&imported.contract)?,
            Err(problems) => prop_assert!(false, "{problems:?}\n{document:#}"),
        }
    }

    #[test]
    fn no_damage_to_a_document_makes_reading_panic(
        which in any::<prop::sample::Index>(), from in 0usize..6000, length in 0usize..40,
        into in "[-&*!|>\\[\\]{}\"':,#?a-z0-9 \n]{0,12}"
    ) {
        let cases = cases();
        let (name, path) = which.get(&cases);
        let mut text = fs::read_to_string(path).expect("text");
        let from = text.floor_char_boundary(from.min(text.len()));
        let to = text.floor_char_boundary((from + length).min(text.len()));
        text.replace_range(from..to, &into);
        match openapi::read(name, &text) {
            Ok(imported) => is_sound(&imported.contract)?,
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}
