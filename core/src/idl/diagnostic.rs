//! What is wrong with a contract's text, where, and a picture of it.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::ops::Range;

use crate::contract::push_visible;
use crate::names::sort;

/// Characters of a source line that a picture shows before and after the spot.
const CONTEXT: usize = 60;

/// One of the files that a parse has read, by position in its [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(pub(super) u32);

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// One sentence, without a full stop.
    pub message: String,
    /// Where: the file.
    pub file: FileId,
    /// Where: bytes of the file.
    pub span: Range<usize>,
    /// Other places that belong to it, for instance the first of two equal names.
    pub notes: Vec<Note>,
    /// How to mend it, if that can be guessed.
    pub help: Option<String>,
}

/// A place that belongs to a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What is there.
    pub message: String,
    /// Where: the file.
    pub file: FileId,
    /// Where: bytes of the file.
    pub span: Range<usize>,
}

/// By file and place, and what stands at one place as it was found.
pub(super) fn in_order(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut numbered: Vec<(usize, Diagnostic)> = diagnostics.into_iter().enumerate().collect();
    let key = |(at, diagnostic): &(usize, Diagnostic)| (diagnostic.file, diagnostic.span.start, *at);
    sort(&mut numbered, |a, b| key(a).cmp(&key(b)));
    numbered.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// A place as people count: both from 1, columns in Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The first line is 1.
    pub line: usize,
    /// The first character of a line is 1.
    pub column: usize,
}

/// The text of every file that a parse has read; turns offsets into lines, columns and pictures.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

#[derive(Debug)]
struct Source {
    name: String,
    text: String,
    /// Offsets at which lines start.
    lines: Vec<u32>,
}

impl Sources {
    pub(super) fn add(&mut self, name: String, text: String) -> FileId {
        let breaks = text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i as u32 + 1);
        let lines = core::iter::once(0).chain(breaks).collect();
        self.files.push(Source { name, text, lines });
        FileId(self.files.len() as u32 - 1)
    }

    pub(super) fn find(&self, name: &str) -> Option<FileId> {
        self.files().find(|&file| self.name(file) == name)
    }

    /// The file's name: the key that the loader gave it.
    pub fn name(&self, file: FileId) -> &str {
        self.files.get(file.0 as usize).map_or("", |source| &source.name)
    }

    /// The file's text.
    pub fn text(&self, file: FileId) -> &str {
        self.files.get(file.0 as usize).map_or("", |source| &source.text)
    }

    /// Every file, the root first, in the order in which they were read.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        (0..self.files.len() as u32).map(FileId)
    }

    /// The line and column of an offset.
    pub fn position(&self, file: FileId, offset: usize) -> Position {
        let Some(source) = self.files.get(file.0 as usize) else { return Position { line: 1, column: 1 } };
        let (line, start) = source.line(offset);
        let before = source.text.get(start..offset.min(source.text.len())).unwrap_or("");
        Position { line, column: before.trim_start_matches('\u{feff}').chars().count() + 1 }
    }

    /// `file:line:column: error: message`, the source line with a caret below, then notes and help.
    ///
    /// Control characters of the source are escaped, tabs become spaces, and a long line is cut around the spot.
    /// Ends with a line break.
    pub fn render(&self, diagnostic: &Diagnostic) -> String {
        let mut out = String::new();
        self.entry(&mut out, diagnostic.file, &diagnostic.span, "error", &diagnostic.message);
        for note in &diagnostic.notes {
            self.entry(&mut out, note.file, &note.span, "note", &note.message);
        }
        if let Some(help) = &diagnostic.help {
            out.extend(["  help: ", help, "\n"]);
        }
        out
    }

    fn entry(&self, out: &mut String, file: FileId, span: &Range<usize>, severity: &str, message: &str) {
        let Position { line, column } = self.position(file, span.start);
        self.name(file).chars().for_each(|c| push_visible(out, c));
        out.push_str(&format!(":{line}:{column}: {severity}: {message}\n"));
        if let Some(source) = self.files.get(file.0 as usize).filter(|source| !source.text.is_empty()) {
            source.picture(out, line, span);
        }
    }
}

impl Source {
    /// Number and start of the line that holds `offset`.
    fn line(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|&start| start as usize <= offset).max(1);
        (line, self.lines.get(line - 1).map_or(0, |&start| start as usize))
    }

    fn picture(&self, out: &mut String, line: usize, span: &Range<usize>) {
        let (_, start) = self.line(span.start);
        let rest = self.text.get(start..).unwrap_or("");
        let end = start + rest.find('\n').unwrap_or(rest.len());
        let split = |offset: usize| self.text.floor_char_boundary(offset.clamp(start, end));
        let (from, to) = (split(span.start), split(span.end));
        let before = self.text[start..from].trim_start_matches('\u{feff}');
        let spot = &self.text[from..to.max(from)];
        let after = self.text[to.max(from)..end].trim_end();

        let number = line.to_string();
        let gutter = " ".repeat(number.len());
        let mut shown = String::new();
        let cut = before.char_indices().rev().nth(CONTEXT).map_or(0, |(i, c)| i + c.len_utf8());
        if cut > 0 {
            shown.push('…');
        }
        visible(&mut shown, &before[cut..]);
        let indent = shown.chars().count();
        let cut_spot = visible_start(&mut shown, spot);
        let width = (shown.chars().count() - indent).max(1);
        if cut_spot || visible_start(&mut shown, after) {
            shown.push('…');
        }
        out.push_str(format!(" {number} | {shown}").trim_end());
        out.push('\n');
        out.push_str(&format!(" {gutter} | {}{}\n", " ".repeat(indent), "^".repeat(width)));
    }
}

/// Appends the first [`CONTEXT`] characters; true if there were more.
fn visible_start(out: &mut String, text: &str) -> bool {
    match text.char_indices().nth(CONTEXT) {
        Some((end, _)) => {
            visible(out, &text[..end]);
            true
        }
        None => {
            visible(out, text);
            false
        }
    }
}

fn visible(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\t' => out.push_str("    "),
            c => push_visible(out, c),
        }
    }
}
