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

    #[test]
    fn control_characters_are_seen() {
        assert_eq!(visible("a\x1b[31m\u{9b}\u{202e}é\nb\r"), "a\\u001b[31m\\u009b\\u202eé\nb\\u000d");
    }
}
