//! What the sources may use: each other in one direction, and nothing that reaches outside.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The modules of the crate. Each may use those before it.
const ORDER: [&str; 22] = [
    "names", "limits", "json", "index", "problem", "error", "contract", "idl", "plan", "envelope",
    "validate", "explain", "builtin", "engine", "value", "params", "result", "exchange", "client", "frame",
    "session", "dialect",
];

/// The file's module, its path, and its text without comments and tests.
fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("text");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let code: Vec<&str> =
                code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
            let relative = path.strip_prefix(&root).expect("below the root");
            let first = relative.iter().next().expect("a name").to_string_lossy();
            sources.push((first.trim_end_matches(".rs").to_owned(), path.clone(), code.join("\n")));
        }
    }
    assert!(sources.len() > 30);
    sources
}

/// The first name behind every `prefix` in `code`; a list in braces gives each of its names.
fn used<'a>(code: &'a str, prefix: &str) -> Vec<&'a str> {
    let name = |text: &'a str| {
        let text = text.trim_start();
        text.split(|char: char| !char.is_alphanumeric() && char != '_').next().unwrap_or_default()
    };
    let behind = code.match_indices(prefix).map(|(at, _)| &code[at + prefix.len()..]);
    behind
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').map(name).collect(),
            None => vec![name(rest)],
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn modules_use_each_other_in_one_direction() {
    let place = |module: &str| ORDER.iter().position(|known| *known == module);
    let sources = sources();
    let (_, _, lib) = sources.iter().find(|(module, ..)| module == "lib").expect("lib.rs");
    // What is used by its public name belongs to the module that has it.
    let mut public = BTreeMap::new();
    for line in lib.lines().filter_map(|line| line.strip_prefix("pub use ")) {
        let (module, _) = line.split_once("::").expect("a path");
        public.extend(used(line, &format!("{module}::")).into_iter().map(|name| (name, module)));
    }
    let declared: BTreeSet<&str> = lib
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    assert_eq!(
        declared,
        ORDER.into_iter().collect(),
        "the modules of lib.rs are those that have a place here"
    );

    let mut wrong = Vec::new();
    let mut count = 0;
    for (module, path, code) in sources.iter().filter(|(module, ..)| module != "lib") {
        let own = place(module).unwrap_or_else(|| panic!("{module} has no place"));
        for name in used(code, "crate::") {
            count += 1;
            let target = public.get(name).copied().unwrap_or(name);
            if place(target).is_none_or(|target| target > own) {
                wrong.push(format!("{}: {module} uses {target}", path.display()));
            }
        }
        // `super` in a file of the root would be the crate by another name.
        let in_root = path.parent().is_some_and(|dir| dir.ends_with("src"));
        if code.contains("super::super::super") || (in_root && code.contains("super::")) {
            wrong.push(format!("{}: say crate::", path.display()));
        }
    }
    assert!(count > 40, "{count}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A dialect changes how calls are written. Whether they may be made is said by the exchange, and by the client for its side:
/// nothing of a dialect checks values itself, gives calls out, or brings outcomes.
#[test]
fn dialects_do_not_reach_around_the_validator() {
    const MODULES: [&str; 11] = [
        "client", "contract", "dialect", "engine", "error", "exchange", "json", "limits", "names", "plan",
        "problem",
    ];
    let mut wrong = Vec::new();
    let mut count = 0;
    for (_, path, code) in sources().into_iter().filter(|(module, ..)| module == "dialect") {
        count += 1;
        for name in used(&code, "crate::").into_iter().chain(used(&code, "exchange::")) {
            // Of the exchange only what a reply says; its own types are for shells, and in the documentation here.
            if !MODULES.contains(&name) && name != "read" {
                wrong.push(format!("{}: {name}", path.display()));
            }
        }
        // The plan says what stands where; the methods of an engine that run or check calls are for shells.
        for call in [".validate(", ".handle(", "Exchange::", "Check::", "Outcome", "Admission", "MethodId("] {
            if code.contains(call) {
                wrong.push(format!("{}: {call}", path.display()));
            }
        }
    }
    assert!(count > 10, "{count}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_in_the_sources_reaches_outside() {
    const OUTSIDE: [&str; 7] = ["fs", "net", "io", "time", "thread", "env", "process"];
    let mut wrong = Vec::new();
    for (_, path, code) in sources() {
        let outside = used(&code, "std::").into_iter().filter(|name| OUTSIDE.contains(name));
        wrong.extend(outside.map(|name| format!("{}: std::{name}", path.display())));
        let words = code.replace("#![forbid(unsafe_code)]", "");
        for word in ["unsafe", "println!", "eprintln!", "print!", "dbg!", "extern \"", "static mut"] {
            if words.contains(word) {
                wrong.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn dependencies_compute_and_do_nothing_else() {
    const ALLOWED: [&str; 9] = [
        "base64ct",
        "block-buffer",
        "cfg-if",
        "cpufeatures",
        "crypto-common",
        "digest",
        "hybrid-array",
        "sha2",
        "typenum",
    ];
    // Not `cargo metadata`: that unites the features of the whole workspace.
    let out = Command::new(env::var_os("CARGO").expect("tests are run by cargo"))
        .args(["tree", "--package=pintle-core", "--edges=normal", "--target=wasm32-unknown-unknown"])
        .args(["--target=x86_64-unknown-linux-gnu", "--prefix=none", "--format={p}", "--offline", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let tree = String::from_utf8(out.stdout).expect("text");
    let names = tree.lines().filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty());
    let found: BTreeSet<&str> = names.filter(|name| *name != "pintle-core").collect();
    let allowed: BTreeSet<&str> = ALLOWED.into_iter().collect();
    assert_eq!(found, allowed, "a new dependency needs a look at what it does, and a place in this list");
}
