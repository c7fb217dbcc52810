//! The text inside of strings: unescaped on the fly, compared without a copy.

use super::scan::{self, Surrogates, hex4};
use std::borrow::Cow;

/// The bytes that a string's raw text (between its quotes, known to be JSON) stands for.
///
/// An unpaired surrogate yields the three bytes that UTF-8 would give it: no well-formed text has them, so it
/// equals nothing that a contract can name.
#[derive(Debug, Clone)]
pub(crate) struct Unescaped<'a> {
    raw: &'a [u8],
    at: usize,
    /// Bytes of the escape that was just read, last one first.
    pending: [u8; 4],
    left: usize,
}

impl<'a> Unescaped<'a> {
    pub(crate) fn new(raw: &'a [u8]) -> Self {
        Unescaped { raw, at: 0, pending: [0; 4], left: 0 }
    }

    fn escape(&mut self) -> u32 {
        let kind = self.raw.get(self.at + 1).copied().unwrap_or(b'\\');
        self.at += 2;
        match kind {
            b'b' => 8,
            b'f' => 12,
            b'n' => 10,
            b'r' => 13,
            b't' => 9,
            b'u' => {
                let unit = hex4(self.raw, self.at).unwrap_or(0xFFFD);
                self.at += 4;
                if let (0xD800..=0xDBFF, Some(b"\\u")) = (unit, self.raw.get(self.at..self.at + 2))
                    && let Some(low @ 0xDC00..=0xDFFF) = hex4(self.raw, self.at + 2)
                {
                    self.at += 6;
                    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                }
                unit
            }
            other => other as u32,
        }
    }

    fn push(&mut self, code: u32) {
        let tail = |shift: u32| (0x80 | (code >> shift & 0x3F)) as u8;
        let bytes: ([u8; 4], usize) = match code {
            0..=0x7F => ([code as u8, 0, 0, 0], 1),
            0x80..=0x7FF => ([tail(0), (0xC0 | code >> 6) as u8, 0, 0], 2),
            0x800..=0xFFFF => ([tail(0), tail(6), (0xE0 | code >> 12) as u8, 0], 3),
            _ => ([tail(0), tail(6), tail(12), (0xF0 | code >> 18) as u8], 4),
        };
        (self.pending, self.left) = bytes;
    }
}

impl Iterator for Unescaped<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        if self.left == 0 {
            let byte = *self.raw.get(self.at)?;
            if byte != b'\\' {
                self.at += 1;
                return Some(byte);
            }
            let code = self.escape();
            self.push(code);
        }
        self.left -= 1;
        self.pending.get(self.left).copied()
    }
}

/// Whether the string with raw text `raw` is `plain`.
#[inline]
pub(crate) fn equals(raw: &[u8], plain: &[u8]) -> bool {
    raw == plain || (raw.contains(&b'\\') && Unescaped::new(raw).eq(plain.iter().copied()))
}

/// The string with raw text `raw`; the three bytes of an unpaired surrogate become U+FFFD each.
pub(crate) fn unescape(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let bytes: Vec<u8> = Unescaped::new(raw.as_bytes()).collect();
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_slice();
    while let [byte, behind @ ..] = rest {
        rest = behind;
        // Well-formed text has no such three bytes: they are an unpaired surrogate.
        if let (0xED, [0xA0..=0xBF, _, behind @ ..]) = (byte, behind) {
            text.extend_from_slice("\u{fffd}\u{fffd}\u{fffd}".as_bytes());
            rest = behind;
        } else {
            text.push(*byte);
        }
    }
    Cow::Owned(String::from_utf8(text).unwrap_or_default())
}

/// The one value in `json` without the white space around it and without raw line breaks; `None` if there is none, or
/// one nested deeper than `depth`.
pub(crate) fn one_line(json: &str, surrogates: Surrogates, depth: usize) -> Option<Cow<'_, str>> {
    let bytes = json.as_bytes();
    let start = scan::space(bytes, 0);
    let end = scan::value(bytes, start, depth, surrogates).ok()?;
    if scan::space(bytes, end) != bytes.len() {
        return None;
    }
    Some(without_breaks(json.get(start..end)?))
}

/// `json` without raw line breaks. A string has none, so all of them stand between tokens.
pub fn without_breaks(json: &str) -> Cow<'_, str> {
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    if !json.as_bytes().iter().any(is_break) {
        return Cow::Borrowed(json);
    }
    let bytes = json.bytes().map(|byte| if is_break(&byte) { b' ' } else { byte });
    Cow::Owned(String::from_utf8(bytes.collect()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_what_serde_json_says() {
        for raw in
            [r"plain", r"a\nb\t\r\b\f\/\\\u0022", r"\u00e9\u20ac\ud83d\ude00é€😀", r"m\u0065thod", r"\u0000"]
        {
            let expected: String = serde_json::from_str(&format!("\"{raw}\"")).unwrap();
            assert_eq!(unescape(raw), expected);
            assert!(equals(raw.as_bytes(), expected.as_bytes()));
            assert!(!equals(raw.as_bytes(), b"x"));
        }
    }

    #[test]
    fn an_unpaired_surrogate_equals_no_text() {
        assert!(!equals(br"\ud800", "\u{fffd}".as_bytes()));
        assert_eq!(Unescaped::new(br"\udc00").collect::<Vec<_>>(), [0xED, 0xB0, 0x80]);
        assert_eq!(unescape(r"a\ud800"), "a\u{fffd}\u{fffd}\u{fffd}");
    }
}
