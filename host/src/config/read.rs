//! TOML text against the table of keys: every problem of a file in one run.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml_edit::{Document, Item, TableLike, Value as Toml};

use super::Secret;
use super::problem::Problem;
use super::table::{Default, Key, Kind, MANIFEST};
use super::value::{Node, Origin, Setting, Value, parse_duration, parse_size, print_duration, print_size};

/// Reads a whole manifest. Paths in it are relative to `dir`. The node is complete even when there are problems.
pub(super) fn read(source: &str, dir: &Path) -> (Node, Vec<Problem>) {
    let mut reader = Reader { source, dir, problems: Vec::new() };
    let node = match Document::parse(source) {
        Ok(document) => reader.table(MANIFEST, document.as_table(), "", 0..0),
        Err(error) => {
            let message = error.message().trim_end().replace('\n', "; ");
            reader.problem(error.span().unwrap_or(0..0), message);
            defaults_in(MANIFEST, dir)
        }
    };
    (node, reader.problems)
}

/// A table in which nothing is set.
pub(super) fn defaults(keys: &'static [Key]) -> Node {
    defaults_in(keys, Path::new(""))
}

fn defaults_in(keys: &'static [Key], dir: &Path) -> Node {
    let setting = |key: &Key| Setting { value: default_in(key, dir), origin: Origin::Default };
    Node { keys, settings: keys.iter().map(setting).collect(), span: 0..0 }
}

/// What a key holds when nothing sets it.
pub(super) fn default(key: &Key) -> Option<Value> {
    default_in(key, Path::new(""))
}

fn default_in(key: &Key, dir: &Path) -> Option<Value> {
    match (key.default, key.kind) {
        (Default::Value(_), Kind::Section(keys) | Kind::Inline(keys)) => {
            Some(Value::Table(defaults_in(keys, dir)))
        }
        (Default::Value(text), kind) => {
            let toml: Toml =
                text.parse().unwrap_or_else(|_| unreachable!("the default of {} is TOML", key.name));
            let mut reader = Reader { source: text, dir, problems: Vec::new() };
            reader.value(kind, &Item::Value(toml), key.name, 0..0)
        }
        (Default::Absent | Default::Required, _) => None,
    }
}

struct Reader<'a> {
    source: &'a str,
    dir: &'a Path,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, span: Range<usize>, message: String) {
        self.problems.push(Problem::at(self.source, span, message));
    }

    fn table(&mut self, keys: &'static [Key], table: &dyn TableLike, path: &str, span: Range<usize>) -> Node {
        let mut node = defaults_in(keys, self.dir);
        for (name, item) in table.iter() {
            let key_span = table.key(name).and_then(|key| key.span()).unwrap_or(span.clone());
            let Some(index) = keys.iter().position(|key| key.name == name) else {
                let nearest = nearest(name, keys.iter().map(|key| key.name));
                let place = if path.is_empty() { String::new() } else { format!(" in `{path}`") };
                let hint = nearest.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                self.problem(key_span, format!("unknown key `{}`{place}{hint}", name.escape_debug()));
                continue;
            };
            let key = &keys[index];
            let full = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            let value_span = item.span().unwrap_or(key_span);
            let Some(value) = self.value(key.kind, item, &full, value_span.clone()) else { continue };
            node.settings[index] = Setting { value: Some(value), origin: Origin::File(value_span) };
        }
        for key in keys {
            if matches!(key.default, Default::Required) && !table.contains_key(key.name) {
                self.problem(span.clone(), format!("`{path}` needs `{}`: {}", key.name, key.doc));
            }
        }
        node.span = span;
        node
    }

    fn value(&mut self, kind: Kind, item: &Item, full: &str, span: Range<usize>) -> Option<Value> {
        let text = item.as_str();
        let result = match kind {
            Kind::Text => text.map(|text| Value::Text(text.to_owned())).ok_or_else(|| "a text".to_owned()),
            Kind::Path => match text {
                Some("") => Ok(Value::Path(PathBuf::new())),
                Some(text) => Ok(Value::Path(self.dir.join(text))),
                None => Err("a path as a text".to_owned()),
            },
            Kind::PathOr(word) => match text {
                Some(text) if text == word => Ok(Value::Text(text.to_owned())),
                Some("") | None => Err(format!("a path, or \"{word}\"")),
                Some(text) => Ok(Value::Path(self.dir.join(text))),
            },
            Kind::Address => match text.map(str::parse) {
                Some(Ok(address)) => Ok(Value::Address(address)),
                _ => Err("an IP address and a port, such as \"127.0.0.1:8080\"".to_owned()),
            },
            Kind::Endpoint => match text.map(str::parse) {
                Some(Ok(address)) => Ok(Value::Address(address)),
                Some(Err(_)) if text.is_some_and(|text| text.contains('/')) => {
                    Ok(Value::Path(self.dir.join(text.unwrap_or_default())))
                }
                _ => Err("\"IP:PORT\", or the path of a socket such as \"./rpc.socket\"".to_owned()),
            },
            Kind::Bool => item.as_bool().map(Value::Bool).ok_or_else(|| "true or false".to_owned()),
            Kind::Integer(min, max) => match item.as_integer() {
                Some(number) if (min..=max).contains(&number) => Ok(Value::Integer(number)),
                _ if max == i64::MAX => Err(format!("a whole number, at least {min}")),
                _ => Err(format!("a whole number, {min} to {max}")),
            },
            Kind::Duration(min, max) => match text.map(parse_duration) {
                Some(Err(message)) => return self.wrong(span, format!("`{full}`: {message}")),
                Some(Ok(time)) if time_in(time, min, max) => Ok(Value::Duration(time)),
                _ => Err(format!("a duration, \"{}\" to \"{}\"", print_duration(min), print_duration(max))),
            },
            Kind::Size(min, max) => match (text.map(parse_size), item.as_integer().map(u64::try_from)) {
                (Some(Err(message)), _) => return self.wrong(span, format!("`{full}`: {message}")),
                (Some(Ok(size)), _) | (_, Some(Ok(size))) if (min..=max).contains(&size) => {
                    Ok(Value::Size(size))
                }
                _ => Err(format!("a size, \"{}\" to \"{}\"", print_size(min), print_size(max))),
            },
            Kind::Choice(choices) => match text {
                Some(text) if choices.contains(&text) => Ok(Value::Text(text.to_owned())),
                Some(text) => {
                    let hint = nearest(text, choices.iter().copied());
                    let hint = hint.map(|near| format!(" (did you mean \"{near}\"?)")).unwrap_or_default();
                    Err(format!("one of {}{hint}", list(choices)))
                }
                None => Err(format!("one of {}", list(choices))),
            },
            Kind::Texts => {
                let texts =
                    |array: &toml_edit::Array| array.iter().map(|v| v.as_str().map(str::to_owned)).collect();
                item.as_array().and_then(texts).map(Value::Texts).ok_or_else(|| "a list of texts".to_owned())
            }
            Kind::TextMap => {
                let pair = |(name, item): (&str, &Item)| Some((name.to_owned(), item.as_str()?.to_owned()));
                let map = item.as_table_like().and_then(|table| table.iter().map(pair).collect());
                map.map(Value::TextMap).ok_or_else(|| "a table of texts".to_owned())
            }
            Kind::Secret => return self.secret(item, full, span),
            Kind::Inline(keys) | Kind::Section(keys) => match item.as_table_like() {
                Some(table) => Ok(Value::Table(self.table(keys, table, full, span.clone()))),
                None => Err("a table".to_owned()),
            },
            Kind::Inlines(keys) | Kind::Sections(keys) => match self.tables(keys, item, full) {
                Some(nodes) => Ok(Value::Tables(nodes)),
                None => Err(format!("a list of tables; write `[[{full}]]`")),
            },
        };
        match result {
            Ok(value) => Some(value),
            Err(expected) => self.wrong(span, format!("`{full}` must be {expected}, not {}", found(item))),
        }
    }

    fn wrong(&mut self, span: Range<usize>, message: String) -> Option<Value> {
        self.problem(span, message);
        None
    }

    fn tables(&mut self, keys: &'static [Key], item: &Item, full: &str) -> Option<Vec<Node>> {
        match item {
            Item::ArrayOfTables(tables) => {
                let node = |table: &toml_edit::Table| {
                    let span = table.span().unwrap_or(0..0);
                    self.table(keys, table, full, span)
                };
                Some(tables.iter().map(node).collect())
            }
            Item::Value(Toml::Array(array)) => {
                let node = |value: &Toml| {
                    let table = value.as_inline_table()?;
                    Some(self.table(keys, table, full, value.span().unwrap_or(0..0)))
                };
                array.iter().map(node).collect()
            }
            _ => None,
        }
    }

    fn secret(&mut self, item: &Item, full: &str, span: Range<usize>) -> Option<Value> {
        if let Some(table) = item.as_table_like() {
            let mut keys = table.iter();
            if let (Some((source, Item::Value(Toml::String(name)))), None) = (keys.next(), keys.next())
                && let Some(source) = ["file", "env"].into_iter().find(|known| *known == source)
            {
                let name = name.value();
                return Some(Value::Secret(match source {
                    "file" => Secret::File(self.dir.join(name)),
                    _ => Secret::Env(name.clone()),
                }));
            }
        }
        // Neither the value nor its line is shown: it may be the secret.
        let message =
            format!("`{full}` is a secret and never stands here: {{ file = \"…\" }} or {{ env = \"…\" }}");
        self.problems.push(Problem::at(self.source, span, message).without_excerpt());
        None
    }
}

fn time_in(time: Duration, min: u64, max: u64) -> bool {
    (u128::from(min)..=u128::from(max)).contains(&time.as_millis())
}

/// A closest name, if one is close enough to be meant.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let close = known.map(|known| (strsim::damerau_levenshtein(name, known), known));
    let (distance, nearest) = close.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + nearest.len() / 4).then_some(nearest)
}

fn list(choices: &[&str]) -> String {
    choices.iter().map(|choice| format!("\"{choice}\"")).collect::<Vec<_>>().join(", ")
}

fn found(item: &Item) -> String {
    match item {
        Item::Value(Toml::String(text)) => super::value::quote(text.value()),
        Item::Value(Toml::Integer(number)) => number.value().to_string(),
        Item::Value(Toml::Float(number)) => number.value().to_string(),
        Item::Value(Toml::Boolean(truth)) => truth.value().to_string(),
        Item::Value(Toml::Datetime(_)) => "a date".to_owned(),
        Item::Value(Toml::Array(_)) => "a list".to_owned(),
        Item::Value(Toml::InlineTable(_)) | Item::Table(_) => "a table".to_owned(),
        Item::ArrayOfTables(_) => "a list of tables".to_owned(),
        Item::None => "nothing".to_owned(),
    }
}
