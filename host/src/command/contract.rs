//! Where contracts come from: files, standard input, running servers.

use std::io::Read;
use std::path::Path;

use pintle_core::Contract;
use pintle_core::idl::{self, Diagnostic, Loader, Parsed, Sources};

use crate::cli::Failure;

/// A contract, or everything that is wrong with its text.
pub(crate) enum Reading {
    Good(Contract),
    Bad(Vec<Finding>),
}

/// One thing that is wrong with a contract.
pub(crate) struct Finding {
    /// With its place and a picture, ends with a line break.
    pub(crate) text: String,
    pub(crate) json: serde_json::Value,
}

/// The most that is read of one contract, in bytes.
const MAX_BYTES: u64 = idl::MAX_FILE_SIZE as u64;

/// Reads `name`: a `.pulse` or `.idl` file, the JSON form of a contract, `-`, or the URL of a server.
pub(crate) fn read(name: &str) -> Result<Reading, Failure> {
    if name.starts_with("http://") || name.starts_with("https://") {
        let text = super::call::fetch_contract(name)?;
        return Ok(json(name, &text));
    }
    let text = text(name)?;
    if text.trim_start().starts_with(['{', '[']) {
        return Ok(json(name, &text));
    }
    let mut files = Files { root: name.to_owned(), text: Some(text) };
    let Parsed { contract, diagnostics, sources } = idl::parse(name, &mut files);
    Ok(match contract {
        Some(contract) => Reading::Good(contract),
        None => Reading::Bad(diagnostics.iter().map(|diagnostic| finding(&sources, diagnostic)).collect()),
    })
}

/// The contract, or a failure that shows what is wrong.
pub(crate) fn load(name: &str) -> Result<Contract, Failure> {
    match read(name)? {
        Reading::Good(contract) => Ok(contract),
        Reading::Bad(findings) => {
            let text: String = findings.into_iter().map(|finding| finding.text).collect();
            Err(Failure::no(format!("{name} is no good contract\n{}", text.trim_end())))
        }
    }
}

/// Reads a whole file, or standard input for `-`.
pub(crate) fn text(name: &str) -> Result<String, Failure> {
    String::from_utf8(bytes(name)?).map_err(|_| Failure::cannot(format!("{name} is not UTF-8")))
}

/// The same as bytes.
pub(crate) fn bytes(name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let result = match name {
        "-" => std::io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes),
        path => open(Path::new(path)).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes)),
    };
    match result {
        Ok(length) if length as u64 > MAX_BYTES => {
            Err(Failure::cannot(format!("{name} has more than {MAX_BYTES} bytes")))
        }
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::cannot(format!("{name}: {error}"))),
    }
}

fn open(path: &Path) -> std::io::Result<std::fs::File> {
    std::fs::File::open(path)
}

fn json(name: &str, text: &str) -> Reading {
    match Contract::from_json(text) {
        Ok(contract) => Reading::Good(contract),
        Err(diagnostics) => Reading::Bad(
            diagnostics
                .into_iter()
                .map(|diagnostic| Finding {
                    text: format!("{name}: error: {diagnostic}\n"),
                    json: serde_json::json!({
                        "file": name,
                        "pointer": diagnostic.pointer,
                        "message": diagnostic.message,
                        "help": diagnostic.help,
                    }),
                })
                .collect(),
        ),
    }
}

fn finding(sources: &Sources, diagnostic: &Diagnostic) -> Finding {
    let place = sources.position(diagnostic.file, diagnostic.span.start);
    Finding {
        text: sources.render(diagnostic),
        json: serde_json::json!({
            "file": sources.name(diagnostic.file),
            "line": place.line,
            "column": place.column,
            "message": diagnostic.message,
            "help": diagnostic.help,
        }),
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
        parts.iter().collect::<std::path::PathBuf>().to_string_lossy().into_owned()
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
