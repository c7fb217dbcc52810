//! The cases, over HTTP against the host, whose plugin is the suite's guest.

use pintle_tests::{Boundary, Service, artifact, binary, directory, run_where};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A host process and one connection to it.
struct Host {
    child: Child,
    connection: BufReader<TcpStream>,
    _manifest: TempDir,
}

fn manifest(service: &Service) -> String {
    let options = &service.options;
    let mut text = format!("contract = {:?}\n", directory("contracts").join(&service.contract));
    let errors = if options.errors.is_empty() { "any" } else { &options.errors };
    let _ = writeln!(text, "strict = {}\nerrors = {errors:?}", options.strict);
    let plugin = artifact("wasm32-unknown-unknown/guest/pintle_test_guest.wasm");
    let _ = writeln!(text, "[[plugin]]\npath = {plugin:?}\nisolation = \"single\"");
    let _ = writeln!(
        text,
        "[[listen]]\nkind = \"http\"\naddress = \"127.0.0.1:0\"\ncommands = {}",
        options.commands
    );
    for mount in &options.mounts {
        let _ = writeln!(text, "[[mount]]\nat = {:?}\ninterface = {:?}", mount.at, mount.interface);
    }
    text.push_str("[limits]\n");
    for (name, value) in &options.limits {
        let _ = writeln!(text, "{name} = {value}");
    }
    text
}

fn open(service: &Service) -> Host {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("pintle.toml");
    std::fs::write(&path, manifest(service)).expect("a manifest");
    let mut command = Command::new(binary("pintle"));
    command.arg("serve").arg(&path).env("XDG_CACHE_HOME", directory.path()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the host");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    let address = line.trim().strip_prefix("listening http://").expect("where it listens");
    let connection = TcpStream::connect(address.trim_end_matches('/')).expect("a connection");
    Host { child, connection: BufReader::new(connection), _manifest: directory }
}

impl Boundary for Host {
    fn send(&mut self, body: &[u8]) -> Option<Vec<u8>> {
        let head = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let stream = self.connection.get_mut();
        stream.write_all(&[head.as_bytes(), body].concat()).expect("sent");
        let mut status = String::new();
        let mut length = 0;
        self.connection.read_line(&mut status).expect("a status");
        loop {
            let mut header = String::new();
            self.connection.read_line(&mut header).expect("a header");
            match header.to_ascii_lowercase().split_once(':') {
                Some(("content-length", value)) => length = value.trim().parse().expect("a length"),
                Some(_) => {}
                None => break,
            }
        }
        let mut reply = vec![0; length];
        self.connection.read_exact(&mut reply).expect("a reply");
        match status.split(' ').nth(1) {
            Some("200") => Some(reply),
            Some("204") => None,
            _ => Some(status.into_bytes()),
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_case_over_http() {
    // The host answers `server_info` beside the core's commands, and lists it.
    run_where(|service| !service.bare, open);
}
