//! Values of the manifest, and the two small notations in it: durations and sizes.

use std::fmt::Write;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use super::Secret;
use super::table::Key;

/// One checked value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Path(PathBuf),
    Address(SocketAddr),
    Bool(bool),
    Integer(i64),
    Duration(Duration),
    Size(u64),
    Texts(Vec<String>),
    TextMap(Vec<(String, String)>),
    Secret(Secret),
    Table(Node),
    Tables(Vec<Node>),
}

/// A table: a setting for each of its keys, in the order of the keys.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) keys: &'static [Key],
    pub(super) settings: Vec<Setting>,
    /// Where the table stands in the file; empty when it is not there.
    pub(super) span: Range<usize>,
}

/// A value and where it came from.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub(super) value: Option<Value>,
    pub(super) origin: Origin,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Origin {
    Default,
    /// The value's place in the file, in bytes.
    File(Range<usize>),
    Flag(&'static str),
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.settings.iter().map(|s| &s.value).eq(other.settings.iter().map(|s| &s.value))
    }
}

impl Node {
    /// The setting of a key, which must be in the table.
    pub(super) fn setting(&self, name: &str) -> &Setting {
        &self.settings[self.index(name)]
    }

    pub(super) fn set(&mut self, name: &str, value: Value, flag: &'static str) {
        let index = self.index(name);
        self.settings[index] = Setting { value: Some(value), origin: Origin::Flag(flag) };
    }

    pub(super) fn tables(&self, name: &str) -> &[Node] {
        match &self.setting(name).value {
            Some(Value::Tables(nodes)) => nodes,
            _ => &[],
        }
    }

    pub(super) fn tables_mut(&mut self, name: &str) -> &mut Vec<Node> {
        let index = self.index(name);
        match &mut self.settings[index].value {
            Some(Value::Tables(nodes)) => nodes,
            _ => unreachable!("{name} is a list of tables"),
        }
    }

    pub(super) fn table_mut(&mut self, name: &str) -> &mut Node {
        let index = self.index(name);
        match &mut self.settings[index].value {
            Some(Value::Table(node)) => node,
            _ => unreachable!("{name} is a table"),
        }
    }

    fn index(&self, name: &str) -> usize {
        let found = self.keys.iter().position(|key| key.name == name);
        found.unwrap_or_else(|| unreachable!("{name} is not in the table of keys"))
    }
}

const DURATIONS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];
const SIZES: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// Reads `"250ms"`, `"10s"`, `"1m"`, `"1h"`.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    parse(text, &DURATIONS).map(Duration::from_millis).ok_or_else(|| {
        format!(
            "{} is no duration; write a whole number and a unit: \"250ms\", \"10s\", \"1m\", \"1h\"",
            quote(text)
        )
    })
}

/// Reads `"64MiB"`, `"512KiB"`, `"2GiB"`, `"100B"`.
pub(super) fn parse_size(text: &str) -> Result<u64, String> {
    parse(text, &SIZES).ok_or_else(|| {
        format!(
            "{} is no size; write a whole number and a unit, \"64MiB\", \"512KiB\", or a number of bytes",
            quote(text)
        )
    })
}

fn parse(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

pub(super) fn print_duration(milliseconds: u64) -> String {
    print(milliseconds, &DURATIONS, "s")
}

pub(super) fn print_size(bytes: u64) -> String {
    print(bytes, &SIZES, "B")
}

fn print(number: u64, units: &[(&str, u64)], zero: &str) -> String {
    match units.iter().find(|(_, factor)| number != 0 && number.is_multiple_of(*factor)) {
        Some((name, factor)) => format!("{}{name}", number / factor),
        None => format!("0{zero}"),
    }
}

/// A TOML basic string.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Bare where TOML allows it.
pub(super) fn quote_key(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(bare) { key.to_owned() } else { quote(key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_and_print() {
        for (text, milliseconds) in
            [("250ms", 250), ("10s", 10_000), ("1m", 60_000), ("2h", 7_200_000), ("0s", 0)]
        {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
            assert_eq!(print_duration(milliseconds), text);
        }
        for text in [
            "",
            "s",
            "10",
            "10 s",
            "-1s",
            "1.5s",
            "10S",
            "99999999999999999h",
            "18446744073709551616ms",
            "١s",
        ] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_read_and_print() {
        for (text, bytes) in
            [("64MiB", 64 << 20), ("512KiB", 512 << 10), ("3GiB", 3 << 30), ("1025B", 1025), ("0B", 0)]
        {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
            assert_eq!(print_size(bytes), text);
        }
        for text in ["", "MiB", "64MB", "64mib", "-1B", "1.5MiB", "99999999999999999GiB"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn quoted_text_is_one_line() {
        assert_eq!(quote("a\"b\\c\n\u{7f}\u{1b}é"), "\"a\\\"b\\\\c\\n\\u007F\\u001Bé\"");
        assert_eq!(quote_key("a-b"), "a-b");
        assert_eq!(quote_key("a.b"), "\"a.b\"");
    }
}
