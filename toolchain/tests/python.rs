//! The Python that `gen python` writes: as it should be, formatted, typed, and doing what it says.

mod outside;

use std::fs;
use std::path::{Path, PathBuf};

use pintle_core::Contract;
use pintle_core::idl::{self, Loader};
use pintle_toolchain::python;

/// Contracts beside this file, one directory each: `contract.pulse`, what it imports, and `client`, the output.
const CONTRACTS: &[&str] = &["awkward", "checkout"];

struct Beside(PathBuf);

impl Loader for Beside {
    fn load(&mut self, key: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(key)).map_err(|why| why.to_string())
    }
}

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(name)
}

fn contract(name: &str) -> Contract {
    let parsed = idl::parse("contract.pulse", &mut Beside(directory(name)));
    parsed.contract.unwrap_or_else(|| panic!("{name}: {:?}", parsed.diagnostics))
}

/// All files below a directory, by their paths in it.
fn files(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(dir).expect("below it").to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_output_is_as_it_should_be() {
    for name in CONTRACTS {
        let golden = directory(name).join("client");
        // The runtime is the same for every contract and stands in the sources.
        let mut output = python::client(&contract(name));
        output.retain(|file| !file.path.ends_with("rpc.py") && !file.path.ends_with("_values.py"));
        if std::env::var_os("PINTLE_ACCEPT").is_some() {
            let _ = fs::remove_dir_all(&golden);
            for file in &output {
                let path = golden.join(&file.path);
                fs::create_dir_all(path.parent().expect("a directory")).expect("made");
                fs::write(path, &file.text).expect("written");
            }
        }
        let mut paths: Vec<&str> = output.iter().map(|file| file.path.as_str()).collect();
        paths.sort_unstable();
        assert_eq!(files(&golden), paths, "{name}");
        for file in &output {
            let expected = fs::read_to_string(golden.join(&file.path)).expect("a file");
            assert_eq!(file.text, expected, "{name}: {} (PINTLE_ACCEPT=1 accepts it)", file.path);
        }
    }
}
