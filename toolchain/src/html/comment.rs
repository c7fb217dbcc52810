//! Comments of a contract as HTML: paragraphs, lists and `code`; everything else is text.

use maud::{Markup, html};

use super::shown::Shown;
use super::site::Site;

/// Characters of a summary. It is repeated wherever the item is listed.
const SUMMARY: usize = 160;

/// The whole comment; names in code spans are links, resolved in `namespace`.
pub(super) fn whole(site: &Site<'_>, comment: &str, namespace: &str) -> Markup {
    let blocks = blocks(comment);
    html! {
        @if !blocks.is_empty() {
            div.comment {
                @for block in &blocks {
                    @match block {
                        Block::Paragraph(text) => p { (spans(site, text, namespace)) },
                        Block::List { start: None, items } => ul { (list(site, items, namespace)) },
                        Block::List { start: Some(1), items } => ol { (list(site, items, namespace)) },
                        Block::List { start: Some(start), items } => ol start=(start) {
                            (list(site, items, namespace))
                        },
                    }
                    "\n"
                }
            }
        }
    }
}

fn list(site: &Site<'_>, items: &[String], namespace: &str) -> Markup {
    html! { @for item in items { li { (spans(site, item, namespace)) } } }
}

/// The first sentence of the comment, cut; empty if it begins with a list.
pub(super) fn summary(comment: &str) -> String {
    let Some(Block::Paragraph(text)) = blocks(comment).into_iter().next() else { return String::new() };
    let text = text.replace('\n', " ");
    let end = text.match_indices(". ").map(|(at, _)| at + 1).next().unwrap_or(text.len());
    let sentence = text.get(..end).unwrap_or(&text);
    let mut summary: String = sentence.chars().take(SUMMARY).collect();
    if summary.len() < sentence.len() {
        summary.push('…');
    }
    summary
}

/// [`summary`] as HTML.
pub(super) fn brief(site: &Site<'_>, comment: &str, namespace: &str) -> Markup {
    spans(site, &summary(comment), namespace)
}

#[derive(Debug, PartialEq, Eq)]
enum Block {
    /// Lines joined by `\n`: they stay as they were broken.
    Paragraph(String),
    List {
        /// Of a numbered list: the first number.
        start: Option<u32>,
        items: Vec<String>,
    },
}

fn blocks(comment: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false; // the last block takes further lines
    for line in comment.lines().map(str::trim) {
        if line.is_empty() {
            open = false;
            continue;
        }
        let last = blocks.last_mut();
        let in_list = matches!(last, Some(Block::List { .. }));
        let marker =
            marker(line).filter(|(start, _)| !open || in_list || start.is_none_or(|start| start == 1));
        match (last, marker) {
            (Some(Block::List { start, items }), Some((number, text)))
                if number == following(*start, items) =>
            {
                items.push(text.to_owned());
            }
            (_, Some((start, text))) => blocks.push(Block::List { start, items: vec![text.to_owned()] }),
            (Some(Block::Paragraph(text)), None) if open => {
                text.push('\n');
                text.push_str(line);
            }
            (Some(Block::List { items, .. }), None) if open => {
                if let Some(item) = items.last_mut() {
                    item.push('\n');
                    item.push_str(line);
                }
            }
            (_, None) => blocks.push(Block::Paragraph(line.to_owned())),
        }
        open = true;
    }
    blocks
}

/// The number that goes on with the list: none if it has bullets.
fn following(start: Option<u32>, items: &[String]) -> Option<u32> {
    start?.checked_add(items.len().try_into().ok()?)
}

/// The number of a list item, none for a bullet, and its text.
fn marker(line: &str) -> Option<(Option<u32>, &str)> {
    for bullet in ["- ", "* ", "+ "] {
        if let Some(text) = line.strip_prefix(bullet) {
            return Some((None, text.trim_start()));
        }
    }
    let (number, text) = line.split_once(['.', ')'])?;
    let digits = (1..=9).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix(' ').filter(|_| digits)?;
    Some((Some(number.parse().ok()?), text.trim_start()))
}

/// Text with `code` between backquotes, on one line; a backquote without its pair is itself.
fn spans(site: &Site<'_>, text: &str, namespace: &str) -> Markup {
    let mut rest = text;
    let mut parts = Vec::new();
    while let Some((before, behind)) = rest.split_once('`') {
        let code = behind.split_once('`').filter(|(code, _)| !code.trim().is_empty() && !code.contains('\n'));
        let Some((code, after)) = code else {
            let run = before.len() + 1 + behind.len() - behind.trim_start_matches('`').len();
            let (plain, after) = rest.split_at(run);
            parts.push(html! { (Shown(plain)) });
            rest = after;
            continue;
        };
        parts.push(html! {
            (Shown(before))
            @match site.named(code, namespace) {
                Some(href) => a href=(href) { code { (code) } },
                None => code { (Shown(code)) },
            }
        });
        rest = after;
    }
    html! { @for part in &parts { (part) } (Shown(rest)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str) -> Block {
        Block::Paragraph(text.into())
    }

    fn list(start: Option<u32>, items: &[&str]) -> Block {
        Block::List { start, items: items.iter().map(|&item| item.into()).collect() }
    }

    #[test]
    fn paragraphs_keep_their_lines() {
        assert_eq!(blocks("a\nb\n\n\nc"), [paragraph("a\nb"), paragraph("c")]);
        assert_eq!(blocks(" \n"), []);
    }

    #[test]
    fn lists_are_seen() {
        assert_eq!(blocks("x\n- a\n  b\n* c"), [paragraph("x"), list(None, &["a\nb", "c"])]);
        assert_eq!(blocks("- a\n\nb"), [list(None, &["a"]), paragraph("b")]);
        assert_eq!(blocks("3. a\n4) b\n- c"), [list(Some(3), &["a", "b"]), list(None, &["c"])]);
        assert_eq!(blocks("1. a\n1. b"), [list(Some(1), &["a"]), list(Some(1), &["b"])]);
        assert_eq!(blocks("since\n2024. And"), [paragraph("since\n2024. And")]);
        assert_eq!(blocks("-x\n1.5 y"), [paragraph("-x\n1.5 y")]);
    }

    #[test]
    fn a_summary_is_the_first_sentence() {
        assert_eq!(summary("One\ntwo. Three."), "One two.");
        assert_eq!(summary("Version 1.5 only"), "Version 1.5 only");
        assert_eq!(summary("- a"), "");
        assert_eq!(summary(&"é".repeat(500)).chars().count(), SUMMARY + 1);
    }
}
