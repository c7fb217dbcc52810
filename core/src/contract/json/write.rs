//! A contract as JSON: members in a fixed order, empty ones left out.

use alloc::{string::String, vec::Vec};

use crate::contract::{Contract, Enum, ErrorDefinition, Interface, Method, Struct, Type};
use crate::json::write;

impl Contract {
    /// The JSON form on one line, with the [`Contract::checksum`].
    pub fn to_json(&self) -> String {
        let mut out = Vec::from(b"{");
        text(&mut out, "rootNamespace", &self.namespace);
        text(&mut out, "checksum", &self.checksum());
        list(&mut out, "interfaces", &self.interfaces, interface);
        list(&mut out, "structs", &self.structs, structure);
        list(&mut out, "enums", &self.enums, enumeration);
        list(&mut out, "errors", &self.errors, error);
        out.push(b'}');
        String::from_utf8(out).unwrap_or_default()
    }

    /// The JSON form indented by two spaces, ending with a line break.
    pub fn to_json_pretty(&self) -> String {
        let mut out = String::new();
        let mut depth = 0;
        let (mut quoted, mut escaped) = (false, false);
        let line = |out: &mut String, depth: usize| {
            out.push('\n');
            out.extend((0..depth).map(|_| "  "));
        };
        for c in self.to_json().chars() {
            if quoted {
                out.push(c);
                quoted = escaped || c != '"';
                escaped = !escaped && c == '\\';
                continue;
            }
            match c {
                // No list and no object is empty.
                '{' | '[' => {
                    out.push(c);
                    depth += 1;
                    line(&mut out, depth);
                }
                '}' | ']' => {
                    depth -= 1;
                    line(&mut out, depth);
                    out.push(c);
                }
                ',' => {
                    out.push(c);
                    line(&mut out, depth);
                }
                ':' => out.push_str(": "),
                c => {
                    quoted = c == '"';
                    out.push(c);
                }
            }
        }
        out.push('\n');
        out
    }
}

type Out = Vec<u8>;

fn key(out: &mut Out, key: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    write::string(out, key);
    out.push(b':');
}

/// A text that is always there.
fn needed(out: &mut Out, name: &str, text: &str) {
    key(out, name);
    write::string(out, text);
}

fn text(out: &mut Out, name: &str, text: &str) {
    if !text.is_empty() {
        needed(out, name, text);
    }
}

fn flag(out: &mut Out, name: &str, flag: bool) {
    if flag {
        key(out, name);
        out.extend_from_slice(b"true");
    }
}

/// Objects, whose members `write` writes.
fn list<T>(out: &mut Out, name: &str, items: &[T], write: fn(&mut Out, &T)) {
    for (index, item) in items.iter().enumerate() {
        if index == 0 {
            key(out, name);
        }
        out.extend_from_slice(if index == 0 { b"[{" } else { b",{" });
        write(out, item);
        out.push(b'}');
    }
    if !items.is_empty() {
        out.push(b']');
    }
}

fn interface(out: &mut Out, item: &Interface) {
    needed(out, "name", &item.name);
    text(out, "namespace", &item.namespace);
    text(out, "comment", &item.comment);
    list(out, "methods", &item.methods, method);
}

fn method(out: &mut Out, item: &Method) {
    needed(out, "name", &item.name);
    text(out, "comment", &item.comment);
    list(out, "parameters", &item.parameters, |out, parameter| {
        needed(out, "name", &parameter.name);
        key(out, "type");
        ty(out, &parameter.ty);
        flag(out, "optional", parameter.optional);
    });
    key(out, "returnType");
    match &item.returns {
        Some(returns) => ty(out, returns),
        None => out.extend_from_slice(b"null"),
    }
    flag(out, "returnOptional", item.returns_optional);
    for (index, name) in item.raises.iter().enumerate() {
        if index == 0 {
            key(out, "raises");
        }
        out.push(if index == 0 { b'[' } else { b',' });
        write::string(out, name);
    }
    if !item.raises.is_empty() {
        out.push(b']');
    }
}

fn structure(out: &mut Out, item: &Struct) {
    needed(out, "name", &item.name);
    text(out, "namespace", &item.namespace);
    text(out, "extends", item.extends.as_deref().unwrap_or_default());
    text(out, "comment", &item.comment);
    list(out, "fields", &item.fields, |out, field| {
        needed(out, "name", &field.name);
        key(out, "type");
        ty(out, &field.ty);
        flag(out, "optional", field.optional);
        text(out, "comment", &field.comment);
    });
}

fn enumeration(out: &mut Out, item: &Enum) {
    needed(out, "name", &item.name);
    text(out, "namespace", &item.namespace);
    text(out, "comment", &item.comment);
    list(out, "values", &item.values, |out, value| {
        needed(out, "name", &value.name);
        text(out, "comment", &value.comment);
    });
}

fn error(out: &mut Out, item: &ErrorDefinition) {
    needed(out, "name", &item.name);
    text(out, "namespace", &item.namespace);
    key(out, "code");
    write::int(out, item.code.into());
    needed(out, "message", &item.message);
    text(out, "comment", &item.comment);
}

fn ty(out: &mut Out, item: &Type) {
    let mut item = item;
    let mut open = 1;
    let (name, value) = loop {
        out.push(b'{');
        match item {
            Type::String => break ("builtIn", "string"),
            Type::Int => break ("builtIn", "int"),
            Type::Float => break ("builtIn", "float"),
            Type::Bool => break ("builtIn", "bool"),
            Type::Named(name) => break ("userDefined", name.as_str()),
            Type::Array(inner) => {
                key(out, "array");
                item = inner;
            }
            Type::Map(inner) => {
                key(out, "mapValue");
                item = inner;
            }
        }
        open += 1;
    };
    needed(out, name, value);
    out.resize(out.len() + open, b'}');
}
