//! The Python that `gen python` writes: as it should be, formatted, typed, and doing what it says.

mod outside;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use pintle_core::Contract;
use pintle_core::idl::{self, Loader};
use pintle_toolchain::{File, python};

/// Contracts, and the directories beside this file that hold their output.
const CONTRACTS: &[(&str, &str)] =
    &[("awkward", "toolchain/tests/python/awkward"), ("checkout", "examples/checkout")];
/// One that is only served.
const HANDLERS: (&str, &str) = ("handlers", "toolchain/tests/python");

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
    let known = CONTRACTS.iter().chain([&HANDLERS]).find(|(known, _)| *known == name);
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(known.expect("a contract").1);
    let parsed = idl::parse(&format!("{name}.pulse"), &mut Beside(dir));
    parsed.contract.unwrap_or_else(|| panic!("{name}: {:?}", parsed.diagnostics))
}

/// Writes files into a directory of the test's own, from nothing.
fn written(name: &str, files: &[File]) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python").join(name);
    let _ = fs::remove_dir_all(&dir);
    for file in files {
        let path = dir.join(&file.path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("made");
        fs::write(path, &file.text).expect("written");
    }
    dir
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
    for (name, _) in CONTRACTS {
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

#[test]
fn the_output_is_formatted_and_typed() {
    for (name, _) in CONTRACTS {
        let dir = written(&format!("formatted_{name}"), &both(name));
        formatted(&dir, &[]);
        let mut mypy = mypy();
        mypy.args(["--python-version", "3.9", "-p", name]).current_dir(&dir);
        outside::passes(mypy);
    }
    for (name, user) in [("checkout", "conversation.py"), ("awkward", "typed.py")] {
        let mut mypy = mypy();
        mypy.arg(directory(user));
        // The server is for old Pythons too, so it has no annotations.
        mypy.args(["--disable-error-code", "import-not-found"]);
        mypy.env("MYPYPATH", written(&format!("use_{name}"), &python::client(&contract(name))));
        outside::passes(mypy);
    }
}

fn mypy() -> Command {
    let mut mypy = outside::python();
    mypy.args(["-m", "mypy", "--strict", "--cache-dir"]);
    mypy.arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("python/mypy"));
    mypy
}

#[test]
fn any_contract_is_formatted_and_typed() {
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/tests/idl");
    let mut output = Vec::new();
    let mut packages = Vec::new();
    for path in files(&contracts).into_iter().filter(|path| path.ends_with(".json")) {
        let Ok(contract) =
            Contract::from_json(&fs::read_to_string(contracts.join(&path)).expect("a contract"))
        else {
            continue;
        };
        let package = format!("c{}", path.chars().take_while(char::is_ascii_digit).collect::<String>());
        for file in python::client(&contract).into_iter().chain(python::server(&contract)) {
            if !file.path.starts_with("pintle_server/") {
                output.push(File::new(format!("{package}/{}", file.path), file.text));
            }
        }
        packages.push(package);
    }
    assert!(packages.len() > 15, "{packages:?}");
    // Without a namespace, the package still has a name.
    assert!(output.iter().any(|file| file.path.ends_with("/service/idl.json")));
    let dir = written("any", &output);
    // The one with 32 lists in each other, for which black has a form of its own, is long in ours.
    formatted(&dir, &["--exclude", "c009"]);
    let mut mypy = mypy();
    for package in packages {
        mypy.args(["-p", &package]);
    }
    mypy.args(["--python-version", "3.9"]).current_dir(&dir);
    outside::passes(mypy);
}

fn formatted(dir: &Path, options: &[&str]) {
    let mut black = outside::python();
    black.args(["-m", "black", "--check", "--quiet", "--diff"]).args(options).arg(dir);
    outside::passes(black);
}

/// What both commands write of a contract.
fn both(name: &str) -> Vec<File> {
    let contract = contract(name);
    python::client(&contract).into_iter().chain(python::server(&contract)).collect()
}

#[test]
fn clients_and_handlers_understand_each_other() {
    let mut typed = outside::python();
    typed.arg("-B").arg(directory("typed.py")).arg(written("typed", &both("awkward")));
    assert_eq!(outside::passes(typed), "all is understood\n");
}

#[test]
fn handlers_are_called_and_judged() {
    let dir = written("handlers", &python::server(&contract("handlers")));
    for mut interpreter in [outside::python(), Command::new("jython")] {
        interpreter.arg("-B").arg(directory("handlers.py")).arg(&dir);
        assert_eq!(outside::passes(interpreter), "12 tests passed\n");
    }
}

/// A shop in Python that listens.
struct Shop(Child, String);

impl Shop {
    fn open(mut interpreter: Command, dir: &Path) -> Shop {
        interpreter.arg(directory("shop.py")).arg(dir);
        let mut child = interpreter.stdout(Stdio::piped()).spawn().expect("a shop");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let url = line.trim().strip_prefix("listening ").expect("where it listens").to_owned();
        Shop(child, url)
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn buys(shop: Command, name: &str) {
    let dir = written(name, &both("checkout"));
    let shop = Shop::open(shop, &dir);
    let mut buyer = outside::python();
    buyer.arg("-B").arg(directory("conversation.py")).arg(dir).arg(&shop.1).env("no_proxy", "*");
    assert_eq!(outside::passes(buyer), "the conversation is over\n");
}

#[test]
fn the_client_buys_in_a_shop_of_python_3() {
    buys(outside::python(), "shop_3");
}

#[test]
fn the_client_buys_in_a_shop_of_jython() {
    // The launcher is a script, and it is its process that is ended.
    buys(Command::new("jython"), "shop_2");
}
