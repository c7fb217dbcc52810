//! Comments and strings in TypeScript.

use crate::comment::{self, is_shown};

/// Writes `/** … */` above an item: the comment's lines, then `tags`. Nothing if there are neither.
pub(super) fn docs(out: &mut String, indent: usize, comment: &str, tags: &[String]) {
    let mut lines: Vec<String> = comment::lines(comment).iter().map(|line| plain(line)).collect();
    if !lines.is_empty() && !tags.is_empty() {
        lines.push(String::new());
    }
    lines.extend(tags.iter().cloned());
    let pad = " ".repeat(indent);
    match lines.as_slice() {
        [] => {}
        [line] => out.push_str(&format!("{pad}/** {line} */\n")),
        lines => {
            out.push_str(&format!("{pad}/**\n"));
            for line in lines {
                let space = if line.is_empty() { "" } else { " " };
                out.push_str(&format!("{pad} *{space}{line}\n"));
            }
            out.push_str(&format!("{pad} */\n"));
        }
    }
}

/// A line that neither ends the comment nor is a tag, which could change how the code is compiled.
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in line.chars() {
        let is_end = c == '/' && before == '*';
        let is_tag = c == '@' && !before.is_ascii_alphanumeric();
        if is_end || is_tag {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    // The end of the comment follows.
    if out.ends_with('*') { out + " " } else { out }
}

/// A string between the quotes that need fewer escapes.
pub(super) fn literal(text: &str) -> String {
    let count = |quote| text.chars().filter(|c| *c == quote).count();
    let quote = if count('"') > count('\'') { '\'' } else { '"' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            _ if c == quote => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            _ if is_shown(c) => out.push(c),
            // All of them are in the first plane.
            _ => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_a_comment() {
        for (line, expected) in [
            ("a */ b", "a *\\/ b"),
            ("@ts-ignore", "\\@ts-ignore"),
            ("{@link X} me@home", "{\\@link X} me@home"),
            ("**/", "**\\/"),
            ("/", "/"),
            ("*", "* "),
            ("${x} `y` <z>", "${x} `y` <z>"),
        ] {
            assert_eq!(plain(line), expected);
        }
    }

    #[test]
    fn strings_are_quoted_by_need() {
        assert_eq!(literal("it's"), "\"it's\"");
        assert_eq!(literal("{\"a\":'b'}\\"), "\"{\\\"a\\\":'b'}\\\\\"");
        assert_eq!(literal("{\"a\":1}\u{2028}\0"), "'{\"a\":1}\\u2028\\u0000'");
    }
}
