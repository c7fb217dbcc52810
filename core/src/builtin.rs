//! Built-ins: methods that the engine answers itself, beside those of the contract.

use crate::contract::{Contract, Parameter, Type, push_visible};
use crate::error::RpcError;
use crate::json::write;
use crate::names::sort;
use std::sync::Arc;

/// One built-in method.
pub struct Builtin {
    pub(crate) name: String,
    pub(crate) comment: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) answer: Answer,
}

/// A function from checked parameters, a JSON array by position, to the result's JSON text.
pub(crate) type Function = dyn Fn(&str) -> Result<String, RpcError> + Send + Sync;

pub(crate) enum Answer {
    Text(Arc<str>),
    Function(Box<Function>),
    /// Given out like a call.
    Shell,
    /// Texts about all methods of the engine, made when it is built.
    FunctionsList,
    Documentation,
}

impl Builtin {
    /// A method without parameters that always answers `json`, which must be JSON text.
    pub fn text(name: &str, comment: &str, json: impl Into<Arc<str>>) -> Self {
        Builtin {
            name: name.into(),
            comment: comment.into(),
            parameters: Vec::new(),
            answer: Answer::Text(json.into()),
        }
    }

    /// A method that is computed: `answer` gets the checked parameters as a JSON array by position (`null` for
    /// each that was left out) and answers JSON text. It must not wait for anything.
    pub fn function(
        name: &str,
        comment: &str,
        parameters: Vec<Parameter>,
        answer: impl Fn(&str) -> Result<String, RpcError> + Send + Sync + 'static,
    ) -> Self {
        Builtin {
            name: name.into(),
            comment: comment.into(),
            parameters,
            answer: Answer::Function(Box::new(answer)),
        }
    }

    /// A method that the shell answers: it comes as a call of this name, and its result may be any JSON.
    pub fn shell(name: &str, comment: &str, parameters: Vec<Parameter>) -> Self {
        Builtin { name: name.into(), comment: comment.into(), parameters, answer: Answer::Shell }
    }

    /// `pulserpc-idl`: the contract in its JSON form.
    pub(crate) fn idl(json: Arc<str>) -> Self {
        Builtin::text("pulserpc-idl", "The contract in its JSON form.", json)
    }

    /// `barrister-idl`: the contract in the form of Barrister, made at `date_generated` (milliseconds since 1970). `None`
    /// if Barrister does not have all of it; then the method is not found.
    ///
    /// The engine does not add it: a shell that serves clients of Barrister gives it to
    /// [`Builder::builtin`](crate::Builder::builtin), the others do not carry its code.
    pub fn barrister_idl(contract: &Contract, date_generated: Option<u64>) -> Option<Self> {
        let json = contract.to_barrister(date_generated).ok()?;
        Some(Builtin::text("barrister-idl", "The contract in the JSON form of Barrister.", json))
    }

    /// pulsar's server commands that need nothing of a shell: `ping`, `echo`, `functions_list`, `documentation`.
    pub(crate) fn commands() -> [Self; 4] {
        let message = Parameter { name: "message".into(), ty: Type::String, optional: true };
        let about = |name: &str, comment: &str, answer| Builtin {
            name: name.into(),
            comment: comment.into(),
            parameters: Vec::new(),
            answer,
        };
        [
            Builtin::text("ping", "Answers \"pong\".", "\"pong\""),
            Builtin::function("echo", "Answers its message.", vec![message], |params| {
                let message = params.trim_start_matches('[').trim_end_matches(']').trim_ascii();
                Ok(if message == "null" { "\"\"".into() } else { message.into() })
            }),
            about("functions_list", "Lists every method with its documentation.", Answer::FunctionsList),
            about("documentation", "Documents every method, as reStructuredText.", Answer::Documentation),
        ]
    }
}

/// What the lists say of one method.
pub(crate) struct Listed<'a> {
    pub(crate) name: &'a str,
    pub(crate) comment: &'a str,
    /// The interface, or `server` for built-ins.
    pub(crate) section: &'a str,
    /// Parameters, result and errors, as reStructuredText.
    pub(crate) details: &'a str,
}

/// A list of `[name, {"doc", "section"}]`, sorted by name, as JSON text.
pub(crate) fn functions_list(methods: &[Listed<'_>]) -> String {
    let mut out = vec![b'['];
    for (index, method) in methods.iter().enumerate() {
        out.extend_from_slice(if index > 0 { b",[" } else { b"[" });
        write::string(&mut out, method.name);
        out.extend_from_slice(b",{\"doc\":");
        write::string(&mut out, method.comment);
        out.extend_from_slice(b",\"section\":");
        write::string(&mut out, method.section);
        out.extend_from_slice(b"}]");
    }
    out.push(b']');
    String::from_utf8(out).unwrap_or_default()
}

/// The same and more as reStructuredText, as a JSON string.
pub(crate) fn documentation(contract: &Contract, methods: &[Listed<'_>]) -> String {
    let mut text = String::new();
    let title = contract.namespace();
    heading(&mut text, if title.is_empty() { "service" } else { title }, "=");
    let mut sections: Vec<&str> = methods.iter().map(|method| method.section).collect();
    sort(&mut sections, |a, b| a.cmp(b));
    sections.dedup();
    for section in sections {
        heading(&mut text, section, "-");
        if let Some(interface) = contract.interface(section, title) {
            block(&mut text, &interface.comment);
        }
        for method in methods.iter().filter(|method| method.section == section) {
            heading(&mut text, method.name, "~");
            block(&mut text, method.comment);
            if !method.details.is_empty() {
                text.push_str(method.details);
                text.push('\n');
            }
        }
    }
    let mut out = Vec::new();
    write::string(&mut out, text.trim_ascii_end());
    String::from_utf8(out).unwrap_or_default()
}

fn heading(text: &mut String, title: &str, rule: &str) {
    let start = text.len();
    plain(text, title);
    let width = text.len() - start;
    text.push('\n');
    text.push_str(&rule.repeat(width));
    text.push_str("\n\n");
}

/// A comment as a line block: its lines stay apart, and none of them starts anything.
fn block(text: &mut String, comment: &str) {
    for line in comment.lines() {
        text.push_str("| ");
        plain(text, line.trim_ascii());
        text.truncate(text.trim_ascii_end().len());
        text.push('\n');
    }
    if !comment.is_empty() {
        text.push('\n');
    }
}

/// Appends reStructuredText that reads as `words`.
pub(crate) fn plain(text: &mut String, words: &str) {
    let mut visible = String::new();
    words.chars().for_each(|c| push_visible(&mut visible, c));
    let mut rest = visible.chars();
    while let Some(c) = rest.next() {
        // Behind a word `_` makes a reference of it, within a word it means nothing; escaped it is always plain.
        let reference = c == '_' && !rest.clone().next().is_some_and(|next| next.is_ascii_alphanumeric());
        if reference || matches!(c, '\\' | '*' | '`' | '|') {
            text.push('\\');
        }
        text.push(c);
    }
}
