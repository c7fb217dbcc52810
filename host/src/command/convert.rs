//! `pintle convert CONTRACT --to FORM`

use std::path::PathBuf;

use pintle_core::Contract;
use pintle_toolchain::{File, jsonschema, openapi, openrpc};

use crate::cli::{self, Exit, Failure, Outcome};
use crate::command::{contract, output};

/// Write a contract in another form
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pintle convert checkout.pulse --to openapi > openapi.json
  pintle convert petstore.yaml --to pulse    from OpenAPI; losses are told
  pintle convert contact.idl --to pulse --namespace contact -o contracts
  pintle convert checkout.pulse --to jsonschema --type Address
  pintle convert http://127.0.0.1:8080 --to json")]
pub(crate) struct Convert {
    #[arg(help = contract::WHAT)]
    contract: String,
    /// The form
    #[arg(long, value_enum, value_name = "FORM")]
    to: Form,
    /// With jsonschema: the schema of this type alone
    #[arg(long = "type", value_name = "TYPE")]
    type_name: Option<String>,
    /// From OpenAPI: refuse what cannot be expressed, instead of warning
    #[arg(long)]
    strict: bool,
    /// Give a contract that has no namespace, as most of Barrister, this one
    #[arg(long, value_name = "NAME")]
    namespace: Option<String>,
    /// The directory to write to; needed where the form has several files
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// With --output: name the files in one JSON object
    #[arg(long, requires = "output")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// The text of the contract language, one file for each namespace
    Pulse,
    /// The JSON form, idl.json
    Json,
    /// Barrister's JSON form
    Barrister,
    /// OpenAPI 3.1
    Openapi,
    /// OpenRPC 1.3
    Openrpc,
    /// JSON Schema 2020-12
    #[value(name = "jsonschema")]
    JsonSchema,
}

impl Convert {
    pub(crate) fn run(self) -> Outcome {
        if self.type_name.is_some() && self.to != Form::JsonSchema {
            return Err(Failure::usage("--type belongs to --to jsonschema"));
        }
        let reading = contract::read(&self.contract)?;
        let whole = reading.warnings().is_empty();
        let mut contract = reading.good(&self.contract)?;
        if self.strict && !whole {
            return Err(Failure::no("something would be lost, which --strict refuses"));
        }
        if let Some(namespace) = &self.namespace {
            contract = contract.in_namespace(namespace).map_err(Failure::no)?;
        }
        if self.to == Form::Pulse && contract.namespace().is_empty() {
            cli::tell(
                "note: without a namespace this is text for a .idl file; --namespace NAME makes it one for .pulse",
            );
        }
        let files = self.files(&contract)?;
        match (&self.output, files.as_slice()) {
            (None, [file]) => {
                cli::answer(&file.text)?;
                Ok(Exit::Yes)
            }
            (None, files) => {
                let count = files.len();
                Err(Failure::usage(format!(
                    "this contract becomes {count} files: say where with --output DIR"
                )))
            }
            (Some(dir), files) => output::write(dir, files, self.json),
        }
    }

    fn files(&self, contract: &Contract) -> Result<Vec<File>, Failure> {
        Ok(match self.to {
            Form::Pulse => {
                contract.to_pulse().into_iter().map(|(name, text)| File::new(name, text)).collect()
            }
            Form::Json => vec![File::new("idl.json", contract.to_json_pretty())],
            // Without the time of day, the same contract gives the same file.
            Form::Barrister => match contract.to_barrister(None) {
                Ok(text) => vec![File::new("barrister.json", text + "\n")],
                Err(refused) => {
                    let refused: Vec<String> = refused.iter().map(ToString::to_string).collect();
                    let refused = refused.join("\n  ");
                    return Err(Failure::no(format!("Barrister cannot express this contract:\n  {refused}")));
                }
            },
            Form::Openapi => vec![File::new("openapi.json", openapi::write(contract))],
            Form::Openrpc => vec![File::new("openrpc.json", openrpc::write(contract))],
            Form::JsonSchema => match self.type_name.as_deref() {
                None => vec![File::new("schema.json", jsonschema::write(contract))],
                Some(name) => {
                    let text = jsonschema::write_type(contract, name);
                    let none = || Failure::usage(format!("the contract has no struct or enum {name}"));
                    vec![File::new(format!("{name}.schema.json"), text.ok_or_else(none)?)]
                }
            },
        })
    }
}
