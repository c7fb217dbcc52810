//! What the search looks through: a script, because pages on a disk may not fetch.

use super::comment::summary;
use super::shown::{json_string, visible};
use super::site::{ERRORS, Site, bare};
use super::types;
use crate::File;

const START: &str = "/** @type {[page: string, owner: string, [kind: string, anchor: string, summary: string][]][]} */\n\
                     const searchIndex = [\n";

/// `const searchIndex = [[page, owner, [[kind, anchor, summary], …]], …]`, an entry per line. What an entry is called is its
/// anchor, with the owner before it; the entry without an anchor is the owner itself.
pub(super) fn index(site: &Site<'_>) -> File {
    let contract = site.contract;
    let mut index = Index { out: START.to_owned() };
    for interface in contract.interfaces() {
        index.page(site.interface_file(interface), &interface.name);
        index.entry("interface", "", &interface.comment);
        for method in &interface.methods {
            index.entry("method", &method.name, &method.comment);
        }
        index.end();
    }
    for namespace in site.namespaces() {
        index
            .page(site.types_file(namespace), if namespace == contract.namespace() { "" } else { namespace });
        for item in types::structs(site, namespace) {
            index.entry("struct", bare(&item.name), &item.comment);
            for field in &item.fields {
                index.entry("field", &format!("{}.{}", bare(&item.name), field.name), &field.comment);
            }
        }
        for item in types::enums(site, namespace) {
            index.entry("enum", bare(&item.name), &item.comment);
            for value in &item.values {
                index.entry("value", &format!("{}.{}", bare(&item.name), value.name), &value.comment);
            }
        }
        index.end();
    }
    index.page(ERRORS, "");
    for error in contract.errors() {
        let text = format!("{} {}", error.code, error.message);
        index.entry("error", site.error_name(error), &text);
    }
    index.end();
    index.out.push_str("];\n");
    File::new("search-index.js", index.out)
}

struct Index {
    out: String,
}

impl Index {
    /// Opens a page; `owner` is what the names of its entries belong to.
    fn page(&mut self, file: &str, owner: &str) {
        self.out += &format!("[{},{},[\n", json_string(file), json_string(owner));
    }

    fn entry(&mut self, kind: &str, anchor: &str, text: &str) {
        let text = json_string(&visible(&summary(text)));
        self.out += &format!("[{},{},{text}],\n", json_string(kind), json_string(anchor));
    }

    fn end(&mut self) {
        self.out.push_str("]],\n");
    }
}
