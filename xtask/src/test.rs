//! `cargo xtask test`: everything that must hold before a commit.

use std::time::{Duration, Instant};

use crate::languages::{self, Which};
use crate::setup::{self, WASM, cargo, tool, wasm_target};
use crate::{Outcome, artifact, fuzz, npm, outside, wrong_usage};

struct Step {
    name: &'static str,
    what: &'static str,
    run: fn() -> Outcome,
}

/// In this order: what fails soonest first, and artefacts before the tests that need them.
const STEPS: &[Step] = &[
    Step { name: "format", what: "rustfmt has nothing to say", run: format },
    Step {
        name: "clippy",
        what: "nor has clippy, about every crate and test",
        run: || setup::run(cargo("clippy --workspace --all-targets -- -D warnings")),
    },
    Step { name: "clippy-wasm", what: "nor about what only wasm compiles", run: clippy_wasm },
    Step { name: "guests", what: "the guests build", run: || artifact::guests(artifact::GUESTS) },
    Step { name: "embed", what: "the core builds as a module without a binding", run: artifact::embed },
    Step { name: "npm", what: "and as the npm package", run: npm::build },
    Step {
        name: "runtimes",
        what: "that package holds in Node.js, Deno, Bun, workerd and Chromium; needs guests and npm",
        run: npm::prove,
    },
    Step {
        name: "outside",
        what: "other fields' tools, which judge what we write, are there",
        run: outside::install,
    },
    Step {
        name: LANGUAGES,
        what: "a plugin builds in each language; with `--languages all` in those, too, that take long to install",
        run: || languages::build(Which::Usual),
    },
    Step {
        name: "tests",
        what: "all tests of the workspace; needs guests, embed, outside and languages",
        run: tests,
    },
    Step { name: "docs", what: "the documentation builds, every link leads somewhere", run: docs },
    Step {
        name: "fuzz",
        what: "every fuzz target builds and survives 2,000 inputs",
        run: || fuzz::smoke(2_000),
    },
];

const LANGUAGES: &str = "languages";

/// Takes the place of the step of this name.
const ALL_LANGUAGES: Step =
    Step { name: LANGUAGES, what: "a plugin builds in every language", run: || languages::build(Which::All) };

pub(crate) fn run(args: &[&str]) -> Outcome {
    if args == ["--list"] {
        for Step { name, what, .. } in STEPS {
            println!("{name:12} {what}");
        }
        return Ok(());
    }
    let mut chosen: Vec<&Step> = Vec::new();
    let mut all_languages = false;
    for pair in args.chunks(2) {
        match pair {
            ["--only", name] => {
                let step = STEPS.iter().find(|step| step.name == *name);
                chosen
                    .push(step.ok_or_else(|| format!("there is no step `{name}`: cargo xtask test --list"))?);
            }
            ["--languages", "all"] => all_languages = true,
            _ => return Err(wrong_usage("`test` takes `--only STEP`, `--languages all` and `--list`")),
        }
    }
    if chosen.is_empty() {
        chosen = STEPS.iter().collect();
    }
    if all_languages {
        for step in chosen.iter_mut().filter(|step| step.name == LANGUAGES) {
            *step = &ALL_LANGUAGES;
        }
    }

    let mut took: Vec<(&str, Duration)> = Vec::new();
    let mut outcome = Ok(());
    for Step { name, what, run } in chosen {
        println!("\n== {name}: {what}");
        let start = Instant::now();
        outcome = run().map_err(|why| format!("{name}: {why}\nagain: cargo xtask test --only {name}"));
        took.push((name, start.elapsed()));
        if outcome.is_err() {
            break;
        }
    }

    println!();
    for (name, time) in &took {
        println!("{name:12} {:7.1} s", time.as_secs_f64());
    }
    if outcome.is_ok() {
        println!("all good");
    }
    outcome
}

fn format() -> Outcome {
    setup::run(cargo("fmt --all --check"))?;
    setup::run(cargo("fmt --manifest-path fuzz/Cargo.toml --check"))
}

fn clippy_wasm() -> Outcome {
    wasm_target()?;
    let mut clippy = cargo(&format!("clippy --target {WASM} -p pintle-core -p pintle-wasm -p pintle-guest"));
    for guest in artifact::GUESTS {
        clippy.args(["-p", guest]);
    }
    clippy.args(["--", "-D", "warnings"]);
    setup::run(clippy)?;
    // The binding for JavaScript, which brings a feature of the core that nobody else has.
    setup::run(cargo(&format!("clippy --target {WASM} -p pintle-wasm --features dialects -- -D warnings")))
}

fn tests() -> Outcome {
    tool("node", "nodejs")?;
    setup::run(cargo("test --workspace"))?;
    // What only the binding for JavaScript asks of the core.
    setup::run(cargo("test -p pintle-core --features index"))
}

fn docs() -> Outcome {
    let mut doc = cargo("doc --workspace --no-deps");
    doc.env("RUSTDOCFLAGS", "-D warnings");
    setup::run(doc)
}
