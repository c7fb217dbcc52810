//! `cargo xtask soak`: the soak of the tests, with more connections and for longer.

use crate::setup::{self, cargo};
use crate::{Outcome, artifact, wrong_usage};

pub(crate) fn run(args: &[&str]) -> Outcome {
    let (mut connections, mut seconds) = ("1000", "60");
    for pair in args.chunks(2) {
        match pair {
            ["--connections", number] if number.parse::<u32>().is_ok() => connections = number,
            ["--seconds", number] if number.parse::<u32>().is_ok() => seconds = number,
            _ => return Err(wrong_usage("`soak` takes `--connections N` and `--seconds N`")),
        }
    }
    artifact::guests(artifact::GUESTS)?;
    // The whole workspace, as for the tests: another choice would build the dependencies with other features, again.
    setup::run(cargo("build --workspace --bin pintle"))?;
    let mut soak = cargo("test --workspace --test soak -- --nocapture");
    soak.env("PINTLE_SOAK", format!("{connections},{seconds}"));
    setup::run(soak)
}
