//! The command `pintle`.

mod cli;
mod command;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run().into()
}
