//! `cargo xtask bench`: what is fast, and compared with what.

use crate::setup::{self, cargo, tool};
use crate::{Outcome, artifact, wrong_usage};

pub(crate) fn run(args: &[&str]) -> Outcome {
    if !args.is_empty() {
        return Err(wrong_usage("`bench` takes nothing"));
    }
    tool("wrk", "wrk")?;
    println!(
        "The benches of the core and of the host, then the comparison. Only ratios within one run mean anything."
    );
    artifact::guests(artifact::GUESTS)?;
    setup::run(cargo("bench -p pintle-core"))?;
    setup::run(cargo("bench -p pintle"))?;
    setup::run(cargo("run --release -p pintle-bench"))
}
