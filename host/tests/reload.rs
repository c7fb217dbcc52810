//! Reloading a server under load, from outside: nothing that is called fails, and what is wrong changes nothing.

mod command;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use pintle::client::Client;
use rustix::process::Signal;
use serde_json::Value;
use tokio::time::timeout;

use command::logged::Logged;

const CONTRACT: &str = "namespace t
interface S {
  version() string
}
interface C {
  count() int
}
interface Client {
  note(text string)
}
";

const MANIFEST: &str = r#"contract = "c.pulse"
cache = { dir = "cache" }
log = { format = "json" }
[[plugin]]
name = "versioned"
path = "s.wasm"
interfaces = ["S"]
[[plugin]]
name = "counter"
path = "c.wasm"
isolation = "single"
interfaces = ["C"]
[[listen]]
address = "127.0.0.1:0"
commands = true
[[listen]]
kind = "tcp"
address = "127.0.0.1:0"
callbacks = ["Client"]
"#;

/// A guest that answers this text.
fn answers(text: &str) -> Vec<u8> {
    let answer = format!("{{\\\"result\\\":\\\"{text}\\\"}}");
    let length = text.len() + 13;
    wat::parse_str(format!(
        r#"(module (memory (export "memory") 1) (global (export "pintle_abi_1") i32 (i32.const 1))
        (data (i32.const 16) "{answer}")
        (func (export "pintle_alloc") (param i32) (result i32) (i32.const 1024))
        (func (export "pintle_call") (param i32 i32 i32 i32) (result i64)
          (i64.or (i64.shl (i64.const 16) (i64.const 32)) (i64.const {length}))))"#
    ))
    .unwrap()
}

/// A guest that counts its calls, on from a number of two digits.
fn counts(from: &str) -> Vec<u8> {
    let wat = r#"(module (memory (export "memory") 1) (global (export "pintle_abi_1") i32 (i32.const 1))
        (global $n (mut i32) (i32.const 10))
        (data (i32.const 16) "{\"result\":00}")
        (func (export "pintle_alloc") (param i32) (result i32) (i32.const 1024))
        (func (export "pintle_call") (param i32 i32 i32 i32) (result i64)
          (global.set $n (i32.add (global.get $n) (i32.const 1)))
          (i32.store8 (i32.const 26) (i32.add (i32.const 48) (i32.div_u (global.get $n) (i32.const 10))))
          (i32.store8 (i32.const 27) (i32.add (i32.const 48) (i32.rem_u (global.get $n) (i32.const 10))))
          (i64.or (i64.shl (i64.const 16) (i64.const 32)) (i64.const 13))))"#;
    wat::parse_str(wat.replace("(mut i32) (i32.const 10)", &format!("(mut i32) (i32.const {from})"))).unwrap()
}

/// A running server that logs JSON.
struct Server {
    logged: Logged,
    http: String,
    tcp: String,
}

impl Server {
    fn start(manifest: &str) -> Server {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        std::fs::write(path("c.pulse"), CONTRACT).unwrap();
        std::fs::write(path("s.wasm"), answers("one")).unwrap();
        std::fs::write(path("c.wasm"), counts("10")).unwrap();
        std::fs::write(path("pintle.toml"), manifest).unwrap();
        let mut logged = Logged::start(dir, &[]);
        Server { http: logged.url(), tcp: logged.url(), logged }
    }

    /// Lets a file take another's place, as one does who never shows half of it.
    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let dir = self.logged.dir.path();
        std::fs::write(dir.join("new"), bytes).unwrap();
        std::fs::rename(dir.join("new"), dir.join(name)).unwrap();
    }

    /// Tells it to reload, and answers what it says of that.
    fn reload(&self) -> String {
        self.logged.signal(Signal::HUP);
        self.said("reloaded")
    }

    /// The next line of the log with this text.
    fn said(&self, text: &str) -> String {
        let fields = &self.logged.logged(text)["fields"];
        let text = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
        format!("{} {}", text("message"), text("changed")).trim_end().to_owned()
    }

    async fn version(&self) -> String {
        Client::connect(&self.http).await.unwrap().call("S.version", ()).await.unwrap()
    }

    async fn plugin(&self, index: usize) -> Value {
        let client = Client::connect(&self.http).await.unwrap();
        let info: Value = client.call("server_info", ()).await.unwrap();
        info["plugins"][index].clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_fails_over_a_hundred_swaps() {
    let server = Server::start(MANIFEST);
    let (stop, calls) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let websocket = server.http.replace("http://", "ws://");
    let mut clients = Vec::new();
    for url in [&server.http, &websocket, &server.tcp, &server.http, &websocket, &server.tcp] {
        let client = Client::connect(url).await.unwrap();
        let (stop, calls) = (stop.clone(), calls.clone());
        clients.push(tokio::spawn(async move {
            let mut seen = BTreeSet::new();
            while !stop.load(Relaxed) {
                let version: String = client.call("S.version", ()).await.expect("no call fails");
                calls.fetch_add(1, Relaxed);
                seen.insert(version);
            }
            assert!(client.closed().is_none(), "its connection stayed");
            seen
        }));
    }
    let counter = Client::connect(&server.tcp).await.unwrap();
    assert_eq!(counter.call::<i64>("C.count", ()).await.unwrap(), 11);
    let (one, two) = (answers("one"), answers("two"));
    for swap in 0..100 {
        let before = calls.load(Relaxed);
        server.put("s.wasm", if swap % 2 == 0 { &two } else { &one });
        assert_eq!(server.reload(), "reloaded versioned");
        // Each version serves some of the load.
        while calls.load(Relaxed) < before + 6 {
            tokio::task::yield_now().await;
        }
    }
    stop.store(true, Relaxed);
    let mut seen = BTreeSet::new();
    for client in clients {
        seen.extend(client.await.unwrap());
    }
    assert_eq!(seen, BTreeSet::from(["one".to_owned(), "two".to_owned()]));
    // What did not change went on: its only instance, and what it has counted.
    assert_eq!(counter.call::<i64>("C.count", ()).await.unwrap(), 12);
    let plugin = server.plugin(0).await;
    assert_eq!(plugin["errors"], 0);
    assert!(plugin["calls"].as_u64().unwrap() >= calls.load(Relaxed), "counted over all versions: {plugin}");
    // Whoever ends last takes the version with it that it ran on, a moment after its answer.
    let gone = async {
        loop {
            let plugin = server.plugin(0).await;
            if plugin["live"] == plugin["instances"].as_array().unwrap().len() {
                return;
            }
        }
    };
    timeout(Duration::from_secs(20), gone).await.expect("no instance of an old version is left");
    assert_eq!(server.plugin(1).await["calls"], 2);
    // Another one begins anew, and the connection stays.
    server.put("c.wasm", counts("40"));
    assert_eq!(server.reload(), "reloaded counter");
    assert_eq!(counter.call::<i64>("C.count", ()).await.unwrap(), 41);
    let gone = async { while server.plugin(1).await["live"] != 1 {} };
    timeout(Duration::from_secs(20), gone).await.expect("the task of the old one has ended");
}

#[tokio::test]
async fn what_is_wrong_leaves_everything_as_it_was() {
    let server = Server::start(MANIFEST);
    let with = |from: &str, to: &str| MANIFEST.replace(from, to);
    let cases: [(&str, Vec<u8>, &str); 13] = [
        ("s.wasm", b"no module".to_vec(), "s.wasm cannot be loaded: not a WebAssembly module"),
        ("s.wasm", wat::parse_str("(module)").unwrap(), "missing export `pintle_abi_1`"),
        ("s.wasm", wat::parse_str(answers_trapping()).unwrap(), "start-up failed"),
        ("c.pulse", b"namespace t\ninterface S {".to_vec(), "c.pulse:2:"),
        (
            "c.pulse",
            CONTRACT.replace("count() int", "count() string").into(),
            "C.count: the result: the server gives string, the client takes int",
        ),
        (
            "c.pulse",
            CONTRACT.replace("version() string", "renamed() string").into(),
            "S.version: the server does not have it",
        ),
        (
            "c.pulse",
            CONTRACT.replace("note(text string)", "note(text string)\n  more(text string)").into(),
            "Client.more: the server does not have it (a peer that is connected now is the server of this)",
        ),
        (
            "pintle.toml",
            with("interfaces = [\"C\"]", "interfaces = []").into(),
            "C.count: nothing serves it any more",
        ),
        (
            "pintle.toml",
            format!("{MANIFEST}[[mount]]\nat = \"v2\"\ninterface = \"S\"\n").into(),
            "S.version: nothing serves it any more",
        ),
        ("pintle.toml", format!("strict = true\n{MANIFEST}").into(), "strict: fields that the contract"),
        (
            "pintle.toml",
            with("commands = true", "commands = false").into(),
            "only a restart can change listen",
        ),
        (
            "pintle.toml",
            with("log = { format = \"json\" }", "limits = { body = \"2MiB\" }").into(),
            "only a restart can change limits, log",
        ),
        (
            "pintle.toml",
            with("path = \"s.wasm\"", "path = \"s.wasm\"\nmodule_size = 10").into(),
            "has more than 10 bytes: raise `module_size`",
        ),
    ];
    for (file, bytes, part) in cases {
        let before = std::fs::read(server.logged.dir.path().join(file)).unwrap();
        server.put(file, bytes);
        let said = server.reload();
        assert!(said.starts_with("not reloaded") && said.contains(part), "{part}: {said}");
        assert_eq!(server.version().await, "one");
        server.put(file, before);
    }
    assert_eq!(server.reload(), "reloaded: nothing has changed");
}

/// A guest whose start-up traps.
fn answers_trapping() -> &'static str {
    r#"(module (memory (export "memory") 1) (global (export "pintle_abi_1") i32 (i32.const 1))
    (func $start unreachable) (start $start)
    (func (export "pintle_alloc") (param i32) (result i32) unreachable)
    (func (export "pintle_call") (param i32 i32 i32 i32) (result i64) unreachable))"#
}

/// The same name for something else breaks callers as well as no name.
#[tokio::test]
async fn a_mount_does_not_move() {
    let server = Server::start(MANIFEST);
    server.put("c.pulse", CONTRACT.replace("version() string", "version() string\n  count() string"));
    let mounted = |interface: &str| format!("{MANIFEST}[[mount]]\nat = \"m\"\ninterface = \"{interface}\"\n");
    server.put("pintle.toml", format!("force_reload = true\n{}", mounted("S")));
    assert!(server.reload().starts_with("reloaded"));
    server.put("pintle.toml", mounted("C"));
    let said = server.reload();
    assert!(said.contains("m.count: is C.count instead of S.count"), "{said}");
}

#[tokio::test]
async fn what_breaks_callers_is_served_when_it_is_forced() {
    let server = Server::start(MANIFEST);
    server.put("c.pulse", CONTRACT.replace("version() string", "version() string [optional]"));
    let said = server.reload();
    assert!(said.contains("may answer null") && said.contains("force_reload"), "{said}");
    server.put("pintle.toml", format!("force_reload = true\n{MANIFEST}"));
    server.logged.signal(Signal::HUP);
    assert!(server.said("may break").contains("S.version"));
    assert_eq!(server.said("reloaded"), "reloaded the contract");
    let client = Client::connect(&server.http).await.unwrap();
    assert!(client.contract().unwrap().interfaces()[0].methods[0].returns_optional);
    // What breaks nobody needs no force.
    server.put("pintle.toml", MANIFEST);
    server.put("c.pulse", CONTRACT.replace("version() string", "version() string\n  more() int"));
    let said = server.reload();
    assert_eq!(said, "reloaded the contract");
}

#[tokio::test]
async fn a_server_that_watches_sees_its_files_change() {
    let server = Server::start(&format!("watch = true\n{MANIFEST}"));
    let imported = CONTRACT.replace("namespace t\n", "namespace t\nimport \"part.pulse\"\n");
    server.put("part.pulse", "namespace p\nstruct P {\n  a int\n}\n");
    server.put("c.pulse", &imported);
    assert_eq!(server.said("reloaded"), "reloaded the contract");
    server.put("part.pulse", "namespace p\nstruct P {\n  a string\n}\n");
    assert_eq!(server.said("reloaded"), "reloaded the contract");
    server.put("s.wasm", answers("two"));
    assert_eq!(server.said("reloaded"), "reloaded versioned");
    assert_eq!(server.version().await, "two");
}
