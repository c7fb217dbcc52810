//! The binary, run from outside.

#![allow(dead_code, reason = "each file of tests needs a part")]

pub(crate) mod large;
pub(crate) mod logged;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};

/// The binary with arguments, before it runs.
pub(crate) fn pintle(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pintle"));
    command.args(args).env_remove("NO_COLOR");
    command
}

/// Exit code, standard output, standard error.
pub(crate) fn run(args: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut child =
        pintle(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not read may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A new file and its path.
pub(crate) fn file(dir: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A server of a contract without handlers, until it is dropped.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) url: String,
    _dir: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn serve(name: &str, contract: &str, flags: &[&str]) -> Server {
    let dir = tempfile::tempdir().unwrap();
    let contract = file(&dir, name, contract);
    start(dir, &[&["serve", &contract, "--http", "127.0.0.1:0"], flags].concat())
}

/// Runs the binary until it says where it listens. `dir` has its files.
pub(crate) fn start(dir: tempfile::TempDir, args: &[&str]) -> Server {
    let mut child = pintle(args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("listening ").unwrap_or_else(|| panic!("{line}")).to_owned();
    Server { child, url, _dir: dir }
}
