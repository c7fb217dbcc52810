//! What PulseRPC refuses of a text: it takes imports out line by line, and cuts the rest into larger tokens.

use super::Page;
use crate::idl::lexer::Kind;

impl Page<'_> {
    pub(super) fn pulserpc(&mut self) {
        self.imports();
        for at in 0..self.tokens.list.len() {
            let token = self.token(at);
            if token.kind == Kind::Integer {
                if token.end - token.start > 1 && self.tokens.slice(token).starts_with('0') {
                    self.refuse(token.span(), "reads a number with a leading zero as octal");
                }
            } else if self.is_sign(at, b'[') && self.is_word(at + 1, "optional") {
                let span = token.start..self.token(at + 2).end;
                if span.len() != "[optional]".len() {
                    self.refuse(span, "wants `[optional]` without white space");
                }
            }
        }
    }

    fn imports(&mut self) {
        let mut imports = core::mem::take(&mut self.syntax.imports).into_iter().peekable();
        for at in 1..self.tokens.list.len() {
            let token = self.token(at);
            if imports.next_if(|(_, span)| span.start == token.start).is_none() {
                continue;
            }
            let keyword = self.token(at - 1);
            let gap = self.gap(at);
            if !keyword.starts_line || !self.ends_line(at) {
                self.refuse(keyword.start..token.end, "wants an import alone on its line, without a comment");
            } else if gap.is_empty() || gap.contains("//") {
                self.refuse(
                    keyword.start..token.end,
                    "wants nothing but white space between `import` and the file",
                );
            }
        }
    }
}
