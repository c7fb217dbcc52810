//! `cargo xtask`: the one entry for people and machines. It does its own set-up on a fresh machine.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod artifact;
mod bench;
mod budget;
mod demo;
mod fuzz;
mod languages;
mod npm;
mod outside;
mod setup;
mod soak;
mod test;

use std::process::ExitCode;

/// Done, or one paragraph for a person that says what to do.
type Outcome = Result<(), String>;

const HELP: &str = "\
cargo xtask demo [--http ADDRESS]          serve the checkout example (127.0.0.1:8080; port 0 = any)
cargo xtask test [--only STEP]… [--list]   everything that must hold before a commit
           [--languages all]               plugins in every language, not only in those that are quick to install
cargo xtask bench [SECTION]… [--json FILE] the benches, then the comparison with other systems; or parts of that;
                                           `extism`: plugins beside that library's, built only when asked for
cargo xtask npm                            the npm package, packed in target/npm
cargo xtask embed                          the core for any wasm runtime, in target/embed
cargo xtask fuzz [TARGET] [--seconds N]    one fuzz target, or each in turn, 60 seconds by default
cargo xtask soak [--connections N] [--seconds N]  each side calling the other, cut off at any moment (1000, 60)
cargo xtask help                           this text

What is missing is installed where that can be done without asking: wasm targets by rustup, Debian
packages when run as root. Otherwise it says what to install.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args.split_first() {
        Some((&"demo", rest)) => demo::run(rest),
        Some((&"test", rest)) => test::run(rest),
        Some((&"bench", rest)) => bench::run(rest),
        Some((&"npm", [])) => npm::build(),
        Some((&"embed", [])) => artifact::embed(),
        Some((&"fuzz", rest)) => fuzz::run(rest),
        Some((&"soak", rest)) => soak::run(rest),
        None | Some((&("help" | "--help" | "-h"), _)) => {
            println!("{HELP}");
            Ok(())
        }
        Some((command, _)) => Err(wrong_usage(&format!("there is no `{command}`"))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\nxtask: {why}");
            ExitCode::FAILURE
        }
    }
}

fn wrong_usage(why: &str) -> String {
    format!("{why}\n\n{HELP}")
}
