//! `pintle completions SHELL`

use clap_complete::Shell;

use crate::cli::{self, Cli, Exit, Outcome};

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  pintle completions bash > ~/.local/share/bash-completion/completions/pintle")]
pub(crate) struct Completions {
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self) -> Outcome {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::definition(), "pintle", &mut text);
        cli::answer(&String::from_utf8_lossy(&text))?;
        Ok(Exit::Yes)
    }
}
