//! `pintle convert CONTRACT --to FORM`

use std::path::PathBuf;

use crate::cli::{self, Exit, Failure, Outcome};
use crate::command::contract;

/// Write a contract in another form
#[derive(Debug, clap::Args)]
pub(crate) struct Convert {
    /// A .pulse or .idl file, the JSON form, - for standard input, or the URL of a server
    contract: String,
    /// The form
    #[arg(long, value_enum)]
    to: Form,
    /// The directory to write to; needed where the form has several files
    #[arg(long, short)]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Form {
    /// The text of the contract language, one file for each namespace
    Pulse,
    /// The JSON form
    Json,
}

impl Convert {
    pub(crate) fn run(self) -> Outcome {
        let contract = contract::load(&self.contract)?;
        let files = match self.to {
            Form::Pulse => contract.to_pulse(),
            Form::Json => vec![("idl.json".to_owned(), contract.to_json_pretty())],
        };
        match (&self.output, files.as_slice()) {
            (None, [(_, text)]) => cli::answer(text)?,
            (None, files) => {
                let count = files.len();
                return Err(Failure::usage(format!(
                    "this contract becomes {count} files: say where with --output DIR"
                )));
            }
            (Some(dir), files) => {
                let cannot = |error: std::io::Error| Failure::cannot(format!("{}: {error}", dir.display()));
                std::fs::create_dir_all(dir).map_err(cannot)?;
                for (name, text) in files {
                    std::fs::write(dir.join(name), text).map_err(cannot)?;
                }
            }
        }
        Ok(Exit::Yes)
    }
}
