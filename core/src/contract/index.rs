//! Finding definitions by name, and saying where in a contract something stands.

use alloc::{string::String, vec::Vec};

use super::{Contract, Definition, Enum, ErrorDefinition, Interface, Struct};
use crate::names::sort;

/// The four lists of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum List {
    Interfaces,
    Structs,
    Enums,
    Errors,
}

/// A spot in a contract. Text knows its span, JSON its pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The list and the position in it; `None` is the contract itself.
    pub(crate) item: Option<(List, usize)>,
    /// Method, field or value of the item.
    pub(crate) member: Option<usize>,
    /// Parameter of the method.
    pub(crate) parameter: Option<usize>,
    pub(crate) aspect: Aspect,
}

/// What about the spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aspect {
    Name,
    Namespace,
    /// Of a field or parameter; of a method it is the type of its result.
    Type,
    Optional,
    Extends,
    Raises(usize),
    Code,
    Message,
}

impl Place {
    pub(crate) fn item(list: List, item: usize, aspect: Aspect) -> Self {
        Place { item: Some((list, item)), member: None, parameter: None, aspect }
    }

    pub(crate) fn member(self, member: usize, aspect: Aspect) -> Self {
        Place { member: Some(member), aspect, ..self }
    }

    pub(crate) fn parameter(self, parameter: usize, aspect: Aspect) -> Self {
        Place { parameter: Some(parameter), aspect, ..self }
    }
}

/// Positions in a contract's lists, sorted for searching.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Index {
    /// By (namespace, bare name); equal names stand in source order.
    names: Vec<(List, u32)>,
    /// Errors by code.
    codes: Vec<u32>,
}

impl Contract {
    /// Puts a contract together; whether it keeps the rules is for [`super::check`] to say.
    pub(crate) fn assemble(
        namespace: String,
        interfaces: Vec<Interface>,
        structs: Vec<Struct>,
        enums: Vec<Enum>,
        errors: Vec<ErrorDefinition>,
    ) -> Contract {
        let mut contract =
            Contract { namespace, interfaces, structs, enums, errors, index: Index::default() };
        let mut names = Vec::new();
        for list in [List::Interfaces, List::Structs, List::Enums, List::Errors] {
            names.extend((0..contract.count(list) as u32).map(|i| (list, i)));
        }
        let key = |&item: &(List, u32)| (contract.key(item), item);
        sort(&mut names, |a, b| key(a).cmp(&key(b)));
        let mut codes: Vec<u32> = (0..contract.errors.len() as u32).collect();
        let code = |&i: &u32| (contract.errors[i as usize].code, i);
        sort(&mut codes, |a, b| code(a).cmp(&code(b)));
        contract.index = Index { names, codes };
        contract
    }

    /// What `reference` means as a type where `namespace` is the namespace of the item that holds it.
    ///
    /// A bare name means a definition of that namespace, or else one without; `other.Name` one of another.
    pub fn definition(&self, reference: &str, namespace: &str) -> Option<Definition<'_>> {
        match self.find(reference, namespace)? {
            (List::Structs, i) => self.structs.get(i).map(Definition::Struct),
            (List::Enums, i) => self.enums.get(i).map(Definition::Enum),
            _ => None,
        }
    }

    /// What `reference` means as an interface.
    pub fn interface(&self, reference: &str, namespace: &str) -> Option<&Interface> {
        match self.find(reference, namespace)? {
            (List::Interfaces, i) => self.interfaces.get(i),
            _ => None,
        }
    }

    /// What `reference` means as an error, for instance in [`super::Method::raises`].
    pub fn resolve_error(&self, reference: &str, namespace: &str) -> Option<&ErrorDefinition> {
        match self.find(reference, namespace)? {
            (List::Errors, i) => self.errors.get(i),
            _ => None,
        }
    }

    /// The struct that `child` extends.
    pub fn parent(&self, child: &Struct) -> Option<&Struct> {
        match self.definition(child.extends.as_deref()?, &child.namespace)? {
            Definition::Struct(parent) => Some(parent),
            Definition::Enum(_) => None,
        }
    }

    /// The error that this contract declares for `code`.
    pub fn error(&self, code: i32) -> Option<&ErrorDefinition> {
        let codes = &self.index.codes;
        let at = codes.binary_search_by_key(&code, |&i| self.errors[i as usize].code).ok()?;
        self.errors.get(codes[at] as usize)
    }

    /// A bare name means what `namespace` has, else what has no namespace: an imported file of Barrister needs none.
    pub(crate) fn find(&self, reference: &str, namespace: &str) -> Option<(List, usize)> {
        match split(reference) {
            Some((other, bare)) => self.find_in(other, bare),
            None => self.find_in(namespace, reference).or_else(|| self.find_in("", reference)),
        }
    }

    pub(crate) fn find_in(&self, namespace: &str, bare: &str) -> Option<(List, usize)> {
        let names = &self.index.names;
        let at = names.partition_point(|&entry| self.key(entry) < (namespace, bare));
        let &(list, item) = names.get(at).filter(|&&entry| self.key(entry) == (namespace, bare))?;
        Some((list, item as usize))
    }

    /// Pairs of definitions with one name: the first of them and each further one.
    pub(crate) fn name_clashes(&self) -> Vec<[(List, usize); 2]> {
        let names = &self.index.names;
        let mut first = 0;
        let mut clashes = Vec::new();
        for (i, &(list, item)) in names.iter().enumerate().skip(1) {
            if self.key(names[first]) == self.key((list, item)) {
                clashes.push([(names[first].0, names[first].1 as usize), (list, item as usize)]);
            } else {
                first = i;
            }
        }
        clashes
    }

    /// Pairs of errors with one code: the first of them and each further one.
    pub(crate) fn code_clashes(&self) -> Vec<[usize; 2]> {
        let codes = &self.index.codes;
        let mut first = 0;
        let mut clashes = Vec::new();
        for (i, &item) in codes.iter().enumerate().skip(1) {
            if self.errors[codes[first] as usize].code == self.errors[item as usize].code {
                clashes.push([codes[first] as usize, item as usize]);
            } else {
                first = i;
            }
        }
        clashes
    }

    /// Name without the namespace, and the namespace, of every item that `list` holds.
    pub(crate) fn items(&self, list: List) -> impl Iterator<Item = (&str, &str)> {
        (0..self.count(list) as u32).map(move |i| {
            let (namespace, bare) = self.key((list, i));
            (bare, namespace)
        })
    }

    pub(crate) fn count(&self, list: List) -> usize {
        match list {
            List::Interfaces => self.interfaces.len(),
            List::Structs => self.structs.len(),
            List::Enums => self.enums.len(),
            List::Errors => self.errors.len(),
        }
    }

    /// Full name and namespace of an item that exists.
    pub(crate) fn name_of(&self, list: List, item: usize) -> (&str, &str) {
        match list {
            List::Interfaces => (&self.interfaces[item].name, &self.interfaces[item].namespace),
            List::Structs => (&self.structs[item].name, &self.structs[item].namespace),
            List::Enums => (&self.enums[item].name, &self.enums[item].namespace),
            List::Errors => (&self.errors[item].name, &self.errors[item].namespace),
        }
    }

    fn key(&self, (list, item): (List, u32)) -> (&str, &str) {
        let (name, namespace) = self.name_of(list, item as usize);
        (namespace, bare(name, namespace))
    }
}

/// What stands before the last dot of a name, and what behind it. By bytes: the search for characters weighs a kilobyte.
pub(crate) fn split(name: &str) -> Option<(&str, &str)> {
    let dot = name.bytes().rposition(|byte| byte == b'.')?;
    Some((name.get(..dot)?, name.get(dot + 1..)?))
}

/// `name` without `namespace.` before it.
pub(crate) fn bare<'a>(name: &'a str, namespace: &str) -> &'a str {
    name.strip_prefix(namespace).and_then(|rest| rest.strip_prefix('.')).unwrap_or(name)
}
