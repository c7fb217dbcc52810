//! `cargo xtask bench`: what is fast, and compared with what.

use crate::setup::{self, WASM, cargo, tool};
use crate::{Outcome, artifact, wrong_usage};

/// A part of the comparison, and what must be built for it.
struct Section {
    name: &'static str,
    server: bool,
    embed: bool,
}

/// As `pintle-bench` knows them.
const SECTIONS: &[Section] = &[
    Section { name: "validation", server: false, embed: false },
    Section { name: "exchange", server: false, embed: false },
    Section { name: "sizes", server: false, embed: true },
    Section { name: "startup", server: true, embed: false },
    Section { name: "http", server: true, embed: false },
];

/// The npm package against its peers, which is a script of its own.
const NPM: &str = "npm";

pub(crate) fn run(args: &[&str]) -> Outcome {
    // `cargo xtask bench -- http` and `cargo xtask bench http` are the same.
    let args = args.strip_prefix(&["--"]).unwrap_or(args);
    if let ["extism", args @ ..] = args {
        return extism(args);
    }
    let mut args = args.iter().copied();
    let mut json = None;
    let mut npm = false;
    let mut chosen: Vec<&Section> = Vec::new();
    while let Some(arg) = args.next() {
        if arg == "--json" {
            json = Some(args.next().ok_or_else(|| wrong_usage("`--json` takes the name of a file"))?);
        } else if arg == NPM {
            npm = true;
        } else {
            let section = SECTIONS.iter().find(|section| section.name == arg);
            chosen.push(section.ok_or_else(|| {
                let names: Vec<&str> = SECTIONS.iter().map(|section| section.name).chain([NPM]).collect();
                wrong_usage(&format!("there is no section `{arg}`, but {}", names.join(", ")))
            })?);
        }
    }
    let everything = chosen.is_empty() && !npm;
    if npm || everything {
        crate::npm::bench()?;
    }
    if chosen.is_empty() && npm {
        return Ok(());
    }
    if everything {
        chosen = SECTIONS.iter().collect();
    }

    println!("Only ratios within one run mean anything.");
    if chosen.iter().any(|section| section.name == "http") {
        tool("wrk", "wrk")?;
    }
    if chosen.iter().any(|section| section.server) {
        artifact::guests(artifact::GUESTS)?;
    }
    if chosen.iter().any(|section| section.embed) {
        artifact::embed()?;
    }
    // These packages together: another choice would build the dependencies with other features, again.
    setup::run(cargo("build --release -p pintle -p pintle-bench"))?;
    if everything {
        setup::run(cargo("bench -p pintle-core"))?;
        setup::run(cargo("bench -p pintle -p pintle-bench --bench guest"))?;
    }
    let mut compare = setup::command(&setup::target().join("release/pintle-bench").to_string_lossy(), "");
    compare.args(chosen.iter().map(|section| section.name));
    if let Some(file) = json {
        compare.args(["--json", file]);
    }
    setup::run(compare)
}

/// The comparison with extism, only when it is asked for by name: it is a workspace of its own, which builds a second
/// version of wasmtime, with a newer compiler.
fn extism(args: &[&str]) -> Outcome {
    tool("wrk", "wrk")?;
    artifact::guests(artifact::GUESTS)?;
    let dir = setup::target().join("extism");
    let build = |what: &str| {
        // Without cargo's own variables, rustup takes the compiler that the workspace there names.
        let mut cargo = setup::command("cargo", what);
        for name in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTC"] {
            cargo.env_remove(name);
        }
        cargo.current_dir(setup::root().join("bench/extism")).arg("--target-dir").arg(&dir);
        setup::run(cargo)
    };
    build("build --release")?;
    build(&format!("build --profile guest --target {WASM} -p extism-bench-guest"))?;
    let mut compare = setup::command(&dir.join("release/pintle-bench-extism").to_string_lossy(), "");
    compare.args(args);
    setup::run(compare)
}
