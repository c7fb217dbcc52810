//! The command `pintle`.

mod cli;
mod command;

use std::process::ExitCode;

/// A call is many short-lived allocations, on all threads at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run().into()
}
