//! The envelope: what of a body is method, parameters and id. JSON-RPC 2.0, sections 4 and 6.

use crate::error::Rejection;
use crate::json::{
    scan::{self, Fault, FaultKind, Surrogates, space},
    text,
};
use crate::limits::Limits;
use std::ops::Range;

/// One element of a body.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) id: Id,
    /// The method's name, or why this is no request.
    pub(crate) method: Result<Range<usize>, Rejection>,
    pub(crate) params: Params,
}

/// The id as written; it is echoed byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Id {
    /// No such member: a notification, if the rest is well-formed.
    Absent,
    /// A string, number or null.
    Text(Range<usize>),
    /// Nothing that could be echoed: `null` is.
    Unusable,
}

/// The parameters as they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Params {
    Absent,
    Array(Range<usize>),
    Object(Range<usize>),
    /// An array that the reader given to [`entry`] has checked.
    Checked(Range<usize>),
}

const MEMBERS: [&str; 4] = ["jsonrpc", "id", "method", "params"];

/// Reads the element at `at`; answers it and the position behind it.
///
/// `check` is offered the parameters where they stand if the method is known by then, and answers the
/// position behind them if they are all they must be: a valid call is then read once.
pub(crate) fn entry(
    text: &[u8],
    at: usize,
    limits: &Limits,
    mut check: impl FnMut(&Range<usize>, usize) -> Option<usize>,
) -> Result<(Entry, usize), Fault> {
    let depth = limits.depth();
    let mut entry = Entry { id: Id::Absent, method: Err(Rejection::Method), params: Params::Absent };
    if text.get(at) != Some(&b'{') {
        entry.method = Err(Rejection::NotAnObject);
        return Ok((entry, scan::value(text, at, depth, Surrogates::Paired)?));
    }
    let mut seen = [false; MEMBERS.len()];
    let mut version = false;
    let mut wrong = None;
    let mut at = space(text, at + 1);
    let mut more = text.get(at) != Some(&b'}');
    if !more {
        at += 1;
    }
    while more {
        let (member, value) = member(text, at)?;
        if let Some(member) = member
            && std::mem::replace(&mut seen[member], true)
        {
            wrong = wrong.or(Some(Rejection::Twice(MEMBERS[member])));
            if member == 1 {
                entry.id = Id::Unusable;
            }
            at = scan::value(
                text,
                value,
                depth + 1,
                if member == 3 { Surrogates::Any } else { Surrogates::Paired },
            )?;
        } else if member == Some(3) {
            at = match text.get(value) {
                Some(b'[') => {
                    let known = match (&entry.method, &wrong) {
                        (Ok(method), None) => check(method, value),
                        _ => None,
                    };
                    match known {
                        Some(end) => {
                            entry.params = Params::Checked(value..end);
                            end
                        }
                        None => {
                            let end = scan::value(text, value, depth + 1, Surrogates::Any)?;
                            entry.params = Params::Array(value..end);
                            end
                        }
                    }
                }
                Some(b'{') => {
                    let end = scan::value(text, value, depth + 1, Surrogates::Any)?;
                    entry.params = Params::Object(value..end);
                    end
                }
                Some(b'n') => scan::literal(text, value, b"null")?,
                _ => {
                    wrong = wrong.or(Some(Rejection::ParamsKind));
                    scan::value(text, value, depth, Surrogates::Any)?
                }
            };
        } else {
            let end = scan::value(text, value, depth, Surrogates::Paired)?;
            let quoted = text.get(value) == Some(&b'"');
            match member {
                Some(0) => version = quoted && text::equals(&text[value + 1..end - 1], b"2.0"),
                Some(1) => match text.get(value) {
                    Some(b'"' | b'n' | b'-' | b'0'..=b'9') if end - value <= limits.id => {
                        entry.id = Id::Text(value..end);
                    }
                    Some(b'"' | b'n' | b'-' | b'0'..=b'9') => {
                        entry.id = Id::Unusable;
                        wrong = wrong.or(Some(Rejection::IdTooLarge { limit: limits.id }));
                    }
                    _ => {
                        entry.id = Id::Unusable;
                        wrong = wrong.or(Some(Rejection::IdKind));
                    }
                },
                Some(_) if quoted => entry.method = Ok(value + 1..end - 1),
                _ => {}
            }
            at = end;
        }
        (at, more) = scan::next(text, at, b'}')?;
    }
    if !version {
        wrong = wrong.or(Some(Rejection::Version));
    }
    if let Some(wrong) = wrong {
        entry.method = Err(wrong);
    }
    Ok((entry, at))
}

/// The member whose key is at `at`: its index in [`MEMBERS`], and where its value begins.
#[inline(always)]
fn member(text: &[u8], at: usize) -> Result<(Option<usize>, usize), Fault> {
    // As almost all writers write them; each is compared as a word or two.
    const USUAL: [&[u8]; MEMBERS.len()] = [b"\"jsonrpc\":", b"\"id\":", b"\"method\":", b"\"params\":"];
    let rest = text.get(at..).unwrap_or_default();
    if let Some(member) = USUAL.iter().position(|usual| rest.starts_with(usual)) {
        return Ok((Some(member), space(text, at + USUAL[member].len())));
    }
    let (key_end, value) = scan::key(text, at, Surrogates::Paired)?;
    let key = &text[at + 1..key_end - 1];
    Ok((MEMBERS.iter().position(|name| text::equals(key, name.as_bytes())), value))
}

impl From<(Fault, &Limits)> for Rejection {
    /// A fault outside of the parameters makes the whole body unreadable.
    fn from((fault, limits): (Fault, &Limits)) -> Self {
        let at = fault.at();
        match fault.kind() {
            FaultKind::Depth => Rejection::TooDeep { limit: limits.depth() },
            FaultKind::Surrogate => Rejection::UnpairedSurrogate { at },
            FaultKind::Syntax | FaultKind::Type => Rejection::NotJson { at },
        }
    }
}
