//! `pintle check CONTRACT…`

use pintle_core::contract::System;

use crate::cli::{self, Exit, Outcome};
use crate::command::contract::{self, Finding};

/// Show everything that is wrong with contracts
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pintle check *.pulse
  pintle check --portable pulserpc a.pulse    also what PulseRPC refuses
  pintle check --json http://127.0.0.1:8080   the contract of a server")]
pub(crate) struct Check {
    #[arg(required = true, help = contract::WHAT)]
    contract: Vec<String>,
    /// Also show what this system refuses of a good contract; more than one may be named
    #[arg(long, value_enum, value_name = "SYSTEM")]
    portable: Vec<Portable>,
    /// Answer with one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Portable {
    /// PulseRPC, its .pulse files and idl.json
    #[value(name = "pulserpc")]
    PulseRpc,
    /// Barrister, its .idl files and their JSON form
    Barrister,
}

impl From<Portable> for System {
    fn from(portable: Portable) -> System {
        match portable {
            Portable::PulseRpc => System::PulseRpc,
            Portable::Barrister => System::Barrister,
        }
    }
}

impl Check {
    pub(crate) fn run(self) -> Outcome {
        let mut contracts = Vec::new();
        let mut good = true;
        for name in &self.contract {
            let reading = contract::read(name)?;
            let warnings = reading.warnings();
            let mut errors = reading.errors();
            for system in &self.portable {
                errors.extend(reading.refused((*system).into()));
            }
            good &= errors.is_empty();
            if self.json {
                contracts.push(serde_json::json!({
                    "contract": name,
                    "valid": errors.is_empty(),
                    "diagnostics": errors.iter().map(|finding| &finding.json).collect::<Vec<_>>(),
                    "warnings": warnings.iter().map(|finding| &finding.json).collect::<Vec<_>>(),
                }));
                continue;
            }
            let shown = |finding: &Finding| finding.shown(&std::io::stdout());
            cli::answer(&errors.iter().chain(&warnings).map(shown).collect::<String>())?;
        }
        if self.json {
            cli::answer(&format!("{}\n", serde_json::json!({ "valid": good, "contracts": contracts })))?;
        }
        Ok(if good { Exit::Yes } else { Exit::No })
    }
}
