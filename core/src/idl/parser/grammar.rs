//! The grammar of a file, one function for each of its rules.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{Failed, KEYWORDS, Marks, Parse, Parser};
use crate::contract::{
    Enum, EnumValue, ErrorDefinition, Field, Interface, MAX_DIAGNOSTICS, MAX_TYPE_DEPTH, Method, Parameter,
    Struct, Type, nearest, quoted,
};
use crate::idl::lexer::{Kind, Span};
use crate::json::number::decimal;

impl Parser<'_> {
    pub(super) fn file(&mut self) {
        while !self.at_end() && self.diagnostics.len() < MAX_DIAGNOSTICS {
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
        let end = self.body("enum", &name, &mut |parser| {
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
        let end = self.body("struct", &name, &mut |parser| {
            let comment = parser.tokens.doc(parser.peek(0));
            let (name, span) = parser.identifier("the name of a field, or `}`")?;
            let (ty, type_span) = parser.ty("field", &name)?;
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
        let end = self.body("interface", &name, &mut |parser| {
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
        if !self.eat(b'(') {
            return self.expected(&format!("`(` and the parameters of the method {}", quoted(&name)));
        }
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
            let (ty, span) = self.ty("result of the method", &method.name)?;
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
            let (ty, type_span) = self.ty("parameter", &name)?;
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
        self.body("the errors", "", &mut |parser| {
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
            let number = decimal(parser.tokens.slice(digits).as_bytes()).unwrap_or(i64::MAX);
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

    fn ty(&mut self, what: &str, of: &str) -> Parse<(Type, Span)> {
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
        if !self.is_identifier(0) {
            return self.expected(&format!("the type of the {what} {}", quoted(of)));
        }
        let (name, span) = self.qualified("the name of a type")?;
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
