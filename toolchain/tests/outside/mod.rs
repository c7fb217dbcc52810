//! Tools of other fields, as `cargo xtask test --only outside` installs them.
#![allow(dead_code, reason = "each test file uses some of them")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Python with the packages of `requirements.txt`.
pub(crate) fn python() -> Command {
    Command::new(installed("python/bin/python"))
}

/// Node.js; `node_modules` with the packages of `package.json` lies in [`node_dir`].
pub(crate) fn node() -> Command {
    let mut node = Command::new("node");
    node.current_dir(node_dir());
    node
}

/// The directory that holds `node_modules`.
pub(crate) fn node_dir() -> PathBuf {
    installed("node")
}

/// A program of one of the npm packages, `tsc` for example.
pub(crate) fn node_program(name: &str) -> Command {
    Command::new(installed(&format!("node/node_modules/.bin/{name}")))
}

/// Python 2 with the packages of `jython.txt`.
pub(crate) fn jython() -> Command {
    let unpacked =
        fs::read_dir(installed("jython")).expect("packages").map(|entry| entry.expect("one").path());
    let path = unpacked.filter(|path| path.is_dir()).flat_map(|package| [package.join("src"), package]);
    let mut jython = Command::new("jython");
    jython.arg("-B").env("JYTHONPATH", env::join_paths(path).expect("a path"));
    jython
}

/// A file beside this one.
pub(crate) fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outside").join(name)
}

/// Runs it; its output is in the message when it fails.
#[track_caller]
pub(crate) fn passes(mut command: Command) -> String {
    let output = command.output().unwrap_or_else(|why| panic!("{command:?}: {why}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{out}\n{err}");
    out.into_owned()
}

fn installed(path: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
    let path = target.join("outside").join(path);
    assert!(path.exists(), "{} is missing: cargo xtask test --only outside", path.display());
    path
}
