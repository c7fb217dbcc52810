//! Parameters: checked, and brought into the order that handlers see.

#[cfg(feature = "index")]
use crate::engine::MethodId;
use crate::engine::{Engine, Method};
use crate::envelope::Params;
use crate::explain::Explain;
#[cfg(feature = "index")]
use crate::index::Index;
use crate::index::Recorder;
use crate::json::scan::{Fault, FaultKind, Surrogates};
use crate::json::text;
use crate::plan::Member;
use crate::problem::Problem;
use crate::validate::{Check, Edits};
use std::ops::Range;

/// Checked parameters: a JSON array by position, `null` for each that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Text {
    /// As they stand in the body.
    Body(Range<usize>),
    /// Rewritten.
    Owned(String),
}

/// Parameters by position that were checked while the envelope was read.
pub(crate) struct Positional {
    pub(crate) end: usize,
    count: usize,
    edits: Edits,
}

impl Positional {
    /// Checks the array at `at`. The fault is not the place of the problem that a caller should be told.
    /// What `record` has of them is there only if handlers get them as they stand in the text.
    pub(crate) fn check(
        engine: &Engine,
        method: &Method,
        text: &str,
        at: usize,
        record: Recorder<'_>,
    ) -> Result<Self, Fault> {
        let mut check = Check::new(&engine.plan, text.as_bytes(), engine.strict).recording(record, at);
        let (end, count) = check.positional(&method.members, at + 1, engine.limits.depth())?;
        let same = count == method.members.len() && !check.is_edited();
        Ok(Positional { end, count, edits: check.finish(same) })
    }

    pub(crate) fn into_text(self, method: &Method, text: &str, range: Range<usize>) -> Text {
        let missing = method.members.len() - self.count;
        if missing == 0 && self.edits.is_empty() {
            return Text::Body(range);
        }
        let mut out = Vec::with_capacity(range.len() + 5 * missing);
        self.edits.apply(text.as_bytes(), range.start..range.end - 1, &mut out);
        for index in self.count..method.members.len() {
            out.extend_from_slice(if index > 0 { b",null" } else { b"null" });
        }
        out.push(b']');
        owned(out)
    }
}

#[cfg(feature = "index")]
impl Engine {
    /// The index of `params` as a handler of `method` is given them: a checked array by position. What it has of a struct
    /// are the parameters. False for other text.
    pub fn index_params(&self, method: MethodId, params: &str, index: &mut Index) -> bool {
        Positional::check(self, self.method(method), params, 0, Recorder::new(index))
            .is_ok_and(|positional| positional.end == params.len() && index.slots().is_some())
    }
}

/// Checks parameters in any form, and what an admission adds to them.
pub(crate) fn check(
    engine: &Engine,
    method: &Method,
    text: &str,
    params: &Params,
    extra: &[(String, String)],
) -> Result<Text, Vec<Problem>> {
    let checked = match params {
        Params::Array(range) if extra.is_empty() => {
            Positional::check(engine, method, text, range.start, Recorder::default())
                .map(|positional| positional.into_text(method, text, range.clone()))
        }
        _ => gather(engine, method, text, params, extra),
    };
    checked.map_err(|_| {
        let mut explain = Explain::new(&engine.plan, text, engine.strict, engine.limits.problems);
        explain.call(&method.members, params, extra, engine.limits.depth());
        explain.into_problems()
    })
}

/// One parameter, before all are written in order.
#[derive(Clone)]
enum Piece {
    Missing,
    Body(Range<usize>),
    Extra(Vec<u8>),
}

/// By name, or from several places: each value is checked where it stands, then all are written in order.
fn gather(
    engine: &Engine,
    method: &Method,
    text: &str,
    params: &Params,
    extra: &[(String, String)],
) -> Result<Text, Fault> {
    let members = &method.members;
    let mut pieces = vec![Piece::Missing; members.len()];
    let mut check = Check::new(&engine.plan, text.as_bytes(), engine.strict);
    let depth = engine.limits.depth();
    let bytes = text.as_bytes();
    match params {
        Params::Absent => {}
        Params::Array(range) | Params::Checked(range) => {
            let mut at = check.space(range.start + 1);
            let mut more = bytes.get(at) != Some(&b']');
            let mut index = 0;
            while more {
                let member = members.get(index).ok_or(refused(at))?;
                let end = value(&mut check, member, at, depth)?;
                place(&mut pieces, index, Piece::Body(at..end))?;
                index += 1;
                (at, more) = check.next(end, b']')?;
            }
        }
        Params::Object(range) => {
            let mut at = check.space(range.start + 1);
            let mut more = bytes.get(at) != Some(&b'}');
            while more {
                let (key_end, start) = check.key(at, Surrogates::Paired)?;
                let key = &bytes[at + 1..key_end - 1];
                let (index, member) = named(members, |name| text::equals(key, name)).ok_or(refused(at))?;
                let end = value(&mut check, member, start, depth)?;
                place(&mut pieces, index, Piece::Body(start..end))?;
                (at, more) = check.next(end, b'}')?;
            }
        }
    }
    let edits = check.into_edits();
    for (name, json) in extra {
        let (index, member) = named(members, |known| known == name.as_bytes()).ok_or(refused(0))?;
        let mut check = Check::new(&engine.plan, json.as_bytes(), engine.strict);
        let start = check.space(0);
        let end = value(&mut check, member, start, depth)?;
        if check.space(end) != json.len() {
            return Err(refused(end));
        }
        let mut piece = Vec::new();
        check.into_edits().apply(json.as_bytes(), start..end, &mut piece);
        place(&mut pieces, index, Piece::Extra(piece))?;
    }
    let size = match params {
        Params::Absent => 0,
        Params::Array(range) | Params::Object(range) | Params::Checked(range) => range.len(),
    };
    let mut out = Vec::with_capacity(size + 5 * members.len());
    out.push(b'[');
    for (index, (piece, member)) in pieces.iter().zip(members).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        match piece {
            Piece::Body(range) => edits.apply(bytes, range.clone(), &mut out),
            Piece::Extra(value) => out.extend_from_slice(value),
            Piece::Missing if member.optional => out.extend_from_slice(b"null"),
            Piece::Missing => return Err(refused(0)),
        }
    }
    out.push(b']');
    Ok(owned(out))
}

/// The value of `member` at `at`: where it ends. [`Check::optional`] is large where it stands, and here it would thrice.
#[inline(never)]
fn value(check: &mut Check<'_>, member: &Member, at: usize, depth: usize) -> Result<usize, Fault> {
    check.optional(member.kind, member.optional, at, depth)
}

const fn refused(at: usize) -> Fault {
    Fault::new(FaultKind::Type, at)
}

fn named(members: &[Member], is: impl Fn(&[u8]) -> bool) -> Option<(usize, &Member)> {
    members.iter().enumerate().find(|(_, member)| is(member.token.name().as_bytes()))
}

/// Each parameter comes once.
fn place(pieces: &mut [Piece], index: usize, piece: Piece) -> Result<(), Fault> {
    match pieces.get_mut(index) {
        Some(free @ Piece::Missing) => {
            *free = piece;
            Ok(())
        }
        _ => Err(refused(0)),
    }
}

/// Pieces of checked text are UTF-8, and so is what is written between them.
fn owned(bytes: Vec<u8>) -> Text {
    Text::Owned(String::from_utf8(bytes).unwrap_or_default())
}
