//! `pintle check CONTRACT…`

use crate::cli::{self, Exit, Outcome, visible};
use crate::command::contract::{self, Reading};

/// Show everything that is wrong with contracts
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// .pulse or .idl files, the JSON form, - for standard input, or the URL of a server
    #[arg(required = true)]
    contract: Vec<String>,
    /// Answer with one JSON object
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(crate) fn run(self) -> Outcome {
        let mut files = Vec::new();
        let mut good = true;
        for name in &self.contract {
            let findings = match contract::read(name)? {
                Reading::Good(_) => Vec::new(),
                Reading::Bad(findings) => findings,
            };
            good &= findings.is_empty();
            if self.json {
                let diagnostics: Vec<_> = findings.into_iter().map(|finding| finding.json).collect();
                files.push(serde_json::json!({
                    "contract": name, "valid": diagnostics.is_empty(), "diagnostics": diagnostics,
                }));
            } else {
                for finding in findings {
                    cli::answer(&visible(&finding.text))?;
                }
            }
        }
        if self.json {
            cli::answer(&format!("{}\n", serde_json::json!({ "valid": good, "contracts": files })))?;
        }
        Ok(if good { Exit::Yes } else { Exit::No })
    }
}
