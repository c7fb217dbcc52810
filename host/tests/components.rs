//! Components from the command line: what `inspect` says of them, and that `serve` serves them.

mod command;
mod guests;

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use command::{file, pintle, run, start};
use guests::{HOST, componentize, wasm, wit};
use pintle_core::idl::{self, Loader};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;

const SHAPES: &str = include_str!("guests/shapes.pulse");

fn plugin(dir: &TempDir, name: &str, wasm: &[u8]) -> String {
    let path = dir.path().join(name);
    std::fs::write(&path, wasm).unwrap();
    path.to_str().unwrap().to_owned()
}

fn inspect(args: &[&str]) -> String {
    let (code, out, err) = run(&[&["inspect"], args].concat(), "");
    assert_eq!(code, Some(0), "{err}");
    out
}

fn has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|found| found == *line), "{line:?} is not in\n{text}");
    }
}

#[test]
fn a_component_is_described() {
    let dir = tempfile::tempdir().unwrap();
    let path = plugin(&dir, "c.wasm", &wasm(include_str!("guests/component.wat")));
    let lines = [
        "kind        component",
        "world       bytes: takes calls as JSON text",
        "interfaces  not said",
        "memories    1",
        "exports     handle",
        "imports     pintle:plugin/host@1.0.0",
        "wants       to call other interfaces: not granted; `grants.call` would",
        "wants       to reach connections: not granted; `grants.send` would",
        "wants       to keep keys and values: not granted; `grants.kv` would",
        "  export handle: func(method: string, params: string) -> result<string, rpc-error>;",
        "    request: func(to: string, method: string, params: string) -> result<string, rpc-error>;",
    ];
    has(&inspect(&[&path]), &lines);
    let object: Value = serde_json::from_str(&inspect(&[&path, "--json"])).unwrap();
    assert_eq!((&object["kind"], &object["world"]), (&json!("component"), &json!("bytes")));
    let call = json!({"what": "to call other interfaces", "key": "grants.call", "granted": null});
    assert_eq!(object["wants"][0], call);
    let path = plugin(&dir, "w.wasm", &wasm(include_str!("guests/wasi2.wat")));
    let lines = [
        "wants       environment variables: not granted; `grants.env` would",
        "wants       directories: not granted; `grants.dirs` would",
        "wants       sockets: never granted",
    ];
    has(&inspect(&[&path]), &lines);
    shapes(&dir, SHAPES, "");
    let typed = inspect(&[dir.path().join("shapes.wasm").to_str().unwrap()]);
    has(
        &typed,
        &[
            "world       typed: a function for each method of a contract",
            "exports     pintle:shapes/shapes",
            "    nothing: func() -> result<_, error>;",
        ],
    );
    let path = plugin(&dir, "m.wasm", &wasm(include_str!("guests/echo.wat")));
    has(
        &inspect(&[&path]),
        &["kind        core module", "abi         1", "wants       nothing of its host but logging"],
    );
}

#[test]
fn a_manifest_says_what_is_granted() {
    let dir = tempfile::tempdir().unwrap();
    file(&dir, "c.pulse", "interface A {\n  go() int\n}\n");
    let path = plugin(&dir, "c.wasm", &wasm(include_str!("guests/component.wat")));
    let other = plugin(&dir, "o.wasm", &wasm(include_str!("guests/echo.wat")));
    let manifest =
        "contract = \"c.pulse\"\n[[plugin]]\npath = \"./c.wasm\"\ngrants = { call = [\"A\"], send = true }\n";
    let manifest = file(&dir, "p.toml", manifest);
    let lines = [
        "wants       to call other interfaces: granted A",
        "wants       to reach connections: granted yes",
        "wants       to keep keys and values: not granted; `grants.kv` would",
    ];
    has(&inspect(&[&path, "--manifest", &manifest]), &lines);
    // Of variables it shows the names.
    let wasi = plugin(&dir, "w.wasm", &wasm(include_str!("guests/wasi2.wat")));
    let grants = "env = { KEY = \"secret\" }, dirs = [{ host = \".\", guest = \"/data\" }]";
    let manifest =
        format!("contract = \"c.pulse\"\n[[plugin]]\npath = \"w.wasm\"\ngrants = {{ {grants} }}\n");
    let granting = file(&dir, "w.toml", &manifest);
    let out = inspect(&[&wasi, "--manifest", &granting]);
    has(&out, &["wants       environment variables: granted KEY", "wants       sockets: never granted"]);
    assert!(
        out.contains("wants       directories: granted ") && out.contains(" as /data, to read\n"),
        "{out}"
    );
    assert!(!out.contains("secret"), "{out}");
    let (code, _, err) = run(&["inspect", &other, "--manifest", &granting], "");
    assert!(code == Some(1) && err.contains("has no plugin whose path is"), "{err}");
    let (code, _, err) = run(&["inspect", &other, "--manifest", "/nowhere.toml"], "");
    assert_eq!(code, Some(3), "{err}");
}

/// The component for Shapes, its contract as a file, and a manifest of both.
fn shapes(dir: &TempDir, contract: &str, more: &str) -> String {
    struct One;
    impl Loader for One {
        fn load(&mut self, _: &str) -> Result<String, String> {
            Ok(SHAPES.to_owned())
        }
    }
    let parsed = idl::parse("shapes.pulse", &mut One).contract.unwrap();
    let wit = wit(&parsed).replace("  export others;\n", "");
    plugin(dir, "shapes.wasm", &componentize(&[HOST, &wit], "plugin", include_str!("guests/shapes.wat")));
    file(dir, "shapes.pulse", contract);
    let manifest = "contract = \"shapes.pulse\"\n[[listen]]\nkind = \"http\"\naddress = \"127.0.0.1:0\"\n[[plugin]]\npath = \"shapes.wasm\"\n";
    file(dir, "pintle.toml", &format!("{manifest}{more}"))
}

#[test]
fn a_typed_component_is_served() {
    let dir = tempfile::tempdir().unwrap();
    let alone = SHAPES.replace("interface Others {\n  other() int\n}\n", "");
    let manifest = shapes(&dir, &alone, "");
    let server = start(dir, &["serve", &manifest]);
    let (code, out, err) = run(&["call", &server.url, "Shapes.some", "[1,\"x\"]"], "");
    assert_eq!((code, out.as_str()), (Some(0), "\"x\"\n"), "{err}");
}

#[test]
fn a_typed_component_serves_what_it_exports() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = shapes(&dir, SHAPES, "interfaces = [\"Others\"]\n");
    let (code, _, err) = run(&["serve", &manifest], "");
    assert!(code == Some(1) && err.contains("is to serve Others, but exports only Shapes"), "{err}");
    let dir = tempfile::tempdir().unwrap();
    let manifest = shapes(&dir, &SHAPES.replace("exact(value float)", "exact(value int)"), "");
    let (code, _, err) = run(&["serve", &manifest], "");
    let expected = "`exact` has at `value` the type `f64`, expected `s64`";
    assert!(code == Some(1) && err.contains(expected), "{err}");
}

/// A contract that callers could live with, but the component cannot: what was served goes on.
#[test]
fn another_contract_needs_another_component() {
    let dir = tempfile::tempdir().unwrap();
    let alone = SHAPES.replace("interface Others {\n  other() int\n}\n", "");
    let manifest = shapes(&dir, &alone, "");
    let mut command = pintle(&["serve", &manifest]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut server = Kill(child);
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("listening ").unwrap().to_owned();
    file(
        &dir,
        "shapes.pulse",
        &alone.replace("  count    int\n", "  count    int\n  note string [optional]\n"),
    );
    kill_process(Pid::from_child(&server.0), Signal::HUP).unwrap();
    let mut said = BufReader::new(server.0.stderr.take().unwrap()).lines().map_while(Result::ok);
    let mut reloaded = || said.find(|line| line.contains("reloaded")).unwrap();
    let said = reloaded();
    assert!(said.contains("expected `record { item-name, count, note }`"), "{said}");
    // A comment changes the contract, and no component.
    file(&dir, "shapes.pulse", &alone.replace("interface Shapes", "// All of them.\ninterface Shapes"));
    kill_process(Pid::from_child(&server.0), Signal::HUP).unwrap();
    let said = reloaded();
    assert!(said.contains("the contract") && !said.contains("the contract, "), "{said}");
    let (code, out, err) = run(&["call", &url, "Shapes.some", "[1,\"x\"]"], "");
    assert_eq!((code, out.as_str()), (Some(0), "\"x\"\n"), "{err}");
}

struct Kill(Child);

impl Drop for Kill {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
