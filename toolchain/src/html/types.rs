//! The page of one namespace's structs and enums.

use maud::{Markup, html};
use pintle_core::contract::{Enum, Field, Struct};

use super::page::{self, Here, heading, uses};
use super::site::{Site, bare};
use super::{comment, example};
use crate::File;

/// Values of an enum that are named where it is used.
const VALUES: usize = 12;

pub(super) fn page(site: &Site<'_>, namespace: &str) -> File {
    let name = site.namespace_title(namespace);
    let content = html! {
        (heading("Types", name))
        @for item in structs(site, namespace) { (record(site, item)) }
        @for item in enums(site, namespace) { (choice(site, item)) }
    };
    page::page(site, Here::Types(namespace), site.types_file(namespace), &format!("Types of {name}"), content)
}

/// The structs of a namespace, in order of the contract.
pub(super) fn structs<'a>(site: &Site<'a>, namespace: &str) -> impl Iterator<Item = &'a Struct> {
    site.contract.structs().iter().filter(move |item| item.namespace == namespace)
}

/// The enums of a namespace, in order of the contract.
pub(super) fn enums<'a>(site: &Site<'a>, namespace: &str) -> impl Iterator<Item = &'a Enum> {
    site.contract.enums().iter().filter(move |item| item.namespace == namespace)
}

/// The names of both, as the page lists them.
pub(super) fn names<'a>(site: &Site<'a>, namespace: &str) -> impl Iterator<Item = &'a str> {
    let structs = structs(site, namespace).map(|item| item.name.as_str());
    structs.chain(enums(site, namespace).map(|item| item.name.as_str()))
}

fn record(site: &Site<'_>, item: &Struct) -> Markup {
    let name = bare(&item.name);
    let fields = site.fields(item);
    html! {
        section.split #(name) {
            "\n"
            div {
                h2 { small { "struct " } a href={ "#" (name) } { (name) } } "\n"
                @if let Some(parent) = site.contract.parent(item) {
                    p { "Extends " a href=(site.struct_href(parent)) { code { (parent.name) } } "." } "\n"
                }
                (comment::whole(site, &item.comment, &item.namespace))
                @if fields.is_empty() {
                    p.note { "It has no fields." }
                } @else {
                    dl.members {
                        "\n"
                        @for (owner, field) in fields { (member(site, item, owner, field)) }
                    }
                }
                "\n"
                (used_by(site, &item.name))
            }
            @if !fields.is_empty() {
                "\n"
                div.examples { (example::figure("Example", example::record(site, item).as_ref())) }
            }
        }
        "\n"
    }
}

/// A field as `item` has it; `owner` is the struct that declares it.
fn member(site: &Site<'_>, item: &Struct, owner: &Struct, field: &Field) -> Markup {
    let id = format!("{}.{}", bare(&item.name), field.name);
    html! {
        div {
            dt #(id) {
                a href={ "#" (id) } { code { (field.name) } } " " (site.ty(&field.ty, &owner.namespace))
                @if field.optional { " " span.optional { "optional" } }
                @if owner.name != item.name {
                    " " span.note { "from " a href=(site.field_href(owner, field)) { (owner.name) } }
                }
            }
            dd { (comment::whole(site, &field.comment, &owner.namespace)) }
        }
        "\n"
    }
}

fn choice(site: &Site<'_>, item: &Enum) -> Markup {
    let name = bare(&item.name);
    html! {
        section #(name) {
            h2 { small { "enum " } a href={ "#" (name) } { (name) } } "\n"
            (comment::whole(site, &item.comment, &item.namespace))
            @if item.values.is_empty() {
                p.note { "It has no values: nothing is of this type." }
            } @else {
                dl.members {
                    "\n"
                    @for value in &item.values {
                        @let id = format!("{name}.{}", value.name);
                        div {
                            dt #(id) { a href={ "#" (id) } { code { (value.name) } } }
                            dd { (comment::whole(site, &value.comment, &item.namespace)) }
                        }
                        "\n"
                    }
                }
            }
            "\n"
            (used_by(site, &item.name))
        }
        "\n"
    }
}

fn used_by(site: &Site<'_>, name: &str) -> Markup {
    html! {
        @match site.uses(name) {
            Some(all) => {
                (uses("Taken by", &all.taken_by))
                (uses("Returned by", &all.returned_by))
                (uses("Part of", &all.part_of))
                (uses("Extended by", &all.extended_by))
            },
            None => p.uses { "Nothing in the contract uses it." },
        }
    }
}

/// `one of a, b, …`
pub(super) fn one_of(item: &Enum) -> Markup {
    html! {
        (if item.values.is_empty() { "There is no value" } else { "One of " })
        @for (at, value) in item.values.iter().take(VALUES).enumerate() {
            @if at > 0 { ", " }
            code { (value.name) }
        }
        @if item.values.len() > VALUES { ", …" }
    }
}
