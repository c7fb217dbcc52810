//! A server process, as its users start it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use tempfile::TempDir;

use crate::{artifact, binary, directory};

/// A `pintle serve` process, until it is dropped.
pub struct Server {
    /// Where it listens, in the order of its manifest.
    pub urls: Vec<String>,
    child: Child,
    directory: TempDir,
}

impl Server {
    /// Serves what `manifest` says.
    ///
    /// # Panics
    ///
    /// If it does not start; why is on standard error.
    pub fn start(manifest: &str) -> Self {
        Self::start_in(tempfile::tempdir().expect("a directory"), manifest)
    }

    /// Serves the example `name` by its own manifest, but on free ports.
    ///
    /// # Panics
    ///
    /// If it does not start; why is on standard error.
    pub fn example(name: &str) -> Self {
        let (example, to) = (directory("../examples").join(name), tempfile::tempdir().expect("a directory"));
        for entry in fs::read_dir(&example).expect("the example") {
            let path = entry.expect("a file").path();
            if path.extension().is_some_and(|extension| extension == "pulse" || extension == "idl") {
                copy(&path, to.path());
            }
        }
        copy(&artifact(&format!("wasm32-unknown-unknown/guest/{name}.wasm")), to.path());
        let manifest = fs::read_to_string(example.join("pintle.toml")).expect("its manifest");
        Self::start_in(to, &on_free_ports(&manifest))
    }

    fn start_in(directory: TempDir, manifest: &str) -> Self {
        fs::write(directory.path().join("pintle.toml"), manifest).expect("a manifest");
        let (child, urls) = serve(directory.path());
        Server { urls, child, directory }
    }

    /// Where its files are: its manifest `pintle.toml`, and what it keeps.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Kills it without a warning and starts it again: only its files are left to it.
    ///
    /// # Panics
    ///
    /// If it cannot be killed or does not start.
    pub fn crash(&mut self) {
        self.child.kill().expect("a kill");
        self.child.wait().expect("its end");
        (self.child, self.urls) = serve(self.directory.path());
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, and waits for that.
    ///
    /// # Panics
    ///
    /// If it cannot be asked.
    pub fn stop(mut self) -> ExitStatus {
        let mut kill = Command::new("kill");
        assert!(kill.arg(self.child.id().to_string()).status().expect("kill").success());
        self.child.wait().expect("its end")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves the manifest of a directory; answers where it listens, too.
fn serve(directory: &Path) -> (Child, Vec<String>) {
    let path = directory.join("pintle.toml");
    let mut command = Command::new(binary("pintle"));
    command.arg("serve").arg(&path).args(["--log", "error"]).env("XDG_CACHE_HOME", directory);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("a server");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let manifest = fs::read_to_string(&path).expect("its manifest");
    let urls = manifest.matches("[[listen]]").map(|_| {
        let line = lines.next().expect("a line for each listener").expect("text");
        line.strip_prefix("listening ").expect("where it listens").trim_end_matches('/').to_owned()
    });
    let urls = urls.collect();
    (child, urls)
}

fn copy(file: &Path, to: &Path) {
    let name = file.file_name().expect("a file's name");
    fs::copy(file, to.join(name)).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
}

/// The manifest with port 0 wherever it names one of this machine.
fn on_free_ports(manifest: &str) -> String {
    let mut parts = manifest.split("127.0.0.1:");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("127.0.0.1:0");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}
