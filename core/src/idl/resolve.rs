//! Files to a contract: imports, and the places of what the rules find.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::diagnostic::{Diagnostic, FileId, Note, Sources};
use super::lexer::Span;
use super::parser::{Marks, Syntax, read};
use crate::contract::{
    Aspect, Contract, FIRST_HERE, List, MAX_DIAGNOSTICS, MAX_NAMESPACES, Place, Scope, check, quoted,
};
use crate::names::sort;

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
    let mut in_order: Vec<(usize, Diagnostic)> = diagnostics.into_iter().enumerate().collect();
    let key = |(at, diagnostic): &(usize, Diagnostic)| (diagnostic.file, diagnostic.span.start, *at);
    sort(&mut in_order, |a, b| key(a).cmp(&key(b)));
    let diagnostics: Vec<Diagnostic> = in_order.into_iter().map(|(_, diagnostic)| diagnostic).collect();
    let contract = contract.filter(|_| diagnostics.is_empty());
    Parsed { contract, diagnostics, sources: reading.sources }
}

struct Reading<'l> {
    loader: &'l mut dyn Loader,
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    /// By [`FileId`]: in the order in which files are first reached, depth first.
    files: Vec<File>,
    /// The files whose imports are being followed, the root first.
    open: Vec<FileId>,
}

struct File {
    syntax: Syntax,
    imports: Vec<FileId>,
    /// An import could not be had, which is reported: names may be unknown for that reason.
    incomplete: bool,
}

impl Reading<'_> {
    fn error(&mut self, file: FileId, span: Span, message: String) -> Option<&mut Diagnostic> {
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
        if let (None, Some(first)) = (&syntax.namespace, &syntax.first) {
            let message = "a file that defines anything declares a namespace".to_string();
            if let Some(diagnostic) = self.error(id, first.clone(), message) {
                diagnostic.help = Some("write `namespace` and a name above".to_string());
            }
        }
        let imports = syntax.imports.clone();
        self.files.push(File { syntax, imports: Vec::new(), incomplete: false });
        self.open.push(id);
        for (path, span) in imports {
            let imported = self.import(id, &key, &path, span);
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

    /// Puts the files together and checks the rules; none if no file could be read.
    fn contract(&mut self) -> Option<Contract> {
        let files = core::mem::take(&mut self.files);
        let space = |file: &File| file.syntax.namespace.clone().map_or(String::new(), |(name, _)| name);
        let namespaces: Vec<String> = files.iter().map(space).collect();
        let root = namespaces.first()?.clone();
        // Their definitions belong to no namespace of their own, which is reported once and not for each.
        let mut homeless = Vec::new();
        let mut spaces = Spaces::default();
        let mut imports = Vec::new();
        let mut incomplete = Vec::new();
        for ((id, file), namespace) in (0..).map(FileId).zip(&files).zip(&namespaces) {
            let imported = file.imports.iter().filter_map(|import| namespaces.get(import.0 as usize));
            imports.push((namespace.as_str(), imported.map(String::as_str).collect()));
            if file.incomplete {
                incomplete.push(namespace.as_str());
            }
            let Some((name, span)) = &file.syntax.namespace else {
                homeless.push(id);
                continue;
            };
            if let Some((first, first_span)) = spaces.get(name) {
                let (file, span_of_first) = (*first, first_span.start as usize..first_span.end as usize);
                homeless.push(id);
                let message = format!("the namespace {} belongs to another file", quoted(name));
                if let Some(diagnostic) = self.error(id, span.clone(), message) {
                    let message = "first declared here".to_string();
                    diagnostic.notes.push(Note { message, file, span: span_of_first });
                }
            } else {
                spaces.0.push((name.clone(), (id, span.clone())));
            }
        }

        let mut marks = AllMarks { spaces, ..AllMarks::default() };
        let (mut interfaces, mut structs, mut enums, mut errors) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for ((id, file), namespace) in (0..).map(FileId).zip(files).zip(&namespaces) {
            let imported = if id.0 == 0 { "" } else { namespace.as_str() };
            for (mut item, mark) in file.syntax.interfaces {
                (item.name, item.namespace) = (qualified(imported, &item.name), namespace.clone());
                marks.interfaces.push((id, mark));
                interfaces.push(item);
            }
            for (mut item, mark) in file.syntax.structs {
                (item.name, item.namespace) = (qualified(imported, &item.name), namespace.clone());
                marks.structs.push((id, mark));
                structs.push(item);
            }
            for (mut item, mark) in file.syntax.enums {
                (item.name, item.namespace) = (qualified(imported, &item.name), namespace.clone());
                marks.enums.push((id, mark));
                enums.push(item);
            }
            for (mut item, mark) in file.syntax.errors {
                (item.name, item.namespace) = (qualified(namespace, &item.name), namespace.clone());
                marks.errors.push((id, mark));
                errors.push(item);
            }
        }
        let contract = Contract::assemble(root, interfaces, structs, enums, errors);
        for finding in check(&contract, &Scope::Imported { files: &imports, incomplete: &incomplete }) {
            let mut at = marks.find(&contract, finding.place);
            let of_item = finding.place.item.is_some() && finding.place.member.is_none();
            if homeless.contains(&at.0)
                && of_item
                && matches!(finding.place.aspect, Aspect::Name | Aspect::Namespace)
            {
                continue;
            }
            let help = finding.help.or_else(|| self.line_above(&finding.place, &at));
            let mut note = finding.note.map(|(place, text)| (marks.find(&contract, place), text));
            // The rules know the order of lists, not of the text: what stands first is the first.
            if let Some((first, FIRST_HERE)) = &mut note
                && (first.0, first.1.start) > (at.0, at.1.start)
            {
                core::mem::swap(first, &mut at);
            }
            if let Some(diagnostic) = self.error(at.0, at.1, finding.message) {
                diagnostic.help = help;
                diagnostic.notes.extend(note.map(|((file, span), text)| Note {
                    message: text.to_string(),
                    file,
                    span: span.start as usize..span.end as usize,
                }));
            }
        }
        Some(contract)
    }

    /// A type that is unknown and starts a line may be the next field: line breaks mean nothing to the grammar.
    fn line_above(&self, place: &Place, (file, span): &(FileId, Span)) -> Option<String> {
        let before = self.sources.text(*file).get(..span.start as usize)?;
        let line = before.rsplit('\n').next()?;
        let starts_line = place.aspect == Aspect::Type && line.trim().is_empty();
        starts_line.then(|| "is the type missing at the end of the line above?".to_string())
    }
}

/// Where everything in a contract stands in the text.
#[derive(Default)]
struct AllMarks {
    interfaces: Vec<(FileId, Marks)>,
    structs: Vec<(FileId, Marks)>,
    enums: Vec<(FileId, Marks)>,
    errors: Vec<(FileId, Marks)>,
    spaces: Spaces,
}

/// Where each namespace is declared first; there are few, [`MAX_FILES`].
#[derive(Default)]
struct Spaces(Vec<(String, (FileId, Span))>);

impl Spaces {
    fn get(&self, name: &str) -> Option<&(FileId, Span)> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, declared)| declared)
    }
}

impl AllMarks {
    fn find(&self, contract: &Contract, place: Place) -> (FileId, Span) {
        let space = |name: &str| self.spaces.get(name).cloned().unwrap_or((FileId(0), 0..0));
        let Some((list, item)) = place.item else { return space(contract.namespace()) };
        if let (Aspect::Namespace, Some(declared)) =
            (place.aspect, self.spaces.get(contract.name_of(list, item).1))
        {
            return declared.clone();
        }
        let list = match list {
            List::Interfaces => &self.interfaces,
            List::Structs => &self.structs,
            List::Enums => &self.enums,
            List::Errors => &self.errors,
        };
        let Some((file, mut marks)) = list.get(item).map(|(file, marks)| (*file, marks)) else {
            return (FileId(0), 0..0);
        };
        for member in [place.member, place.parameter].into_iter().flatten() {
            marks = marks.members.get(member).unwrap_or(marks);
        }
        let span = match place.aspect {
            Aspect::Name | Aspect::Namespace | Aspect::Message | Aspect::Optional => &marks.name,
            Aspect::Type | Aspect::Extends | Aspect::Code => &marks.detail,
            Aspect::Raises(i) => marks.raises.get(i).unwrap_or(&marks.name),
        };
        (file, span.clone())
    }
}

fn too_big() -> String {
    format!("the file is bigger than {} MiB", MAX_FILE_SIZE >> 20)
}

/// A loader's reason, which may quote what is in the file: nothing in it can disturb a terminal.
fn quoted_reason(why: &str) -> String {
    let mut out = String::new();
    why.chars().take(200).for_each(|c| crate::contract::push_visible(&mut out, c));
    out
}

fn qualified(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_string() } else { format!("{namespace}.{name}") }
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
