//! The WebAssembly modules that demo, tests and benches need.

use std::fs;
use std::path::{Path, PathBuf};

use crate::budget::{BINDING, Budget, DIALECTS, EMBED, SLIM};
use crate::setup::{WASM, cargo, command, root, run, rust_sources, target, wasm_target};
use crate::{Outcome, outside};

/// Packages that are guests. Their modules lie in `target/wasm32-unknown-unknown/guest/`.
pub(crate) const GUESTS: &[&str] = &[
    "calculator",
    "checkout",
    "conform",
    "messenger",
    "users",
    "bench-guest",
    "pintle-test-guest",
    "pintle-test-peers",
];

/// Builds guests. An example's module is also copied beside its manifest, which names it there.
pub(crate) fn guests(packages: &[&str]) -> Outcome {
    wasm_target()?;
    let mut build = cargo(&format!("build --profile guest --target {WASM}"));
    for package in packages {
        build.args(["-p", package]);
    }
    run(build)?;
    for package in packages {
        let example = root().join("examples").join(package);
        if example.is_dir() {
            let module = format!("{}.wasm", package.replace('-', "_"));
            let (from, to) = (target().join(WASM).join("guest").join(&module), example.join(&module));
            fs::copy(&from, &to).map_err(|why| format!("{} to {}: {why}", from.display(), to.display()))?;
        }
    }
    Ok(())
}

/// Builds the core as a module without a binding: `target/embed/pintle_core.wasm`, with its header.
pub(crate) fn embed() -> Outcome {
    let module = core_module("")?;
    let to = target().join("embed");
    fs::create_dir_all(&to).map_err(|why| format!("{}: {why}", to.display()))?;
    let module_there = to.join("pintle_core.wasm");
    smaller(&module, &module_there)?;
    let header = root().join("wasm/embed/pintle_core.h");
    fs::copy(&header, to.join("pintle_core.h")).map_err(|why| format!("{}: {why}", header.display()))?;
    EMBED.check(&module_there)
}

/// Builds the core as a module for JavaScript, with its binding: `target/binding`; without the contract language:
/// `target/binding-slim`; and with the dialects: `target/binding-dialects`.
pub(crate) fn binding() -> Outcome {
    bound("--features=js", "binding", &BINDING)?;
    bound("--no-default-features --features=js", "binding-slim", &SLIM)?;
    bound("--features=dialects", "binding-dialects", &DIALECTS)
}

fn bound(features: &str, directory: &str, budget: &Budget) -> Outcome {
    let module = core_module(features)?;
    let to = target().join(directory);
    let mut bindgen = cargo("run --quiet -p xtask-bindgen --");
    bindgen.arg(module).arg(&to);
    run(bindgen)?;
    let bound = to.join("pintle_wasm_bg.wasm");
    smaller(&bound, &bound)?;
    budget.check(&bound)
}

/// What rustc makes of pintle-wasm. The standard library is built with it, so that it too is optimised for size, and a
/// panic, which is our mistake, ends in a trap without the text that tens of kilobytes would be spent on. Stable
/// compilers let only themselves do that: the variable says that this is meant. No unstable feature of the language is used.
fn core_module(features: &str) -> Result<PathBuf, String> {
    wasm_target()?;
    rust_sources()?;
    // A directory of its own: the standard library differs from the one that guests are built with.
    let dir = target().join("core");
    let mut build = cargo(&format!("build -p pintle-wasm --profile wasm --target {WASM}"));
    build.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
    build.args(features.split_whitespace());
    // Every body goes through their UTF-8 check and copies: 6 % faster than at "z", and 200 bytes smaller. In Cargo.toml
    // every other build would warn that it has no such packages.
    for package in ["core", "alloc"] {
        build.arg("--config").arg(format!("profile.wasm.package.{package}.opt-level=\"s\""));
    }
    build.arg("--target-dir").arg(&dir);
    build.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", RUST_FLAGS);
    run(build)?;
    Ok(dir.join(WASM).join("wasm/pintle_wasm.wasm"))
}

/// The first two are those of `.cargo/config.toml`, which these replace.
const RUST_FLAGS: &str = "--cfg sha2_backend=\"soft\" --cfg sha2_backend_soft=\"compact\" \
    -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";

/// Runs wasm-opt over a module, by the features that rustc wrote into it. Names and other remarks stay behind.
///
/// Control flow that it has laid out anew is smaller, and 3 % faster. That nothing lies in the first kilobyte lets it add
/// constants in addresses: rust-lld puts the stack there, whose last bytes those are, and behind it all else.
fn smaller(module: &Path, to: &Path) -> Outcome {
    let mut wasm_opt = command("node", "");
    wasm_opt.arg(outside::wasm_packages()?.join("node_modules/binaryen/bin/wasm-opt"));
    wasm_opt.args(["--low-memory-unused", "--flatten", "--rereloop", "-Oz", "-Oz"]);
    wasm_opt.args(["--strip-producers", "--strip-target-features"]).arg(module).arg("-o").arg(to);
    run(wasm_opt)
}
