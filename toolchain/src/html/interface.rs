//! The page of one interface.

use std::collections::BTreeSet;

use maud::{Markup, html};
use pintle_core::contract::{Definition, Interface, Method, Parameter};

use super::page::{self, Here, heading};
use super::shown::Shown;
use super::site::{ERRORS, Site};
use super::{comment, example, types};
use crate::File;

/// Fields of a parameter's struct that are shown with it; those of a larger one are on its own page only.
const FIELDS: usize = 16;

pub(super) fn page<'a>(site: &Site<'a>, interface: &'a Interface) -> File {
    let content = html! {
        (heading("Interface", &interface.name))
        (comment::whole(site, &interface.comment, &interface.namespace))
        @if interface.methods.is_empty() { p.note { "It has no methods." } }
        @for it in &interface.methods { (method(site, interface, it)) }
    };
    page::page(site, Here::Interface(interface), site.interface_file(interface), &interface.name, content)
}

fn method<'a>(site: &Site<'a>, interface: &'a Interface, method: &'a Method) -> Markup {
    let namespace = &interface.namespace;
    let request = example::request(site, interface, method);
    html! {
        section.split #(method.name) {
            "\n"
            div {
                h2 { a href={ "#" (method.name) } { (method.name) } } "\n"
                p.signature { (signature(site, method, namespace)) } "\n"
                (comment::whole(site, &method.comment, namespace))
                @if !method.parameters.is_empty() {
                    h3 { "Parameters" }
                    dl.members {
                        "\n"
                        @for it in &method.parameters { (parameter(site, method, it, namespace)) }
                    }
                }
                h3 { "Answer" }
                p.answer { (answer(site, method, namespace)) } "\n"
                h3 { "Errors" }
                (errors(site, method, namespace))
            }
            "\n"
            div.examples {
                (example::figure("Request", request.as_ref()))
                (example::figure("Reply", example::reply(site, interface, method).as_ref()))
            }
        }
        "\n"
    }
}

/// The method as the contract writes it.
pub(super) fn signature(site: &Site<'_>, method: &Method, namespace: &str) -> Markup {
    html! {
        code {
            (method.name) "("
            @for (at, parameter) in method.parameters.iter().enumerate() {
                @if at > 0 { ", " }
                (parameter.name) " " (site.ty(&parameter.ty, namespace))
                @if parameter.optional { " [optional]" }
            }
            ")"
            @if let Some(ty) = &method.returns { " " (site.ty(ty, namespace)) }
            @if method.returns_optional { " [optional]" }
        }
    }
}

fn parameter(site: &Site<'_>, method: &Method, parameter: &Parameter, namespace: &str) -> Markup {
    let definition = parameter.ty.name().and_then(|name| site.contract.definition(name, namespace));
    html! {
        div {
            dt #{ (method.name) "." (parameter.name) } {
                a href={ "#" (method.name) "." (parameter.name) } { code { (parameter.name) } } " "
                (site.ty(&parameter.ty, namespace))
                @if parameter.optional { " " span.optional { "optional" } }
            }
            @match definition {
                Some(Definition::Struct(item)) => {
                    @let fields = site.fields(item);
                    dd {
                        (comment::brief(site, &item.comment, &item.namespace))
                        @if (1..=FIELDS).contains(&fields.len()) {
                            details {
                                summary { "Fields of " (item.name) }
                                dl.members {
                                    @for (owner, field) in fields {
                                        div {
                                            dt {
                                                code { (field.name) } " " (site.ty(&field.ty, &owner.namespace))
                                                @if field.optional { " " span.optional { "optional" } }
                                            }
                                            dd { (comment::brief(site, &field.comment, &owner.namespace)) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                },
                Some(Definition::Enum(item)) => dd { (types::one_of(item)) },
                None => dd {},
            }
        }
        "\n"
    }
}

fn answer(site: &Site<'_>, method: &Method, namespace: &str) -> Markup {
    let Some(ty) = &method.returns else { return html! { code.type { "null" } ", always." } };
    html! {
        (site.ty(ty, namespace))
        @if method.returns_optional { " or " code.type { "null" } }
        @if let Some(Definition::Struct(item)) = ty.name().and_then(|name| site.contract.definition(name, namespace)) {
            br;
            (comment::brief(site, &item.comment, &item.namespace))
        }
    }
}

fn errors(site: &Site<'_>, method: &Method, namespace: &str) -> Markup {
    // One error can be written in two ways: with and without its namespace.
    let mut seen = BTreeSet::new();
    let raised = method.raises.iter().filter_map(|name| site.contract.resolve_error(name, namespace));
    let raised: Vec<_> = raised.filter(|error| seen.insert(error.code)).collect();
    html! {
        @if !method.raises.is_empty() {
            dl.members {
                @for error in &raised {
                    div {
                        dt {
                            a href=(site.error_href(error)) { code { (site.error_name(error)) } } " "
                            code.type { (error.code) }
                        }
                        dd { (Shown(&error.message)) }
                    }
                    "\n"
                }
            }
        } @else if site.contract.errors().is_empty() {
            p { "Those of the " a href={ (ERRORS) "#page-protocol" } { "protocol" } "." } "\n"
        } @else {
            p {
                "It declares none of its own: any " a href=(ERRORS) { "error of the contract" } " may be the answer."
            }
            "\n"
        }
    }
}
