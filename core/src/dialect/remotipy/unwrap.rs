//! Values without their classes, as the contract has them.

use super::classes::Classes;
use super::objects::Objects;
use crate::dialect::{string, walk};
use crate::json::scan::Fault;
use crate::json::write;
use crate::plan::{Kind, Plan};
use std::ops::Range;

/// Writes values by their types; what is of another type is written as it is, for the contract's check to refuse.
pub(super) struct Unwrap<'a> {
    pub(super) plan: &'a Plan,
    pub(super) classes: &'a Classes,
    pub(super) text: &'a str,
    /// Of `text`, all read: that bounds the nesting here too.
    pub(super) objects: Objects<'a>,
    pub(super) out: Vec<u8>,
}

impl Unwrap<'_> {
    /// The value of type `kind` at `at`: where it ends.
    pub(super) fn value(&mut self, kind: Kind, at: usize) -> Result<usize, Fault> {
        let json = self.text.as_bytes();
        match (kind, json.get(at)) {
            (Kind::Struct(expected), Some(b'{')) => {
                let Some(object) = self.objects.at(at) else { return self.fields(expected, at) };
                let class = object.class.and_then(|class| string(self.text, class)).unwrap_or_default();
                match (self.classes.find(&class, expected), object.data) {
                    (Some(index), Some(data)) => drop(self.fields(index, data)?),
                    // No object at all, so that the contract's check refuses it, and only once the call is admitted.
                    _ => write::string(&mut self.out, &class),
                }
                Ok(object.end)
            }
            (Kind::Array(element), Some(b'[')) => {
                let kind = self.plan.element_kind(element);
                self.out.push(b'[');
                let end = walk::elements(json, at, |index, at| {
                    self.comma(index > 0);
                    self.value(kind, at)
                })?;
                self.out.push(b']');
                Ok(end)
            }
            (Kind::Map(value), Some(b'{')) => {
                let kind = self.plan.element_kind(value);
                self.members(at, |_| Some(kind))
            }
            _ => self.copy(at),
        }
    }

    /// The fields of a struct, from the object at `at`.
    fn fields(&mut self, index: u32, at: usize) -> Result<usize, Fault> {
        let Some(shape) = self.plan.shapes.get(index as usize) else { return self.copy(at) };
        self.members(at, |key| shape.member(key).map(|field| field.kind))
    }

    /// The object at `at`; `kind` says the types of the members.
    fn members(&mut self, at: usize, kind: impl Fn(&[u8]) -> Option<Kind>) -> Result<usize, Fault> {
        let json = self.text.as_bytes();
        self.out.push(b'{');
        let mut more = false;
        let end = walk::members(json, at, |key, at| {
            self.comma(std::mem::replace(&mut more, true));
            self.key(&key);
            match kind(&json[key]) {
                Some(kind) => self.value(kind, at),
                None => self.copy(at),
            }
        })?;
        self.out.push(b'}');
        Ok(end)
    }

    fn key(&mut self, raw: &Range<usize>) {
        self.out.push(b'"');
        self.out.extend_from_slice(&self.text.as_bytes()[raw.clone()]);
        self.out.extend_from_slice(b"\":");
    }

    fn comma(&mut self, wanted: bool) {
        if wanted {
            self.out.push(b',');
        }
    }

    /// The value at `at` as it is: where it ends.
    pub(super) fn copy(&mut self, at: usize) -> Result<usize, Fault> {
        let json = self.text.as_bytes();
        let end = walk::skip(json, at)?;
        self.out.extend_from_slice(&json[at..end]);
        Ok(end)
    }
}
