//! A server that is watched: what it writes to standard error is read line by line.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::pintle;

/// Whatever is waited for comes soon, or never.
const LONG: Duration = Duration::from_secs(60);

/// A server in a directory of its own, until it is dropped.
pub(crate) struct Logged {
    pub(crate) child: Child,
    pub(crate) dir: tempfile::TempDir,
    stdout: BufReader<std::process::ChildStdout>,
    stderr: Receiver<String>,
}

impl Drop for Logged {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Logged {
    /// Serves the `pintle.toml` of a directory.
    pub(crate) fn start(dir: tempfile::TempDir, flags: &[&str]) -> Logged {
        let manifest = dir.path().join("pintle.toml");
        let mut command = pintle(&[&["serve", manifest.to_str().unwrap()], flags].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (lines, stderr) = channel();
        let reader = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in reader.lines().map_while(Result::ok) {
                let _ = lines.send(line);
            }
        });
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Logged { child, dir, stdout, stderr }
    }

    /// The next listener's URL.
    pub(crate) fn url(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        let url = line.trim_end().strip_prefix("listening ");
        url.unwrap_or_else(|| {
            panic!("it does not listen: {line:?}, {:?}", self.stderr.try_iter().collect::<Vec<_>>())
        })
        .to_owned()
    }

    /// What else it says on standard output until it ends.
    pub(crate) fn rest(&mut self) -> String {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        rest
    }

    /// The next line of standard error with this text.
    pub(crate) fn said(&self, text: &str) -> String {
        loop {
            match self.stderr.recv_timeout(LONG) {
                Ok(line) if line.contains(text) => return line,
                Ok(_) => (),
                Err(RecvTimeoutError::Timeout) => panic!("it never says {text:?}"),
                Err(RecvTimeoutError::Disconnected) => panic!("it ended without saying {text:?}"),
            }
        }
    }

    /// The same as JSON.
    pub(crate) fn logged(&self, text: &str) -> Value {
        let line = self.said(text);
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}"))
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().try_into().unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }
}
