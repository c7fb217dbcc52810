//! YAML 1.2 to a document, by the core schema: `yes` is a text, `0o17` is a number.

use std::collections::HashMap;

use granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};

use super::Diagnostic;
use super::document::{Builder, Built, Document, Id, Members, Position, Value};

impl Document {
    /// Reads one YAML document. Aliases are written out, within [`super::MAX_VALUES`].
    pub(super) fn from_yaml(file: &str, text: &str) -> Result<Document, Diagnostic> {
        let mut reader = Reader { builder: Builder::new(file), anchors: HashMap::new(), open: Vec::new() };
        for event in Parser::new_from_str(text) {
            reader.event(event)?;
        }
        reader.builder.finish()
    }
}

struct Reader {
    builder: Builder,
    /// What anchors stand for, once it is complete.
    anchors: HashMap<usize, Id>,
    /// Containers that are not closed, each with its anchor.
    open: Vec<(Id, usize)>,
}

impl Reader {
    fn event(&mut self, event: Result<(Event<'_>, granit_parser::Span), ScanError>) -> Built<()> {
        let (event, span) = event.map_err(|why| {
            self.builder.diagnostic(position(why.marker()), format!("not YAML: {}", why.info()))
        })?;
        let at = position(&span.start);
        match event {
            Event::Scalar(text, _, 0, _) if self.builder.wants_key() => {
                if text == "<<" {
                    let message = "merge keys (`<<`) are not of YAML 1.2: write the members out";
                    return Err(self.builder.diagnostic(at, message));
                }
                self.builder.key(text.as_ref().into(), at);
            }
            Event::Scalar(_, _, _, _)
            | Event::Alias(_)
            | Event::SequenceStart(_, _, _)
            | Event::MappingStart(_, _, _)
                if self.builder.wants_key() =>
            {
                return Err(self.builder.diagnostic(at, "a key must be a plain text here"));
            }
            Event::Scalar(text, style, anchor, tag) => {
                let id = self.builder.value(scalar(&text, style, tag.as_deref()), at)?;
                self.anchor(anchor, id);
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(&id) => self.builder.copy(id, at)?,
                None => {
                    let message = "this alias stands inside of what it stands for";
                    return Err(self.builder.diagnostic(at, message));
                }
            },
            Event::SequenceStart(_, anchor, _) => {
                let id = self.builder.value(Value::List(Vec::new()), at)?;
                self.open.push((id, anchor));
            }
            Event::MappingStart(_, anchor, _) => {
                let id = self.builder.value(Value::Object(Members::default()), at)?;
                self.open.push((id, anchor));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.builder.close()?;
                if let Some((id, anchor)) = self.open.pop() {
                    self.anchor(anchor, id);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Zero is no anchor.
    fn anchor(&mut self, anchor: usize, id: Id) {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
    }
}

fn position(marker: &Marker) -> Position {
    Some((marker.line() as u32, marker.col() as u32 + 1))
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let tag = tag.and_then(Tag::core_suffix);
    if tag == Some("str") || (tag.is_none() && style != ScalarStyle::Plain) {
        return Value::Text(text.into());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        text if is_number(text) => Value::Number(text.into()),
        text => Value::Text(text.into()),
    }
}

/// Decimal with or without a fraction and exponent, octal or hexadecimal.
fn is_number(text: &str) -> bool {
    let digits = |text: &str, radix: u32| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    if let Some(octal) = text.strip_prefix("0o") {
        return digits(octal, 8);
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return digits(hexadecimal, 16);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let begins = unsigned.trim_start_matches('.').starts_with(|c: char| c.is_ascii_digit());
    begins && text.parse::<f64>().is_ok()
}
