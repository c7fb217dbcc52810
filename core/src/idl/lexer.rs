//! Text to tokens, and comments to the documentation of what they stand above.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::ops::Range;

use crate::contract::quoted;

/// Bytes of a file. Files are below 4 GiB: see [`super::MAX_FILE_SIZE`].
pub(super) type Span = Range<u32>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Identifier,
    /// Digits.
    Integer,
    /// With its quotes; the closing one may be missing, which is reported.
    Text,
    /// One of `{ } [ ] ( ) . , -`.
    Sign(u8),
    End,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Nothing but white space and comments stands before it on its line.
    pub(super) starts_line: bool,
    pub(super) start: u32,
    pub(super) end: u32,
    /// Comments directly above: first and count, in [`Tokens::comments`].
    doc: (u32, u32),
}

impl Token {
    pub(super) fn span(&self) -> Span {
        self.start..self.end
    }
}

pub(super) struct Tokens<'a> {
    pub(super) text: &'a str,
    /// Ends with one [`Kind::End`].
    pub(super) list: Vec<Token>,
    /// The text behind `//`.
    comments: Vec<Span>,
    pub(super) mistakes: Vec<(Span, String)>,
}

impl Tokens<'_> {
    pub(super) fn slice(&self, token: Token) -> &str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or("")
    }

    /// The comment directly above `token`: lines without `//` and outer white space.
    pub(super) fn doc(&self, token: Token) -> String {
        let (first, count) = (token.doc.0 as usize, token.doc.1 as usize);
        let mut out = String::new();
        for (i, span) in self.comments.iter().skip(first).take(count).enumerate() {
            if i > 0 {
                out.push('\n');
            }
            out.push_str(self.text.get(span.start as usize..span.end as usize).unwrap_or("").trim());
        }
        out
    }
}

/// Cuts `text`, which must be shorter than 4 GiB, into tokens. A byte order mark at its start is skipped.
pub(super) fn tokenize(text: &str) -> Tokens<'_> {
    let mut lexer = Lexer {
        bytes: text.as_bytes(),
        tokens: Tokens { text, list: Vec::new(), comments: Vec::new(), mistakes: Vec::new() },
        line: 0,
        line_has_token: false,
        block: (0, 0),
        block_line: 0,
    };
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    while at < text.len() {
        at = lexer.next(at);
    }
    lexer.push(Kind::End, text.len(), text.len());
    lexer.tokens
}

struct Lexer<'a> {
    bytes: &'a [u8],
    tokens: Tokens<'a>,
    line: u32,
    line_has_token: bool,
    /// Comments on lines of their own, without a gap so far: first and count.
    block: (u32, u32),
    /// The line of the last of them.
    block_line: u32,
}

impl Lexer<'_> {
    /// Takes what starts at `at` and returns where it ends, which is always further on.
    fn next(&mut self, at: usize) -> usize {
        let byte = self.bytes[at];
        match byte {
            b'\n' => {
                self.line += 1;
                self.line_has_token = false;
                at + 1
            }
            b' ' | b'\t' | b'\r' => at + 1,
            b'/' if self.bytes.get(at + 1) == Some(&b'/') => self.comment(at),
            b'"' => self.string(at),
            b'0'..=b'9' => self.run(Kind::Integer, at, |c| c.is_ascii_digit()),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.run(Kind::Identifier, at, in_name),
            b'{' | b'}' | b'[' | b']' | b'(' | b')' | b'.' | b',' | b'-' => {
                self.push(Kind::Sign(byte), at, at + 1);
                at + 1
            }
            _ => self.foreign(at),
        }
    }

    fn run(&mut self, kind: Kind, at: usize, belongs: fn(char) -> bool) -> usize {
        let rest = self.tokens.text.get(at..).unwrap_or("");
        let end = at + rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.push(kind, at, end);
        end
    }

    fn comment(&mut self, at: usize) -> usize {
        let length = self.bytes[at..].iter().take_while(|&&b| b != b'\n').count();
        let end = at + length;
        if self.line_has_token {
            self.block = (0, 0);
        } else {
            let number = self.tokens.comments.len() as u32;
            self.tokens.comments.push(at as u32 + 2..end as u32);
            let follows = self.block.1 > 0 && self.line == self.block_line + 1;
            self.block = if follows { (self.block.0, self.block.1 + 1) } else { (number, 1) };
            self.block_line = self.line;
        }
        end
    }

    fn string(&mut self, at: usize) -> usize {
        let length = self.bytes[at + 1..].iter().take_while(|&&b| b != b'"' && b != b'\n').count();
        let end = at + 1 + length;
        if self.bytes.get(end) == Some(&b'"') {
            self.push(Kind::Text, at, end + 1);
            return end + 1;
        }
        let message = "the closing `\"` is missing on this line".to_string();
        self.tokens.mistakes.push((at as u32..at as u32 + 1, message));
        self.push(Kind::Text, at, end);
        end
    }

    /// Characters that no token starts with, reported once for a run of the same ones.
    fn foreign(&mut self, at: usize) -> usize {
        let rest = self.tokens.text.get(at..).unwrap_or("");
        let Some(c) = rest.chars().next() else { return self.bytes.len() };
        if is_foreign_letter(c) {
            return self.run(Kind::Identifier, at, in_name);
        }
        let same = at + rest.find(|other| other != c).unwrap_or(rest.len());
        let (message, end) = match c {
            // Most likely a comment of another language: what it says is no mistake of its own.
            '/' => ("a comment starts with `//`".to_string(), at + rest.find('\n').unwrap_or(rest.len())),
            _ => (format!("{} is not part of the language", quoted(c.encode_utf8(&mut [0; 4]))), same),
        };
        self.tokens.mistakes.push((at as u32..same as u32, message));
        end
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        let documents = !self.line_has_token && self.block.1 > 0 && self.line == self.block_line + 1;
        let doc = if documents { self.block } else { (0, 0) };
        self.block = (0, 0);
        let starts_line = !self.line_has_token;
        self.line_has_token = true;
        self.tokens.list.push(Token { kind, starts_line, start: start as u32, end: end as u32, doc });
    }
}

/// Other letters than ASCII are no part of a name, but of the word that the rules refuse as one.
fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || is_foreign_letter(c)
}

/// Whether `c` is of a block of letters: it decides only which mistake is reported, and the tables that know each letter
/// would be two kilobytes of a module.
fn is_foreign_letter(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{1fff}' | '\u{2c00}'..='\u{2dff}' | '\u{3040}'..='\u{d7ff}'
        | '\u{f900}'..='\u{fdff}' | '\u{ff10}'..='\u{ffdc}' | '\u{10000}'..='\u{1efff}' | '\u{20000}'..)
}
