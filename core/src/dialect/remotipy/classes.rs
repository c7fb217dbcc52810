//! The structs of a contract as classes of objects.

use crate::contract::{Contract, bare};
use crate::dialect::InterfaceError;
use crate::names::sort;
use crate::plan::{Kind, Plan, qualified};

/// The class of what says that a call failed.
pub(super) const EXCEPTION: &str = "SerializableException";
/// The member that makes an object of a class out of an object.
pub(super) const CLASS: &str = "_class";
/// The member with the fields.
pub(super) const DATA: &str = "_data";

/// By the numbers that structs have in the plan.
#[derive(Debug)]
pub(super) struct Classes {
    classes: Vec<Class>,
    /// All names of the structs, bare ones included, and whose they are. Sorted.
    names: Vec<(String, u32)>,
}

#[derive(Debug)]
struct Class {
    /// Without the namespace, as classes of Python are named.
    name: String,
    parent: Option<u32>,
}

impl Classes {
    pub(super) fn new(contract: &Contract, plan: &Plan) -> Result<Self, InterfaceError> {
        let mut classes = Vec::new();
        let mut names = Vec::new();
        for (index, item) in (0u32..).zip(contract.structs()) {
            let name = bare(&item.name, &item.namespace);
            if name == EXCEPTION {
                return Err(InterfaceError::Reserved(item.name.clone()));
            }
            if item.fields.iter().any(|field| field.name == CLASS) {
                return Err(InterfaceError::Reserved(format!("{}.{CLASS}", item.name)));
            }
            names.push((name.to_owned(), index));
            names.push((qualified(&item.name, &item.namespace), index));
            let parent = match contract.parent(item).and_then(|parent| plan.named(&parent.name)) {
                Some(Kind::Struct(parent)) => Some(parent),
                _ => None,
            };
            classes.push(Class { name: name.into(), parent });
        }
        sort(&mut names, |a, b| a.cmp(b));
        Ok(Classes { classes, names })
    }

    /// What objects of a struct are called.
    pub(super) fn name(&self, index: u32) -> &str {
        self.classes.get(index as usize).map_or("", |class| &class.name)
    }

    /// The struct called `name`, with its namespace or without, that is `expected` or extends it.
    pub(super) fn find(&self, name: &str, expected: u32) -> Option<u32> {
        let start = self.names.partition_point(|(known, _)| known.as_str() < name);
        let alike = self.names.get(start..)?.iter().take_while(|(known, _)| known == name);
        let mut found = None;
        for &(_, index) in alike {
            if index == expected {
                return Some(index);
            }
            if found.is_none() && self.extends(index, expected) {
                found = Some(index);
            }
        }
        found
    }

    fn extends(&self, mut index: u32, ancestor: u32) -> bool {
        while let Some(parent) = self.classes.get(index as usize).and_then(|class| class.parent) {
            if parent == ancestor {
                return true;
            }
            index = parent;
        }
        false
    }
}
