//! What operators see of a server, from outside: health, metrics, the log of calls.

mod command;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

use pintle::client::Client;
use rustix::process::Signal;
use serde_json::{Value, json};

use command::file;
use command::logged::Logged;

const CONTRACT: &str = "namespace t
interface S {
  f(what string) string
}
";

/// A name that must be escaped.
const NAME: &str = "a \"b\\c\n";

/// By the first character of its parameter: answers it, answers an error, traps, or computes for ever.
const GUEST: &str = r#"(module (memory (export "memory") 1) (global (export "pintle_abi_1") i32 (i32.const 1))
  (data (i32.const 16) "{\"result\":\"\"}")
  (data (i32.const 64) "{\"error\":{\"code\":7,\"message\":\"no\"}}")
  (func (export "pintle_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "pintle_call") (param $m i32) (param $ml i32) (param $p i32) (param $pl i32) (result i64)
    (local $c i32)
    (local.set $c (i32.load8_u (i32.add (local.get $p) (i32.const 2))))
    (if (i32.eq (local.get $c) (i32.const 116)) (then unreachable))
    (loop $l (br_if $l (i32.eq (local.get $c) (i32.const 108))))
    (if (i32.eq (local.get $c) (i32.const 101))
      (then (return (i64.or (i64.shl (i64.const 64) (i64.const 32)) (i64.const 35)))))
    (i64.or (i64.shl (i64.const 16) (i64.const 32)) (i64.const 13))))"#;

fn start(settings: &str, flags: &[&str]) -> Logged {
    limited("100ms", settings, flags)
}

/// With the time that a loop takes.
fn limited(run_time: &str, settings: &str, flags: &[&str]) -> Logged {
    let dir = tempfile::tempdir().unwrap();
    file(&dir, "c.pulse", CONTRACT);
    std::fs::write(dir.path().join("s.wasm"), wat::parse_str(GUEST).unwrap()).unwrap();
    let manifest = format!(
        "contract = \"c.pulse\"\ncache = {{ dir = \"cache\" }}\n{settings}\n[[plugin]]\nname = {}\npath = \
         \"s.wasm\"\nrun_time = \"{run_time}\"\n[[listen]]\naddress = \"127.0.0.1:0\"\n",
        json!(NAME)
    );
    file(&dir, "pintle.toml", &manifest);
    Logged::start(dir, flags)
}

/// The URL of the admin listener.
fn admin(server: &Logged) -> String {
    server.said("admin http://").split_once("http://").unwrap().1.to_owned()
}

/// Status, head and body of a request, by hand.
fn request(address: &str, start: &str, headers: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "{start} HTTP/1.1\r\n{headers}connection: close\r\n\r\n").unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_lowercase(), body.to_owned())
}

fn get(address: &str, path: &str) -> (u16, String) {
    let (status, _, body) = request(address, &format!("GET {path}"), "host: localhost\r\n");
    (status, body)
}

/// A metric with its labels.
type Name = (String, BTreeMap<String, String>);

/// Reads the text format by its own description, line by line, and refuses what it does not allow.
fn read(text: &str) -> BTreeMap<Name, f64> {
    let (mut samples, mut families) = (BTreeMap::new(), BTreeMap::new());
    let mut family = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            family = rest.split_once(' ').unwrap().0.to_owned();
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert_eq!(name, family, "HELP and TYPE stand together");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            assert!(families.insert(name.to_owned(), kind.to_owned()).is_none(), "{name} comes twice");
        } else {
            let (name, labels, value) = sample(line);
            let kind = families.get(&family).unwrap_or_else(|| panic!("{line}: of no family"));
            let suffixes: &[&str] = if kind == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
            assert!(suffixes.iter().any(|suffix| name == format!("{family}{suffix}")), "{line}: in {family}");
            assert!(samples.insert((name, labels), value).is_none(), "{line}: comes twice");
        }
    }
    assert!(text.ends_with('\n'));
    samples
}

fn sample(line: &str) -> (String, BTreeMap<String, String>, f64) {
    let end = line.find(['{', ' ']).unwrap();
    let (name, mut rest) = line.split_at(end);
    assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{line}");
    let mut labels = BTreeMap::new();
    if let Some(inside) = rest.strip_prefix('{') {
        let mut inside = inside;
        loop {
            let (label, value) = inside.split_once("=\"").unwrap();
            let (mut text, mut chars) = (String::new(), value.char_indices());
            let close = loop {
                match chars.next().unwrap() {
                    (at, '"') => break at,
                    (_, '\\') => text.push(match chars.next().unwrap().1 {
                        'n' => '\n',
                        same @ ('\\' | '"') => same,
                        other => panic!("{line}: \\{other}"),
                    }),
                    (_, other) => text.push(other),
                }
            };
            assert!(labels.insert(label.to_owned(), text).is_none(), "{line}");
            inside = &value[close + 1..];
            match inside.strip_prefix(',') {
                Some(more) => inside = more,
                None => break,
            }
        }
        rest = inside.strip_prefix('}').unwrap();
    }
    let value = rest.strip_prefix(' ').unwrap();
    (name.to_owned(), labels, value.parse().unwrap_or_else(|_| panic!("{line}")))
}

async fn call(client: &Client, what: &str) {
    let _: Result<String, _> = client.call("S.f", (what,)).await;
}

#[tokio::test]
async fn metrics_can_be_read_and_say_what_happened() {
    // Long enough that no other call takes half of it, however busy the machine is.
    let mut server = limited("1s", "admin = { address = \"127.0.0.1:0\" }", &[]);
    let (admin, url) = (admin(&server), server.url());
    let client = Client::connect(&url.replace("http://", "ws://")).await.unwrap();
    for what in ["error", "trap", "loop", "ok", "ok", "ok"] {
        call(&client, what).await;
    }
    let (status, head, body) = request(&admin, "GET /metrics", "host: localhost\r\n");
    assert_eq!(status, 200);
    assert!(head.contains("content-type: text/plain; version=0.0.4; charset=utf-8"), "{head}");
    let samples = read(&body);
    let labels = |labels: &[(&str, &str)]| -> BTreeMap<String, String> {
        labels.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    };
    let value = |name: &str, with: &[(&str, &str)]| {
        let name = (name.to_owned(), labels(with));
        *samples.get(&name).unwrap_or_else(|| panic!("{name:?} is not in\n{body}"))
    };
    let plugin = ("plugin", NAME);
    let method = [plugin, ("method", "S.f")];
    for (name, with, expected) in [
        ("pintle_plugin_calls_total", &[plugin][..], 6.0),
        ("pintle_plugin_failures_total", &[plugin, ("kind", "trap")], 1.0),
        ("pintle_plugin_failures_total", &[plugin, ("kind", "timeout")], 1.0),
        ("pintle_plugin_failures_total", &[plugin, ("kind", "overloaded")], 0.0),
        ("pintle_plugin_failures_total", &[plugin, ("kind", "other")], 0.0),
        ("pintle_plugin_instances_retired_total", &[plugin], 2.0),
        ("pintle_call_duration_seconds_count", &method, 6.0),
        ("pintle_call_errors_total", &method, 1.0),
        ("pintle_call_failures_total", &method, 2.0),
        ("pintle_calls_abandoned_total", &method, 0.0),
        ("pintle_connections", &[("listener", &url)], 1.0),
        ("pintle_calls", &[], 0.0),
        ("pintle_ready", &[], 1.0),
        ("pintle_reloads_total", &[("outcome", "done")], 0.0),
        ("pintle_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1.0),
    ] {
        assert_eq!(value(name, with), expected, "{name} {with:?}");
    }
    for (name, with) in [
        ("pintle_plugin_instances", &[plugin][..]),
        ("pintle_plugin_memory_bytes", &[plugin]),
        ("pintle_received_bytes_total", &[("listener", &url)]),
        ("pintle_sent_bytes_total", &[("listener", &url)]),
        ("pintle_connections_total", &[("listener", &url)]),
        ("process_start_time_seconds", &[]),
        ("process_resident_memory_bytes", &[]),
    ] {
        assert!(value(name, with) > 0.0, "{name} {with:?}");
    }
    // The buckets add up, and the loop took its second.
    let mut buckets: Vec<(f64, f64)> = samples
        .iter()
        .filter(|((name, _), _)| name == "pintle_call_duration_seconds_bucket")
        .map(|((_, labels), count)| (labels["le"].parse().unwrap(), *count))
        .collect();
    buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(buckets.len() > 20 && buckets.is_sorted_by(|a, b| a.1 <= b.1), "{buckets:?}");
    assert_eq!(buckets.last(), Some(&(f64::INFINITY, 6.0)));
    let short = buckets.iter().rfind(|(le, _)| *le < 1.0).unwrap();
    assert_eq!(short.1, 5.0, "{buckets:?}");
    assert!(value("pintle_call_duration_seconds_sum", &method) >= 1.0);
}

#[test]
fn pages_are_for_those_who_name_the_listener_and_only_read() {
    let mut server = start("", &["--admin", "127.0.0.1:0"]);
    let (admin, _) = (admin(&server), server.url());
    let own = "host: localhost\r\n";
    for (start, headers, expected) in [
        ("GET /healthz", own, 200),
        ("GET /nothing", own, 404),
        ("POST /healthz", own, 405),
        ("DELETE /metrics", own, 405),
        ("GET /healthz", "", 403),
        ("GET /metrics", "host: evil.example\r\n", 403),
        ("GET /metrics", "host: localhost\r\norigin: http://evil.example\r\n", 403),
    ] {
        let (status, head, body) = request(&admin, start, headers);
        assert_eq!(status, expected, "{start} {headers}");
        assert!(head.contains("cache-control: no-store") && !body.is_empty(), "{start}: {head}");
        assert_eq!(head.contains("allow: get, head"), status == 405);
    }
    let (status, head, body) = request(&admin, "HEAD /healthz", own);
    assert_eq!((status, body.as_str()), (200, ""));
    assert!(head.contains("content-length: 3"), "{head}");
    assert_eq!(get(&admin, "/healthz"), (200, "ok\n".to_owned()));
    assert_eq!(get(&admin, "/readyz"), (200, "ready\n".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn who_balances_load_learns_that_the_server_stops() {
    let mut server = start("admin = { address = \"127.0.0.1:0\" }", &["--log", "debug"]);
    let (admin, url) = (admin(&server), server.url());
    let client = Client::connect(&url).await.unwrap();
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { call(&client, "loop").await })
        })
        .collect();
    // The first of them is served.
    server.said("called");
    server.signal(Signal::TERM);
    server.said("stopping");
    assert_eq!(get(&admin, "/readyz"), (503, "stopping\n".to_owned()));
    assert_eq!(get(&admin, "/healthz"), (200, "ok\n".to_owned()));
    assert_eq!(read(&get(&admin, "/metrics").1)[&("pintle_ready".to_owned(), BTreeMap::new())], 0.0);
    for call in calls {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn every_call_is_a_line_of_the_log_that_programs_can_read() {
    for (settings, level) in [
        ("log = { format = \"json\", calls = true }", "INFO"),
        ("log = { format = \"json\", level = \"debug\" }", "DEBUG"),
    ] {
        let mut server = start(settings, &[]);
        let client = Client::connect(&server.url()).await.unwrap();
        for (what, outcome, code) in [
            ("ok", "result", Value::Null),
            ("error", "error", json!(7)),
            ("trap", "trap", Value::Null),
            ("loop", "run_time", Value::Null),
        ] {
            call(&client, what).await;
            let line = server.logged("\"called\"");
            assert_eq!((&line["level"], &line["target"]), (&json!(level), &json!("call")), "{line}");
            let fields = &line["fields"];
            assert_eq!(fields["plugin"], NAME);
            assert_eq!((&fields["method"], &fields["outcome"]), (&json!("S.f"), &json!(outcome)), "{line}");
            assert_eq!(fields.get("code").unwrap_or(&Value::Null), &code, "{line}");
            assert_eq!(fields["connection"].as_str().unwrap().len(), 32, "{line}");
            assert!(fields["microseconds"].as_u64().is_some(), "{line}");
        }
    }
    // Without being asked for, nothing is written of a call that went well.
    let mut server = start("log = { format = \"json\" }", &[]);
    let client = Client::connect(&server.url()).await.unwrap();
    call(&client, "ok").await;
    call(&client, "trap").await;
    assert!(server.said("fields").contains("call failed"));
}
