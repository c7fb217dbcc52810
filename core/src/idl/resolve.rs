//! Files to a contract: imports, and the places of what the rules find.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::assemble::AllMarks;
use super::barrister::is_barrister;
use super::diagnostic::{Diagnostic, FileId, Sources, in_order};
use super::lexer::Span;
use super::parser::{Syntax, read};
use crate::contract::{Contract, MAX_DIAGNOSTICS, MAX_NAMESPACES, quoted};

/// Files that import one another in a chain, the root file not counted. Bounds the stack.
pub const MAX_IMPORT_DEPTH: usize = 32;

/// Files of one contract. Bounds time and memory.
pub const MAX_FILES: usize = MAX_NAMESPACES;

/// Bytes of one file. Bounds memory.
pub const MAX_FILE_SIZE: usize = 4 << 20;

/// Where files come from: the core opens none.
pub trait Loader {
    /// The key of the file that the text `import` in the file `from` means. The root's is resolved from `""`.
    ///
    /// Files with one key are one file. The default takes keys as paths with `/`, relative to the directory of
    /// `from`, and leaves no `.` and no `..` but leading ones. It keeps nobody from leaving a directory: a loader
    /// that must, checks the key.
    fn resolve(&self, from: &str, import: &str) -> String {
        join(from, import)
    }

    /// The text of a file, or why there is none, as one sentence that the diagnostic shows.
    ///
    /// # Errors
    /// The file is missing, or cannot be read, or may not be.
    fn load(&mut self, key: &str) -> Result<String, String>;
}

/// What reading a contract came to.
#[derive(Debug)]
pub struct Parsed {
    /// There if and only if nothing is wrong.
    pub contract: Option<Contract>,
    /// Everything that is wrong, up to [`MAX_DIAGNOSTICS`](crate::contract::MAX_DIAGNOSTICS), in the order of files and lines.
    pub diagnostics: Vec<Diagnostic>,
    /// The files, for showing diagnostics.
    pub sources: Sources,
    pub(super) origin: Origin,
}

/// Where a contract comes from.
#[derive(Debug, Default)]
pub(super) struct Origin {
    pub(super) marks: AllMarks,
    /// Of every imported file the first import of it, and a second one that is not the same again.
    pub(super) ways: Vec<(Way, Option<Way>)>,
}

impl Origin {
    fn follow(&mut self, way: Way, sources: &Sources) {
        let path = |way: &Way| sources.text(way.from).get(way.span.start as usize..way.span.end as usize);
        match self.ways.iter_mut().find(|(first, _)| first.to == way.to) {
            None => self.ways.push((way, None)),
            Some((first, second @ None)) if (first.from, path(first)) != (way.from, path(&way)) => {
                *second = Some(way);
            }
            Some(_) => {}
        }
    }
}

/// One import.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) from: FileId,
    /// The path, with its quotes.
    pub(super) span: Span,
    pub(super) to: FileId,
}

/// Reads the contract whose root file `loader` knows as `root`.
pub fn parse(root: &str, loader: &mut dyn Loader) -> Parsed {
    let key = loader.resolve("", root);
    let mut reading = Reading {
        loader,
        sources: Sources::default(),
        diagnostics: Vec::new(),
        files: Vec::new(),
        open: Vec::new(),
        origin: Origin::default(),
    };
    match reading.loader.load(&key) {
        Ok(text) if text.len() <= MAX_FILE_SIZE => reading.file(key, text),
        refused => {
            let why = refused.map_or_else(|why| why, |_| too_big());
            let message = format!("cannot read {}: {}", quoted(&key), quoted_reason(&why));
            let file = reading.sources.add(key, String::new());
            reading.error(file, 0..0, message);
        }
    }
    let contract = reading.contract();
    let mut diagnostics = reading.diagnostics;
    diagnostics.truncate(MAX_DIAGNOSTICS);
    let diagnostics = in_order(diagnostics);
    let contract = contract.filter(|_| diagnostics.is_empty());
    Parsed { contract, diagnostics, sources: reading.sources, origin: reading.origin }
}

pub(super) struct Reading<'l> {
    loader: &'l mut dyn Loader,
    pub(super) sources: Sources,
    diagnostics: Vec<Diagnostic>,
    /// By [`FileId`]: in the order in which files are first reached, depth first.
    pub(super) files: Vec<File>,
    /// The files whose imports are being followed, the root first.
    open: Vec<FileId>,
    pub(super) origin: Origin,
}

pub(super) struct File {
    pub(super) syntax: Syntax,
    pub(super) imports: Vec<FileId>,
    /// An import could not be had, which is reported: names may be unknown for that reason.
    pub(super) incomplete: bool,
}

impl Reading<'_> {
    pub(super) fn error(&mut self, file: FileId, span: Span, message: String) -> Option<&mut Diagnostic> {
        if self.diagnostics.len() >= MAX_DIAGNOSTICS {
            return None;
        }
        let span = span.start as usize..span.end as usize;
        self.diagnostics.push(Diagnostic { message, file, span, notes: Vec::new(), help: None });
        self.diagnostics.last_mut()
    }

    /// Reads a file and all that it imports. Recurses [`MAX_IMPORT_DEPTH`] times at most.
    fn file(&mut self, key: String, text: String) {
        let id = self.sources.add(key.clone(), text);
        let syntax = read(self.sources.text(id), id, &mut self.diagnostics);
        if let (None, Some(first), false) = (&syntax.namespace, &syntax.first, is_barrister(&key)) {
            let message = "a file that defines anything declares a namespace".to_string();
            if let Some(diagnostic) = self.error(id, first.clone(), message) {
                diagnostic.help = Some("write `namespace` and a name above".to_string());
            }
        }
        let imports = syntax.imports.clone();
        self.files.push(File { syntax, imports: Vec::new(), incomplete: false });
        self.open.push(id);
        for (path, span) in imports {
            let imported = self.import(id, &key, &path, span.clone());
            if let Some(to) = imported {
                self.origin.follow(Way { from: id, span, to }, &self.sources);
            }
            if let Some(file) = self.files.get_mut(id.0 as usize) {
                file.imports.extend(imported.filter(|known| !file.imports.contains(known)));
                file.incomplete |= imported.is_none();
            }
        }
        self.open.pop();
    }

    fn import(&mut self, from: FileId, from_key: &str, path: &str, span: Span) -> Option<FileId> {
        let key = self.loader.resolve(from_key, path);
        if let Some(known) = self.sources.find(&key) {
            let Some(at) = self.open.iter().position(|&open| open == known) else { return Some(known) };
            let circle = self.open[at..].iter().chain([&known]).map(|&id| self.sources.name(id));
            let circle = circle.collect::<Vec<_>>().join(" → ");
            self.error(from, span, format!("files import each other in a circle: {circle}"));
            return None;
        }
        let refused = if self.files.len() >= MAX_FILES {
            format!("a contract has at most {MAX_FILES} files")
        } else if self.open.len() > MAX_IMPORT_DEPTH {
            format!("imports go at most {MAX_IMPORT_DEPTH} files deep")
        } else {
            match self.loader.load(&key) {
                Ok(text) if text.len() <= MAX_FILE_SIZE => {
                    let id = FileId(self.files.len() as u32);
                    self.file(key, text);
                    return Some(id);
                }
                Ok(_) => too_big(),
                Err(why) => why,
            }
        };
        self.error(from, span, format!("cannot import {}: {}", quoted(&key), quoted_reason(&refused)));
        None
    }
}

pub(super) fn too_big() -> String {
    format!("the file is bigger than {} MiB", MAX_FILE_SIZE >> 20)
}

/// A loader's reason, which may quote what is in the file: nothing in it can disturb a terminal.
fn quoted_reason(why: &str) -> String {
    let mut out = String::new();
    why.chars().take(200).for_each(|c| crate::contract::push_visible(&mut out, c));
    out
}

/// `import` relative to the directory of `from`, without `.` and, as far as possible, without `..`.
fn join(from: &str, import: &str) -> String {
    let directory = from.rfind('/').map_or("", |end| &from[..=end]);
    let directory = if import.starts_with('/') { "" } else { directory };
    let absolute = import.starts_with('/') || directory.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(import.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    if absolute { format!("/{path}") } else { path }
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn imports_are_relative_to_the_file_that_names_them() {
        assert_eq!(join("", "./a.pulse"), "a.pulse");
        assert_eq!(join("a.pulse", "b.pulse"), "b.pulse");
        assert_eq!(join("x/a.pulse", "../y/./b.pulse"), "y/b.pulse");
        assert_eq!(join("x/a.pulse", "../../b.pulse"), "../b.pulse");
        assert_eq!(join("/x/a.pulse", "../../b.pulse"), "/b.pulse");
        assert_eq!(join("x/a.pulse", "/b.pulse"), "/b.pulse");
    }
}
