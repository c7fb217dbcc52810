//! Free text of a contract on a page.

use maud::Render;

/// Text that means nothing to HTML, and in which nothing hides: control characters and those that reorder or
/// swallow other text are written out, so that a page reads as the contract does.
pub(super) struct Shown<'a>(pub(super) &'a str);

impl Render for Shown<'_> {
    fn render_to(&self, out: &mut String) {
        for c in self.0.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                c if hides(c) => out.extend(c.escape_unicode()),
                c => out.push(c),
            }
        }
    }
}

/// The same for text that a script shows as text.
pub(super) fn visible(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if hides(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out
}

/// `text` as a JSON string. What would hide is escaped as JSON does it, so that the text can be copied and sent.
pub(super) fn json_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if hides(c) => {
                out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether `c` shows as nothing, or changes how other characters show. Joiners do too, but writing needs them.
fn hides(c: char) -> bool {
    let format = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}');
    format || (c.is_control() && c != '\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup_and_nothing_hides() {
        let shown = |text| Shown(text).render().0;
        assert_eq!(shown("</script>&--> \"'"), "&lt;/script&gt;&amp;--&gt; &quot;'");
        assert_eq!(shown("a\u{202e}b\u{0}\u{1b}\r"), "a\\u{202e}b\\u{0}\\u{1b}\\u{d}");
        assert_eq!(shown("سلام 👩\u{200d}💻\nx"), "سلام 👩\u{200d}💻\nx");
    }
    #[test]
    fn what_would_hide_is_escaped_in_json() {
        let text = "a\"\\\n\u{1}\u{202e}\u{e0041}é";
        assert_eq!(json_string(text), r#""a\"\\\n\u0001\u202e\udb40\udc41é""#);
        assert_eq!(serde_json::from_str::<String>(&json_string(text)).unwrap(), text);
    }
}
