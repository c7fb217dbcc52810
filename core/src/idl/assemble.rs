//! The files of a contract put together, and the places of what the rules find.

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use super::barrister::{is_barrister, reachable};
use super::diagnostic::{FileId, Note};
use super::lexer::Span;
use super::parser::Marks;
use super::resolve::{File, Reading};
use crate::contract::{Aspect, Contract, FIRST_HERE, List, Place, Scope, check, quoted};

impl Reading<'_> {
    /// Puts the files together and checks the rules; none if no file could be read.
    pub(super) fn contract(&mut self) -> Option<Contract> {
        let files = core::mem::take(&mut self.files);
        let space = |file: &File| file.syntax.namespace.clone().map_or(String::new(), |(name, _)| name);
        let namespaces: Vec<String> = files.iter().map(space).collect();
        let root = namespaces.first()?.clone();
        let idl: Vec<bool> = self.sources.files().map(|file| is_barrister(self.sources.name(file))).collect();
        let edges: Vec<&[FileId]> = files.iter().map(|file| file.imports.as_slice()).collect();
        // Their definitions belong to no namespace of their own, which is reported once and not for each.
        let mut homeless = Vec::new();
        let mut spaces = Spaces::default();
        let mut imports = Vec::new();
        let mut incomplete = Vec::new();
        for ((id, file), namespace) in (0..).map(FileId).zip(&files).zip(&namespaces) {
            let is_idl = idl[id.0 as usize];
            let imported = if is_idl { reachable(id, &edges) } else { file.imports.clone() };
            let imported = imported.iter().filter_map(|import| namespaces.get(import.0 as usize));
            imports.push((namespace.as_str(), imported.map(String::as_str).collect()));
            if file.incomplete {
                incomplete.push(namespace.as_str());
            }
            let Some((name, span)) = &file.syntax.namespace else {
                if !is_idl {
                    homeless.push(id);
                }
                continue;
            };
            if let Some((first, first_span)) = spaces.get(name) {
                if is_idl && idl[first.0 as usize] {
                    continue;
                }
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
        let mut files: Vec<Option<File>> = files.into_iter().map(Some).collect();
        let mut order = Vec::new();
        for (first, namespace) in namespaces.iter().enumerate() {
            // Files of one namespace follow the first of them: to the JSON form they are one file.
            for (at, other) in namespaces.iter().enumerate().skip(first) {
                if namespace == other {
                    order.push(at);
                }
            }
        }
        for at in order {
            let (id, namespace) = (FileId(at as u32), &namespaces[at]);
            let Some(file) = files[at].take() else { continue };
            let is_idl = idl[id.0 as usize];
            let in_root = id.0 == 0 || (is_idl && *namespace == root);
            let imported = if in_root { "" } else { namespace.as_str() };
            let mut syntax = file.syntax;
            if is_idl && id.0 > 0 {
                (syntax.interfaces, syntax.errors) = (Vec::new(), Vec::new());
            }
            for (mut item, mark) in syntax.interfaces {
                (item.name, item.namespace) = (qualified(imported, &item.name), namespace.clone());
                marks.interfaces.push((id, mark));
                interfaces.push(item);
            }
            for (mut item, mark) in syntax.structs {
                (item.name, item.namespace) = (qualified(imported, &item.name), namespace.clone());
                marks.structs.push((id, mark));
                structs.push(item);
            }
            for (mut item, mark) in syntax.enums {
                (item.name, item.namespace) = (qualified(imported, &item.name), namespace.clone());
                marks.enums.push((id, mark));
                enums.push(item);
            }
            for (mut item, mark) in syntax.errors {
                (item.name, item.namespace) = (qualified(namespace, &item.name), namespace.clone());
                marks.errors.push((id, mark));
                errors.push(item);
            }
        }
        let mut contract = Contract::assemble(root, interfaces, structs, enums, errors);
        if idl.contains(&true) {
            contract = once(contract, &mut marks, &idl);
        }
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
        self.origin.marks = marks;
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
#[derive(Debug, Default)]
pub(super) struct AllMarks {
    interfaces: Vec<(FileId, Marks)>,
    structs: Vec<(FileId, Marks)>,
    enums: Vec<(FileId, Marks)>,
    errors: Vec<(FileId, Marks)>,
    spaces: Spaces,
}

/// Where each namespace is declared first; there are few, [`MAX_FILES`].
#[derive(Debug, Default)]
struct Spaces(Vec<(String, (FileId, Span))>);

impl Spaces {
    fn get(&self, name: &str) -> Option<&(FileId, Span)> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, declared)| declared)
    }
}

impl AllMarks {
    pub(super) fn find(&self, contract: &Contract, place: Place) -> (FileId, Span) {
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

/// The contract without what files of Barrister, told by `idl`, say again.
fn once(mut contract: Contract, marks: &mut AllMarks, idl: &[bool]) -> Contract {
    let mut again = [vec![false; contract.structs.len()], vec![false; contract.enums.len()]];
    for [(list, first), (other, item)] in contract.name_clashes() {
        let file = |item| marks.find(&contract, Place::item(list, item, Aspect::Name)).0;
        let of_idl = |item| idl[file(item).0 as usize];
        let is_type = list == other && (list == List::Structs || list == List::Enums);
        if is_type && of_idl(first) && of_idl(item) && file(first) != file(item) {
            again[usize::from(list == List::Enums)][item] = contract.same_type(list, first, item);
        }
    }
    remove(&mut contract.structs, &again[0]);
    remove(&mut marks.structs, &again[0]);
    remove(&mut contract.enums, &again[1]);
    remove(&mut marks.enums, &again[1]);
    let Contract { namespace, interfaces, structs, enums, errors, .. } = contract;
    Contract::assemble(namespace, interfaces, structs, enums, errors)
}

fn remove<T>(items: &mut Vec<T>, which: &[bool]) {
    let mut which = which.iter();
    items.retain(|_| which.next() != Some(&true));
}

fn qualified(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_string() } else { format!("{namespace}.{name}") }
}
