//! Tokens to the definitions of one file. Every mistake is reported, and reading goes on behind it.
//!
//! Nothing here recurses.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::diagnostic::{Diagnostic, FileId, Note};
use super::lexer::{Kind, Span, Token, Tokens, tokenize};
use crate::contract::{
    Enum, EnumValue, ErrorDefinition, Field, Interface, MAX_DIAGNOSTICS, MAX_TYPE_DEPTH, Method, Parameter,
    Struct, Type, nearest, quoted,
};

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
#[derive(Default)]
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
        let message = format!("expected {wanted}, found {}", self.found());
        self.error(self.peek(0).span(), message);
        Err(Failed)
    }

    fn error(&mut self, span: Span, message: impl Into<String>) -> Option<&mut Diagnostic> {
        if self.diagnostics.len() >= MAX_DIAGNOSTICS {
            return None;
        }
        self.diagnostics.push(Diagnostic {
            message: message.into(),
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

    /// `{ members }`; `what` names the owner for messages.
    fn body(&mut self, what: &str, mut member: impl FnMut(&mut Self) -> Parse<()>) -> Parse<()> {
        let open = self.peek(0).span();
        self.expect(b'{', &format!("`{{` and the body of {what}"))?;
        loop {
            if self.eat(b'}') {
                return Ok(());
            }
            if self.at_end() || self.at_definition() {
                let message = format!("expected `}}` to end {what}, found {}", self.found());
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

/// The grammar.
impl Parser<'_> {
    fn file(&mut self) {
        while !self.at_end() {
            let token = self.peek(0);
            let word = if token.kind == Kind::Identifier { self.tokens.slice(token) } else { "" };
            let parsed = match word {
                "import" => self.import(),
                "namespace" => self.namespace(),
                "enum" => self.enumeration(),
                "struct" => self.structure(),
                "interface" => self.interface(),
                "errors" => self.errors(),
                _ => {
                    let help =
                        nearest(word, KEYWORDS.into_iter()).map(|near| format!("did you mean `{near}`?"));
                    let wanted = "`import`, `namespace`, `enum`, `struct`, `interface` or `errors`";
                    let message = format!("expected {wanted}, found {}", self.found());
                    if let Some(diagnostic) = self.error(token.span(), message) {
                        diagnostic.help = help;
                    }
                    self.at += 1;
                    Err(Failed)
                }
            };
            if parsed.is_err() {
                self.skip_to_definition();
            }
        }
    }

    fn import(&mut self) -> Parse<()> {
        self.at += 1;
        if self.peek(0).kind != Kind::Text {
            return self.expected("the name of a file in double quotes");
        }
        let token = self.advance();
        let path = self.tokens.slice(token).trim_matches('"').to_string();
        if path.is_empty() {
            self.error(token.span(), "an import names a file");
        } else {
            self.syntax.imports.push((path, token.span()));
        }
        Ok(())
    }

    fn namespace(&mut self) -> Parse<()> {
        self.at += 1;
        let (name, span) = self.identifier("the name of the namespace")?;
        if let Some((_, first)) = &self.syntax.namespace {
            let note = self.note(first, "first declared here");
            if let Some(diagnostic) = self.error(span, "a file declares one namespace") {
                diagnostic.notes.push(note);
            }
        } else {
            self.syntax.namespace = Some((name, span));
        }
        if self.is_sign(0, b'.') { self.expected("a namespace of one word") } else { Ok(()) }
    }

    /// The keyword of a definition, and the documentation above it.
    fn keyword(&mut self) -> String {
        let token = self.advance();
        self.syntax.first.get_or_insert(token.span());
        self.tokens.doc(token)
    }

    fn enumeration(&mut self) -> Parse<()> {
        let comment = self.keyword();
        let (name, span) = self.identifier("the name of the enum")?;
        let mut marks = Marks::new(span, Span::default());
        let mut values = Vec::new();
        let end = self.body(&format!("enum {}", quoted(&name)), |parser| {
            let comment = parser.tokens.doc(parser.peek(0));
            let (name, span) = parser.identifier("a value of the enum, or `}`")?;
            values.push(EnumValue { name, comment });
            marks.members.push(Marks::new(span, Span::default()));
            Ok(())
        });
        self.syntax.enums.push((Enum { name, namespace: String::new(), comment, values }, marks));
        end
    }

    fn structure(&mut self) -> Parse<()> {
        let comment = self.keyword();
        let (name, span) = self.identifier("the name of the struct")?;
        let mut marks = Marks::new(span, Span::default());
        let mut extends = None;
        if self.is_word(0, "extends") {
            self.at += 1;
            let (parent, span) = self.qualified("the name of the parent")?;
            extends = Some(parent);
            marks.detail = span;
        }
        let mut fields = Vec::new();
        let end = self.body(&format!("struct {}", quoted(&name)), |parser| {
            let comment = parser.tokens.doc(parser.peek(0));
            let (name, span) = parser.identifier("the name of a field, or `}`")?;
            let (ty, type_span) = parser.ty(&format!("the type of the field {}", quoted(&name)))?;
            let optional = parser.optional()?;
            fields.push(Field { name, ty, optional, comment });
            marks.members.push(Marks::new(span, type_span));
            Ok(())
        });
        self.syntax
            .structs
            .push((Struct { name, namespace: String::new(), extends, comment, fields }, marks));
        end
    }

    fn interface(&mut self) -> Parse<()> {
        let comment = self.keyword();
        let (name, span) = self.identifier("the name of the interface")?;
        let mut marks = Marks::new(span, Span::default());
        let mut methods = Vec::new();
        let end = self.body(&format!("interface {}", quoted(&name)), |parser| {
            let (method, mark) = parser.method()?;
            methods.push(method);
            marks.members.push(mark);
            Ok(())
        });
        self.syntax.interfaces.push((Interface { name, namespace: String::new(), comment, methods }, marks));
        end
    }

    fn method(&mut self) -> Parse<(Method, Marks)> {
        let comment = self.tokens.doc(self.peek(0));
        let (name, span) = self.identifier("the name of a method, or `}`")?;
        let mut marks = Marks::new(span, Span::default());
        self.expect(b'(', &format!("`(` and the parameters of the method {}", quoted(&name)))?;
        let mut parameters = Vec::new();
        if !self.eat(b')') && self.parameters(&mut parameters, &mut marks).is_err() {
            self.skip_parameters()?;
        }
        let mut method =
            Method { name, comment, parameters, returns: None, returns_optional: false, raises: Vec::new() };
        let next_method = self.is_identifier(0) && self.is_sign(1, b'(');
        if self.is_sign(0, b'[') && self.is_word(1, "optional") {
            self.error(self.peek(1).span(), "`[optional]` needs the type of the result before it");
            self.optional()?;
        } else if (self.is_identifier(0) && !next_method && !self.at_definition()) || self.is_sign(0, b'[') {
            let (ty, span) = self.ty("the type of the result")?;
            method.returns = Some(ty);
            method.returns_optional = self.optional()?;
            marks.detail = span;
        }
        while self.is_word(0, "raises") && self.is_sign(1, b'(') {
            if !method.raises.is_empty() {
                self.error(self.peek(0).span(), "a method has one `raises`, with all errors in it");
            }
            self.at += 2;
            loop {
                let (error, span) = self.qualified("the name of an error")?;
                method.raises.push(error);
                marks.raises.push(span);
                if !self.eat(b',') {
                    break;
                }
            }
            self.expect(b')', "`,` or `)` after the name of an error")?;
        }
        Ok((method, marks))
    }

    /// `parameter, … )`
    fn parameters(&mut self, parameters: &mut Vec<Parameter>, marks: &mut Marks) -> Parse<()> {
        loop {
            let (name, span) = self.identifier("the name of a parameter")?;
            let (ty, type_span) = self.ty(&format!("the type of the parameter {}", quoted(&name)))?;
            let optional = self.optional()?;
            parameters.push(Parameter { name, ty, optional });
            marks.members.push(Marks::new(span, type_span));
            if self.eat(b')') {
                return Ok(());
            }
            self.expect(b',', "`,` or `)` after a parameter")?;
        }
    }

    /// Goes on behind the `)` of a broken list of parameters, if there is one before the next method could start.
    fn skip_parameters(&mut self) -> Parse<()> {
        while !self.at_end() && !self.is_sign(0, b'}') && !self.is_sign(0, b'(') && !self.at_definition() {
            if self.eat(b')') {
                return Ok(());
            }
            self.at += 1;
        }
        // The name of the method whose `(` this is.
        if self.is_sign(0, b'(') && self.at > 0 {
            self.at -= 1;
        }
        Err(Failed)
    }

    fn errors(&mut self) -> Parse<()> {
        self.keyword();
        self.body("the errors", |parser| {
            let first = parser.peek(0);
            let negative = parser.eat(b'-');
            if parser.peek(0).kind != Kind::Integer {
                return parser.expected(if negative {
                    "digits after `-`"
                } else {
                    "the code of an error, or `}`"
                });
            }
            let digits = parser.advance();
            let span = first.start..digits.end;
            let number = parser.tokens.slice(digits).parse::<i64>().unwrap_or(i64::MAX);
            let number = if negative { -number } else { number };
            let code = i32::try_from(number);
            if code.is_err() {
                parser.error(span.clone(), "an error code must fit into 32 bits: -2147483648 to 2147483647");
            }
            let (name, name_span) = parser.identifier("the name of the error")?;
            if parser.peek(0).kind != Kind::Text {
                return parser
                    .expected(&format!("the message of the error {} in double quotes", quoted(&name)));
            }
            let message = parser.advance();
            let message = parser.tokens.slice(message).trim_matches('"').to_string();
            let comment = parser.tokens.doc(first);
            let code = code.unwrap_or(if negative { i32::MIN } else { i32::MAX });
            let error = ErrorDefinition { name, namespace: String::new(), code, message, comment };
            parser.syntax.errors.push((error, Marks::new(name_span, span)));
            Ok(())
        })
    }

    /// `[optional]`, if it stands here; nothing else can start with `[` behind a type.
    fn optional(&mut self) -> Parse<bool> {
        if !self.eat(b'[') {
            return Ok(false);
        }
        if !self.is_word(0, "optional") {
            self.expected::<()>("`optional`: behind a type, brackets mean `[optional]`")?;
        }
        self.at += 1;
        self.expect(b']', "`]` after `[optional`")?;
        Ok(true)
    }

    fn ty(&mut self, wanted: &str) -> Parse<(Type, Span)> {
        let start = self.peek(0).start;
        let mut wrappers: Vec<fn(Box<Type>) -> Type> = Vec::new();
        let mut depth = 0;
        loop {
            let wrap: fn(Box<Type>) -> Type;
            if self.eat(b'[') {
                self.expect(b']', "`]`: a list is written `[]T`")?;
                wrap = Type::Array;
            } else if self.is_word(0, "map") {
                self.at += 1;
                self.expect(b'[', "`[string]`: a map is written `map[string]T`")?;
                if !self.is_word(0, "string") {
                    return self.expected("`string`: the keys of a map are always strings");
                }
                self.at += 1;
                self.expect(b']', "`]`: a map is written `map[string]T`")?;
                wrap = Type::Map;
            } else {
                break;
            }
            depth += 1;
            if depth <= MAX_TYPE_DEPTH {
                wrappers.push(wrap);
            }
        }
        let (name, span) = self.qualified(wanted)?;
        let span = start..span.end;
        if depth > MAX_TYPE_DEPTH {
            self.error(span.clone(), format!("more than {MAX_TYPE_DEPTH} lists and maps in one type"));
        }
        let innermost = match name.as_str() {
            "string" => Type::String,
            "int" => Type::Int,
            "float" => Type::Float,
            "bool" => Type::Bool,
            _ => Type::Named(name),
        };
        Ok((wrappers.into_iter().rev().fold(innermost, |ty, wrap| wrap(Box::new(ty))), span))
    }

    fn qualified(&mut self, wanted: &str) -> Parse<(String, Span)> {
        let (mut name, mut span) = self.identifier(wanted)?;
        while self.eat(b'.') {
            let (part, part_span) = self.identifier("a name after `.`")?;
            name.push('.');
            name.push_str(&part);
            span.end = part_span.end;
        }
        Ok((name, span))
    }
}
