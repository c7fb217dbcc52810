//! What stands around the content of every page.

use std::slice;

use maud::{DOCTYPE, Markup, html};
use pintle_core::contract::Interface;

use super::site::{ERRORS, OVERVIEW, Site, Use, bare};
use super::types;
use crate::File;

/// Nothing but the files beside the page. Browsers disagree on whether a page on a disk is its own origin (`'self'`).
const POLICY: &str = "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src data:; \
                      base-uri 'none'; form-action 'none'";

/// A mark in the accent's colour, so that browsers do not ask for one.
const ICON: &str = "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%2016%2016'%3E\
                    %3Crect%20width='16'%20height='16'%20rx='4'%20fill='%233b5bdb'/%3E\
                    %3Cpath%20d='M4%205h8M4%208h5M4%2011h7'%20stroke='white'%20stroke-width='1.6'/%3E%3C/svg%3E";

/// Interfaces, or namespaces, that every page lists. More are left to the overview: the list would outgrow the pages.
const LISTED: usize = 200;

/// Uses that are shown at once; more are unfolded.
const SHORT: usize = 8;

/// Which page it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Here<'a> {
    Overview,
    Interface(&'a Interface),
    /// Of this namespace.
    Types(&'a str),
    Errors,
}

/// The file `path` with `content` as its main part.
pub(super) fn page(site: &Site<'_>, here: Here<'_>, path: &str, title: &str, content: Markup) -> File {
    let whole = match here {
        Here::Overview => format!("{} API reference", site.title()),
        _ => format!("{title} · {} API reference", site.title()),
    };
    let page = html! {
        (DOCTYPE) "\n"
        html lang="en" {
            "\n"
            head {
                "\n"
                meta charset="utf-8"; "\n"
                meta http-equiv="Content-Security-Policy" content=(POLICY); "\n"
                meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
                meta name="color-scheme" content="light dark"; "\n"
                title { (whole) } "\n"
                link rel="icon" href=(ICON); "\n"
                link rel="stylesheet" href="style.css"; "\n"
                script src="script.js" {} "\n"
            }
            "\n"
            body {
                "\n"
                a.skip href="#page-main" { "Skip to content" } "\n"
                header.top {
                    a.brand href=(OVERVIEW) { (site.title()) small { "API reference" } } "\n"
                    form #search-form role="search" hidden {
                        input #search-input type="search" placeholder="Search" aria-label="Search the reference"
                            aria-keyshortcuts="/" autocomplete="off" spellcheck="false";
                        kbd aria-hidden="true" { "/" }
                        div #search-panel hidden {
                            p #search-status role="status" {}
                            ul #search-results {}
                        }
                    }
                    "\n"
                    button #theme-button type="button" aria-label="Switch between light and dark" hidden { "◐" } "\n"
                    a.contents href="#page-nav" { "Menu" }
                }
                "\n"
                div.frame {
                    "\n"
                    nav #page-nav aria-label="Contents" { (contents(site, here)) }
                    "\n"
                    main #page-main { "\n" (content) }
                    "\n"
                    footer {
                        p { "Fingerprint " code { (site.fingerprint) } }
                        p { "Checksum " code { (site.checksum) } }
                    }
                    "\n"
                }
                "\n"
            }
        }
        "\n"
    };
    File::new(path, page.into_string())
}

fn contents(site: &Site<'_>, here: Here<'_>) -> Markup {
    let interfaces = match (site.contract.interfaces(), here) {
        (all, _) if all.len() <= LISTED => all,
        (_, Here::Interface(current)) => slice::from_ref(current),
        _ => &[],
    };
    let namespaces = site.namespaces().count();
    html! {
        a.close href="#page-main" { "Close" }
        (entry(OVERVIEW, "Overview", here == Here::Overview))
        @if !site.contract.interfaces().is_empty() {
            h2 { a href={ (OVERVIEW) "#page-interfaces" } { "Interfaces" } }
            ul {
                @for it in interfaces {
                    @let current = matches!(here, Here::Interface(here) if here.name == it.name);
                    li {
                        (entry(site.interface_file(it), &it.name, current))
                        @if current && !it.methods.is_empty() {
                            ul {
                                @for method in &it.methods {
                                    li { a href={ "#" (method.name) } { (method.name) } }
                                }
                            }
                        }
                    }
                    "\n"
                }
            }
        }
        @if namespaces > 0 {
            h2 { a href={ (OVERVIEW) "#page-types" } { "Types" } }
            ul {
                @for namespace in site.namespaces() {
                    @let current = here == Here::Types(namespace);
                    @if current || namespaces <= LISTED {
                        li {
                            (entry(site.types_file(namespace), site.namespace_title(namespace), current))
                            @if current {
                                ul {
                                    @for name in types::names(site, namespace) {
                                        li { a href={ "#" (bare(name)) } { (bare(name)) } }
                                    }
                                }
                            }
                        }
                        "\n"
                    }
                }
            }
        }
        h2 { a href=(ERRORS) aria-current=[(here == Here::Errors).then_some("page")] { "Errors" } }
    }
}

fn entry(href: &str, name: &str, current: bool) -> Markup {
    html! { a href=(href) aria-current=[current.then_some("page")] { (name) } }
}

/// What kind of thing the page is about, and its name.
pub(super) fn heading(kind: &str, name: &str) -> Markup {
    html! { p.kind { (kind) } h1 { (name) } "\n" }
}

/// A line of links under a word; many are folded.
pub(super) fn uses(word: &str, uses: &[Use]) -> Markup {
    let links = html! {
        @for (at, by) in uses.iter().enumerate() {
            @if at > 0 { ", " }
            a href=(by.href) { code { (by.name) } }
        }
    };
    html! {
        @if uses.len() > SHORT {
            details.uses { summary { (word) " " (uses.len()) } p { (links) } } "\n"
        } @else if !uses.is_empty() {
            p.uses { (word) " " (links) } "\n"
        }
    }
}
