//! The host as a process, with one listener: for the drivers of its transports.

use pintle_tests::{Server, Service, artifact, directory};
use std::fmt::Write as _;

/// A host process, killed when it is dropped.
pub(crate) struct Host {
    /// What it listens on: `127.0.0.1:PORT`.
    pub(crate) address: String,
    _server: Server,
}

/// Serves `service` with the suite's guest. `listen` are the lines of its listener, `limits` those beside the service's own.
pub(crate) fn start(service: &Service, listen: &str, limits: &str) -> Host {
    let server = Server::start(&manifest(service, listen, limits));
    let (_, address) = server.urls[0].split_once("://").expect("where it listens");
    Host { address: address.into(), _server: server }
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
