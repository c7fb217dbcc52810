//! The command line: answers, exit codes, signals. What is made from contracts is in `toolchain.rs`.

mod command;

use std::process::Stdio;

use command::{file, pintle, run, serve, start};

const CONTRACT: &str = "namespace shop\n\nenum Size {\n  small\n  large\n}\n\nstruct Item {\n  name string\n  size Size\n}\n\n\
                        interface Shop {\n  find(name string, size Size) Item\n}\n";

#[test]
fn exit_codes() {
    let dir = tempfile::tempdir().unwrap();
    let good = file(&dir, "good.pulse", CONTRACT);
    let bad = file(&dir, "bad.pulse", "interface {\n");
    let cases: &[(&[&str], i32)] = &[
        (&["--version"], 0),
        (&["help"], 0),
        (&["help", "manifest"], 0),
        (&["help", "errors"], 0),
        (&["help", "limits"], 0),
        (&["help", "exit-codes"], 0),
        (&["help", "contracts"], 0),
        (&["help", "targets"], 0),
        (&["help", "migrate"], 0),
        (&["help", "serve"], 0),
        (&["help", "nothing"], 2),
        (&["completions", "bash"], 0),
        (&["nothing"], 2),
        (&[], 2),
        (&["check"], 2),
        (&["check", &good], 0),
        (&["check", &good, &bad], 1),
        (&["check", "/nowhere.pulse"], 3),
        (&["validate", &good, "Nothing", &good], 2),
        (&["validate", &good, "Item", "/nowhere.json"], 3),
        (&["validate", "-", "Item", "-"], 2),
        (&["call", "https://localhost/", "A.b"], 3),
        (&["call", "localhost", "A.b"], 3),
        (&["call", "http://localhost/", "A.b", "--header", "x"], 2),
        (&["call", "http://localhost/", "A.b", "--mount", "x"], 2),
        (&["call", "http://localhost/", "A.b", "--contract", &good, "--unchecked"], 2),
        (&["call", "https://localhost/", "A.b", "--ca", "/nowhere.pem"], 3),
        (&["call", "https://localhost/", "A.b", "--ca", &good], 3),
        (&["call", "unix:/nowhere", "A.b"], 3),
        (&["call", "stdio:/nowhere", "A.b"], 3),
        (&["serve", "/nowhere.toml"], 3),
        (&["serve", &bad], 1),
        (&["serve", &good, "--http", "x"], 2),
        (&["serve", &good, "--tcp", "x"], 2),
    ];
    for (args, code) in cases {
        let (got, out, err) = run(args, "");
        assert_eq!(got, Some(*code), "{args:?}\n{out}\n{err}");
        let told = if *code == 0 { &out } else { &err };
        let silent = args[..args.len().min(1)] == ["check"];
        assert!(silent || !told.is_empty(), "{args:?} says nothing");
    }
}

#[test]
fn contracts_and_values() {
    let dir = tempfile::tempdir().unwrap();
    let good = file(&dir, "good.pulse", CONTRACT);
    let valid = |value: &str| run(&["validate", &good, "Item", "--json"], value);
    assert_eq!(valid(r#"{"name":"a","size":"small"}"#).1, "{\"valid\":true,\"problems\":[]}\n");
    let (code, out, _) = valid(r#"{"name":"a","size":"\u001b[31m"}"#);
    assert_eq!(code, Some(1));
    assert!(out.contains("\"path\":") && !out.contains('\x1b'), "{out}");
    let (code, out, _) = run(&["check", "--json", "-"], "namespace a\ninterface A {\n  f(x Nothing)\n}\n");
    assert_eq!(code, Some(1));
    let out: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(out["contracts"][0]["diagnostics"][0]["line"], 3);
}

#[test]
fn a_printed_configuration_is_one() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = file(&dir, "pintle.toml", "contract = \"good.pulse\"\n[[listen]]\npath = \"/rpc\"\n");
    let args = ["serve", &manifest, "--http", "127.0.0.1:0", "--commands", "--print-config"];
    let (code, printed, _) = run(&args, "");
    assert_eq!(code, Some(0));
    assert!(printed.contains("address = \"127.0.0.1:0\" # --http: "), "{printed}");
    assert!(printed.contains("commands = true # --commands: "), "{printed}");
    let again = file(&dir, "again.toml", &printed);
    let (_, reprinted, _) = run(&["serve", &again, "--print-config"], "");
    let values = |text: &str| {
        text.lines().map(|line| line.split(" # ").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(values(&printed), values(&reprinted));
    let wrong = file(&dir, "wrong.toml", "contrakt = 1\n");
    let (code, _, err) = run(&["serve", &wrong], "");
    assert_eq!(code, Some(1));
    assert!(err.contains("wrong.toml:1:1: unknown key `contrakt`; did you mean `contract`?"), "{err}");
}

#[test]
fn calls() {
    let server = serve("shop.pulse", CONTRACT, &["--commands"]);
    let url = server.url.as_str();
    assert_eq!(run(&["call", url, "ping"], ""), (Some(0), "\"pong\"\n".to_owned(), String::new()));
    assert_eq!(run(&["call", url, "echo", "[\"a\\u009bb\"]"], "").1, "\"a\\u009bb\"\n");
    assert_eq!(run(&["call", url, "ping", "--notify"], ""), (Some(0), String::new(), String::new()));
    let (_, info, _) = run(&["call", url, "server_info", "--unchecked"], "");
    assert!(info.contains("\"version\":"), "{info}");
    // Nothing serves the interface, but the contract is known: what is wrong is not even sent.
    let (code, _, err) = run(&["call", url, "Shop.find", "name=12", "size=small"], "");
    assert_eq!((code, err.contains("-32601")), (Some(1), true), "{err}");
    let (code, out, _) = run(&["call", url, "Shop.find", "name=12", "size=small", "--json"], "");
    assert_eq!((code, out.contains("-32601")), (Some(1), true), "{out}");
    let (code, _, err) = run(&["call", url, "Shop.find", "name=12", "size=huge"], "");
    assert_eq!((code, err.contains("not sent: ")), (Some(1), true), "{err}");
    let (code, _, err) = run(&["call", url, "Shop.lose"], "");
    assert_eq!((code, err.contains("--unchecked")), (Some(1), true), "{err}");
    let (code, out, _) =
        run(&["call", url, "--batch", "-"], r#"[{"method":"ping"},{"method":"echo","params":["x"]}]"#);
    let replies: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &replies[0]["result"], &replies[1]["result"]), (Some(0), &"pong".into(), &"x".into()));
    assert_eq!(run(&["check", url], "").0, Some(0));
    assert_eq!(run(&["call", "http://127.0.0.1:1/", "ping"], "").0, Some(3));
}

/// Answers "ann" to every call.
const ANN: &str = r#"(module
  (memory (export "memory") 1)
  (global (export "pintle_abi_1") i32 (i32.const 1))
  (data (i32.const 16) "{\22result\22:\22ann\22}")
  (func (export "pintle_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "pintle_call") (param i32 i32 i32 i32) (result i64)
    (i64.or (i64.shl (i64.const 16) (i64.const 32)) (i64.const 16))))"#;

/// A directory with a contract, a plugin for it and a manifest.
fn site(manifest: &str) -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let contract = "namespace t\n\ninterface S {\n  who() string\n}\n\ninterface Auth {\n  check(ctx string) string\n}\n";
    file(&dir, "t.pulse", contract);
    std::fs::write(dir.path().join("ann.wasm"), wat::parse_str(ANN).unwrap()).unwrap();
    let head = "contract = \"t.pulse\"\n[[plugin]]\npath = \"ann.wasm\"\nisolation = \"single\"\n[cache]\ndir = \"cache\"\n";
    let manifest = file(&dir, "pintle.toml", &format!("{head}{manifest}"));
    (dir, manifest)
}

#[test]
fn a_method_checks_callers_and_is_not_served() {
    let (dir, manifest) = site("[auth]\nmethod = \"Auth.check\"\n[[listen]]\naddress = \"127.0.0.1:0\"\n");
    let server = start(dir, &["serve", &manifest]);
    let call = |method: &str, params: &str| run(&["call", &server.url, method, params, "--unchecked"], "");
    assert_eq!(call("S.who", "[]").1, "\"ann\"\n");
    assert!(call("Auth.check", "[\"{}\"]").2.contains("-32601"));
    let told = |auth: &str| {
        let (_dir, manifest) = site(auth);
        let (code, _, err) = run(&["serve", &manifest, "--http", "127.0.0.1:0"], "");
        assert_eq!(code, Some(1), "{err}");
        err
    };
    assert!(told("[auth]\nmethod = \"Auth.nothing\"").contains("the contract has no method Auth.nothing"));
    assert!(told("[auth]\nmethod = \"S.who\"").contains("S.who must have one parameter"));
    let unset = told("[auth]\nbearer = { env = \"PINTLE_TEST_NO_SUCH_VARIABLE\" }");
    assert!(unset.contains("the environment has no readable PINTLE_TEST_NO_SUCH_VARIABLE"), "{unset}");
    assert!(told("[auth]\nbearer = { file = \"nowhere\" }").contains("nowhere: "));
    let (dir, manifest) = site("[auth]\nbearer = { file = \"tokens\" }");
    file(&dir, "tokens", "fine\nnot fine\n");
    let (code, _, err) = run(&["serve", &manifest, "--http", "127.0.0.1:0"], "");
    assert_eq!(
        (code, err.contains("line 2 is no token"), err.contains("not fine")),
        (Some(1), true, false),
        "{err}"
    );
    let grants = "[[plugin]]\nname = \"b\"\npath = \"ann.wasm\"\n[plugin.grants]\ncall = [\"Sx\"]\n";
    assert!(told(grants).contains("plugin b may call Sx, which the contract does not have"));
}

#[test]
fn an_instance_is_stopped_by_its_id() {
    let listen = "[[listen]]\naddress = \"127.0.0.1:0\"\ncommands = true\n";
    let (dir, manifest) = site(&format!("{listen}kill = true\n"));
    let server = start(dir, &["serve", &manifest]);
    let call = |method: &str, params: &str| run(&["call", &server.url, method, params, "--unchecked"], "");
    let info = || serde_json::from_str::<serde_json::Value>(&call("server_info", "[]").1).unwrap();
    assert_eq!(call("S.who", "[]").1, "\"ann\"\n");
    let plugin = info()["plugins"][0].clone();
    for (key, value) in
        [("calls", 1), ("errors", 0), ("traps", 0), ("timeouts", 0), ("killed", 0), ("replaced", 0)]
    {
        assert_eq!(plugin[key], value, "{key}: {plugin}");
    }
    assert_eq!((&plugin["name"], &plugin["isolation"]), (&"ann".into(), &"single".into()));
    let instance = &plugin["instances"][0];
    assert_eq!(instance["calls"], 1);
    assert!(
        instance["memory"].as_u64().unwrap() >= 1 << 16 && plugin["memory"] == instance["memory"],
        "{plugin}"
    );
    let aid = serde_json::json!([instance["aid"]]).to_string();
    assert_eq!(call("kill_actor", &aid).1, "true\n");
    assert_eq!(call("S.who", "[]").1, "\"ann\"\n");
    let plugin = info()["plugins"][0].clone();
    assert_eq!((&plugin["killed"], &plugin["replaced"]), (&1.into(), &1.into()));
    for unknown in [aid.as_str(), "[\"\"]", "[\"ann-\"]", "[\"ann-0\"]", "[\"ann-01\"]", "[\"1\"]"] {
        let err = call("kill_actor", unknown).2;
        assert!(
            err.contains("-32602") && err.contains("No plugin instance has this id."),
            "{unknown}: {err}"
        );
    }
    let listed = call("functions_list", "[]").1;
    assert!(listed.contains("\"kill_actor\"") && listed.contains("\"server_info\""), "{listed}");
    // It is a right of its own.
    let (dir, manifest) = site(listen);
    let server = start(dir, &["serve", &manifest]);
    assert!(run(&["call", &server.url, "kill_actor", "[\"ann-2\"]", "--unchecked"], "").2.contains("-32601"));
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_in_order() {
    let mut server = serve("shop.pulse", CONTRACT, &[]);
    let id = rustix::process::Pid::from_child(&server.child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_reader_who_leaves_is_no_error() {
    let mut child =
        pintle(&["help", "manifest"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}
