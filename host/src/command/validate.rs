//! `pintle validate CONTRACT TYPE [FILE]`

use pintle_core::Engine;

use crate::cli::{self, Exit, Failure, Outcome, visible};
use crate::command::contract;

/// Check a value against a type of a contract
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pintle validate checkout.pulse Address address.json
  pintle validate --strict checkout.pulse OrderStatus - --json")]
pub(crate) struct Validate {
    #[arg(help = contract::WHAT)]
    contract: String,
    /// A struct or enum of the contract, or string, int, float, bool
    #[arg(value_name = "TYPE")]
    type_name: String,
    /// The value as JSON; - is standard input
    #[arg(default_value = "-")]
    file: String,
    /// Refuse fields that the contract does not name
    #[arg(long)]
    strict: bool,
    /// Answer with one JSON object
    #[arg(long)]
    json: bool,
}

impl Validate {
    pub(crate) fn run(self) -> Outcome {
        if self.contract == "-" && self.file == "-" {
            return Err(Failure::usage("standard input cannot be both the contract and the value"));
        }
        let contract = contract::load(&self.contract)?;
        let engine = Engine::builder(contract).strict(self.strict).build();
        let engine = engine.map_err(|error| Failure::no(format!("{}: {error}", self.contract)))?;
        let value = contract::bytes(&self.file)?;
        let Some(validation) = engine.validate(&self.type_name, &value) else {
            return Err(Failure::usage(format!("the contract has no struct or enum {}", self.type_name)));
        };
        if self.json {
            let problem = |problem: &pintle_core::Problem| serde_json::json!({ "path": problem.path, "expected": problem.expected, "got": problem.got });
            let problems: Vec<_> = validation.problems.iter().map(problem).collect();
            cli::answer(&format!(
                "{}\n",
                serde_json::json!({ "valid": validation.valid(), "problems": problems })
            ))?;
        } else if validation.valid() {
            cli::answer("valid\n")?;
        } else {
            for problem in &validation.problems {
                cli::answer(&visible(&format!("{problem}\n")))?;
            }
        }
        Ok(if validation.valid() { Exit::Yes } else { Exit::No })
    }
}
