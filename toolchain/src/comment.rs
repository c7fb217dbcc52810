//! Comments of a contract on their way into a source file.

/// The lines of a comment, without empty ones at its ends. In no language does anything in a line end it, and nothing in
/// it hides or reorders text: what does stands as U+FFFD. What ends a comment, or means something in the markup of one
/// language, is for its generator to escape.
pub(crate) fn lines(comment: &str) -> Vec<String> {
    let unified = comment.replace("\r\n", "\n");
    let mut lines: Vec<String> = unified.split(is_line_break).map(plain).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let filled = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
    lines.split_off(filled)
}

/// A line break in some language or editor.
fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn plain(line: &str) -> String {
    let shown = |c| match c {
        '\t' => ' ',
        _ if is_shown(c) => c,
        _ => char::REPLACEMENT_CHARACTER,
    };
    line.trim_end().chars().map(shown).collect()
}

/// Whether a character shows as itself in a source file: it is no control character, ends no line, and neither hides nor
/// reorders text.
pub(crate) fn is_shown(c: char) -> bool {
    let hides =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    !c.is_control() && !hides
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_in_every_language() {
        assert_eq!(lines("a\r\nb\rc\u{2028}d\u{85}\te"), ["a", "b", "c", "d", " e"]);
        assert_eq!(lines("\n\n a \n\nb\n\n"), [" a", "", "b"]);
        assert_eq!(lines("a\0b\u{202e}c\u{1b}[2J"), ["a\u{fffd}b\u{fffd}c\u{fffd}[2J"]);
        assert!(lines("").is_empty());
        assert!(lines(" \n ").is_empty());
    }
}
