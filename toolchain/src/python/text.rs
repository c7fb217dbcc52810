//! Python as text: docstrings, and lines broken where the formatter `black` breaks them.

/// Columns of a line.
const WIDTH: usize = 88;

/// What stands between brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// Parameters of a `def`.
    Parameters,
    /// Arguments of a call.
    Arguments,
    /// Members of a dictionary.
    Members,
}

/// `head`, `items` and `tail` on one line, or broken inside of the bracket that `head` ends with.
pub(super) fn brackets(indent: usize, head: &str, items: &[String], tail: &str, inside: Inside) -> String {
    let space = " ".repeat(indent);
    let joined = items.join(", ");
    let columns = |text: &str| text.chars().count();
    if indent + columns(head) + columns(&joined) + columns(tail) <= WIDTH {
        return format!("{space}{head}{joined}{tail}\n");
    }
    let together = match inside {
        Inside::Parameters => items.len() > 1,
        Inside::Arguments => true,
        Inside::Members => items.len() == 1,
    };
    let lines = if together && indent + 4 + columns(&joined) <= WIDTH {
        format!("{space}    {joined}\n")
    } else {
        items.iter().map(|item| format!("{space}    {item},\n")).collect()
    };
    format!("{space}{head}\n{lines}{space}{tail}\n")
}

/// `text` as a docstring. It is not empty.
pub(super) fn docstring(indent: usize, text: &str) -> String {
    let space = " ".repeat(indent);
    let lines: Vec<String> = text.split('\n').map(|line| escaped(line).trim_end().to_owned()).collect();
    let blank = |line: &&String| line.is_empty();
    let first = lines.iter().take_while(blank).count();
    let last = lines.len() - lines.iter().rev().take_while(blank).count();
    let lines = lines.get(first..last).unwrap_or_default();
    let margin = |line: &String| line.len() - line.trim_start_matches(' ').len();
    let common = lines.iter().skip(1).filter(|line| !line.is_empty()).map(margin).min().unwrap_or(0);
    let mut out = format!("{space}\"\"\"");
    for (at, line) in lines.iter().enumerate() {
        match at {
            0 => {
                let line = line.trim_start();
                // A quote must not stand next to the three.
                out.push_str(if line.starts_with('"') { " " } else { "" });
                out.push_str(line);
            }
            _ if line.is_empty() => out.push('\n'),
            _ => {
                out.push('\n');
                out.push_str(&space);
                out.push_str(line.get(common..).unwrap_or_default());
            }
        }
    }
    if lines.len() > 1 {
        out.push('\n');
        out.push_str(&space);
    } else if out.ends_with('"') && !lines.is_empty() {
        out.push(' ');
    }
    out + "\"\"\"\n"
}

/// What a docstring has for a line of text: nothing in it ends the string, begins an escape or is invisible.
fn escaped(line: &str) -> String {
    let mut out = String::new();
    for c in line.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("    "),
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.replace("\"\"\"", "\\\"\\\"\\\"")
}

/// `text` as a string literal.
pub(super) fn literal(text: &str) -> String {
    let line = escaped(&text.replace('\n', "\u{1}")).replace("\\x01", "\\n").replace("\\\"", "\"");
    format!("\"{}\"", line.replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_docstring_cannot_be_left() {
        for (text, expected) in [
            ("A word.", "\"\"\"A word.\"\"\""),
            ("\"quoted\"", "\"\"\" \"quoted\" \"\"\""),
            ("x\"\"\"y", "\"\"\"x\\\"\\\"\\\"y\"\"\""),
            ("\"\"\"\"", "\"\"\"\\\"\\\"\\\"\" \"\"\""),
            ("ends with \\", "\"\"\"ends with \\\\\"\"\""),
            ("\\N{BULLET}", "\"\"\"\\\\N{BULLET}\"\"\""),
            ("a\0b\rc\u{202e}d", "\"\"\"a\\x00b\\x0dc\\u202ed\"\"\""),
            ("\n one\n   two\n\n     three\n", "\"\"\"one\ntwo\n\n  three\n\"\"\""),
        ] {
            assert_eq!(docstring(0, text), format!("{expected}\n"), "{text:?}");
        }
    }

    #[test]
    fn a_literal_is_its_text() {
        assert_eq!(literal("a\"b\\c\nd"), r#""a\"b\\c\nd""#);
    }
}
