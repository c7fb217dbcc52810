//! `cargo xtask fuzz`: libFuzzer on the stable compiler.
//!
//! `cargo fuzz` wants a nightly compiler for the address sanitizer. The code under test is safe Rust, so what is looked
//! for are panics, overflows, loops and broken assertions, and the coverage that guides the search is an LLVM pass that
//! stable rustc runs as well.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::setup::{self, cargo, root, target, tool};
use crate::{Outcome, wrong_usage};

const FLAGS: &str = "--cfg fuzzing -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks -Cpasses=sancov-module \
     -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
     -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

/// How long one target runs.
pub(crate) enum Effort {
    /// Wall-clock seconds.
    Seconds(u32),
    /// Inputs, beside the corpus: a check that target and corpus are sound.
    Runs(u32),
}

pub(crate) fn run(args: &[&str]) -> Outcome {
    let (name, seconds) = match args {
        [] => (None, "60"),
        ["--seconds", seconds] => (None, *seconds),
        [name] => (Some(*name), "60"),
        [name, "--seconds", seconds] | ["--seconds", seconds, name] => (Some(*name), *seconds),
        _ => return Err(wrong_usage("`fuzz` takes one TARGET and `--seconds N`")),
    };
    let seconds = seconds.parse().map_err(|_| wrong_usage("`--seconds` takes a whole number"))?;
    let all = targets()?;
    let chosen = match name {
        None => all,
        Some(name) if all.iter().any(|target| target == name) => vec![name.to_owned()],
        Some(name) => return Err(format!("there is no fuzz target `{name}`, but {}", all.join(", "))),
    };
    build()?;
    chosen.iter().try_for_each(|name| fuzz(name, &Effort::Seconds(seconds)))
}

/// Builds every target and gives each `runs` inputs.
pub(crate) fn smoke(runs: u32) -> Outcome {
    build()?;
    targets()?.iter().try_for_each(|name| fuzz(name, &Effort::Runs(runs)))
}

/// The names of the targets: the files in `fuzz/targets`.
fn targets() -> Result<Vec<String>, String> {
    let dir = root().join("fuzz/targets");
    let entries = fs::read_dir(&dir).map_err(|why| format!("{}: {why}", dir.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    Ok(names)
}

fn build() -> Outcome {
    tool("g++", "g++")?;
    let mut build = cargo("build --release --manifest-path fuzz/Cargo.toml");
    // With a target named, the flags are for it alone, and build scripts stay as they are.
    build.args(["--target", &host()?]).arg("--target-dir").arg(target().join("fuzz")).env("RUSTFLAGS", FLAGS);
    setup::run(build)
}

fn fuzz(name: &str, effort: &Effort) -> Outcome {
    let (found, crashes) = (directory("corpus", name)?, directory("crashes", name)?);
    let mut fuzzer = Command::new(target().join("fuzz").join(host()?).join("release").join(name));
    fuzzer.current_dir(root()).args(["-timeout=10", "-rss_limit_mb=1024", "-max_len=16384"]);
    fuzzer.arg(format!("-artifact_prefix={}/", crashes.display()));
    match effort {
        Effort::Seconds(seconds) => fuzzer.arg(format!("-max_total_time={seconds}")),
        Effort::Runs(runs) => fuzzer.arg(format!("-runs={runs}")).arg("-verbosity=0"),
    };
    let dictionary = root().join("fuzz/dictionaries").join(format!("{name}.dict"));
    if dictionary.is_file() {
        fuzzer.arg(format!("-dict={}", dictionary.display()));
    }
    // What is found goes to the first directory; the others, committed, are only read.
    fuzzer.arg(found);
    let committed = root().join("fuzz/corpus").join(name);
    if committed.is_dir() {
        fuzzer.arg(committed);
    }
    let again = fuzzer.get_program().to_string_lossy().into_owned();
    setup::run(fuzzer)
        .map_err(|why| format!("{why}\nthe input is in {}; run it alone: {again} FILE", crashes.display()))
}

fn directory(kind: &str, name: &str) -> Result<PathBuf, String> {
    let dir = target().join("fuzz").join(kind).join(name);
    fs::create_dir_all(&dir).map_err(|why| format!("{}: {why}", dir.display()))?;
    Ok(dir)
}

/// The compiler's own target.
fn host() -> Result<String, String> {
    let out = Command::new("rustc").args(["--print", "host-tuple"]).current_dir(root()).output();
    let out = out.map_err(|why| format!("could not start rustc: {why}"))?;
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}
