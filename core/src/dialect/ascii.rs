//! JSON in ASCII and on one line, for readers that decode each chunk of bytes by itself.

/// Appends the JSON text `json` to `out`, and answers whether that did not grow beyond `limit` bytes; else a part of it
/// was appended.
pub(super) fn push(out: &mut Vec<u8>, json: &str, limit: usize) -> bool {
    let mut rest = json;
    loop {
        let odd = |byte: u8| !byte.is_ascii() || matches!(byte, b'\n' | b'\r');
        let plain = rest.bytes().position(odd).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(plain);
        let mut chars = behind.chars();
        if out.len() + run.len() > limit {
            return false;
        }
        out.extend_from_slice(run.as_bytes());
        match chars.next() {
            None => return true,
            // Only between tokens: in a string it would be escaped.
            Some('\n' | '\r') => out.push(b' '),
            Some(char) => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    escape(out, *unit);
                }
            }
        }
        rest = chars.as_str();
    }
}

/// `\u` and four digits.
fn escape(out: &mut Vec<u8>, unit: u16) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.extend_from_slice(b"\\u");
    out.extend([12, 8, 4, 0].map(|shift| HEX[(unit >> shift & 15) as usize]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ascii_is_escaped() {
        let text = |json: &str, limit| {
            let mut out = b"x".to_vec();
            push(&mut out, json, limit).then(|| String::from_utf8(out).expect("ASCII"))
        };
        for (json, expected) in [
            ("", "x"),
            ("{\"a\":1}", "x{\"a\":1}"),
            ("[1,\r\n2]", "x[1,  2]"),
            ("\"é\"", "x\"\\u00e9\""),
            ("\"a€\u{7f}\u{2028}\"", "x\"a\\u20ac\u{7f}\\u2028\""),
            ("\"😀\u{10ffff}\\n\"", "x\"\\ud83d\\ude00\\udbff\\udfff\\n\""),
        ] {
            assert_eq!(text(json, expected.len()).as_deref(), Some(expected));
            assert_eq!(text(json, expected.len() - 1), None, "{json}");
        }
    }
}
