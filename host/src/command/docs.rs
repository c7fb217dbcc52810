//! `pintle docs CONTRACT -o DIR`

use std::path::PathBuf;

use pintle_toolchain::html;

use crate::cli::{Failure, Outcome};
use crate::command::{contract, output};

/// Write a reference of a contract: static HTML, to publish or to open from the disk
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  pintle docs checkout.pulse -o site     then open site/index.html

Files of the same names in DIR are replaced, others stay.")]
pub(crate) struct Docs {
    #[arg(help = contract::WHAT)]
    contract: String,
    /// The directory to write to; made if it is missing
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,
    /// Name the files in one JSON object
    #[arg(long)]
    json: bool,
}

impl Docs {
    pub(crate) fn run(self) -> Outcome {
        let contract = contract::load(&self.contract)?;
        let files = html::generate(&contract);
        let files = files
            .map_err(|refusal| Failure::no(format!("{}: {refusal}", contract::shown(&self.contract))))?;
        output::write(&self.output, &files, self.json)
    }
}
