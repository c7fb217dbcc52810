//! Where a text has objects of classes.

use super::classes::{CLASS, DATA};
use crate::dialect::walk;
use crate::json::scan::{self, Fault, FaultKind, Surrogates};
use crate::json::text;
use std::ops::Range;

/// The objects of a text that have a member `_class`.
///
/// They are found in one pass of their own: the class may stand behind the fields, and to look for it at each object
/// anew would read what is nested deep once for every level.
#[derive(Debug)]
pub(super) struct Objects<'a> {
    json: &'a [u8],
    /// In the order of the text. Some have no class: they only hold others that do.
    found: Vec<Object>,
}

#[derive(Debug, Clone)]
pub(super) struct Object {
    at: usize,
    pub(super) end: usize,
    /// What the class is said to be, any value.
    pub(super) class: Option<Range<usize>>,
    /// The position of the fields, an object; `None` if they are missing, or if there is anything beside the two.
    pub(super) data: Option<usize>,
}

impl<'a> Objects<'a> {
    pub(super) fn new(json: &'a [u8]) -> Self {
        Objects { json, found: Vec::new() }
    }

    /// Reads the value at `at`, nested at most `depth` levels: where it ends.
    pub(super) fn read(&mut self, at: usize, depth: usize) -> Result<usize, Fault> {
        let json = self.json;
        let inner = || depth.checked_sub(1).ok_or(Fault::new(FaultKind::Depth, at));
        match json.get(at) {
            Some(b'[') => {
                let depth = inner()?;
                walk::elements(json, at, |_, at| self.read(at, depth))
            }
            Some(b'{') => {
                let depth = inner()?;
                let place = self.found.len();
                self.found.push(Object { at, end: at, class: None, data: None });
                let (mut class, mut data, mut others) = (None, None, false);
                let end = walk::members(json, at, |key, at| {
                    let end = self.read(at, depth)?;
                    let key = &json[key];
                    let part = match () {
                        () if text::equals(key, CLASS.as_bytes()) => Some(&mut class),
                        () if text::equals(key, DATA.as_bytes()) => Some(&mut data),
                        () => None,
                    };
                    others |= part.is_none_or(|part| part.replace(at..end).is_some());
                    Ok::<_, Fault>(end)
                })?;
                if class.is_none() && self.found.len() == place + 1 {
                    self.found.truncate(place);
                } else if let Some(object) = self.found.get_mut(place) {
                    let fields = |data: &Range<usize>| !others && json.get(data.start) == Some(&b'{');
                    let data = data.filter(fields).map(|data| data.start);
                    *object = Object { at, end, class, data };
                }
                Ok(end)
            }
            _ => scan::value(json, at, 0, Surrogates::Any),
        }
    }

    /// The object at `at`, if it has a member `_class`.
    pub(super) fn at(&self, at: usize) -> Option<Object> {
        let index = self.found.binary_search_by(|object| object.at.cmp(&at)).ok()?;
        self.found.get(index).filter(|object| object.class.is_some()).cloned()
    }
}
