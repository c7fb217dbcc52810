//! Text with places to fill in, and lines that are there once for each item of a list.
//!
//! ```text
//! {{each methods}}
//! void {{function}}(void);
//! {{end}}
//! ```
//!
//! `{{each LIST}}` and `{{end}}` stand alone on their lines; what is between them may hold more of them. A name that an
//! item does not have is looked for around it.

use std::collections::BTreeMap;

/// What a template is filled with.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    texts: BTreeMap<&'static str, String>,
    lists: BTreeMap<&'static str, Vec<Values>>,
}

impl Values {
    pub(super) fn text(mut self, name: &'static str, text: impl Into<String>) -> Values {
        self.texts.insert(name, text.into());
        self
    }

    pub(super) fn list(mut self, name: &'static str, items: impl IntoIterator<Item = Values>) -> Values {
        self.lists.insert(name, items.into_iter().collect());
        self
    }
}

/// The text of a template. A name that nobody gave stays as it is written, where a test of every template finds it.
pub(super) fn render(template: &str, values: &Values) -> String {
    let mut out = String::new();
    let lines: Vec<&str> = template.lines().collect();
    block(&mut out, &lines, &[values]);
    out
}

/// Writes lines with `around`, the values from the outermost to the innermost.
fn block(out: &mut String, lines: &[&str], around: &[&Values]) {
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        let Some(list) = each(line) else {
            filled(out, line, around);
            out.push('\n');
            continue;
        };
        let inner = &lines[at..];
        let length = length(inner);
        at += length + 1;
        let items = around.iter().rev().find_map(|values| values.lists.get(list));
        for item in items.into_iter().flatten() {
            block(out, &inner[..length], &[around, &[item]].concat());
        }
    }
}

/// The list that a line begins to go through.
fn each(line: &str) -> Option<&str> {
    line.trim().strip_prefix("{{each ")?.strip_suffix("}}")
}

/// How many lines there are before the end of a list, or of the template.
fn length(lines: &[&str]) -> usize {
    let mut depth = 1;
    for (at, line) in lines.iter().enumerate() {
        depth += usize::from(each(line).is_some());
        depth -= usize::from(line.trim() == "{{end}}");
        if depth == 0 {
            return at;
        }
    }
    lines.len()
}

fn filled(out: &mut String, line: &str, around: &[&Values]) {
    let mut parts = line.split("{{");
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or((part, ""));
        match around.iter().rev().find_map(|values| values.texts.get(name)) {
            Some(text) => out.push_str(text),
            None => out.extend(["{{", name, "}}"]),
        }
        out.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_lie_in_lists() {
        let item = |name: &str, parts: &[&str]| {
            let parts = parts.iter().map(|part| Values::default().text("part", *part));
            Values::default().text("name", name).list("parts", parts)
        };
        let values =
            Values::default().text("whole", "w").list("items", [item("a", &["1", "2"]), item("b", &[])]);
        let template = "{{whole}}\n{{each items}}\n{{name}} of {{whole}}:\n  {{each parts}}\n  {{name}}{{part}}\n  {{end}}\n{{end}}\nend\n";
        assert_eq!(render(template, &values), "w\na of w:\n  a1\n  a2\nb of w:\nend\n");
    }
}
