//! The npm package: made, then installed as its users do and run in every runtime that it is for.

use std::env::consts::EXE_SUFFIX;

use crate::setup::{WASM, cargo, command, root, run, target, tool};
use crate::{Outcome, artifact, outside};

/// Makes the package: `target/npm/pintle-VERSION.tgz`.
pub(crate) fn build() -> Outcome {
    artifact::binding()?;
    let mut build = command("node", "");
    build.arg(root().join("wasm/npm/build.js")).arg(target().join("binding"));
    build.arg(outside::wasm_packages()?).arg(target().join("npm")).arg(env!("CARGO_PKG_VERSION"));
    run(build)
}

/// Runs its tests. What cannot be had here they skip, and say so; not where `CI` is set.
pub(crate) fn prove() -> Outcome {
    let runtimes = outside::runtimes()?;
    if let Err(why) = tool("chromium", "chromium") {
        println!("{why}");
    }
    let mut prove = command("node", "");
    prove.arg(root().join("wasm/npm/prove.js")).arg(target().join("npm")).arg(runtimes);
    prove.arg(target().join(WASM).join("guest"));
    // Clients in a browser also talk to the native server.
    // Built as a part of its tests: by itself its dependencies would be compiled again, with other features.
    run(cargo("test --workspace --test cli --no-run"))?;
    prove.arg(target().join(format!("debug/pintle{EXE_SUFFIX}")));
    run(prove)
}

/// Compares it with what people write by hand, and with other libraries, in Node.js and workerd.
pub(crate) fn bench() -> Outcome {
    build()?;
    let mut bench = command("node", "");
    bench.arg(root().join("wasm/npm/bench/bench.js")).arg(target().join("npm"));
    bench.arg(outside::npm_peers()?).arg(outside::runtimes()?);
    run(bench)
}
