//! `pintle fmt CONTRACT…`

use std::path::Path;

use pintle_core::idl::{self, Mistakes};

use crate::cli::{self, Exit, Failure, Outcome};
use crate::command::contract::{self, Finding};
use crate::command::output;

/// Lay out the text of contracts: aligned columns, every comment kept
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pintle fmt *.pulse            rewrite what is not laid out yet, and name it
  pintle fmt --check *.pulse    only name it; exits with 1 if there is any
  pintle fmt - < a.pulse        from standard input to standard output")]
pub(crate) struct Fmt {
    /// .pulse or .idl files, which are rewritten in place; or - alone for standard input to standard output
    #[arg(required = true)]
    contract: Vec<String>,
    /// Write nothing; name the files that would change
    #[arg(long)]
    check: bool,
    /// Answer with one JSON object
    #[arg(long)]
    json: bool,
}

/// One contract before and after.
struct Text {
    name: String,
    before: String,
    after: Result<String, Vec<Finding>>,
}

impl Fmt {
    pub(crate) fn run(self) -> Outcome {
        let stdin = self.contract.iter().any(|name| name == "-");
        if stdin && self.contract.len() > 1 {
            return Err(Failure::usage("- cannot stand beside other contracts"));
        }
        // All are read before any is written: a name that is wrong changes nothing.
        let texts = self.contract.iter().map(|name| text(name)).collect::<Result<Vec<Text>, Failure>>()?;
        let changed = |text: &Text| text.after.as_ref().is_ok_and(|after| *after != text.before);
        let mut exit = Exit::Yes;
        for text in &texts {
            match &text.after {
                Err(findings) => {
                    exit = Exit::No;
                    if !self.json {
                        findings
                            .iter()
                            .for_each(|finding| cli::tell(finding.shown(&std::io::stderr()).trim_end()));
                    }
                }
                Ok(_) if self.check && changed(text) => exit = Exit::No,
                Ok(after) if stdin && !self.check && !self.json => cli::answer(after)?,
                Ok(after) if !stdin && !self.check && changed(text) => {
                    let written = output::replace(Path::new(&text.name), after);
                    written.map_err(|error| Failure::cannot(format!("{}: {error}", text.name)))?;
                }
                Ok(_) => (),
            }
            if changed(text) && !self.json && (self.check || !stdin) {
                cli::answer(&format!("{}\n", cli::visible(&text.name)))?;
            }
        }
        if self.json {
            let contracts: Vec<_> = texts.iter().map(|text| text.json(changed(text), stdin)).collect();
            cli::answer(&format!("{}\n", serde_json::json!({ "contracts": contracts })))?;
        }
        Ok(exit)
    }
}

impl Text {
    fn json(&self, changed: bool, stdin: bool) -> serde_json::Value {
        let findings = self.after.as_ref().err().map_or(&[][..], Vec::as_slice);
        let diagnostics: Vec<_> = findings.iter().map(|finding| &finding.json).collect();
        let mut json = serde_json::json!({
            "contract": self.name, "changed": changed, "diagnostics": diagnostics,
        });
        if let (true, Ok(after)) = (stdin, &self.after) {
            json["text"] = after.as_str().into();
        }
        json
    }
}

fn text(name: &str) -> Result<Text, Failure> {
    let before = contract::text(name)?;
    if contract::is_json(&before) {
        let why = "begins like JSON: fmt lays out the text of .pulse and .idl files";
        return Err(Failure::no(format!("{} {why}", contract::shown(name))));
    }
    let after = idl::format(contract::shown(name), &before)
        .map_err(|Mistakes { diagnostics, sources }| Finding::all(&sources, &diagnostics));
    Ok(Text { name: name.to_owned(), before, after })
}
