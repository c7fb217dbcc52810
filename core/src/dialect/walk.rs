//! Lists and objects, walked where they stand.

use crate::json::scan::{self, Fault, FaultKind, Surrogates, space};
use crate::json::text;
use std::ops::Range;

/// Reads the list at `at`: `element` gets the number and the position of each, and answers where it ends. Answers the
/// position behind the list.
pub(super) fn elements<E: From<Fault>>(
    json: &[u8],
    at: usize,
    mut element: impl FnMut(usize, usize) -> Result<usize, E>,
) -> Result<usize, E> {
    let mut at = space(json, scan::byte(json, at, b'[')?);
    let mut more = json.get(at) != Some(&b']');
    if !more {
        at += 1;
    }
    let mut index = 0;
    while more {
        let end = element(index, at)?;
        (at, more) = scan::next(json, end, b']')?;
        index += 1;
    }
    Ok(at)
}

/// Reads the object at `at`: `member` gets the raw text of each key, as a range, and the position of its value, and
/// answers where that ends. Answers the position behind the object.
///
/// Halves of surrogate pairs are let through: whether they may stand here is for the exchange to say.
pub(super) fn members<E: From<Fault>>(
    json: &[u8],
    at: usize,
    mut member: impl FnMut(Range<usize>, usize) -> Result<usize, E>,
) -> Result<usize, E> {
    let mut at = space(json, scan::byte(json, at, b'{')?);
    let mut more = json.get(at) != Some(&b'}');
    if !more {
        at += 1;
    }
    while more {
        let (key_end, value) = scan::key(json, at, Surrogates::Any)?;
        let end = member(at + 1..key_end - 1, value)?;
        (at, more) = scan::next(json, end, b'}')?;
    }
    Ok(at)
}

/// Where each of the members asked for has its value.
pub(super) type Found<const N: usize> = [Option<Range<usize>>; N];

/// Reads the object at `at` for the members called `names`, none of which may come twice, with `value` to read the
/// values. Answers their ranges and the position behind the object.
pub(super) fn named<const N: usize>(
    json: &[u8],
    at: usize,
    names: [&str; N],
    mut value: impl FnMut(usize) -> Result<usize, Fault>,
) -> Result<(Found<N>, usize), Fault> {
    let mut found = [const { None }; N];
    let end = members(json, at, |key, at| {
        let end = value(at)?;
        if let Some(index) = names.iter().position(|name| text::equals(&json[key.clone()], name.as_bytes()))
            && found[index].replace(at..end).is_some()
        {
            return Err(Fault::new(FaultKind::Type, key.start));
        }
        Ok(end)
    })?;
    Ok((found, end))
}

/// Any value at `at`: where it ends.
pub(super) fn skip(json: &[u8], at: usize) -> Result<usize, Fault> {
    scan::value(json, at, scan::MAX_DEPTH, Surrogates::Any)
}
