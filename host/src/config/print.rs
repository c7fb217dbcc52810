//! The manifest as text: with its values for `--print-config`, without for `help manifest`.

use std::fmt::Write;
use std::path::Path;

use super::Secret;
use super::table::{Default, Key, Kind, MANIFEST};
use super::value::{Node, Origin, Setting, Value, print_duration, print_size, quote, quote_key};

/// Every key with its value, where the value came from, and what it means; it can be read back.
pub(super) fn print(root: &Node, source: &str, file: &str) -> String {
    let mut out = String::from("# Every key, its value, where the value came from, and what it means.\n\n");
    Printer { out: &mut out, source, file }.node(root, "");
    out
}

struct Printer<'a> {
    out: &'a mut String,
    source: &'a str,
    file: &'a str,
}

// Writing to a string cannot fail, so the results of `write!` are dropped.
impl Printer<'_> {
    fn node(&mut self, node: &Node, path: &str) {
        let settings = || node.keys.iter().zip(&node.settings);
        for (key, setting) in settings().filter(|(key, _)| !is_section(key)) {
            let origin = self.origin(setting, key);
            let comment = format!("# {origin}: {}", key.doc);
            let _ = match &setting.value {
                Some(value) => writeln!(self.out, "{} = {} {comment}", key.name, inline(value)),
                None => writeln!(self.out, "# {} = {comment}", key.name),
            };
        }
        for (key, setting) in settings().filter(|(key, _)| is_section(key)) {
            let full = if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) };
            match &setting.value {
                Some(Value::Table(node)) => {
                    let _ = writeln!(self.out, "\n[{full}] # {}", key.doc);
                    self.node(node, &full);
                }
                Some(Value::Tables(nodes)) if !nodes.is_empty() => {
                    for node in nodes {
                        let _ = writeln!(self.out, "\n[[{full}]] # {}", key.doc);
                        self.node(node, &full);
                    }
                }
                _ => {
                    let _ = writeln!(self.out, "\n# [[{full}]] # {}", key.doc);
                    if let Kind::Sections(keys) = key.kind {
                        for key in keys.iter().filter(|key| !is_section(key)) {
                            let _ = writeln!(self.out, "# {} = # {}", key.name, key.doc);
                        }
                    }
                }
            }
        }
    }

    fn origin(&self, setting: &Setting, key: &Key) -> String {
        match (&setting.origin, key.default) {
            (Origin::Default, Default::Required) => "needed".to_owned(),
            (Origin::Default, _) => "default".to_owned(),
            (Origin::File(span), _) => {
                let line = self.source[..span.start].matches('\n').count() + 1;
                format!("{} line {line}", self.file.escape_debug())
            }
            (Origin::Flag(flag), _) => (*flag).to_owned(),
        }
    }
}

fn inline(value: &Value) -> String {
    let list = |items: Vec<String>| format!("[{}]", items.join(", "));
    let table = |pairs: Vec<String>| match pairs.is_empty() {
        true => "{}".to_owned(),
        false => format!("{{ {} }}", pairs.join(", ")),
    };
    match value {
        Value::Text(text) => quote(text),
        Value::Path(path) => quote_path(path),
        Value::Address(address) => quote(&address.to_string()),
        Value::Bool(truth) => truth.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Duration(time) => quote(&print_duration(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))),
        Value::Size(bytes) => quote(&print_size(*bytes)),
        Value::Texts(texts) => list(texts.iter().map(|text| quote(text)).collect()),
        Value::TextMap(map) => {
            table(map.iter().map(|(name, text)| format!("{} = {}", quote_key(name), quote(text))).collect())
        }
        Value::Secret(Secret::File(path)) => format!("{{ file = {} }}", quote_path(path)),
        Value::Secret(Secret::Env(name)) => format!("{{ env = {} }}", quote(name)),
        Value::Table(node) => {
            let set = node.keys.iter().zip(&node.settings);
            table(
                set.filter_map(|(key, s)| Some(format!("{} = {}", key.name, inline(s.value.as_ref()?))))
                    .collect(),
            )
        }
        Value::Tables(nodes) => list(nodes.iter().map(|node| inline(&Value::Table(node.clone()))).collect()),
    }
}

/// Absolute, so that what is printed means the same wherever it is saved.
fn quote_path(path: &Path) -> String {
    quote(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).to_string_lossy())
}

/// The documentation of the manifest.
pub fn help() -> String {
    let mut out = String::from(
        "pintle.toml describes a server. Every key has a default, and `pintle serve contract.pulse plugin.wasm`\n\
         needs no file. Paths are relative to the file. `pintle serve --print-config` shows all values in use.\n",
    );
    describe(&mut out, MANIFEST, "");
    out
}

/// The documentation of one section.
///
/// # Panics
///
/// If there is no such section.
pub fn help_section(name: &str) -> String {
    let key = MANIFEST.iter().find(|key| key.name == name);
    let Some((Kind::Section(keys), doc)) = key.map(|key| (key.kind, key.doc)) else {
        unreachable!("{name} is a section of the manifest")
    };
    let mut out = format!("[{name}]  {doc}\n");
    describe(&mut out, keys, name);
    out
}

fn describe(out: &mut String, keys: &[Key], path: &str) {
    out.push('\n');
    let width = keys.iter().map(|key| key.name.len()).max().unwrap_or_default();
    for key in keys.iter().filter(|key| !is_section(key)) {
        let default = match key.default {
            Default::Value(text) => format!("default {text}"),
            Default::Absent => "optional".to_owned(),
            Default::Required => "needed".to_owned(),
        };
        let _ = writeln!(out, "  {:width$}  {}; {default}", key.name, kind(key.kind));
        let _ = writeln!(out, "  {:width$}    {}", "", key.doc);
    }
    for key in keys.iter().filter(|key| is_section(key)) {
        let full = if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) };
        let (header, inner) = match key.kind {
            Kind::Sections(inner) => (format!("[[{full}]]"), inner),
            Kind::Section(inner) => (format!("[{full}]"), inner),
            _ => continue,
        };
        let _ = write!(out, "\n{header}  {}\n", key.doc);
        describe(out, inner, &full);
    }
}

fn kind(kind: Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Path => "path".to_owned(),
        Kind::PathOr(word) => format!("path or {word}"),
        Kind::Address => "IP:PORT".to_owned(),
        Kind::Endpoint => "IP:PORT or path".to_owned(),
        Kind::Bool => "true or false".to_owned(),
        Kind::Integer(min, i64::MAX) => format!("whole number, at least {min}"),
        Kind::Integer(min, max) => format!("whole number, {min} to {max}"),
        Kind::Duration(min, max) => format!("duration, {} to {}", print_duration(min), print_duration(max)),
        Kind::Size(min, max) => format!("size, {} to {}", print_size(min), print_size(max)),
        Kind::Choice(choices) => choices.join(" | "),
        Kind::Texts => "list of texts".to_owned(),
        Kind::TextMap => "table of texts".to_owned(),
        Kind::Secret => "{ file = … } or { env = … }".to_owned(),
        Kind::Inline(keys) | Kind::Section(keys) => format!("{{ {} }}", names(keys)),
        Kind::Inlines(keys) | Kind::Sections(keys) => format!("[{{ {} }}]", names(keys)),
    }
}

fn names(keys: &[Key]) -> String {
    keys.iter().map(|key| format!("{} = …", key.name)).collect::<Vec<_>>().join(", ")
}

fn is_section(key: &Key) -> bool {
    matches!(key.kind, Kind::Section(_) | Kind::Sections(_))
}
