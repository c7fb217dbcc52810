//! `pintle gen LANGUAGE CONTRACT -o DIR`

use std::path::PathBuf;

use pintle_toolchain::typescript::Ints;
use pintle_toolchain::{python, rust, typescript, wit};

use crate::cli::{Failure, Outcome};
use crate::command::{contract, output};

/// Write code for a contract: types, clients, handler skeletons
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pintle gen ts checkout.pulse -o src/checkout
  pintle gen rust checkout.pulse -o src/generated
  pintle gen python checkout.pulse -o client
  pintle gen python --server checkout.pulse -o server    for Python 3 and 2.7
  pintle gen wit checkout.pulse -o wit                   and wit/deps for it

Files of the same names in DIR are replaced, others stay. The same contract
gives the same files.")]
pub(crate) struct Generate {
    #[arg(value_enum)]
    language: Language,
    #[arg(help = contract::WHAT)]
    contract: String,
    /// The directory to write to; made if it is missing
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,
    /// With python: the side that serves
    #[arg(long)]
    server: bool,
    /// With ts: an int is a bigint, as the running code must then be told too
    #[arg(long)]
    bigint: bool,
    /// Name the files in one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    /// TypeScript
    Ts,
    /// Rust; needs serde alone
    Rust,
    /// Python; needs its standard library alone
    Python,
    /// WIT, the interfaces of WebAssembly components: what they export, and what they may ask of the host
    Wit,
}

impl Generate {
    pub(crate) fn run(self) -> Outcome {
        if self.server && self.language != Language::Python {
            return Err(Failure::usage("--server is there for python alone"));
        }
        if self.bigint && self.language != Language::Ts {
            return Err(Failure::usage("--bigint is there for ts alone"));
        }
        let contract = contract::load(&self.contract)?;
        let files = match self.language {
            Language::Ts => {
                typescript::generate(&contract, if self.bigint { Ints::BigInt } else { Ints::Number })
            }
            Language::Rust => rust::generate(&contract),
            Language::Python if self.server => Ok(python::server(&contract)),
            Language::Python => Ok(python::client(&contract)),
            Language::Wit => wit::generate(&contract),
        };
        let files = files
            .map_err(|refusal| Failure::no(format!("{}: {refusal}", contract::shown(&self.contract))))?;
        output::write(&self.output, &files, self.json)
    }
}
