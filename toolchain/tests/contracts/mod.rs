//! Contracts that tests read.
#![allow(dead_code, reason = "each test file uses some of them")]

use std::fs;
use std::path::{Path, PathBuf};

use pintle_core::Contract;
use pintle_core::idl::{Loader, Parsed, parse};

/// The root of the workspace.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace")
}

/// A file of this crate's tests.
pub(crate) fn tests(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path)
}

struct Directory(PathBuf);

impl Loader for Directory {
    fn load(&mut self, key: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(key)).map_err(|why| why.to_string())
    }
}

struct Memory(Vec<(String, String)>);

impl Loader for Memory {
    fn load(&mut self, key: &str) -> Result<String, String> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, text)| text.clone()).ok_or("no such file".into())
    }
}

/// What a file comes to.
pub(crate) fn parsed(path: &Path) -> Parsed {
    let name = path.file_name().and_then(|name| name.to_str()).expect("a file");
    parse(name, &mut Directory(path.parent().expect("a directory").into()))
}

/// The contract of a file.
#[track_caller]
pub(crate) fn load(path: &Path) -> Contract {
    good(parsed(path))
}

/// The contract of a text.
#[track_caller]
pub(crate) fn contract(text: &str) -> Contract {
    files(vec![("root.pulse".into(), text.into())])
}

/// The contract of files, the root first.
#[track_caller]
pub(crate) fn files(files: Vec<(String, String)>) -> Contract {
    let root = files.first().map(|(name, _)| name.clone()).expect("a root");
    good(parse(&root, &mut Memory(files)))
}

#[track_caller]
fn good(parsed: Parsed) -> Contract {
    let rendered: Vec<String> = parsed.diagnostics.iter().map(|d| parsed.sources.render(d)).collect();
    parsed.contract.unwrap_or_else(|| panic!("{}", rendered.join("\n")))
}

/// Every good contract: those of the core's own cases, of the example, and of these tests, by name.
pub(crate) fn all() -> Vec<(String, Contract)> {
    let mut paths =
        vec![workspace().join("examples/checkout/checkout.pulse"), tests("exports/everything.pulse")];
    for entry in fs::read_dir(workspace().join("core/tests/idl")).expect("cases exist") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            paths.push(path.join("root.pulse"));
        } else if path.extension().is_some_and(|extension| extension == "pulse") {
            paths.push(path);
        }
    }
    paths.sort();
    let named = |path: PathBuf| Some((path.display().to_string(), parsed(&path).contract?));
    let all: Vec<_> = paths.into_iter().filter_map(named).collect();
    assert!(all.len() > 20);
    all
}

/// Whether `found` is what the file holds; `PINTLE_ACCEPT=1` writes it there.
pub(crate) fn same(expected: &Path, found: &str) -> bool {
    if std::env::var_os("PINTLE_ACCEPT").is_some() {
        fs::write(expected, found).expect("the case can be written");
    }
    fs::read_to_string(expected).is_ok_and(|text| text == found)
}
