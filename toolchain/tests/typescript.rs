//! `gen ts`: what `tsc --strict` makes of it, and of the types that a server and a client infer from it.

mod goldens;
mod outside;

use std::fs;
use std::path::Path;

use pintle_toolchain::typescript::{self, Ints};

/// Beside `--strict`, everything that users may have on.
const OPTIONS: &str = "--noEmit --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes \
    --noPropertyAccessFromIndexSignature --noImplicitOverride --noUnusedLocals --noUnusedParameters --isolatedModules \
    --erasableSyntaxOnly --target es2022 --lib es2022 --skipLibCheck";

const MODULES: &str = "--module esnext --moduleResolution bundler --verbatimModuleSyntax";
/// Some names belong to the compiler here.
const COMMON: &str = "--module commonjs --moduleResolution node10";

fn tsc(options: &str, files: &[&Path]) -> String {
    let mut tsc = outside::node_program("tsc");
    tsc.args(OPTIONS.split_whitespace()).args(options.split_whitespace()).args(files);
    outside::passes(tsc)
}

#[test]
fn every_module_is_accepted() {
    for (name, contract) in goldens::all() {
        goldens::same(name, "typescript", &typescript::generate(&contract, Ints::Number).expect("modules"));
    }
    let usage = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generated/usage.ts");
    tsc(MODULES, &[&usage]);
    tsc(COMMON, &[&usage]);
}

#[test]
fn integers_are_what_the_option_says() {
    let contract = goldens::from_json(
        r#"{"rootNamespace": "a", "structs": [{"name": "S", "namespace": "a", "fields": [
            {"name": "i", "type": {"builtIn": "int"}}, {"name": "f", "type": {"builtIn": "float"}}]}]}"#,
    );
    for (ints, ty) in [(Ints::Number, "number"), (Ints::BigInt, "bigint")] {
        let text = &typescript::generate(&contract, ints).expect("a module")[0].text;
        assert!(text.contains(&format!("  i: {ty};\n  f: number;\n")), "{text}");
    }
}

/// The compiler's own count of its work, which is the same on every machine: it must stay in proportion.
#[test]
fn a_contract_of_hundreds_of_methods_stays_quick() {
    let work = |methods: usize| {
        let mut json = String::from(r#"{"rootNamespace": "big", "interfaces": ["#);
        for interface in 0..methods / 10 {
            let methods: Vec<String> = (0..10)
                .map(|method| {
                    format!(
                        r#"{{"name": "m{method}", "returnType": {{"userDefined": "S{interface}"}}, "parameters": [
                            {{"name": "a", "type": {{"userDefined": "S{interface}"}}}},
                            {{"name": "b", "type": {{"array": {{"builtIn": "int"}}}}}}]}}"#
                    )
                })
                .collect();
            let comma = if interface == 0 { "" } else { "," };
            json += &format!(
                r#"{comma}{{"name": "I{interface}", "namespace": "big", "methods": [{}]}}"#,
                methods.join(",")
            );
        }
        json += r#"], "structs": ["#;
        for at in 0..methods / 10 {
            let comma = if at == 0 { "" } else { "," };
            json += &format!(
                r#"{comma}{{"name": "S{at}", "namespace": "big", "fields": [{{"name": "f", "type": {{"builtIn": "string"}}}}]}}"#
            );
        }
        json += "]}";
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("big-{methods}"));
        fs::create_dir_all(&directory).expect("a directory");
        for file in typescript::generate(&goldens::from_json(&json), Ints::Number).expect("modules") {
            fs::write(directory.join(file.path), file.text).expect("it can be written");
        }
        let shapes = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generated/shapes.ts");
        fs::copy(shapes, directory.join("shapes.ts")).expect("a copy");
        let mut uses = String::from(
            "import type { Client, Server } from \"./shapes.js\";\nimport type { Big } from \"./big.gen.js\";\n\
             declare const api: Client<Big>;\nexport const server = (): Server<Big> => { throw api; };\n",
        );
        for interface in 0..methods / 10 {
            for method in 0..10 {
                uses += &format!("api.I{interface}.m{method}({{ f: \"\" }}, [1]).then((s) => s.f.length);\n");
            }
        }
        let main = directory.join("main.ts");
        fs::write(&main, uses).expect("it can be written");
        let report = tsc(&format!("{MODULES} --extendedDiagnostics"), &[&main]);
        let line = report.lines().find(|line| line.starts_with("Instantiations:")).expect("a count");
        line.split_whitespace().nth(1).and_then(|count| count.parse::<usize>().ok()).expect("a number")
    };
    let (base, more) = (work(10), work(300));
    // About 40 for each method that is called.
    assert!(more - base < 300 * 50, "{base} instantiations for 10 methods, {more} for 300");
}
