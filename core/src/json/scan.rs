//! The scanner: where a value ends, and whether it is JSON at all.
//!
//! Functions take the whole text and a position, and answer the position behind what they read. The hot ones
//! look at eight bytes at a time. Positions past the end read as "no byte", so no input makes them panic.

use super::number;

/// Why scanning stopped: a reason and the byte offset where it was seen, in one machine word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault(usize);

/// The kinds of [`Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// Not JSON.
    Syntax,
    /// Nested deeper than the caller allows; nothing behind it was read.
    Depth,
    /// A `\u` escape that is half of a surrogate pair.
    Surrogate,
    /// JSON, but not of the type asked for.
    Type,
}

impl Fault {
    /// `kind` at byte `at`; offsets are below 2^61, as texts are.
    #[inline]
    pub(crate) const fn new(kind: FaultKind, at: usize) -> Self {
        Fault(at << 2 | kind as usize)
    }

    pub(crate) const fn kind(self) -> FaultKind {
        match self.0 & 3 {
            0 => FaultKind::Syntax,
            1 => FaultKind::Depth,
            2 => FaultKind::Surrogate,
            _ => FaultKind::Type,
        }
    }

    pub(crate) const fn at(self) -> usize {
        self.0 >> 2
    }
}

const fn syntax(at: usize) -> Fault {
    Fault::new(FaultKind::Syntax, at)
}

/// What an unpaired surrogate escape means where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surrogates {
    /// It is a fault.
    Paired,
    /// It is let through.
    Any,
}

/// The first position from `at` that is not white space.
#[inline(always)]
pub(crate) fn space(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(&byte) if byte <= b' ' => space_run(text, at),
        _ => at,
    }
}

#[inline(never)]
fn space_run(text: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = text.get(at) {
        at += 1;
    }
    at
}

pub(super) const ONES: u64 = 0x0101_0101_0101_0101;
pub(super) const HIGH: u64 = 0x8080_8080_8080_8080;

/// The high bit of every byte of `word` that ends a run of plain string bytes: a quote, a backslash or a
/// control character. Exact up to the lowest bit set, which is all that is used.
#[inline(always)]
const fn special(word: u64) -> u64 {
    // With bit 1 turned, control characters stay below 0x20 and the quote, 0x22, comes to stand next to them: one
    // subtraction, which borrows below 0x21, finds both.
    let control_or_quote = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    // A byte above 0x7f is never special.
    (control_or_quote | backslash) & !word & HIGH
}

/// The first position from `at` that is a quote, a backslash or a control character, or the end.
#[inline(always)]
fn plain(text: &[u8], at: usize) -> usize {
    // What is left is one slice, so that one comparison guards each word.
    let mut rest = text.get(at..).unwrap_or_default();
    while let Some((chunk, behind)) = rest.split_first_chunk::<8>() {
        let found = special(u64::from_le_bytes(*chunk));
        if found != 0 {
            return text.len() - rest.len() + (found.trailing_zeros() / 8) as usize;
        }
        rest = behind;
    }
    plain_end(text, text.len() - rest.len())
}

/// The same where fewer than eight bytes are left.
#[inline(never)]
fn plain_end(text: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = text.get(at) {
        if byte < 0x20 || byte == b'"' || byte == b'\\' {
            break;
        }
        at += 1;
    }
    at
}

/// A string whose opening quote is before `at`; answers the position behind its closing quote.
#[inline(always)]
pub(crate) fn string(text: &[u8], at: usize, surrogates: Surrogates) -> Result<usize, Fault> {
    Ok(string_or_escaped(text, at, surrogates)?.0)
}

/// The same, and whether the string has escapes.
#[inline(always)]
pub(crate) fn string_or_escaped(
    text: &[u8],
    at: usize,
    surrogates: Surrogates,
) -> Result<(usize, bool), Fault> {
    let at = plain(text, at);
    if text.get(at) == Some(&b'"') {
        return Ok((at + 1, false));
    }
    Ok((string_rest(text, at, surrogates)?, true))
}

/// The rest of a string from the first byte that is not plain.
#[inline(never)]
fn string_rest(text: &[u8], mut at: usize, surrogates: Surrogates) -> Result<usize, Fault> {
    let mut unpaired = None;
    loop {
        at = plain(text, at);
        match text.get(at) {
            Some(b'"') => {
                return match unpaired {
                    Some(at) if surrogates == Surrogates::Paired => Err(Fault::new(FaultKind::Surrogate, at)),
                    _ => Ok(at + 1),
                };
            }
            Some(b'\\') => match text.get(at + 1) {
                Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => at += 2,
                Some(b'u') => match hex4(text, at + 2).ok_or(syntax(at))? {
                    0xD800..=0xDBFF => {
                        let low = match text.get(at + 6..at + 8) {
                            Some(b"\\u") => hex4(text, at + 8),
                            _ => None,
                        };
                        if matches!(low, Some(0xDC00..=0xDFFF)) {
                            at += 12;
                        } else {
                            unpaired = unpaired.or(Some(at));
                            at += 6;
                        }
                    }
                    0xDC00..=0xDFFF => {
                        unpaired = unpaired.or(Some(at));
                        at += 6;
                    }
                    _ => at += 6,
                },
                _ => return Err(syntax(at)),
            },
            _ => return Err(syntax(at)),
        }
    }
}

/// Four hexadecimal digits at `at`.
pub(crate) fn hex4(text: &[u8], at: usize) -> Option<u32> {
    let mut value = 0;
    for &digit in text.get(at..at + 4)? {
        value = value << 4 | (digit as char).to_digit(16)?;
    }
    Some(value)
}

/// `word` at `at`, or a syntax fault.
#[inline]
pub(crate) fn literal(text: &[u8], at: usize, word: &[u8]) -> Result<usize, Fault> {
    match text.get(at..at + word.len()) {
        Some(found) if found == word => Ok(at + word.len()),
        _ => Err(syntax(at)),
    }
}

/// The byte `wanted` at `at`, or a syntax fault.
#[inline(always)]
pub(crate) fn byte(text: &[u8], at: usize, wanted: u8) -> Result<usize, Fault> {
    if text.get(at) == Some(&wanted) { Ok(at + 1) } else { Err(syntax(at)) }
}

/// A member's key from its opening quote at `at`, the colon and the white space around it; answers where the
/// key ends (behind its closing quote) and where the value begins.
#[inline]
pub(crate) fn key(text: &[u8], at: usize, surrogates: Surrogates) -> Result<(usize, usize), Fault> {
    let end = string(text, byte(text, at, b'"')?, surrogates)?;
    let colon = byte(text, space(text, end), b':')?;
    Ok((end, space(text, colon)))
}

/// Behind an element or member: the next one begins at `Ok(Some(at))`, or the container ended before `Ok(None)`.
///
/// Answers the position and whether there is a next one.
#[inline(always)]
pub(crate) fn next(text: &[u8], at: usize, close: u8) -> Result<(usize, bool), Fault> {
    let at = space(text, at);
    match text.get(at) {
        Some(b',') => Ok((space(text, at + 1), true)),
        Some(&found) if found == close => Ok((at + 1, false)),
        _ => Err(syntax(at)),
    }
}

/// The deepest nesting that [`value`] can follow: that of a parameter, and the list of parameters around it.
pub(crate) const MAX_DEPTH: usize = crate::Limits::MAX_DEPTH + 1;

/// Any value at `at`, nested at most `depth` levels (`depth` ≤ [`MAX_DEPTH`]); answers the position behind it.
///
/// The open containers are one bit each in a machine word, and the innermost: no recursion, no allocation.
pub(crate) fn value(
    text: &[u8],
    mut at: usize,
    depth: usize,
    surrogates: Surrogates,
) -> Result<usize, Fault> {
    debug_assert!(depth <= MAX_DEPTH);
    let mut inner = false; // the innermost open container is an object
    let mut outer: u128 = 0; // bit 0: the one around it is
    let mut open = 0usize;
    loop {
        match text.get(at) {
            Some(b'"') => at = string(text, at + 1, surrogates)?,
            Some(&bracket @ (b'{' | b'[')) => {
                if open >= depth {
                    return Err(Fault::new(FaultKind::Depth, at));
                }
                let object = bracket == b'{';
                at = space(text, at + 1);
                // The closing bracket is the opening one plus 2 in ASCII.
                if text.get(at) != Some(&(bracket + 2)) {
                    open += 1;
                    outer = outer << 1 | inner as u128;
                    inner = object;
                    if object {
                        at = key(text, at, surrogates)?.1;
                    }
                    continue;
                }
                at += 1;
            }
            Some(b'-' | b'0'..=b'9') => at = number::scan(text, at)?,
            Some(b't') => at = literal(text, at, b"true")?,
            Some(b'f') => at = literal(text, at, b"false")?,
            Some(b'n') => at = literal(text, at, b"null")?,
            _ => return Err(syntax(at)),
        }
        loop {
            if open == 0 {
                return Ok(at);
            }
            let (behind, more) = next(text, at, if inner { b'}' } else { b']' })?;
            at = behind;
            if more {
                if inner {
                    at = key(text, at, surrogates)?.1;
                }
                break;
            }
            open -= 1;
            inner = outer & 1 == 1;
            outer >>= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Result<usize, FaultKind> {
        value(text.as_bytes(), 0, 64, Surrogates::Paired).map_err(Fault::kind)
    }

    #[test]
    fn values_end_where_they_end() {
        for text in [
            "1",
            "-0",
            "0.5e-3",
            "\"\"",
            "\"a\\n\\u00e9\\ud83d\\ude00 plain text over eight\"",
            "{}",
            "[]",
            "[ ]",
            "{ \"a\" : [ 1 , { \"b\" : null } ] , \"c\" : true }",
            "[[],{},[{}]]",
            "\"é𝄞\"",
        ] {
            assert_eq!(scan(text), Ok(text.len()), "{text}");
            assert_eq!(scan(&format!("{text} ,")), Ok(text.len()), "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in [
            "",
            " 1",
            "01a\"",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "\"",
            "\"\n\"",
            "\"\\x\"",
            "\"\\u12g4\"",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "{\"a\":1,}",
            "nul",
            "truefalse\""[..3].into(),
            "[}",
            "{]",
            "[1}",
            "\u{feff}1",
        ] {
            let end = scan(text);
            assert!(end != Ok(text.len()) || text.is_empty(), "{text} {end:?}");
        }
    }

    #[test]
    fn depth_and_surrogates_are_faults_of_their_own() {
        let deep = |n: usize| "[".repeat(n) + &"]".repeat(n);
        assert_eq!(scan(&deep(64)), Ok(128));
        assert_eq!(scan(&deep(65)), Err(FaultKind::Depth));
        for (open, close) in [("[", "]"), ("{\"\":[", "]}")] {
            let levels = MAX_DEPTH / close.len();
            let odd = MAX_DEPTH % close.len();
            let text = "{\"\":".repeat(odd) + &open.repeat(levels) + &close.repeat(levels) + &"}".repeat(odd);
            let found = |depth| value(text.as_bytes(), 0, depth, Surrogates::Any).map_err(Fault::kind);
            assert_eq!(found(MAX_DEPTH), Ok(text.len()));
            assert_eq!(found(MAX_DEPTH - 1), Err(FaultKind::Depth));
        }
        for text in [r#""\ud800""#, r#""\udc00 ""#, r#""\ud800\ud800""#, r#""\ud800\u0041""#, r#""\ud800\n""#]
        {
            assert_eq!(scan(text), Err(FaultKind::Surrogate), "{text}");
            assert_eq!(value(text.as_bytes(), 0, 1, Surrogates::Any), Ok(text.len()));
        }
    }

    #[test]
    fn every_byte_is_judged_alike_in_a_word_and_alone() {
        for byte in 0..=255u8 {
            for place in 0..8 {
                let mut word = [b'a'; 8];
                word[place] = byte;
                let expected = byte < 0x20 || byte == b'"' || byte == b'\\';
                let found = special(u64::from_le_bytes(word));
                assert_eq!(found != 0, expected, "{byte} at {place}");
                if expected {
                    assert_eq!(found.trailing_zeros() as usize / 8, place);
                }
            }
        }
    }
}
