//! The page of errors: those of the contract, then those that every server of the protocol may answer.

use maud::{Markup, html};
use pintle_core::Code;
use pintle_core::contract::ErrorDefinition;

use super::page::{self, Here, heading, uses};
use super::shown::Shown;
use super::site::{ERRORS, Site};
use super::{comment, example};
use crate::File;

pub(super) fn page(site: &Site<'_>) -> File {
    let errors = site.contract.errors();
    let (code, message) = match errors.first() {
        Some(error) => (error.code.to_string(), error.message.as_str()),
        None => (Code::InvalidParams.number().to_string(), Code::InvalidParams.message()),
    };
    let content = html! {
        (heading("Reference", "Errors"))
        section.split {
            div {
                p {
                    "A call that fails is answered with an " code { "error" } " instead of a " code { "result" }
                    ": a code that a program can tell apart, a message for a person, and sometimes "
                    code { "data" } "."
                }
                h2 #page-declared { a href="#page-declared" { "Of this contract" } }
                @if errors.is_empty() {
                    p { "It declares none." }
                } @else {
                    dl.members { "\n" @for error in errors { (declared(site, error)) } }
                }
            }
            div.examples { (example::figure("Reply", Some(&example::failure(&code, message)))) }
        }
        "\n"
        section {
            h2 #page-protocol { a href="#page-protocol" { "Of the protocol" } }
            p { "Every method may answer with these." }
            dl.members {
                "\n"
                @for code in Code::ALL {
                    div {
                        dt { code { (code.number()) } " " (code.message()) }
                        dd { (meaning(*code)) }
                    }
                    "\n"
                }
            }
        }
    };
    page::page(site, Here::Errors, ERRORS, "Errors", content)
}

fn declared(site: &Site<'_>, error: &ErrorDefinition) -> Markup {
    let name = site.error_name(error);
    html! {
        div {
            dt #(name) {
                a href={ "#" (name) } { code { (name) } } " " code.type #{ "code-" (error.code) } { (error.code) }
                " " (Shown(&error.message))
            }
            dd {
                (comment::whole(site, &error.comment, &error.namespace))
                @if let Some(all) = site.uses(&error.name) { (uses("Raised by", &all.raised_by)) }
            }
        }
        "\n"
    }
}

fn meaning(code: Code) -> &'static str {
    match code {
        Code::ParseError => "The request is not JSON.",
        Code::InvalidRequest => "The request is JSON, but not a call.",
        Code::MethodNotFound => "There is no such method, or nothing serves its interface.",
        Code::InvalidParams => {
            "The parameters are not those of the method. data.problems lists the path, what was expected and what came."
        }
        Code::InternalError => "The server failed, or its result was not of the method's type.",
        Code::PluginFailed => "The part of the server that answers this method failed.",
        Code::DeadlineExceeded => "The call took longer than the server allows.",
        Code::Cancelled => "The call was given up, or the server is shutting down.",
        Code::Overloaded => "The server has too much to do. data.retryAfterMs says when to try again.",
        Code::TooLarge => "The request, or its reply, is larger than the server allows.",
        Code::Unauthorized => "The server does not let this caller call.",
    }
}
