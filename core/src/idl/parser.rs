//! Tokens to the definitions of one file. Every mistake is reported, and reading goes on behind it.
//!
//! Nothing here recurses.

mod grammar;

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::diagnostic::{Diagnostic, FileId, Note};
use super::lexer::{Kind, Span, Token, Tokens, tokenize};
use crate::contract::{Enum, ErrorDefinition, Interface, MAX_DIAGNOSTICS, Struct, quoted};

const KEYWORDS: [&str; 6] = ["import", "namespace", "enum", "struct", "interface", "errors"];

/// One file, before its names mean anything. Namespaces of definitions are still empty, all names bare.
#[derive(Default)]
pub(super) struct Syntax {
    pub(super) imports: Vec<(String, Span)>,
    pub(super) namespace: Option<(String, Span)>,
    /// Where the first definition stands.
    pub(super) first: Option<Span>,
    pub(super) interfaces: Vec<(Interface, Marks)>,
    pub(super) structs: Vec<(Struct, Marks)>,
    pub(super) enums: Vec<(Enum, Marks)>,
    pub(super) errors: Vec<(ErrorDefinition, Marks)>,
}

/// Where the parts of a definition stand, in the order of the definition's own lists.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) name: Span,
    /// The type, the parent of a struct, or the code of an error.
    pub(super) detail: Span,
    /// Methods, fields or values; parameters of a method.
    pub(super) members: Vec<Marks>,
    pub(super) raises: Vec<Span>,
}

impl Marks {
    fn new(name: Span, detail: Span) -> Self {
        Marks { name, detail, ..Marks::default() }
    }
}

/// Reads a file's text; what is wrong with it goes to `diagnostics`.
pub(super) fn read(text: &str, file: FileId, diagnostics: &mut Vec<Diagnostic>) -> Syntax {
    let mut tokens = tokenize(text);
    let mistakes = core::mem::take(&mut tokens.mistakes);
    let mut parser = Parser { tokens, at: 0, file, diagnostics, syntax: Syntax::default() };
    for (span, message) in mistakes {
        parser.error(span, message);
    }
    parser.file();
    parser.syntax
}

/// A part of the grammar that was reported as wrong.
struct Failed;

type Parse<T> = Result<T, Failed>;

struct Parser<'a> {
    tokens: Tokens<'a>,
    at: usize,
    file: FileId,
    diagnostics: &'a mut Vec<Diagnostic>,
    syntax: Syntax,
}

/// Tokens.
impl Parser<'_> {
    /// The token `ahead` of the current one; behind the end there is only the end.
    #[inline(never)]
    fn peek(&self, ahead: usize) -> Token {
        let list = &self.tokens.list;
        list[(self.at + ahead).min(list.len() - 1)]
    }

    fn advance(&mut self) -> Token {
        let token = self.peek(0);
        self.at += 1;
        token
    }

    fn is_sign(&self, ahead: usize, sign: u8) -> bool {
        self.peek(ahead).kind == Kind::Sign(sign)
    }

    fn is_identifier(&self, ahead: usize) -> bool {
        self.peek(ahead).kind == Kind::Identifier
    }

    #[inline(never)]
    fn is_word(&self, ahead: usize, word: &str) -> bool {
        self.is_identifier(ahead) && self.tokens.slice(self.peek(ahead)) == word
    }

    fn at_end(&self) -> bool {
        self.peek(0).kind == Kind::End
    }

    fn eat(&mut self, sign: u8) -> bool {
        let found = self.is_sign(0, sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: u8, wanted: &str) -> Parse<()> {
        if self.eat(sign) { Ok(()) } else { self.expected(wanted) }
    }

    #[inline(never)]
    fn identifier(&mut self, wanted: &str) -> Parse<(String, Span)> {
        if !self.is_identifier(0) {
            return self.expected(wanted);
        }
        let token = self.advance();
        Ok((self.tokens.slice(token).to_string(), token.span()))
    }

    /// What stands here, for a message.
    fn found(&self) -> String {
        let token = self.peek(0);
        match token.kind {
            Kind::End => "the end of the file".to_string(),
            Kind::Text => "a text in quotes".to_string(),
            _ => quoted(self.tokens.slice(token)),
        }
    }

    fn expected<T>(&mut self, wanted: &str) -> Parse<T> {
        self.unexpected(wanted);
        Err(Failed)
    }

    #[inline(never)]
    fn unexpected(&mut self, wanted: &str) {
        let message = format!("expected {wanted}, found {}", self.found());
        self.error(self.peek(0).span(), message);
    }

    fn error(&mut self, span: Span, message: impl Into<String>) -> Option<&mut Diagnostic> {
        self.report(span, message.into())
    }

    #[inline(never)]
    fn report(&mut self, span: Span, message: String) -> Option<&mut Diagnostic> {
        if self.diagnostics.len() >= MAX_DIAGNOSTICS {
            return None;
        }
        self.diagnostics.push(Diagnostic {
            message,
            file: self.file,
            span: span.start as usize..span.end as usize,
            notes: Vec::new(),
            help: None,
        });
        self.diagnostics.last_mut()
    }

    fn note(&self, span: &Span, message: &str) -> Note {
        Note { message: message.into(), file: self.file, span: span.start as usize..span.end as usize }
    }
}

/// Recovery.
impl Parser<'_> {
    /// True where only a definition can start, whatever came before: no body reads on over this.
    fn at_definition(&self) -> bool {
        if !self.is_identifier(0) {
            return false;
        }
        let word = self.tokens.slice(self.peek(0));
        match word {
            "errors" => self.is_sign(1, b'{'),
            "enum" | "interface" => self.is_identifier(1) && self.is_sign(2, b'{'),
            "struct" if self.is_identifier(1) && self.is_word(2, "extends") && self.is_identifier(3) => {
                let mut ahead = 4;
                while self.is_sign(ahead, b'.') && self.is_identifier(ahead + 1) {
                    ahead += 2;
                }
                self.is_sign(ahead, b'{')
            }
            "struct" => self.is_identifier(1) && self.is_sign(2, b'{'),
            _ => false,
        }
    }

    /// Goes on behind a mistake between definitions.
    fn skip_to_definition(&mut self) {
        while !self.at_end() && !self.at_definition() {
            let token = self.peek(0);
            if token.starts_line && KEYWORDS.contains(&self.tokens.slice(token)) {
                return;
            }
            self.at += 1;
            if token.kind == Kind::Sign(b'}') {
                return;
            }
        }
    }

    /// Goes on behind a mistake in a body that began at the token `start`: on the next line, or at its end.
    fn skip_to_member(&mut self, start: usize) {
        if self.at == start && !self.at_end() {
            self.at += 1;
        }
        while !self.at_end() && !self.is_sign(0, b'}') && !self.at_definition() && !self.peek(0).starts_line {
            self.at += 1;
        }
    }

    /// `{ members }`; `what` and `name` are the owner's, for messages.
    #[inline(never)]
    fn body(&mut self, what: &str, name: &str, member: &mut dyn FnMut(&mut Self) -> Parse<()>) -> Parse<()> {
        let open = self.peek(0).span();
        let owner = || if name.is_empty() { what.to_string() } else { format!("{what} {}", quoted(name)) };
        if !self.eat(b'{') {
            return self.expected(&format!("`{{` and the body of {}", owner()));
        }
        loop {
            if self.eat(b'}') {
                return Ok(());
            }
            if self.at_end() || self.at_definition() {
                let message = format!("expected `}}` to end {}, found {}", owner(), self.found());
                let note = self.note(&open, "its body starts here");
                if let Some(diagnostic) = self.error(self.peek(0).span(), message) {
                    diagnostic.notes.push(note);
                }
                return Ok(());
            }
            let start = self.at;
            if member(self).is_err() {
                self.skip_to_member(start);
            }
        }
    }
}
