//! Names: which are good, how they are shown, and which good one is near a bad one.

use alloc::{string::String, vec::Vec};

/// Characters of a name or a quotation that a message shows.
const SHOWN: usize = 64;

/// IDENT of the grammar: an ASCII letter or `_`, then letters, digits and `_`.
pub(super) fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Words that always mean a type, so that nothing defined can have them as a name.
pub(super) fn is_type_word(name: &str) -> bool {
    matches!(name, "string" | "int" | "float" | "bool" | "map")
}

/// `text` between backquotes, cut, and safe to show on a terminal.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("`");
    for (i, c) in text.chars().enumerate() {
        if i == SHOWN {
            out.push('…');
            break;
        }
        push_visible(&mut out, c);
    }
    out.push('`');
    out
}

/// Appends `c`, escaped if it would not show as itself: control characters, and those that reorder or hide text.
pub(crate) fn push_visible(out: &mut String, c: char) {
    let hidden =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    if c.is_control() || hidden {
        out.extend(c.escape_unicode());
    } else {
        out.push(c);
    }
}

/// The candidate that differs from `name` by little enough to be a slip of the pen.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > SHOWN {
        return None;
    }
    let allowed = (name.len() / 3).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len().abs_diff(name.len()) > allowed {
            continue;
        }
        let d = distance(name, candidate);
        if d <= allowed && d < candidate.len() && best.is_none_or(|(least, _)| d < least) {
            best = Some((d, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Levenshtein distance in bytes; a difference in ASCII case alone costs nothing.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b.bytes()) {
            let above = *cell;
            let change = diagonal + usize::from(!x.eq_ignore_ascii_case(&y));
            left = change.min(above + 1).min(left + 1);
            *cell = left;
            diagonal = above;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_finds_slips_and_nothing_else() {
        let known = ["string", "int", "Product", "inc.Response"];
        let near = |name| nearest(name, known.into_iter());
        assert_eq!(near("String"), Some("string"));
        assert_eq!(near("Prodct"), Some("Product"));
        assert_eq!(near("inc.Respones"), Some("inc.Response"));
        assert_eq!(near("Order"), None);
        assert_eq!(near("Nothing"), None);
        assert_eq!(near("x"), None);
    }

    #[test]
    fn quotations_hide_nothing_and_end() {
        assert_eq!(quoted("a\u{1b}[2J\u{202e}b"), "`a\\u{1b}[2J\\u{202e}b`");
        assert_eq!(quoted(&"x".repeat(1000)).chars().count(), SHOWN + 3);
    }
}
