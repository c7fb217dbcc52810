//! What other systems refuse of a contract's text, each with its place.

mod barrister;
mod pulserpc;

use alloc::{format, string::String, vec::Vec};

use super::diagnostic::{Diagnostic, FileId, Note, in_order};
use super::lexer::{Kind, Span, Token, Tokens, tokenize};
use super::parser::{Syntax, read};
use super::resolve::Parsed;
use crate::contract::{MAX_DIAGNOSTICS, System, quoted, refusals};

impl Parsed {
    /// Everything that `system` refuses of this contract and its text, up to [`MAX_DIAGNOSTICS`], in the order of files
    /// and lines. Nothing, if there is no contract: what is wrong here comes first.
    pub fn portable(&self, system: System) -> Vec<Diagnostic> {
        let Some(contract) = &self.contract else { return Vec::new() };
        let mut found = Vec::new();
        for finding in refusals(contract, system) {
            let (file, span) = self.origin.marks.find(contract, finding.place);
            found.push(diagnostic(file, span, finding.message, finding.help));
        }
        if system == System::PulseRpc {
            self.read_twice(&mut found);
        }
        for file in self.sources.files() {
            let text = self.sources.text(file);
            let mut page = Page {
                tokens: tokenize(text),
                syntax: read(text, file, &mut Vec::new()),
                refused: Vec::new(),
            };
            if text.starts_with('\u{feff}') {
                page.refuse(0..3, "takes no byte order mark");
            }
            match system {
                System::PulseRpc => page.pulserpc(),
                System::Barrister => page.barrister(),
            }
            let refused = page.refused.into_iter();
            found
                .extend(refused.map(|(span, what)| diagnostic(file, span, format!("{system} {what}"), None)));
        }
        let mut found = in_order(found);
        found.truncate(MAX_DIAGNOSTICS);
        found
    }

    /// PulseRPC reads a file for every way that leads to it, and then all in it is there twice.
    fn read_twice(&self, found: &mut Vec<Diagnostic>) {
        for (first, again) in &self.origin.ways {
            let Some(again) = again else { continue };
            let name = quoted(self.sources.name(again.to));
            let message = format!("PulseRPC takes a file once: reached again, all of {name} is there twice");
            let mut twice = diagnostic(again.from, again.span.clone(), message, None);
            let message = String::from("first imported here");
            twice.notes.push(Note { message, file: first.from, span: range(&first.span) });
            found.push(twice);
        }
    }
}

/// One file, and what is refused of it.
struct Page<'a> {
    tokens: Tokens<'a>,
    syntax: Syntax,
    refused: Vec<(Span, String)>,
}

impl Page<'_> {
    /// `what` continues the sentence that the name of the system begins.
    fn refuse(&mut self, span: Span, what: impl Into<String>) {
        if self.refused.len() < MAX_DIAGNOSTICS {
            self.refused.push((span, what.into()));
        }
    }

    /// The token at `at`; behind the last one there is only the end.
    fn token(&self, at: usize) -> Token {
        let list = &self.tokens.list;
        list[at.min(list.len() - 1)]
    }

    fn is_sign(&self, at: usize, sign: u8) -> bool {
        self.token(at).kind == Kind::Sign(sign)
    }

    fn is_word(&self, at: usize, word: &str) -> bool {
        let token = self.token(at);
        token.kind == Kind::Identifier && self.tokens.slice(token) == word
    }

    /// White space and comments between the token at `at` and the one before.
    fn gap(&self, at: usize) -> &str {
        let before = at.checked_sub(1).map_or(0, |before| self.token(before).end);
        self.tokens.text.get(before as usize..self.token(at).start as usize).unwrap_or("")
    }

    /// Whether nothing but white space follows the token at `at` on its line.
    fn ends_line(&self, at: usize) -> bool {
        let rest = self.tokens.text.get(self.token(at).end as usize..).unwrap_or("");
        rest.split('\n').next().unwrap_or("").trim().is_empty()
    }
}

fn diagnostic(file: FileId, span: Span, message: String, help: Option<String>) -> Diagnostic {
    Diagnostic { message, file, span: range(&span), notes: Vec::new(), help }
}

fn range(span: &Span) -> core::ops::Range<usize> {
    span.start as usize..span.end as usize
}
