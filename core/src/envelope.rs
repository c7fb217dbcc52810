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
    check: &mut dyn FnMut(&Range<usize>, usize) -> Option<usize>,
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
    // As almost all writers write them.
    if let Some((member, end)) = usual(text.get(at..).unwrap_or_default()) {
        return Ok((Some(member), space(text, at + end)));
    }
    let (key_end, value) = scan::key(text, at, Surrogates::Paired)?;
    let key = &text[at + 1..key_end - 1];
    Ok((MEMBERS.iter().position(|name| text::equals(key, name.as_bytes())), value))
}

/// The member whose key, without white space and escapes, `rest` begins with, and the bytes up to behind its colon. Compared
/// as words: a comparison of bytes is a call for each.
#[inline(always)]
fn usual(rest: &[u8]) -> Option<(usize, usize)> {
    const JSONRPC: u64 = u64::from_le_bytes(*b"\"jsonrpc");
    const METHOD: u64 = u64::from_le_bytes(*b"\"method\"");
    const PARAMS: u64 = u64::from_le_bytes(*b"\"params\"");
    const ID: u32 = u32::from_le_bytes(*b"\"id\"");

    let colon = |at: usize| rest.get(at) == Some(&b':');
    if u32::from_le_bytes(*rest.first_chunk()?) == ID {
        return colon(4).then_some((1, 5));
    }
    match u64::from_le_bytes(*rest.first_chunk()?) {
        JSONRPC if rest.get(8) == Some(&b'"') && colon(9) => Some((0, 10)),
        METHOD if colon(8) => Some((2, 9)),
        PARAMS if colon(8) => Some((3, 9)),
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Entry, usize), FaultKind> {
        entry(text.as_bytes(), 0, &Limits { depth: 2, id: 4, ..Limits::default() }, &mut |_, _| None)
            .map_err(|fault| fault.kind())
    }

    fn rejection(text: &str) -> Option<Rejection> {
        read(text).expect("readable").0.method.err()
    }

    #[test]
    fn members_come_in_any_order_and_any_spelling() {
        let text = r#"{ "p\u0061rams" : {"a":1} , "other" : [ ] , "id" : -1e1 , "jsonrpc" : "2\u002e0" , "method":"m"}"#;
        let (entry, end) = read(text).expect("readable");
        assert_eq!(end, text.len());
        assert_eq!(entry.method.map(|range| &text[range]), Ok("m"));
        let Id::Text(id) = entry.id else { panic!("an id") };
        assert_eq!(&text[id], "-1e1");
        let Params::Object(params) = entry.params else { panic!("an object") };
        assert_eq!(&text[params], r#"{"a":1}"#);
    }

    #[test]
    fn what_is_no_request_is_rejected_with_a_reason() {
        for (text, expected) in [
            ("7", Rejection::NotAnObject),
            ("{}", Rejection::Version),
            (r#"{"jsonrpc":"2.0"}"#, Rejection::Method),
            (r#"{"jsonrpc":"2.0","method":1}"#, Rejection::Method),
            (r#"{"jsonrpc":2.0,"method":"m"}"#, Rejection::Version),
            (r#"{"jsonrpc":"2.0","method":"m","params":"x"}"#, Rejection::ParamsKind),
            (r#"{"jsonrpc":"2.0","method":"m","id":[]}"#, Rejection::IdKind),
            (r#"{"jsonrpc":"2.0","method":"m","id":true}"#, Rejection::IdKind),
            (r#"{"jsonrpc":"2.0","method":"m","id":12345}"#, Rejection::IdTooLarge { limit: 4 }),
            (r#"{"jsonrpc":"2.0","method":"m","id":1,"id":1}"#, Rejection::Twice("id")),
            (r#"{"jsonrpc":"2.0","method":"m","params":[],"params":[]}"#, Rejection::Twice("params")),
        ] {
            assert_eq!(rejection(text), Some(expected), "{text}");
        }
        assert_eq!(rejection(r#"{"jsonrpc":"2.0","method":"m","id":1234}"#), None);
    }

    #[test]
    fn an_id_that_comes_twice_is_not_echoed() {
        let (entry, _) = read(r#"{"jsonrpc":"2.0","method":"m","id":1,"id":1}"#).expect("readable");
        assert_eq!(entry.id, Id::Unusable);
        let (entry, _) = read(r#"{"id":1,"method":"m","method":"m"}"#).expect("readable");
        assert!(matches!(entry.id, Id::Text(_)));
    }

    #[test]
    fn parameters_have_a_level_of_their_own_and_surrogates_are_theirs_to_judge() {
        let with = |member: &str| format!(r#"{{"jsonrpc":"2.0","method":"m",{member}}}"#);
        for (member, expected) in [
            (r#""params":[[[]]]"#, Ok(())),
            (r#""params":{"a":[[]]}"#, Ok(())),
            (r#""params":[[[[]]]]"#, Err(FaultKind::Depth)),
            (r#""other":[[]]"#, Ok(())),
            (r#""other":[[[]]]"#, Err(FaultKind::Depth)),
            (r#""params":["\ud800"]"#, Ok(())),
            (r#""other":"\ud800""#, Err(FaultKind::Surrogate)),
            (r#""id":"\ud800""#, Err(FaultKind::Surrogate)),
            (r#""params":[1"#, Err(FaultKind::Syntax)),
        ] {
            assert_eq!(read(&with(member)).map(drop), expected, "{member}");
        }
    }

    #[test]
    fn parameters_are_offered_once_the_method_is_known() {
        let offered = |text: &str| {
            let mut offered = None;
            let limits = Limits::default();
            let (entry, _) = entry(text.as_bytes(), 0, &limits, &mut |method, at| {
                offered = Some((text[method.clone()].to_owned(), at));
                Some(at + 3)
            })
            .expect("readable");
            assert_eq!(matches!(entry.params, Params::Checked(_)), offered.is_some());
            offered
        };
        assert_eq!(offered(r#"{"method":"m","params":[1],"id":1}"#), Some(("m".into(), 23)));
        assert_eq!(offered(r#"{"params":[1],"method":"m","id":1}"#), None);
        assert_eq!(offered(r#"{"method":"m","params":{},"id":1}"#), None);
        assert_eq!(offered(r#"{"method":"m","id":[],"params":[1]}"#), None, "no request any more");
    }
}
