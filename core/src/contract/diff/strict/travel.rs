//! Who gives a value, who takes it, and whether its type is good for both.

use alloc::{format, string::String};

use super::{Severity, Side};
use crate::contract::{Definition, Type};

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Travel {
    /// The client gives, the server takes.
    Sent,
    /// The other way round.
    Returned,
}

impl Travel {
    /// Who gives, and who takes.
    pub(super) fn ends(self) -> (&'static str, &'static str) {
        match self {
            Travel::Sent => ("client", "server"),
            Travel::Returned => ("server", "client"),
        }
    }

    pub(super) fn given_and_taken<T>(self, client: T, server: T) -> (T, T) {
        match self {
            Travel::Sent => (client, server),
            Travel::Returned => (server, client),
        }
    }
}

/// How a type of the client and one of the server do not fit; `None` if they do.
pub(super) fn fits<'a>(
    client: &Side<'a>,
    own: &'a Type,
    server: &Side<'a>,
    other: &'a Type,
    travel: Travel,
) -> Option<(Severity, String)> {
    if client.same(own, server, other) {
        return None;
    }
    let ((side, given), (_, taken)) = travel.given_and_taken((client, own), (server, other));
    let (mut a, mut b) = (given, taken);
    while let (Type::Array(x), Type::Array(y)) | (Type::Map(x), Type::Map(y)) = (a, b) {
        (a, b) = (x, y);
    }
    let is_enum = |name| matches!(side.contract.definition(name, side.namespace), Some(Definition::Enum(_)));
    let wider = match (a, b) {
        (Type::Int, Type::Float) => true,
        (Type::Named(name), Type::String) => is_enum(name),
        _ => false,
    };
    let (giver, taker) = travel.ends();
    let why = format!("the {giver} gives {given}, the {taker} takes {taken}");
    Some((if wider { Severity::Info } else { Severity::Error }, why))
}
