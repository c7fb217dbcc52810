//! JSON documents as trees, with a reader and a writer that owe nothing to the crate under test.

use crate::choices::Choices;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Document {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    String(Text),
    Array(Vec<Document>),
    /// Members in order; a name may come twice.
    Object(Vec<(Text, Document)>),
}

/// What a string stands for. Half of a surrogate pair is three U+FFFD, and `paired` is false.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) paired: bool,
}

const HALF: &str = "\u{fffd}\u{fffd}\u{fffd}";

impl From<&str> for Text {
    fn from(value: &str) -> Self {
        Text { value: value.into(), paired: true }
    }
}

pub(crate) fn number(choices: &mut Choices<'_>) -> String {
    const LIKELY: [&str; 36] = [
        "0",
        "1",
        "-1",
        "3.0",
        "1e2",
        "10e-1",
        "-0",
        "0e999",
        "3.3",
        "1e-400",
        "1e300",
        "1e400",
        "-1e400",
        "12.50e1",
        "-12.5E+1",
        "999999999999999999",
        "-999999999999999999",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "9223372036854775807.0",
        "0.9223372036854775807e19",
        "92233720368547758070e-1",
        "922337203685477580.8e1",
        "1.7976931348623157e308",
        "1.7976931348623159e308",
        "-0.0",
        "0.0e-5",
        "100000000000000000000e-2",
        "123456789012345678901234567890123456789012",
        "1e18",
        "1e19",
        "0.5",
        "2147483648",
        "1e99999999999999999999",
    ];
    if !choices.one_in(3) {
        return choices.pick(&LIKELY).into();
    }
    let mut text = String::from(choices.pick(&["", "-"]));
    let digits = |choices: &mut Choices<'_>, most: usize| -> String {
        (0..=choices.below(most)).map(|_| choices.pick(&["0", "0", "1", "5", "9"])).collect()
    };
    match choices.below(2) {
        0 => text.push('0'),
        _ => {
            text.push_str(choices.pick(&["1", "9"]));
            text.push_str(&digits(choices, 24));
        }
    }
    if choices.one_in(2) {
        text.push('.');
        text.push_str(&digits(choices, 24));
    }
    if choices.one_in(2) {
        text.push_str(choices.pick(&["e", "E", "e+", "e-", "E-"]));
        text.push_str(&choices.below(30).to_string());
    }
    text
}

pub(crate) fn text(choices: &mut Choices<'_>) -> Text {
    const PIECES: [&str; 18] = [
        "a",
        "id",
        "Id",
        "name",
        "some words of plain text",
        "\"",
        "\\",
        "/",
        "\n",
        "\u{8}",
        "\u{0}",
        "\u{7f}",
        "é",
        "€",
        "😀",
        "\u{fffd}",
        " ",
        "b",
    ];
    let value: String = (0..choices.below(4)).map(|_| choices.pick(&PIECES)).collect();
    if choices.one_in(40) {
        Text { value: value + HALF, paired: false }
    } else {
        Text { value, paired: true }
    }
}

/// Any document that nests at most `depth` levels.
pub(crate) fn document(choices: &mut Choices<'_>, depth: usize) -> Document {
    match choices.below(if depth == 0 { 5 } else { 8 }) {
        0 => Document::Null,
        1 => Document::Bool(true),
        2 => Document::Bool(false),
        3 => Document::Number(number(choices)),
        4 => Document::String(text(choices)),
        5 | 6 => Document::Array((0..choices.below(4)).map(|_| document(choices, depth - 1)).collect()),
        _ => Document::Object(
            (0..choices.below(4)).map(|_| (text(choices), document(choices, depth - 1))).collect(),
        ),
    }
}

impl Document {
    pub(crate) fn string(value: &str) -> Self {
        Document::String(value.into())
    }

    /// The value of the first member `name` of an object.
    pub(crate) fn member(&self, name: &str) -> Option<&Document> {
        match self {
            Document::Object(members) => {
                members.iter().find(|(key, _)| key.value == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// How deep it nests: 0 for a scalar.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Document::Array(elements) => 1 + elements.iter().map(Document::depth).max().unwrap_or(0),
            Document::Object(members) => {
                1 + members.iter().map(|(_, value)| value.depth()).max().unwrap_or(0)
            }
            _ => 0,
        }
    }

    /// Whether no string in it, keys included, has half of a surrogate pair.
    pub(crate) fn paired(&self) -> bool {
        match self {
            Document::String(text) => text.paired,
            Document::Array(elements) => elements.iter().all(Document::paired),
            Document::Object(members) => members.iter().all(|(key, value)| key.paired && value.paired()),
            _ => true,
        }
    }

    /// The document as text, one of the many ways it can be written.
    pub(crate) fn write(&self, choices: &mut Choices<'_>) -> String {
        let mut out = String::new();
        self.write_to(&mut out, choices);
        out
    }

    fn write_to(&self, out: &mut String, choices: &mut Choices<'_>) {
        match self {
            Document::Null => out.push_str("null"),
            Document::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Document::Number(text) => out.push_str(text),
            Document::String(text) => text.write_to(out, choices),
            Document::Array(elements) => {
                out.push('[');
                space(out, choices);
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                        space(out, choices);
                    }
                    element.write_to(out, choices);
                    space(out, choices);
                }
                out.push(']');
            }
            Document::Object(members) => {
                out.push('{');
                space(out, choices);
                for (index, (key, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                        space(out, choices);
                    }
                    key.write_to(out, choices);
                    space(out, choices);
                    out.push(':');
                    space(out, choices);
                    value.write_to(out, choices);
                    space(out, choices);
                }
                out.push('}');
            }
        }
    }

    /// The document that `text` is, if it is JSON.
    pub(crate) fn read(text: &[u8]) -> Option<Document> {
        let mut reader = Reader { text: std::str::from_utf8(text).ok()?.chars().collect(), at: 0 };
        let document = reader.spaced_value()?;
        (reader.at == reader.text.len()).then_some(document)
    }
}

pub(crate) fn space(out: &mut String, choices: &mut Choices<'_>) {
    out.push_str(choices.pick(&["", "", "", " ", "\n", "\r\n", "\t "]));
}

impl Text {
    pub(crate) fn write_to(&self, out: &mut String, choices: &mut Choices<'_>) {
        let value =
            if self.paired { &self.value } else { self.value.strip_suffix(HALF).expect("a half at the end") };
        out.push('"');
        for char in value.chars() {
            let must = char < ' ' || char == '"' || char == '\\';
            match char {
                '"' | '\\' | '/' if !choices.one_in(3) => out.extend(['\\', char]),
                '\n' if !choices.one_in(3) => out.push_str("\\n"),
                _ if must || choices.one_in(9) => {
                    for unit in char.encode_utf16(&mut [0; 2]) {
                        out.push_str(&match choices.below(2) {
                            0 => format!("\\u{unit:04x}"),
                            _ => format!("\\u{unit:04X}"),
                        });
                    }
                }
                _ => out.push(char),
            }
        }
        if !self.paired {
            out.push_str(choices.pick(&["\\ud800", "\\uDFFF", "\\udbff"]));
        }
        out.push('"');
    }
}

struct Reader {
    text: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, wanted: &str) -> Option<()> {
        for char in wanted.chars() {
            (self.peek()? == char).then(|| self.at += 1)?;
        }
        Some(())
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn spaced_value(&mut self) -> Option<Document> {
        self.space();
        let value = match self.peek()? {
            'n' => self.take("null").map(|()| Document::Null),
            't' => self.take("true").map(|()| Document::Bool(true)),
            'f' => self.take("false").map(|()| Document::Bool(false)),
            '"' => self.string().map(Document::String),
            '[' => {
                let mut elements = Vec::new();
                self.list(']', |this| this.spaced_value().map(|element| elements.push(element)))?;
                Some(Document::Array(elements))
            }
            '{' => {
                let mut members = Vec::new();
                self.list('}', |this| {
                    this.space();
                    let key = this.string()?;
                    this.space();
                    this.take(":")?;
                    members.push((key, this.spaced_value()?));
                    Some(())
                })?;
                Some(Document::Object(members))
            }
            _ => self.number(),
        };
        self.space();
        value
    }

    fn list(&mut self, close: char, mut element: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.at += 1;
        self.space();
        if self.peek()? == close {
            self.at += 1;
            return Some(());
        }
        loop {
            element(self)?;
            self.space();
            let next = self.peek()?;
            self.at += 1;
            match next {
                ',' => {}
                _ => return (next == close).then_some(()),
            }
        }
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|char| char.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn number(&mut self) -> Option<Document> {
        let start = self.at;
        let _ = self.take("-");
        if self.take("0").is_none() {
            self.digits()?;
        }
        if self.take(".").is_some() {
            self.digits()?;
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.at += 1;
            if matches!(self.peek(), Some('+' | '-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(Document::Number(self.text[start..self.at].iter().collect()))
    }

    fn string(&mut self) -> Option<Text> {
        self.take("\"")?;
        let mut units: Vec<u16> = Vec::new();
        loop {
            let char = self.peek()?;
            self.at += 1;
            match char {
                '"' => break,
                '\\' => {
                    let escape = self.peek()?;
                    self.at += 1;
                    units.push(match escape {
                        '"' | '\\' | '/' => escape as u16,
                        'b' => 8,
                        'f' => 12,
                        'n' => 10,
                        'r' => 13,
                        't' => 9,
                        'u' => {
                            let hex: String = self.text.get(self.at..self.at + 4)?.iter().collect();
                            self.at += 4;
                            hex.chars().all(|digit| digit.is_ascii_hexdigit()).then_some(())?;
                            u16::from_str_radix(&hex, 16).ok()?
                        }
                        _ => return None,
                    });
                }
                '\u{0}'..='\u{1f}' => return None,
                _ => units.extend_from_slice(char.encode_utf16(&mut [0; 2])),
            }
        }
        let mut text = Text { value: String::new(), paired: true };
        for unit in char::decode_utf16(units) {
            match unit {
                Ok(char) => text.value.push(char),
                Err(_) => {
                    text.value.push_str(HALF);
                    text.paired = false;
                }
            }
        }
        Some(text)
    }
}
