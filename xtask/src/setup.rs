//! Where things are, how commands are run, and what a fresh machine lacks.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;

use crate::Outcome;

/// The target that guests and the core's module are built for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Cargo's target directory, wherever it was configured to be: this program lies in its `debug`.
pub(crate) fn target() -> PathBuf {
    let exe = env::current_exe().unwrap_or_default();
    exe.ancestors().nth(2).map_or_else(|| root().join("target"), Path::to_path_buf)
}

/// A cargo command in the workspace.
pub(crate) fn cargo(args: &str) -> Command {
    command(&env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()), args)
}

/// A command in the workspace; `args` are separated by spaces.
pub(crate) fn command(program: &str, args: &str) -> Command {
    let mut command = Command::new(program);
    command.args(args.split_whitespace()).current_dir(root());
    command
}

/// Prints the command and runs it to its end.
pub(crate) fn run(mut command: Command) -> Outcome {
    let text = shown(&command);
    println!("$ {text}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("failed ({status}):\n  {text}")),
        Err(why) => Err(format!("could not start ({why}):\n  {text}")),
    }
}

/// The command as one would type it, with the environment that was set for it.
pub(crate) fn shown(command: &Command) -> String {
    let quoted = |text: &OsStr| {
        let text = text.to_string_lossy();
        if text.contains([' ', '"', '$', '*']) { format!("'{text}'") } else { text.into_owned() }
    };
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let program = if program == "cargo" { program } else { command.get_program() };
    command
        .get_envs()
        .filter_map(|(name, value)| Some(format!("{}={}", name.to_string_lossy(), quoted(value?))))
        .chain([quoted(program)])
        .chain(command.get_args().map(quoted))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Sees to it that rustc can compile for wasm.
pub(crate) fn wasm_target() -> Outcome {
    rust_target(WASM)
}

/// Sees to it that rustc can make components.
pub(crate) fn component_target() -> Outcome {
    rust_target("wasm32-wasip2")
}

fn rust_target(name: &str) -> Outcome {
    let libraries = rustc(&format!("--print target-libdir --target {name}"))?;
    if libraries.is_dir() { Ok(()) } else { rustup(&format!("target add {name}")) }
}

/// Sees to it that the standard library can be built.
pub(crate) fn rust_sources() -> Outcome {
    let library = rustc("--print sysroot")?.join("lib/rustlib/src/rust/library");
    if library.is_dir() { Ok(()) } else { rustup("component add rust-src") }
}

/// A path that rustc knows.
fn rustc(args: &str) -> Result<PathBuf, String> {
    let out = command("rustc", args).output().map_err(|why| format!("could not start rustc: {why}"))?;
    Ok(PathBuf::from(String::from_utf8_lossy(&out.stdout).trim()))
}

fn rustup(args: &str) -> Outcome {
    if find("rustup").is_none() {
        return Err(format!("there is no rustup for what is missing: rustup {args}"));
    }
    run(command("rustup", args))
}

/// Sees to it that a program is there, by its Debian package if need be.
pub(crate) fn tool(program: &str, package: &str) -> Outcome {
    static UPDATE: Once = Once::new();

    if find(program).is_some() {
        return Ok(());
    }
    if find("apt-get").is_none() || !is_root() {
        return Err(format!("`{program}` is missing: install it (Debian: apt-get install {package})"));
    }
    // A failure here shows in the installation.
    UPDATE.call_once(|| drop(run(command("apt-get", "update -q"))));
    let mut install = command("apt-get", "install -q -y --no-install-recommends");
    install.arg(package).env("DEBIAN_FRONTEND", "noninteractive");
    run(install)
}

fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}
