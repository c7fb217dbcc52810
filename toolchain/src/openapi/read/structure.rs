//! The fields of structs.

use std::collections::{BTreeMap, HashSet};

use crate::case::Scope;
use crate::openapi::document::{Document, Id};
use crate::openapi::draft::{Member, Type};

use super::name::{Noun, identifier, is_identifier, joined};
use super::{MAX_COPIED, Reader};

/// What the parts of a schema say of one struct.
#[derive(Default)]
struct Parts<'a> {
    /// The schema of the parent.
    extends: Option<Id>,
    properties: Vec<(&'a str, Id)>,
    required: BTreeMap<&'a str, Id>,
}

impl<'a> Reader<'a> {
    /// Reads the fields of all structs, also of those that come up meanwhile.
    pub(super) fn structures(&mut self) {
        while let Some(number) = self.open.pop_front() {
            let (place, name) = match self.draft.structs.get(number) {
                Some(item) => (item.place, item.name.bare.clone()),
                None => continue,
            };
            let parts = self.redefining(place).unwrap_or_else(|| self.gathered(place));
            let extends = parts.extends.and_then(|parent| match self.target(parent).ty {
                Type::Struct(parent) => Some(parent),
                _ => None,
            });
            let fields = self.members(&parts.properties, &parts.required, &name, Noun::Field);
            let own: HashSet<&str> = parts.properties.iter().map(|&(key, _)| key).collect();
            let why = match extends {
                Some(_) => "is inherited and stays as it is there",
                None => "is required and has no schema: it is not kept",
            };
            for (key, place) in parts.required.into_iter().filter(|(key, _)| !own.contains(key)) {
                self.warn(place, format!("`{}` {why}", key.escape_debug()));
            }
            if let Some(item) = self.draft.structs.get_mut(number) {
                item.fields = fields;
                item.extends = extends;
            }
        }
    }

    /// Properties as fields or parameters, in order.
    pub(super) fn members(
        &mut self,
        properties: &[(&str, Id)],
        required: &BTreeMap<&str, Id>,
        owner: &str,
        noun: Noun,
    ) -> Vec<Member> {
        // Names that are good as they stand are not for others.
        let good = properties.iter().map(|&(key, _)| key).filter(|key| is_identifier(key));
        let mut scope = Scope::without(good);
        let mut seen = HashSet::new();
        let mut members = Vec::new();
        for &(key, place) in properties {
            if !seen.insert(key) {
                continue;
            }
            let name = match is_identifier(key) {
                true => key.to_owned(),
                false => scope.give(&identifier(key, noun)),
            };
            if name != key {
                self.warn(place, format!("the {} is named `{name}`", noun.word()));
            }
            let read = self.ty(place, &joined(owner, key));
            let optional = read.nullable || !required.contains_key(key);
            members.push(Member { place, name, ty: read.ty, optional, comment: self.comment(place) });
        }
        members
    }

    /// A struct of ours that defines an inherited field anew: all fields are there, and its own are named.
    fn redefining(&mut self, id: Id) -> Option<Parts<'a>> {
        let document = self.document;
        let parent = document.text_of(id, "x-pulse-extends").filter(|_| self.ours)?;
        let extends = document.descend(Document::ROOT, &["components", "schemas", parent])?;
        let own = document.items(document.get(id, "x-pulse-fields")?).iter();
        let own = own.filter_map(|&name| document.text(name));
        let properties: Vec<(&str, Id)> =
            own.filter_map(|name| Some((name, document.descend(id, &["properties", name])?))).collect();
        let mut parts = Parts { extends: Some(extends), properties, required: BTreeMap::new() };
        self.require(id, &mut parts);
        let own: HashSet<&str> = parts.properties.iter().map(|&(key, _)| key).collect();
        parts.required.retain(|name, _| own.contains(name));
        Some(parts)
    }

    /// What the schema and all parts of its `allOf` say.
    fn gathered(&mut self, id: Id) -> Parts<'a> {
        let document = self.document;
        let mut parts = Parts::default();
        let mut seen = HashSet::from([id]);
        // The last one comes next. What a copied schema extends is copied as well.
        let mut open = vec![(id, false)];
        while let Some((part, copied)) = open.pop() {
            self.report_beyond(part);
            if let Some(reference) = document.get(part, "$ref") {
                let Some(target) = self.referent(reference) else { continue };
                if !copied && parts.extends.is_none() && matches!(self.target(target).ty, Type::Struct(_)) {
                    parts.extends = Some(target);
                    continue;
                }
                if !seen.insert(target) {
                    continue;
                }
                if !copied {
                    self.warn(part, "a struct extends one other alone: the members of this one are copied");
                }
                open.push((target, true));
                continue;
            }
            if copied {
                let members = document.get(part, "properties").map_or(0, |all| document.members(all).count());
                self.copied += 1 + members;
                if self.copied > MAX_COPIED {
                    let message =
                        format!("more than {MAX_COPIED} schemas and members would be copied into others");
                    self.fail(part, message);
                    return parts;
                }
            }
            if let Some(properties) = document.get(part, "properties") {
                parts.properties.extend(document.members(properties));
            }
            self.require(part, &mut parts);
            self.report_open(part, part == id);
            let all = document.get(part, "allOf").map_or(&[][..], |list| document.items(list));
            open.extend(all.iter().rev().map(|&member| (member, copied)));
        }
        parts
    }

    fn require(&mut self, id: Id, parts: &mut Parts<'a>) {
        let document = self.document;
        let required = document.get(id, "required").map_or(&[][..], |list| document.items(list));
        for &name in required {
            if let Some(text) = document.text(name) {
                parts.required.insert(text, name);
            }
        }
    }

    /// Reports what a schema of objects lets in beside its properties, or asks for in other words.
    fn report_open(&mut self, id: Id, whole: bool) {
        let document = self.document;
        let has = |key| document.get(id, key).is_some();
        let choices = self.parts(id, "oneOf").len() + self.parts(id, "anyOf").len();
        let values = document.get(id, "additionalProperties");
        if values.is_some_and(|values| document.members(values).next().is_some()) {
            self.warn(id, "the type of further members is not kept: any are let through");
        } else if choices > 0 || ((has("oneOf") || has("anyOf")) && has("properties")) {
            self.warn(
                id,
                "a choice between schemas cannot be expressed: any further members are let through",
            );
        } else if whole && !has("properties") && !has("allOf") {
            self.warn(
                id,
                "an object of any members: they are let through, but the contract does not name them",
            );
        } else if !whole
            && document.text_of(id, "type") != Some("object")
            && ["type", "items", "enum", "const"].into_iter().any(has)
        {
            self.warn(id, "this part is not of objects and is not kept");
        }
    }
}
