//! A contract as text, a file for every namespace. Here are the words; [`super::format`] lays them out.

mod files;

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::format::formatted;
use crate::contract::{Contract, Enum, ErrorDefinition, Interface, List, Method, Struct};

impl Contract {
    /// The contract as `.pulse` files, each a name and a text: the root file first, then one for every namespace
    /// that it imports. Files import each other by these names, so they belong into one directory.
    ///
    /// The text reads back as the same contract, with the same [`Contract::to_json`]. A file is named after its
    /// namespace; one without gets a name that no namespace has and an ending that allows it, that of Barrister. See
    /// [`Contract::in_namespace`].
    pub fn to_pulse(&self) -> Vec<(String, String)> {
        files::files(self)
            .into_iter()
            .map(|file| {
                let mut text = String::new();
                for import in &file.imports {
                    text.extend(["import \"", &file_name(import), "\"\n"]);
                }
                if !file.namespace.is_empty() {
                    text.push_str(if text.is_empty() { "" } else { "\n" });
                    text.extend(["namespace ", file.namespace, "\n"]);
                }
                self.print_definitions(&mut text, file.namespace);
                (file_name(file.namespace), formatted(text))
            })
            .collect()
    }

    fn print_definitions(&self, out: &mut String, namespace: &str) {
        for item in self.interfaces.iter().filter(|item| item.namespace == namespace) {
            interface(out, item);
        }
        for item in self.structs.iter().filter(|item| item.namespace == namespace) {
            structure(out, item);
        }
        for item in self.enums.iter().filter(|item| item.namespace == namespace) {
            enumeration(out, item);
        }
        let own: Vec<_> = self.errors.iter().filter(|item| item.namespace == namespace).collect();
        if !own.is_empty() {
            errors(out, &own);
        }
    }
}

fn file_name(namespace: &str) -> String {
    if namespace.is_empty() { "no-namespace.idl".to_string() } else { format!("{namespace}.pulse") }
}

/// An empty line, the documentation, the keyword and the name.
fn head(out: &mut String, comment: &str, keyword: &str, name: &str) {
    out.push_str(if out.is_empty() { "" } else { "\n" });
    documentation(out, comment, "");
    let bare = name.rsplit_once('.').map_or(name, |(_, bare)| bare);
    out.extend([keyword, " ", bare]);
}

fn documentation(out: &mut String, comment: &str, indent: &str) {
    if comment.is_empty() {
        return;
    }
    for line in comment.split('\n') {
        let line = line.trim();
        out.extend([indent, "//", if line.is_empty() { "" } else { " " }, line, "\n"]);
    }
}

/// `{` and members on lines of their own, or `{}`.
fn body<T>(out: &mut String, members: &[T], mut member: impl FnMut(&mut String, usize, &T)) {
    if members.is_empty() {
        out.push_str(" {}\n");
        return;
    }
    out.push_str(" {\n");
    for (i, item) in members.iter().enumerate() {
        member(out, i, item);
    }
    out.push_str("}\n");
}

fn interface(out: &mut String, item: &Interface) {
    head(out, &item.comment, "interface", &item.name);
    body(out, &item.methods, |out, i, method| {
        if i > 0 && !method.comment.is_empty() {
            out.push('\n');
        }
        documentation(out, &method.comment, "    ");
        signature(out, method);
    });
}

fn signature(out: &mut String, method: &Method) {
    out.extend(["    ", &method.name, "("]);
    for (i, parameter) in method.parameters.iter().enumerate() {
        out.push_str(if i > 0 { ", " } else { "" });
        out.extend([&parameter.name, " ", &parameter.ty.to_string()]);
        out.push_str(if parameter.optional { " [optional]" } else { "" });
    }
    out.push(')');
    if let Some(ty) = &method.returns {
        out.extend([" ", &ty.to_string()]);
        out.push_str(if method.returns_optional { " [optional]" } else { "" });
    }
    if !method.raises.is_empty() {
        out.extend([" raises (", &method.raises.join(", "), ")"]);
    }
    out.push('\n');
}

fn structure(out: &mut String, item: &Struct) {
    head(out, &item.comment, "struct", &item.name);
    if let Some(parent) = &item.extends {
        out.extend([" extends ", parent]);
    }
    body(out, &item.fields, |out, _, field| {
        documentation(out, &field.comment, "    ");
        out.extend(["    ", &field.name, " ", &field.ty.to_string()]);
        out.push_str(if field.optional { " [optional]\n" } else { "\n" });
    });
}

fn enumeration(out: &mut String, item: &Enum) {
    head(out, &item.comment, "enum", &item.name);
    body(out, &item.values, |out, _, value| {
        documentation(out, &value.comment, "    ");
        out.extend(["    ", &value.name, "\n"]);
    });
}

fn errors(out: &mut String, items: &[&ErrorDefinition]) {
    out.push_str(if out.is_empty() { "errors" } else { "\nerrors" });
    body(out, items, |out, _, item| {
        documentation(out, &item.comment, "    ");
        let bare = item.name.rsplit('.').next().unwrap_or_default();
        out.push_str(&format!("    {} {bare} \"{}\"\n", item.code, item.message));
    });
}

/// Every namespace once per list, in the order in which the list first names it.
fn spaces(contract: &Contract) -> [Vec<&str>; 4] {
    [List::Interfaces, List::Structs, List::Enums, List::Errors].map(|list| {
        let mut seen = alloc::collections::BTreeSet::new();
        let all = (0..contract.count(list)).map(|i| contract.name_of(list, i).1);
        all.filter(|space| seen.insert(*space)).collect()
    })
}
