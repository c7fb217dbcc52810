//! One file for each subcommand.

mod assembly;
mod call;
mod check;
mod completions;
mod contract;
mod convert;
mod diff;
mod docs;
mod fmt;
mod generate;
mod help;
mod inspect;
mod new;
mod output;
mod params;
mod plugins;
mod reload;
mod serve;
mod validate;

use clap::Subcommand;

use crate::cli::Outcome;

/// What can be asked.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(serve::Serve),
    Call(call::Call),
    Check(check::Check),
    Fmt(fmt::Fmt),
    Diff(diff::Diff),
    Validate(validate::Validate),
    Convert(convert::Convert),
    #[command(name = "gen")]
    Generate(generate::Generate),
    Docs(docs::Docs),
    New(new::New),
    Completions(completions::Completions),
    Inspect(inspect::Inspect),
    Help(help::Help),
}

impl Command {
    pub(crate) fn run(self) -> Outcome {
        match self {
            Command::Serve(command) => command.run(),
            Command::Call(command) => command.run(),
            Command::Check(command) => command.run(),
            Command::Fmt(command) => command.run(),
            Command::Diff(command) => command.run(),
            Command::Validate(command) => command.run(),
            Command::Convert(command) => command.run(),
            Command::Generate(command) => command.run(),
            Command::Docs(command) => command.run(),
            Command::New(command) => command.run(),
            Command::Completions(command) => command.run(),
            Command::Inspect(command) => command.run(),
            Command::Help(command) => command.run(),
        }
    }
}
