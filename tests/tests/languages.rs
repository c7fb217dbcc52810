//! Plugins in every language: each passes the cases of `examples/languages`.
//!
//! `cargo xtask test --only languages` builds them; with `--languages all` in those languages, too, whose tools are large.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use pintle_tests::{artifact, binary, directory};
use serde_json::Value;

/// What was built, of which the first four are always there.
fn built() -> Vec<String> {
    let list = fs::read_to_string(artifact("languages/built")).expect("what was built");
    let list: Vec<String> = list.lines().map(str::to_owned).collect();
    for language in ["rust", "c", "assemblyscript", "wat"] {
        assert!(list.iter().any(|name| name == language), "{language} was not built");
    }
    list
}

/// A server that reads calls from its standard input. The carts are in its plugin's memory.
struct Server {
    process: Child,
    _directory: tempfile::TempDir,
}

impl Server {
    fn start(language: &str) -> Server {
        let directory_of_server = tempfile::tempdir().expect("a directory");
        let manifest = directory_of_server.path().join("pintle.toml");
        let contract = directory("../examples/languages/shop.pulse");
        let plugin = artifact(&format!("languages/{language}.wasm"));
        let text = format!(
            "contract = {contract:?}\n[[plugin]]\npath = {plugin:?}\nisolation = \"single\"\n[[listen]]\nkind = \"stdio\"\n"
        );
        fs::write(&manifest, text).expect("a manifest");
        let mut serve = Command::new(binary("pintle"));
        serve.arg("serve").arg(&manifest).args(["--log", "error"]);
        serve.env("XDG_CACHE_HOME", directory_of_server.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        Server { process: serve.spawn().expect("a server"), _directory: directory_of_server }
    }

    /// Sends everything, then reads one line for each reply.
    fn answer(&mut self, requests: &[Value]) -> Vec<Value> {
        let mut to = self.process.stdin.take().expect("its input");
        let from = BufReader::new(self.process.stdout.take().expect("its output"));
        let mut replies =
            from.lines().map(|line| serde_json::from_str(&line.expect("a line")).expect("JSON"));
        let answered = requests.iter().map(|request| {
            // One at a time: calls of one connection run side by side.
            writeln!(to, "{request}").expect("sent");
            replies.next().expect("a reply")
        });
        answered.collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// JSON whose numbers are the same ones: languages write 179 and 179.0.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

#[test]
fn every_language_passes_the_cases() {
    let cases = fs::read_to_string(directory("../examples/languages/cases.jsonl")).expect("the cases");
    let cases: Vec<Value> = cases.lines().map(|line| serde_json::from_str(line).expect("a case")).collect();
    for language in built() {
        // Without a parser of JSON, carts are no pleasure.
        let served = if language == "wat" { "CatalogService." } else { "" };
        let cases: Vec<&Value> = cases
            .iter()
            .filter(|case| case["send"]["method"].as_str().is_some_and(|method| method.starts_with(served)))
            .collect();
        let requests: Vec<Value> = cases.iter().map(|case| case["send"].clone()).collect();
        let replies = Server::start(&language).answer(&requests);
        assert!(replies.len() >= 10, "{language}: few cases");
        for (case, reply) in cases.iter().zip(&replies) {
            let expected = &case["reply"];
            assert!(same(reply, expected), "{language}: {}\n  {reply}\n  {expected}", case["case"]);
        }
    }
}

#[test]
fn the_cases_are_of_a_part_of_the_checkout_service() {
    let mut diff = Command::new(binary("pintle"));
    diff.args(["diff", "--rules", "strict"]).arg(directory("../examples/languages/shop.pulse"));
    let output = diff.arg(directory("../examples/checkout/checkout.pulse")).output().expect("pintle diff");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
