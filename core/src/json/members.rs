//! The members of one object, picked by name.

use super::scan::{self, Surrogates, space};
use super::text;
use std::ops::Range;

/// What becomes of members that nobody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// There may be none.
    Refused,
    /// They are read and forgotten.
    Ignored,
}

/// The values of the members called `names` in the object at `at`, behind white space or not, and where it ends. `None` if
/// it is no object, one of them comes twice, or a value is nested deeper than `depth`.
pub(crate) fn members<const N: usize>(
    json: &[u8],
    at: usize,
    names: [&str; N],
    others: Others,
    depth: usize,
) -> Option<([Option<Range<usize>>; N], usize)> {
    let mut found = [const { None }; N];
    let mut at = space(json, scan::byte(json, space(json, at), b'{').ok()?);
    let mut more = json.get(at) != Some(&b'}');
    let mut end = at + 1;
    while more {
        let (key_end, value) = scan::key(json, at, Surrogates::Any).ok()?;
        let key = &json[at + 1..key_end - 1];
        let index = names.iter().position(|name| text::equals(key, name.as_bytes()));
        let value_end = scan::value(json, value, depth.min(scan::MAX_DEPTH), Surrogates::Any).ok()?;
        match index.and_then(|index| found.get_mut(index)) {
            Some(free @ None) => *free = Some(value..value_end),
            None if others == Others::Ignored => {}
            _ => return None,
        }
        (at, more) = scan::next(json, value_end, b'}').ok()?;
        end = at;
    }
    Some((found, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_name_once_and_in_any_order() {
        let found = |text: &str, others| {
            let (found, end) = members(text.as_bytes(), 0, ["a", "b"], others, 2)?;
            let text =
                |range: &Option<Range<usize>>| range.clone().map_or("-", |range| &text[range]).to_owned();
            Some((found.each_ref().map(text), end))
        };
        let is = |a: &str, b: &str, end| Some(([a.to_owned(), b.to_owned()], end));
        assert_eq!(found(" { } ", Others::Refused), is("-", "-", 4));
        assert_eq!(found(r#"{"b":[1],"\u0061":"x"},"#, Others::Refused), is("\"x\"", "[1]", 22));
        assert_eq!(found(r#"{"c":1,"a":2,"c":3}"#, Others::Ignored), is("2", "-", 19));
        assert_eq!(found(r#"{"c":1,"a":2}"#, Others::Refused), None);
        for text in ["", "1", "[]", "{", r#"{"a":1,"a":1}"#, r#"{"a":[[[]]]}"#, r#"{"a":1,}"#, r#"{"a"}"#] {
            assert_eq!(found(text, Others::Ignored), None, "{text}");
        }
    }
}
