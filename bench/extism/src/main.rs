//! Plugins through pintle and through the `extism` crate, side by side: `cargo xtask bench extism` builds and runs it.
//!
//! Two comparisons: the same echo called from Rust, and the checkout's `createOrder` over HTTP, where both stand behind
//! pintle's server, its contract and its checks, so that nothing differs but who runs the guest.
#![allow(clippy::print_stdout, clippy::print_stderr)]

#[path = "../../../core/benches/documents/mod.rs"]
#[allow(dead_code, reason = "others measure more of it")]
mod documents;
mod echo;
#[path = "../../src/report.rs"]
#[allow(dead_code, reason = "others report more")]
mod report;
mod serve;
#[path = "../../src/server.rs"]
#[allow(dead_code, reason = "others start more servers")]
mod server;
#[path = "../../src/turns.rs"]
mod turns;
#[path = "../../src/wrk.rs"]
mod wrk;

use report::Report;
use std::path::PathBuf;
use std::process::ExitCode;

/// As `pintle` itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Done, or one paragraph for a person that says what to do.
type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args.as_slice() {
        ["serve", who, guest] => serve::run(who, guest),
        [] => compare(None),
        ["--json", file] => compare(Some(file)),
        _ => Err("it takes `--json FILE` or nothing".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("pintle-bench-extism: {why}");
            ExitCode::FAILURE
        }
    }
}

fn compare(json: Option<&str>) -> Outcome {
    let mut report = Report::default();
    report.section("extism: the same echo");
    echo::run(&mut report)?;
    report.section("extism: createOrder over HTTP");
    serve::compare(&mut report)?;
    json.map_or(Ok(()), |file| report.write(&PathBuf::from(file)))
}
