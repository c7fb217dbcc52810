//! Values with the classes of their structs.

use super::classes::{CLASS, Classes, DATA};
use crate::dialect::walk;
use crate::json::scan::{Fault, Surrogates, value};
use crate::json::{text, write};
use crate::plan::{Kind, Plan};
use std::ops::Range;

/// Writes values that were checked by their types.
pub(super) struct Wrap<'a> {
    pub(super) plan: &'a Plan,
    pub(super) classes: &'a Classes,
    pub(super) json: &'a [u8],
    pub(super) out: Vec<u8>,
    /// Bytes that `out` may grow to.
    pub(super) limit: usize,
}

/// Why a value is refused.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It is not what was checked.
    Fault,
    /// A reader would take an object of it for one of a class.
    Class,
    /// With its classes it is larger than the limit.
    TooLarge,
}

impl From<Fault> for Refusal {
    fn from(_: Fault) -> Self {
        Refusal::Fault
    }
}

impl Wrap<'_> {
    /// The value of type `kind` at `at`, nested at most `depth` levels: where it ends.
    pub(super) fn value(&mut self, kind: Kind, at: usize, depth: usize) -> Result<usize, Refusal> {
        if self.out.len() > self.limit {
            return Err(Refusal::TooLarge);
        }
        let json = self.json;
        let inner = || depth.checked_sub(1).ok_or(Refusal::Fault);
        match (kind, json.get(at)) {
            (Kind::Struct(index), Some(b'{')) => {
                let shape = self.plan.shapes.get(index as usize).ok_or(Refusal::Fault)?;
                self.out.extend_from_slice(b"{\"");
                self.out.extend_from_slice(CLASS.as_bytes());
                self.out.extend_from_slice(b"\":");
                write::string(&mut self.out, self.classes.name(index));
                self.out.extend_from_slice(b",\"");
                self.out.extend_from_slice(DATA.as_bytes());
                self.out.extend_from_slice(b"\":");
                let kind = |key: &[u8]| shape.member(key).map(|field| field.kind);
                let end = self.members(at, inner()?, kind)?;
                self.out.push(b'}');
                Ok(end)
            }
            (Kind::Map(value), Some(b'{')) => {
                let kind = self.plan.element_kind(value);
                self.members(at, inner()?, |_| Some(kind))
            }
            (Kind::Array(element), Some(b'[')) => {
                let (kind, depth) = (self.plan.element_kind(element), inner()?);
                self.out.push(b'[');
                let end = walk::elements(json, at, |index, at| {
                    if index > 0 {
                        self.out.push(b',');
                    }
                    self.value(kind, at, depth)
                })?;
                self.out.push(b']');
                Ok(end)
            }
            _ => {
                let end = self.plain(at, depth)?;
                self.copy(at..end)?;
                Ok(end)
            }
        }
    }

    /// The object at `at`; `kind` says the types of the members.
    fn members(
        &mut self,
        at: usize,
        depth: usize,
        kind: impl Fn(&[u8]) -> Option<Kind>,
    ) -> Result<usize, Refusal> {
        let json = self.json;
        self.out.push(b'{');
        let mut more = false;
        let end = walk::members(json, at, |key, at| {
            innocent(&json[key.clone()])?;
            if std::mem::replace(&mut more, true) {
                self.out.push(b',');
            }
            self.out.push(b'"');
            self.copy(key.clone())?;
            self.out.extend_from_slice(b"\":");
            match kind(&json[key]) {
                Some(kind) => self.value(kind, at, depth),
                None => {
                    let end = self.plain(at, depth)?;
                    self.copy(at..end)?;
                    Ok(end)
                }
            }
        })?;
        self.out.push(b'}');
        Ok(end)
    }

    /// A value at `at` that the contract does not describe: where it ends, if it has no classes of its own.
    fn plain(&self, at: usize, depth: usize) -> Result<usize, Refusal> {
        let json = self.json;
        let inner = || depth.checked_sub(1).ok_or(Refusal::Fault);
        match json.get(at) {
            Some(b'[') => {
                let depth = inner()?;
                walk::elements(json, at, |_, at| self.plain(at, depth))
            }
            Some(b'{') => {
                let depth = inner()?;
                walk::members(json, at, |key, at| {
                    innocent(&json[key])?;
                    self.plain(at, depth)
                })
            }
            _ => Ok(value(json, at, 0, Surrogates::Any)?),
        }
    }

    fn copy(&mut self, range: Range<usize>) -> Result<(), Refusal> {
        if range.len() > self.limit.saturating_sub(self.out.len()) {
            return Err(Refusal::TooLarge);
        }
        self.out.extend_from_slice(self.json.get(range).unwrap_or_default());
        Ok(())
    }
}

/// Whether a member may have the key with raw text `raw`.
fn innocent(raw: &[u8]) -> Result<(), Refusal> {
    if text::equals(raw, CLASS.as_bytes()) { Err(Refusal::Class) } else { Ok(()) }
}
