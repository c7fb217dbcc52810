//! Plugins that are large: what is told, and what goes on while they are compiled.

mod command;

use std::io::{Read, Write};
use std::net::TcpStream;

use command::logged::Logged;
use command::{file, large, run};
use rustix::process::Signal;

const CONTRACT: &str = "namespace t\ninterface S {\n  f()\n}\n";

/// A directory with a plugin and these settings for it.
fn plugin(module: &[u8], settings: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    file(&dir, "c.pulse", CONTRACT);
    std::fs::write(dir.path().join("s.wasm"), module).unwrap();
    let manifest = format!(
        "contract = \"c.pulse\"\ncache = {{ dir = \"cache\" }}\n[[plugin]]\npath = \"s.wasm\"\n{settings}\n\
         [[listen]]\naddress = \"127.0.0.1:0\"\n"
    );
    file(&dir, "pintle.toml", &manifest);
    dir
}

#[test]
fn what_costs_too_much_is_told_with_what_to_raise() {
    let module = large::module(300, 1000, 0);
    for (settings, part) in [
        ("module_size = \"1KiB\"", "s.wasm has more than 1024 bytes: raise `module_size`"),
        ("compile_time = \"1ms\"", "compilation takes longer than 1ms: raise `compile_time`"),
    ] {
        let dir = plugin(&module, settings);
        let (code, out, err) = run(&["serve", dir.path().join("pintle.toml").to_str().unwrap()], "");
        assert_eq!((code, out.as_str()), (Some(1), ""), "{settings}");
        assert!(err.contains(part), "{settings}: {err}");
    }
    let dir = plugin(&module, "");
    assert!(Logged::start(dir, &[]).url().starts_with("http://"));
}

#[test]
fn a_compiler_that_is_busy_keeps_nobody_from_looking_or_stopping() {
    let dir = plugin(&large::module(8000, 1000, 0), "");
    let mut server = Logged::start(dir, &["--admin", "127.0.0.1:0"]);
    let admin = server.said("admin http://").split_once("http://").unwrap().1.to_owned();
    for (page, status) in
        [("healthz", "200 OK"), ("readyz", "503 Service Unavailable"), ("metrics", "200 OK")]
    {
        let mut stream = TcpStream::connect(&admin).unwrap();
        write!(stream, "GET /{page} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        assert!(reply.starts_with(&format!("HTTP/1.1 {status}")), "{page}: {reply}");
    }
    server.signal(Signal::TERM);
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    assert_eq!(server.rest(), "", "it did not get to serve");
}
