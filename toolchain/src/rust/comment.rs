//! Comments of a contract as rustdoc, which reads Markdown and runs code that it finds there.

use crate::comment;

/// Writes a comment above an item, and nothing if there is none.
pub(super) fn write(out: &mut String, indent: usize, comment: &str) {
    let indent = " ".repeat(indent);
    for line in comment::lines(comment) {
        let line = markdown(&line);
        let space = if line.is_empty() { "" } else { " " };
        out.extend([&indent, "///", space, &line, "\n"]);
    }
}

/// A line of plain text: no HTML, no links, and no code block, neither fenced nor indented. Code between backquotes of one
/// line stays what it is.
fn markdown(line: &str) -> String {
    // An indented block, also one in a list, needs more spaces than one.
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let spans = line.split('`').collect::<Vec<_>>();
    let is_code = spans.len() % 2 == 1 && !line.contains("``");
    let mut out = String::with_capacity(line.len());
    for (at, span) in spans.iter().enumerate() {
        if at > 0 {
            out.push_str(if is_code { "`" } else { "\\`" });
        }
        if is_code && at % 2 == 1 {
            out.push_str(span);
            continue;
        }
        for c in span.chars() {
            if matches!(c, '\\' | '<' | '[' | ']' | '&' | '~') {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let cases = [
            ("plain", "plain"),
            ("    let x = 1;", "let x = 1;"),
            ("-     code", "- code"),
            ("```sh", "\\`\\`\\`sh"),
            ("- ~~~", "- \\~\\~\\~"),
            ("a `Vec<T>` of <T>", "a `Vec<T>` of \\<T>"),
            ("half ` a <b>", "half \\` a \\<b>"),
            ("\\`<b>` x", "\\\\`<b>` x"),
            ("[link](x) &lt;", "\\[link\\](x) \\&lt;"),
            ("//! */ ${x} \"\"\"", "//! */ ${x} \"\"\""),
        ];
        for (text, expected) in cases {
            assert_eq!(markdown(text), expected);
        }
    }
}
