//! Where contracts come from: files of several forms, standard input, running servers.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use pintle_core::Contract;
use pintle_core::contract::System;
use pintle_core::idl::{self, Diagnostic, Loader, Parsed, Sources};
use pintle_toolchain::openapi;
use serde::de::IgnoredAny;
use serde_json::json;

use crate::cli::{self, Failure, visible};

/// What every command takes as a contract, for its help.
pub(crate) const WHAT: &str = "A .pulse or .idl file, the JSON form of PulseRPC or Barrister, OpenAPI 3 as JSON or \
                               YAML, the URL of a server, or - for standard input";

/// What a contract's text came to.
pub(crate) enum Reading {
    /// Text of the language.
    Text(Parsed),
    /// Any other form.
    Document {
        name: String,
        /// There if and only if nothing is wrong.
        contract: Option<Contract>,
        errors: Vec<Finding>,
        /// What it says and no contract can.
        warnings: Vec<Finding>,
    },
}

/// One thing to say about the text of a contract.
#[derive(Clone)]
pub(crate) struct Finding {
    /// With its place and, if there are lines, a picture; ends with a line break.
    text: String,
    /// The same for programs.
    pub(crate) json: serde_json::Value,
}

/// The most that is read of one file, in bytes.
const MAX_BYTES: u64 = openapi::MAX_TEXT as u64;

/// Reads `name`, which is anything of [`WHAT`].
pub(crate) fn read(name: &str) -> Result<Reading, Failure> {
    if super::call::is_target(name) {
        let text = super::call::fetch_contract(name)?;
        return Ok(of_json(name, &text));
    }
    let text = text(name)?;
    let name = shown(name);
    Ok(if is_openapi(name, &text) {
        of_openapi(name, &text)
    } else if is_json(&text) {
        of_json(name, &text)
    } else {
        Reading::Text(idl::parse(name, &mut Files { root: name.to_owned(), text: Some(text) }))
    })
}

/// The contract of a text that must be good.
pub(crate) fn load(name: &str) -> Result<Contract, Failure> {
    read(name)?.good(name)
}

/// The same for a server: the files that it was read from are added, and the error tells everything that is wrong.
pub(crate) fn load_from(name: &str, files: &mut Vec<PathBuf>) -> Result<Contract, Failure> {
    let reading = read(name)?;
    files.extend(reading.files(name));
    tell(&reading.warnings());
    let errors: String = reading.errors().iter().map(|finding| visible(&finding.text)).collect();
    let (Reading::Text(Parsed { contract, .. }) | Reading::Document { contract, .. }) = reading;
    contract.ok_or_else(|| Failure::no(errors.trim_end().to_owned()))
}

/// Writes findings to standard error.
pub(crate) fn tell(findings: &[Finding]) {
    findings.iter().for_each(|finding| cli::tell(finding.shown(&std::io::stderr()).trim_end()));
}

/// What messages call a contract.
pub(crate) fn shown(name: &str) -> &str {
    if name == "-" { "stdin" } else { name }
}

/// Whether text is meant as JSON: that of the language starts with a word or a comment.
pub(crate) fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

/// Reads a whole file, or standard input for `-`.
pub(crate) fn text(name: &str) -> Result<String, Failure> {
    String::from_utf8(bytes(name)?).map_err(|_| Failure::cannot(format!("{} is not UTF-8", shown(name))))
}

/// The same as bytes.
pub(crate) fn bytes(name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let result = match name {
        "-" => std::io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes),
        path => std::fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes)),
    };
    match result {
        Ok(length) if length as u64 > MAX_BYTES => {
            Err(Failure::cannot(format!("{} has more than {MAX_BYTES} bytes", shown(name))))
        }
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::cannot(format!("{}: {error}", shown(name)))),
    }
}

impl Reading {
    /// The contract. Warnings go to standard error; so does, when there is none, everything that is wrong.
    pub(crate) fn good(self, name: &str) -> Result<Contract, Failure> {
        tell(&self.warnings());
        tell(&self.errors());
        let (Reading::Text(Parsed { contract, .. }) | Reading::Document { contract, .. }) = self;
        contract.ok_or_else(|| Failure::no(format!("{} is no good contract", shown(name))))
    }

    /// The files that it was read from.
    pub(crate) fn files(&self, name: &str) -> Vec<PathBuf> {
        match self {
            Reading::Text(Parsed { sources, .. }) => {
                sources.files().map(|file| PathBuf::from(sources.name(file))).collect()
            }
            Reading::Document { .. } => vec![PathBuf::from(name)],
        }
    }

    /// Everything that is wrong; there is a contract if that is nothing.
    pub(crate) fn errors(&self) -> Vec<Finding> {
        match self {
            Reading::Text(parsed) => Finding::all(&parsed.sources, &parsed.diagnostics),
            Reading::Document { errors, .. } => errors.clone(),
        }
    }

    pub(crate) fn warnings(&self) -> Vec<Finding> {
        match self {
            Reading::Text(_) => Vec::new(),
            Reading::Document { warnings, .. } => warnings.clone(),
        }
    }

    /// What another system refuses of a good contract.
    pub(crate) fn refused(&self, system: System) -> Vec<Finding> {
        match self {
            Reading::Text(parsed) => Finding::all(&parsed.sources, &parsed.portable(system)),
            Reading::Document { name, contract, .. } => {
                let refused = contract.iter().flat_map(|contract| contract.portable(system));
                refused.map(|one| Finding::within("error", name, &one.item, &one.message)).collect()
            }
        }
    }
}

fn of_json(name: &str, text: &str) -> Reading {
    let (contract, errors) = match Contract::from_json(text) {
        Ok(contract) => (Some(contract), Vec::new()),
        Err(diagnostics) => {
            let finding = |diagnostic: pintle_core::contract::JsonDiagnostic| Finding {
                text: format!("{name}: error: {diagnostic}\n"),
                json: json!({
                    "file": name,
                    "pointer": diagnostic.pointer,
                    "message": diagnostic.message,
                    "help": diagnostic.help,
                }),
            };
            (None, diagnostics.into_iter().map(finding).collect())
        }
    };
    Reading::Document { name: name.to_owned(), contract, errors, warnings: Vec::new() }
}

/// Whether this is a document of OpenAPI, of whatever version. Text of the language has colons only in comments and
/// quotes, so none of it passes for one.
fn is_openapi(name: &str, text: &str) -> bool {
    const KEYS: [&str; 2] = ["openapi", "swagger"];
    let key =
        |line: &str| KEYS.iter().any(|key| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
    if name.ends_with(".yaml") || name.ends_with(".yml") || text.lines().any(key) {
        return true;
    }
    // What is no JSON at all is told so by those who read it as a contract.
    let members = || serde_json::from_str::<BTreeMap<String, IgnoredAny>>(text).unwrap_or_default();
    is_json(text) && members().keys().any(|member| KEYS.contains(&member.as_str()))
}

fn of_openapi(name: &str, text: &str) -> Reading {
    let findings = |severity: &str, all: &[openapi::Diagnostic]| {
        let finding = |one: &openapi::Diagnostic| {
            let place = one.position.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default();
            let mut finding =
                Finding::within(severity, &format!("{name}{place}"), &one.pointer, &one.message);
            finding.json = json!({
                "file": name,
                "line": one.position.map(|position| position.0),
                "column": one.position.map(|position| position.1),
                "pointer": one.pointer,
                "message": one.message,
            });
            finding
        };
        all.iter().map(finding).collect::<Vec<Finding>>()
    };
    let (contract, errors, warnings) = match openapi::read(name, text) {
        Ok(openapi::Imported { contract, warnings }) => {
            (Some(contract), Vec::new(), findings("warning", &warnings))
        }
        Err(diagnostics) => (None, findings("error", &diagnostics), Vec::new()),
    };
    Reading::Document { name: name.to_owned(), contract, errors, warnings }
}

impl Finding {
    pub(crate) fn all(sources: &Sources, diagnostics: &[Diagnostic]) -> Vec<Finding> {
        let finding = |diagnostic: &Diagnostic| {
            let place = sources.position(diagnostic.file, diagnostic.span.start);
            Finding {
                text: sources.render(diagnostic),
                json: json!({
                    "file": sources.name(diagnostic.file),
                    "line": place.line,
                    "column": place.column,
                    "message": diagnostic.message,
                    "help": diagnostic.help,
                }),
            }
        };
        diagnostics.iter().map(finding).collect()
    }

    /// About a part of a file that has no lines, or of which none are known.
    fn within(severity: &str, file: &str, item: &str, message: &str) -> Finding {
        let separator = if item.is_empty() { "" } else { ": " };
        Finding {
            text: format!("{file}: {severity}: {item}{separator}{message}\n"),
            json: json!({ "file": file, "item": item, "message": message }),
        }
    }

    /// The text for a stream: nothing in it moves a cursor, and colours lead the eye where there are any.
    pub(crate) fn shown(&self, stream: &impl IsTerminal) -> String {
        let text = visible(&self.text);
        if !cli::colour(stream) {
            return text;
        }
        let paint = |line: &str| match line.split_once(" | ") {
            Some((gutter, carets)) if carets.trim_matches([' ', '^']).is_empty() => {
                format!("{gutter} | \x1b[1;31m{carets}\x1b[0m\n")
            }
            _ => {
                let line = line.replacen(": error: ", ": \x1b[1;31merror:\x1b[0m ", 1);
                format!("{}\n", line.replacen(": warning: ", ": \x1b[1;33mwarning:\x1b[0m ", 1))
            }
        };
        text.lines().map(paint).collect()
    }
}

/// Files from the disk; the root has been read already.
struct Files {
    root: String,
    text: Option<String>,
}

impl Loader for Files {
    fn resolve(&self, from: &str, import: &str) -> String {
        if from.is_empty() {
            return import.to_owned();
        }
        let joined = Path::new(from).parent().unwrap_or(Path::new("")).join(import);
        // One spelling for one file, so that a file imported twice is one file.
        let mut parts: Vec<std::path::Component<'_>> = Vec::new();
        for part in joined.components() {
            match (part, parts.last()) {
                (std::path::Component::CurDir, _) => (),
                (std::path::Component::ParentDir, Some(std::path::Component::Normal(_))) => {
                    parts.pop();
                }
                _ => parts.push(part),
            }
        }
        parts.iter().collect::<PathBuf>().to_string_lossy().into_owned()
    }

    fn load(&mut self, key: &str) -> Result<String, String> {
        if key == self.root
            && let Some(text) = self.text.take()
        {
            return Ok(text);
        }
        text(key).map_err(|failure| failure.message)
    }
}
