//! The first page: everything by name, and how to read the rest.

use maud::{Markup, html};
use pintle_core::contract::Interface;

use super::page::{self, Here, heading};
use super::site::{ERRORS, OVERVIEW, Site, bare};
use super::{comment, types};
use crate::File;

pub(super) fn page(site: &Site<'_>) -> File {
    let contract = site.contract;
    let content = html! {
        (heading("API reference", site.title()))
        (counts(site))
        @if !contract.interfaces().is_empty() {
            section #page-interfaces {
                h2 { a href="#page-interfaces" { "Interfaces" } } "\n"
                @for it in contract.interfaces() { (interface(site, it)) }
            }
            "\n"
        }
        @if site.namespaces().next().is_some() {
            section #page-types {
                h2 { a href="#page-types" { "Types" } } "\n"
                @for namespace in site.namespaces() { (namespace_list(site, namespace)) }
            }
            "\n"
        }
        (calling())
    };
    page::page(site, Here::Overview, OVERVIEW, site.title(), content)
}

fn counts(site: &Site<'_>) -> Markup {
    let contract = site.contract;
    let methods = contract.interfaces().iter().map(|interface| interface.methods.len()).sum();
    let types = contract.structs().len() + contract.enums().len();
    let count = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    html! {
        p.note {
            (count(contract.interfaces().len(), "interface")) " · " (count(methods, "method")) " · "
            (count(types, "type")) " · " a href=(ERRORS) { (count(contract.errors().len(), "error")) }
        }
        "\n"
    }
}

fn interface(site: &Site<'_>, interface: &Interface) -> Markup {
    html! {
        h3 { a href=(site.interface_file(interface)) { (interface.name) } } "\n"
        p { (comment::brief(site, &interface.comment, &interface.namespace)) }
        dl.index {
            "\n"
            @for method in &interface.methods {
                div {
                    dt { a href=(site.method_href(interface, &method.name)) { code { (method.name) } } }
                    dd { (comment::brief(site, &method.comment, &interface.namespace)) }
                }
                "\n"
            }
        }
        "\n"
    }
}

fn namespace_list(site: &Site<'_>, namespace: &str) -> Markup {
    let file = site.types_file(namespace);
    let structs = types::structs(site, namespace).map(|item| (&item.name, &item.comment));
    let enums = types::enums(site, namespace).map(|item| (&item.name, &item.comment));
    html! {
        @if namespace != site.contract.namespace() { h3 { a href=(file) { (site.namespace_title(namespace)) } } }
        dl.index {
            "\n"
            @for (name, comment) in structs.chain(enums) {
                div {
                    dt { a href={ (file) "#" (bare(name)) } { code { (bare(name)) } } }
                    dd { (comment::brief(site, comment, namespace)) }
                }
                "\n"
            }
        }
        "\n"
    }
}

/// How to call, and how types are written.
fn calling() -> Markup {
    let types = [
        ("string", "Text."),
        ("int", "A whole number from −2⁶³ to 2⁶³−1. Languages whose numbers are floats are exact to 2⁵³."),
        ("float", "A finite number of 64 bits."),
        ("bool", "true or false."),
        ("[]T", "A list; each item is a T."),
        ("map[string]T", "An object with keys of any text; each value is a T."),
    ];
    html! {
        section #page-calling {
            h2 { a href="#page-calling" { "Calling" } } "\n"
            p {
                "Calls are JSON-RPC 2.0. " code { "method" } " is the interface and the method, "
                code { "Interface.method" } ", unless the server mounts the interface under another name. "
                code { "params" } " is a list by position, as in the examples, or an object by name. "
                "A call without an " code { "id" } " is a notification: it runs and is not answered."
            }
            "\n"
            p {
                "Everything is required that is not marked " span.optional { "optional" } "; what is optional may be "
                "left out or " code { "null" } ". Fields that a struct does not name are let through unless "
                "the server is strict."
            }
            "\n"
            dl.index {
                "\n"
                @for (ty, meaning) in types { div { dt { code.type { (ty) } } dd { (meaning) } } "\n" }
            }
        }
        "\n"
    }
}
