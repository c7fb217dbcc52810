//! The command line: what can be asked, what the exit codes mean, and how text leaves.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::command::Command;

/// What the exit code of every command means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Yes = 0,
    No = 1,
    Usage = 2,
    Cannot = 3,
}

impl Exit {
    /// All of them, with what they mean.
    pub(crate) const ALL: [(Exit, &str); 4] = [
        (Exit::Yes, "yes: done, valid, answered"),
        (Exit::No, "the answer is no: invalid, refused, an error reply"),
        (Exit::Usage, "used wrongly"),
        (Exit::Cannot, "could not: a file or the network"),
    ];
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a command gave up; told on standard error.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn no(message: impl Into<String>) -> Failure {
        Failure { exit: Exit::No, message: message.into() }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Failure {
        Failure { exit: Exit::Usage, message: message.into() }
    }

    pub(crate) fn cannot(message: impl Into<String>) -> Failure {
        Failure { exit: Exit::Cannot, message: message.into() }
    }
}

pub(crate) type Outcome = Result<Exit, Failure>;

/// Contract-checked RPC, served from WebAssembly plugins.
#[derive(Debug, Parser)]
#[command(name = "pintle", version, disable_help_subcommand = true, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 yes, 1 no, 2 used wrongly, 3 could not. See `pintle help`.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

impl Cli {
    /// The whole command line, for help and completions.
    pub(crate) fn definition() -> clap::Command {
        Cli::command()
    }
}

/// Reads the arguments and runs what they ask for.
pub(crate) fn run() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nobody is left to be told when this fails.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Yes };
        }
    };
    match cli.command.run() {
        Ok(exit) => exit,
        Err(failure) => {
            let label = if colour(&io::stderr()) { "\x1b[1;31merror:\x1b[0m" } else { "error:" };
            tell(&format!("{label} {}", visible(&failure.message)));
            failure.exit
        }
    }
}

/// Writes to standard output. A reader who has seen enough is no error.
pub(crate) fn answer(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|error| Failure::cannot(format!("cannot write: {error}"))),
    }
}

/// Writes a line to standard error.
pub(crate) fn tell(text: &str) {
    // There is nowhere to report this to.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Whether a stream shows colours.
pub(crate) fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Text of strangers without the power to move a terminal's cursor: control characters other than line feeds are
/// escaped as in JSON, where the text stays what it is.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // Those that change the direction of what follows, too.
        let unseen = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c != '\n' && (c.is_control() || unseen) {
            out.push_str(&format!("\\u{:04x}", c as u32));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::definition().debug_assert();
    }

    /// What stands behind `pintle` in the examples of a text: up to a pipe, a remark, or two spaces.
    fn examples(text: &str) -> Vec<Vec<&str>> {
        let lines = text.lines().filter_map(|line| line.trim_start().strip_prefix("pintle "));
        lines
            .map(|line| {
                let line = line.split("  ").next().unwrap_or_default();
                line.split_whitespace().take_while(|word| !["|", "<", ">", "#"].contains(word)).collect()
            })
            .collect()
    }

    #[test]
    fn every_example_is_understood() {
        let mut texts = vec![
            include_str!("../../README.md").to_owned(),
            include_str!("command/help/contracts.txt").to_owned(),
        ];
        for command in Cli::definition().get_subcommands() {
            let examples = command.get_after_help().map(ToString::to_string);
            // A narrow terminal must not break the columns.
            assert!(
                examples.iter().flat_map(|text| text.lines()).all(|line| line.len() < 80),
                "{examples:?}"
            );
            texts.extend(examples);
        }
        let mut commands = std::collections::BTreeSet::new();
        for words in texts.iter().flat_map(|text| examples(text)) {
            // A command alone is one that is talked about.
            if words.len() > 1 {
                let parsed = Cli::try_parse_from([&["pintle"], words.as_slice()].concat());
                assert!(parsed.is_ok(), "{words:?}: {parsed:?}");
                commands.insert(words.first().copied().unwrap_or_default());
            }
        }
        for needed in
            ["call", "check", "convert", "diff", "docs", "fmt", "gen", "inspect", "new", "serve", "validate"]
        {
            assert!(commands.contains(needed), "{needed} has no example");
        }
    }

    #[test]
    fn control_characters_are_seen() {
        assert_eq!(visible("a\x1b[31m\u{9b}\u{202e}é\nb\r"), "a\\u001b[31m\\u009b\\u202eé\nb\\u000d");
    }
}
