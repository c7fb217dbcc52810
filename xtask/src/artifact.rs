//! The WebAssembly modules that demo, tests and benches need.

use std::fs;
use std::path::PathBuf;

use crate::Outcome;
use crate::setup::{WASM, cargo, root, run, target, wasm_target};

/// Packages that are guests. Their modules lie in `target/wasm32-unknown-unknown/guest/`.
pub(crate) const GUESTS: &[&str] = &["checkout", "bench-guest"];

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

/// Builds the core as a module without a binding: `target/wasm32-unknown-unknown/wasm/pintle_wasm.wasm`.
pub(crate) fn embed() -> Outcome {
    wasm_target()?;
    run(cargo(&format!("build -p pintle-wasm --profile wasm --target {WASM}")))
}

/// Builds the core as a module for JavaScript, with its binding, into [`binding_dir`]. The target directory is one of
/// its own: the features differ, and neither build may overwrite the other.
pub(crate) fn binding() -> Outcome {
    wasm_target()?;
    let dir = target().join("js");
    let mut build = cargo(&format!("build -p pintle-wasm --features js --profile wasm --target {WASM}"));
    build.arg("--target-dir").arg(&dir);
    run(build)?;
    let mut bindgen = cargo("run --quiet -p xtask-bindgen --");
    bindgen.arg(dir.join(WASM).join("wasm/pintle_wasm.wasm")).arg(binding_dir());
    run(bindgen)
}

/// Where the binding is written.
pub(crate) fn binding_dir() -> PathBuf {
    target().join("binding")
}
