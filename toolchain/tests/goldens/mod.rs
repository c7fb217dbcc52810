//! The contracts that generators are tried on, and their accepted output.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use pintle_core::Contract;
use pintle_toolchain::File;

#[path = "../contracts/mod.rs"]
mod contracts;

/// Of each contract its name, under which its output lies in `tests/generated`, and its file.
const CONTRACTS: [(&str, &str); 3] = [
    ("checkout", "../examples/checkout/checkout.pulse"),
    ("awkward", "tests/generated/awkward/awkward.pulse"),
    ("imports", "tests/generated/imports/root.pulse"),
];

/// All of them by name.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, Contract)> {
    CONTRACTS.into_iter().map(|(name, path)| (name, contracts::load(&here().join(path))))
}

/// A contract in its JSON form.
pub(crate) fn from_json(json: &str) -> Contract {
    Contract::from_json(json).unwrap_or_else(|why| panic!("{why:?}\n{json}"))
}

/// Where the output of a language lies.
pub(crate) fn directory(contract: &str, language: &str) -> PathBuf {
    here().join("tests/generated").join(contract).join(language)
}

/// Holds the files against the accepted ones; `PINTLE_ACCEPT=1` accepts them.
#[track_caller]
pub(crate) fn same(contract: &str, language: &str, files: &[File]) {
    let directory = directory(contract, language);
    for file in files {
        let path = directory.join(&file.path);
        if env::var_os("PINTLE_ACCEPT").is_some() {
            fs::create_dir_all(path.parent().expect("a directory")).expect("it can be made");
            fs::write(&path, &file.text).expect("it can be written");
        }
        let accepted = fs::read_to_string(&path).unwrap_or_default();
        assert!(accepted == file.text, "{} differs: see with PINTLE_ACCEPT=1 and git diff", path.display());
    }
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Asks rustfmt, with its defaults and not this workspace's.
#[track_caller]
pub(crate) fn formatted(paths: &[PathBuf]) {
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024", "--check", "--config", "max_width=100,use_small_heuristics=Default"]);
    let output = rustfmt.args(paths).output().expect("rustfmt runs");
    let found = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{found}\n{}", String::from_utf8_lossy(&output.stderr));
}
