//! What Barrister refuses of a text: to it, line breaks and places of comments have a meaning.
//!
//! The text is known to keep the grammar, so what is read here is only where each part begins and ends.

use alloc::format;

use super::{Page, Span};
use crate::idl::lexer::Kind;

impl Page<'_> {
    pub(super) fn barrister(&mut self) {
        let mut at = 0;
        let mut has_content = false;
        let mut has_interface = false;
        while self.token(at).kind != Kind::End {
            let token = self.token(at);
            match self.tokens.slice(token) {
                "import" => {
                    self.statement(at);
                    at += 2;
                }
                "namespace" => {
                    self.statement(at);
                    if has_content || self.has_free_comment(at) {
                        self.refuse(
                            token.span(),
                            "wants the namespace before all else, also before a comment of its own",
                        );
                    }
                    at += 2;
                    continue;
                }
                "errors" => at = self.behind(at, b'}'),
                "enum" => {
                    at = self.head(at);
                    at = self.behind(at, b'}');
                }
                "struct" => at = self.fields(at),
                _ => {
                    has_interface = true;
                    at = self.methods(at);
                }
            }
            has_content = true;
        }
        if let Some((_, span)) = self.syntax.namespace.clone().filter(|_| has_interface) {
            self.refuse(span, "takes no namespace in a file with interfaces");
        }
    }

    /// `import` or `namespace`: a line of its own from the keyword on.
    fn statement(&mut self, at: usize) {
        let span = self.token(at).start..self.token(at + 1).end;
        if !self.gap(at + 1).bytes().all(|byte| matches!(byte, b' ' | b'\t')) {
            self.refuse(span, "wants this on one line");
        } else if !self.ends_line(at + 1) {
            self.refuse(span, "takes nothing behind this on its line, and no comment");
        }
    }

    /// A comment with an empty line below counts as a definition.
    fn has_free_comment(&self, at: usize) -> bool {
        let before = self.tokens.text.get(..self.token(at).start as usize).unwrap_or("");
        let mut lines = before.trim_start_matches('\u{feff}').split('\n').map(str::trim);
        lines.next_back();
        let mut comment = false;
        lines.any(|line| {
            let free = comment && line.is_empty();
            comment = line.starts_with("//");
            free
        })
    }

    /// The keyword, the name and the parent; what follows is behind `{`.
    fn head(&mut self, at: usize) -> usize {
        if !self.gap(at + 1).starts_with(' ') {
            self.refuse(self.token(at).span(), "wants a space behind this word");
        }
        let mut at = at + 1;
        while !self.is_sign(at, b'{') {
            self.no_comment(at);
            if self.is_sign(at, b'.') {
                self.joined(at);
                self.joined(at + 1);
            }
            at += 1;
        }
        self.no_comment(at);
        at + 1
    }

    fn fields(&mut self, at: usize) -> usize {
        let mut at = self.head(at);
        while !self.is_sign(at, b'}') {
            self.same_line(at + 1);
            at = self.ty(at + 1);
            at = self.behind_type(at);
        }
        at + 1
    }

    fn methods(&mut self, at: usize) -> usize {
        let mut at = self.head(at);
        while !self.is_sign(at, b'}') {
            self.same_line(at + 1);
            at = self.parameters(at + 2);
            let next_is_method = self.token(at).kind == Kind::Identifier && self.is_sign(at + 1, b'(');
            if self.is_sign(at, b'}') || next_is_method {
                if !self.is_word(at, "raises") {
                    self.line_break(at, "a method without a result");
                }
            } else {
                self.no_comment(at);
                at = self.ty(at);
                at = self.behind_type(at);
            }
            if self.is_word(at, "raises") && self.is_sign(at + 1, b'(') {
                at = self.behind(at, b')');
            }
        }
        at + 1
    }

    /// From behind `(` to behind `)`.
    fn parameters(&mut self, at: usize) -> usize {
        let mut at = at;
        while !self.is_sign(at, b')') {
            self.no_comment(at);
            self.no_comment(at + 1);
            at = self.ty(at + 1);
            if self.is_sign(at, b'[') {
                at += 3;
            }
            self.no_comment(at);
            at += usize::from(self.is_sign(at, b','));
        }
        self.no_comment(at);
        at + 1
    }

    /// A type has no white space within. Maps are refused for what they are.
    fn ty(&mut self, at: usize) -> usize {
        let mut at = at;
        while self.is_sign(at, b'[') {
            self.joined(at + 1);
            self.joined(at + 2);
            at += 2;
        }
        if self.is_word(at, "map") {
            return self.ty(at + 4);
        }
        while self.is_sign(at + 1, b'.') {
            self.joined(at + 1);
            self.joined(at + 2);
            at += 2;
        }
        at + 1
    }

    /// `[optional]` on the same line, or the end of the line.
    fn behind_type(&mut self, at: usize) -> usize {
        if self.is_sign(at, b'[') {
            self.same_line(at);
            self.joined(at + 1);
            self.joined(at + 2);
            return at + 3;
        }
        if self.is_sign(at, b'}') && !self.gap(at).contains('\n') {
            return at;
        }
        if !self.is_word(at, "raises") {
            self.line_break(at, "a type");
        }
        at
    }

    /// The token at `at` begins another line, and no comment stands before the end of this one.
    fn line_break(&mut self, at: usize, behind: &str) {
        let gap = self.gap(at);
        let (rest, breaks) = gap.split_once('\n').map_or((gap, false), |(rest, _)| (rest, true));
        if !breaks {
            self.refuse(self.token(at).span(), format!("wants a line break behind {behind}"));
        } else if rest.contains("//") {
            self.refuse(self.comment(at), format!("takes no comment on the line behind {behind}"));
        }
    }

    fn same_line(&mut self, at: usize) {
        if self.gap(at).contains("//") {
            self.refuse(self.comment(at), "takes no comment here");
        } else if self.gap(at).contains('\n') {
            self.refuse(self.token(at).span(), "wants this on the line above");
        }
    }

    fn no_comment(&mut self, at: usize) {
        if self.gap(at).contains("//") {
            self.refuse(self.comment(at), "takes no comment here");
        }
    }

    fn joined(&mut self, at: usize) {
        if !self.gap(at).is_empty() {
            self.refuse(self.token(at).span(), "takes no white space before this");
        }
    }

    /// The first comment before the token at `at`.
    fn comment(&self, at: usize) -> Span {
        let gap = self.gap(at);
        let from = gap.find("//").unwrap_or(0);
        let length = gap.get(from..).unwrap_or("").lines().next().map_or(0, |line| line.trim_end().len());
        let start = self.token(at).start - (gap.len() - from) as u32;
        start..start + length as u32
    }

    /// Behind the next `sign`.
    fn behind(&self, at: usize, sign: u8) -> usize {
        let mut at = at;
        while !self.is_sign(at, sign) && self.token(at).kind != Kind::End {
            at += 1;
        }
        at + 1
    }
}
