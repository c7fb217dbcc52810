//! Measures pintle and others side by side and prints ratios: `cargo xtask bench` builds what this needs and runs it.
//!
//! Both sides of a comparison run in turns within one run. The ratios are what to look at: the numbers beside them are
//! those of this machine at this hour.
#![allow(clippy::print_stdout, clippy::print_stderr)]

#[path = "../../core/benches/documents/mod.rs"]
mod documents;
mod exchange;
mod http;
mod peer;
mod report;
mod server;
mod sizes;
mod startup;
mod turns;
mod validation;
mod wrk;

use report::Report;
use std::process::ExitCode;

/// Done, or one paragraph for a person that says what to do.
type Outcome = Result<(), String>;

/// Measures one thing and reports it.
type Section = fn(&mut Report) -> Outcome;

/// What can be measured alone, in the order of a whole run.
const SECTIONS: &[(&str, Section)] = &[
    ("validation", validation::run),
    ("exchange", exchange::run),
    ("sizes", sizes::run),
    ("startup", startup::run),
    ("http", http::run),
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args.first().map(String::as_str) {
        Some(peer::COMMAND) => peer::serve(),
        _ => compare(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("pintle-bench: {why}");
            ExitCode::FAILURE
        }
    }
}

fn compare(args: &[String]) -> Outcome {
    let mut chosen = Vec::new();
    let mut json = None;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--json" {
            json = Some(args.next().ok_or("`--json` takes the name of a file")?);
        } else {
            let section = SECTIONS.iter().find(|(name, _)| name == arg);
            chosen.push(section.ok_or_else(|| {
                let names: Vec<&str> = SECTIONS.iter().map(|(name, _)| *name).collect();
                format!("there is no section `{arg}`, but {}; and `--json FILE`", names.join(", "))
            })?);
        }
    }
    if chosen.is_empty() {
        chosen = SECTIONS.iter().collect();
    }
    let mut report = Report::default();
    for (name, run) in chosen {
        report.section(name);
        run(&mut report).map_err(|why| format!("{name}: {why}"))?;
    }
    json.map_or(Ok(()), |file| report.write(file.as_ref()))
}
