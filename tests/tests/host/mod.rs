//! The host as a process, with one listener: for the drivers of its transports.

use pintle_tests::{Service, artifact, binary, directory};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A host process, killed when it is dropped.
pub struct Host {
    /// What it listens on: `127.0.0.1:PORT`.
    pub address: String,
    child: Child,
    _manifest: TempDir,
}

/// Serves `service` with the suite's guest. `listen` are the lines of its listener, `limits` those beside the service's own.
pub fn start(service: &Service, listen: &str, limits: &str) -> Host {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("pintle.toml");
    std::fs::write(&path, manifest(service, listen, limits)).expect("a manifest");
    let mut command = Command::new(binary("pintle"));
    command.arg("serve").arg(&path).env("XDG_CACHE_HOME", directory.path()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the host");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    let (_, address) = line.trim().split_once("://").expect("where it listens");
    Host { address: address.trim_end_matches('/').into(), child, _manifest: directory }
}

fn manifest(service: &Service, listen: &str, limits: &str) -> String {
    let options = &service.options;
    let mut text = format!("contract = {:?}\n", directory("contracts").join(&service.contract));
    let errors = if options.errors.is_empty() { "any" } else { &options.errors };
    let _ = writeln!(text, "strict = {}\nerrors = {errors:?}", options.strict);
    let plugin = artifact("wasm32-unknown-unknown/guest/pintle_test_guest.wasm");
    let _ = writeln!(text, "[[plugin]]\npath = {plugin:?}\nisolation = \"single\"");
    let _ =
        writeln!(text, "[[listen]]\naddress = \"127.0.0.1:0\"\ncommands = {}\n{listen}", options.commands);
    for mount in &options.mounts {
        let _ = writeln!(text, "[[mount]]\nat = {:?}\ninterface = {:?}", mount.at, mount.interface);
    }
    let _ = writeln!(text, "[limits]\n{limits}");
    for (name, value) in &options.limits {
        let _ = writeln!(text, "{name} = {value}");
    }
    text
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
