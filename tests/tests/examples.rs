//! The examples: each is served by its own manifest, and its client says what it should.

#[path = "../../toolchain/tests/outside/mod.rs"]
mod outside;

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use pintle_tests::{Server, binary, directory};

fn example(path: &str) -> PathBuf {
    directory("../examples").join(path)
}

/// A client in plain Python.
fn python(script: &str) -> Command {
    let mut python = Command::new("python3");
    python.arg("-B").arg(example(script)).env("no_proxy", "*");
    python
}

/// Runs a client against a server; what it says is `said`, a file. `PINTLE_ACCEPT=1` writes it: read the difference.
#[track_caller]
fn says(mut client: Command, server: &Server, said: &str) {
    client.args(&server.urls);
    let output = outside::passes(client);
    let said = example(said);
    if env::var_os("PINTLE_ACCEPT").is_some() {
        fs::write(&said, &output).expect("the file can be written");
    }
    let expected = fs::read_to_string(&said).unwrap_or_default();
    assert!(output == expected, "it does not say {}, but\n{output}", said.display());
}

#[test]
fn calculator_answers_as_pulsar_does() {
    let server = Server::example("calculator");
    says(python("calculator/client.py"), &server, "calculator/client.out");
}

#[test]
fn conform_answers_barrister_under_node() {
    let server = Server::example("conform");
    let mut client = Command::new("node");
    client.arg(example("conform/client.js")).env("NODE_PATH", outside::node_dir().join("node_modules"));
    says(client, &server, "conform/client.out");
}

#[test]
fn conform_answers_barrister_under_python_2() {
    let server = Server::example("conform");
    let mut client = outside::jython();
    client.arg(example("conform/client.py"));
    says(client, &server, "conform/client.out");
}

#[test]
fn the_plugins_are_made_from_their_contracts() {
    for name in ["calculator", "conform"] {
        let made = tempfile::tempdir().expect("a directory");
        let mut generate = Command::new(binary("pintle"));
        generate
            .args(["gen", "rust"])
            .arg(example(&format!("{name}/{name}.pulse")))
            .arg("-o")
            .arg(made.path());
        for path in outside::passes(generate).lines().map(PathBuf::from) {
            let file = path.strip_prefix(made.path()).expect("it is written where it was asked to");
            let kept = example(&format!("{name}/src")).join(file);
            if env::var_os("PINTLE_ACCEPT").is_some() {
                fs::copy(&path, &kept).expect("the file can be written");
            }
            assert!(
                fs::read(&path).expect("a generated file") == fs::read(&kept).unwrap_or_default(),
                "{0} is not of its contract: pintle gen rust examples/{name}/{name}.pulse -o examples/{name}/src",
                kept.display()
            );
        }
    }
}
