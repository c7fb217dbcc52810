//! Any contract: whatever names and comments it has, what is made of it is code of its language.

mod goldens;
mod outside;
mod package;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pintle_core::Contract;
use pintle_toolchain::typescript::{self, Ints};
use pintle_toolchain::{File, rust, wit};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// Names that mean something somewhere, that fall together in another case, or that leave nothing in one.
const NAMES: &[&str] = &[
    "a",
    "A",
    "ab",
    "aB",
    "a_b",
    "AB",
    "Ab",
    "_",
    "__",
    "_1",
    "__1",
    "a1",
    "a_1",
    "a1b",
    "self",
    "Self",
    "type",
    "Type",
    "then",
    "constructor",
    "toString",
    "__proto__",
    "prototype",
    "await",
    "async",
    "default",
    "class",
    "new",
    "clone",
    "into",
    "call",
    "dispatch",
    "call_",
    "func",
    "record",
    "resource",
    "own",
    "option",
    "Option",
    "result",
    "Result",
    "list",
    "Vec",
    "String",
    "Box",
    "BTreeMap",
    "Error",
    "error",
    "errors",
    "other",
    "detail",
    "types",
    "plugin",
    "world",
    "Transport",
    "Call",
    "RpcError",
    "Params",
    "Params2",
    "C",
    "T",
    "serde",
    "std",
    "core",
    "crate",
    "super",
    "Promise",
    "Array",
    "Object",
    "any",
    "never",
    "unknown",
    "undefined",
    "globalThis",
    "keyof",
    "readonly",
    "require",
    "exports",
    "module",
    "contract",
    "Contract",
    "Client",
    "AClient",
    "name",
    "message",
    "code",
    "data",
    "cls",
    "raises",
    "HTTPServer",
    "HttpServer",
    "getURL",
    "a_rather_long_name_that_goes_on_and_on",
    "aRatherLongNameThatGoesOnAndOn",
    "some_parameter",
    "anotherParameter",
    "Some",
    "None",
    "Ok",
    "Err",
    "From",
    "Serialize",
    "Inc",
    "inc",
    "union",
    "yield",
    "string_",
    "bool_",
    "f64",
    "u8",
    "stream",
    "future",
    "tuple",
    "variant",
    "flags",
    "char",
    "Debug",
    "Copy",
    "dyn",
];

/// What ends a comment, starts something in one, or hides.
const COMMENTS: &[&str] = &[
    "",
    "plain",
    "*/",
    "/*",
    "\"\"\"",
    "'''",
    "${x}",
    "`",
    "```",
    "~~~",
    "    indented",
    "-->",
    "<script>",
    "///",
    "//!",
    "\\",
    "\r",
    "\r\n",
    "\0",
    "\u{1b}[2J",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{149}",
    "@ts-ignore",
    "@deprecated",
    "{@link x}",
    "[x](y)",
    "[x]: y",
    "- - - ",
    "1.      code",
    "#",
    "%",
    "{}",
    "\t",
    "*",
    "/",
    "\\u0041",
    "\u{feff}",
    "é😀",
];

/// Decisions, taken from a list and 0 when it has ended.
struct Choices(std::vec::IntoIter<u32>);

impl Choices {
    fn below(&mut self, end: usize) -> usize {
        self.0.next().unwrap_or(0) as usize % end.max(1)
    }

    fn one(&mut self, chances: usize) -> bool {
        self.below(chances) == 1
    }

    /// A name that the owner does not have yet.
    fn name(&mut self, taken: &mut BTreeSet<String>) -> String {
        let start = self.below(NAMES.len());
        let free = (start..start + NAMES.len()).map(|at| NAMES[at % NAMES.len()]);
        let name = free.into_iter().find(|name| !taken.contains(*name)).expect("a free name").to_owned();
        taken.insert(name.clone());
        name
    }

    fn comment(&mut self) -> String {
        let lines: Vec<String> = (0..self.below(3))
            .map(|_| (0..self.below(4)).map(|_| COMMENTS[self.below(COMMENTS.len())]).collect())
            .collect();
        lines.join("\n")
    }

    /// A type; of structs only the first `known`, so that one without optional fields does not hold itself.
    fn ty(&mut self, known: &[String], depth: usize) -> Value {
        match self.below(if depth > 0 { 8 } else { 6 }) {
            0 => json!({"builtIn": "string"}),
            1 => json!({"builtIn": "int"}),
            2 => json!({"builtIn": "float"}),
            3 => json!({"builtIn": "bool"}),
            6 => json!({"array": self.ty(known, depth - 1)}),
            7 => json!({"mapValue": self.ty(known, depth - 1)}),
            _ if known.is_empty() => json!({"builtIn": "string"}),
            _ => json!({"userDefined": known[self.below(known.len())]}),
        }
    }
}

/// A contract of one or two namespaces.
fn contract(choices: Vec<u32>) -> Contract {
    let mut choices = Choices(choices.into_iter());
    let mut namespaces = BTreeSet::new();
    let root = choices.name(&mut namespaces);
    let imported = choices.one(2).then(|| choices.name(&mut namespaces));
    let (mut structs, mut enums, mut interfaces, mut errors) = (vec![], vec![], vec![], vec![]);
    // What the root can name of the other namespace.
    let (mut theirs, mut their_errors) = (Vec::new(), Vec::new());
    for namespace in imported.iter().chain([&root]) {
        let is_root = *namespace == root;
        let full = |name: &str| if is_root { name.to_owned() } else { format!("{namespace}.{name}") };
        let mut taken = BTreeSet::from(["raises".to_owned()]);
        let mut types = theirs.clone();
        for _ in 0..choices.below(3) {
            let name = choices.name(&mut taken);
            let mut inner = BTreeSet::new();
            let values = (0..choices.below(5))
                .map(|_| json!({"name": choices.name(&mut inner), "comment": choices.comment()}));
            let values: Vec<Value> = values.collect();
            enums.push(json!({"name": full(&name), "namespace": namespace, "comment": choices.comment(),
                "values": values}));
            types.push(name);
        }
        let names: Vec<String> = (0..choices.below(6)).map(|_| choices.name(&mut taken)).collect();
        let every: Vec<String> = types.iter().chain(&names).cloned().collect();
        let mut parents: Vec<String> = Vec::new();
        for name in names {
            let mut inner = BTreeSet::new();
            let fields: Vec<Value> = (0..choices.below(6))
                .map(|_| {
                    let optional = choices.one(2);
                    let known = if optional { &every } else { &types };
                    json!({"name": choices.name(&mut inner), "type": choices.ty(known, 3), "optional": optional,
                        "comment": choices.comment()})
                })
                .collect();
            let mut item = json!({"name": full(&name), "namespace": namespace, "comment": choices.comment(),
                "fields": fields});
            if !parents.is_empty() && choices.one(3) {
                item["extends"] = json!(parents[choices.below(parents.len())]);
            }
            structs.push(item);
            parents.push(name.clone());
            types.push(name);
        }
        let mut raised = their_errors.clone();
        for _ in 0..choices.below(3) {
            let name = choices.name(&mut taken);
            let code = i32::try_from(errors.len()).expect("few") - 1;
            let message = COMMENTS[choices.below(COMMENTS.len())].replace(['"', '\n'], "");
            errors.push(json!({"name": format!("{namespace}.{name}"), "namespace": namespace, "code": code,
                "message": message, "comment": choices.comment()}));
            raised.push(name);
        }
        for _ in 0..choices.below(3) {
            let name = choices.name(&mut taken);
            let mut inner = BTreeSet::from(["raises".to_owned()]);
            let methods: Vec<Value> = (0..choices.below(5))
                .map(|_| {
                    let mut names = BTreeSet::new();
                    // Mostly a few parameters, now and then more than a tuple takes.
                    let count = if choices.one(12) { 18 } else { choices.below(5) };
                    let first = choices.below(count + 1);
                    let parameters = (0..count).map(|at| {
                        json!({"name": choices.name(&mut names), "type": choices.ty(&types, 2),
                            "optional": at >= first})
                    });
                    let parameters: Vec<Value> = parameters.collect();
                    let returns = if choices.one(4) { Value::Null } else { choices.ty(&types, 3) };
                    let optional = !returns.is_null() && choices.one(2);
                    let raises: Vec<&String> = raised.iter().filter(|_| choices.one(2)).collect();
                    json!({"name": choices.name(&mut inner), "comment": choices.comment(), "parameters": parameters,
                        "returnType": returns, "returnOptional": optional, "raises": raises})
                })
                .collect();
            interfaces
                .push(json!({"name": full(&name), "namespace": namespace, "comment": choices.comment(),
                "methods": methods}));
        }
        if !is_root {
            theirs = types.iter().map(|name| format!("{namespace}.{name}")).collect();
            their_errors = raised.iter().map(|name| format!("{namespace}.{name}")).collect();
        }
    }
    let whole = json!({"rootNamespace": root, "interfaces": interfaces, "structs": structs, "enums": enums,
        "errors": errors});
    goldens::from_json(&whole.to_string())
}

fn any_contract() -> impl Strategy<Value = Contract> {
    proptest::collection::vec(any::<u32>(), 0..400).prop_map(contract)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn wit_is_a_package(contract in any_contract()) {
        let files = wit::generate(&contract).expect("a package");
        if let Err(why) = package::judged(&files) {
            let text: Vec<String> = files.into_iter().map(|file| file.text).collect();
            prop_assert!(false, "{}\n{}", why, text.join("\n"));
        }
    }

    #[test]
    fn rust_is_rust(contract in any_contract()) {
        for file in rust::generate(&contract).expect("modules") {
            if let Err(why) = syn::parse_file(&file.text) {
                prop_assert!(false, "{}\n{}", why, file.text);
            }
        }
    }

    #[test]
    fn paths_stay_inside_and_differ(contract in any_contract()) {
        let outputs = [
            rust::generate(&contract),
            typescript::generate(&contract, Ints::Number),
            wit::generate(&contract),
        ];
        for files in outputs {
            let mut seen = BTreeSet::new();
            for File { path, .. } in files.expect("files") {
                prop_assert!(path.split('/').all(|part| !part.starts_with('.') && !part.is_empty()), "{}", path);
                prop_assert!(seen.insert(path.to_ascii_lowercase()), "{} twice", path);
            }
        }
    }
}

/// Some contracts that are the same in every run.
fn some_contracts(count: usize) -> impl Iterator<Item = Contract> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(move |_| any_contract().new_tree(&mut runner).expect("a contract").current())
}

/// Writes the files of each contract into a directory of its own, and answers all paths.
fn written(language: &str, outputs: impl Iterator<Item = Vec<File>>) -> Vec<PathBuf> {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("any").join(language);
    let _ = fs::remove_dir_all(&base);
    let mut paths = Vec::new();
    for (at, files) in outputs.enumerate() {
        for file in files {
            let path = base.join(at.to_string()).join(file.path);
            fs::create_dir_all(path.parent().expect("a directory")).expect("it can be made");
            fs::write(&path, file.text).expect("it can be written");
            paths.push(path);
        }
    }
    paths
}

#[test]
fn rust_is_formatted() {
    let outputs = some_contracts(60).map(|contract| rust::generate(&contract).expect("modules"));
    goldens::formatted(&written("rust", outputs));
}

/// As a crate of its own, because a test has no other way to a compiler that knows serde.
#[test]
fn rust_compiles_without_warnings() {
    let outputs = some_contracts(60).map(|contract| {
        let files = rust::generate(&contract).expect("modules");
        files.into_iter().map(|file| File::new(format!("src/{}", file.path), file.text)).collect()
    });
    let roots = written("clippy", outputs);
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("any/clippy");
    let modules: Vec<String> = roots
        .iter()
        .filter_map(|path| path.strip_prefix(&base).ok()?.to_str())
        .filter(|path| path.split('/').count() == 3)
        .map(|path| {
            let (at, _) = path.split_once('/').expect("a number");
            fs::write(base.join(at).join("src/mod.rs"), module_of(path)).expect("it can be written");
            format!("#[path = \"{at}/src/mod.rs\"]\nmod m{at};\n")
        })
        .collect();
    let lib = format!("//! Generated modules.\n{}", modules.concat());
    fs::write(base.join("lib.rs"), lib).expect("it can be written");
    let manifest = "[package]\nname = \"any\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
                    [lib]\npath = \"lib.rs\"\n[dependencies]\nserde = { version = \"1\", features = [\"derive\"] }\n\
                    [workspace]\n";
    fs::write(base.join("Cargo.toml"), manifest).expect("it can be written");
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, base.join("Cargo.lock")).expect("a copy");
    let mut clippy = Command::new(env!("CARGO"));
    clippy.args(["clippy", "--offline", "--quiet", "--manifest-path"]).arg(base.join("Cargo.toml"));
    clippy.arg("--target-dir").arg(base.with_file_name("clippy-target")).args(["--", "-D", "warnings"]);
    outside::passes(clippy);
}

/// What declares the module in the file at `path`, as a user would.
fn module_of(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
    // A raw name where it must be: `syn` knows the keywords.
    let raw = if syn::parse_str::<syn::Ident>(name).is_ok() { "" } else { "r#" };
    format!("//! The module.\nmod {raw}{name};\n")
}

#[test]
fn typescript_compiles() {
    let outputs =
        some_contracts(60).map(|contract| typescript::generate(&contract, Ints::Number).expect("modules"));
    let mut tsc = outside::node_program("tsc");
    tsc.args("--noEmit --strict --exactOptionalPropertyTypes --noUnusedLocals --isolatedModules".split(' '));
    tsc.args(
        "--target es2022 --lib es2022 --skipLibCheck --module esnext --moduleResolution bundler".split(' '),
    );
    tsc.args(written("typescript", outputs));
    outside::passes(tsc);
}
