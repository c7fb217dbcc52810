//! The JSON form of a contract that was checked before it was written.

use alloc::{format, string::String, vec::Vec};

use super::JsonDiagnostic;
use super::node::Node;
use super::read;
use crate::contract::{Contract, MAX_INHERITANCE, MAX_INHERITED_FIELDS, Struct, Type, quoted};
use crate::json::Value;

impl Contract {
    /// Reads what [`Contract::to_json`] wrote, for modules in which the rules of the language would weigh too much: the
    /// shape is read as by [`Contract::from_json`], and the rules count as kept.
    ///
    /// A text that somebody else wrote can make a contract that says the same thing twice, or nonsense. It cannot harm
    /// who serves it: names are names, types exist, and inheritance ends.
    ///
    /// # Errors
    /// What is wrong with the shape, or the first of these three that does not hold.
    pub fn from_checked_json(text: &str) -> Result<Contract, Vec<JsonDiagnostic>> {
        let one = |message: String| Vec::from([JsonDiagnostic::new("", message)]);
        let tree = Value::read(text).map_err(|why| one(format!("not JSON: {why}")))?;
        let mut diagnostics = Vec::new();
        match read::contract(Node { value: &tree, up: None }, &mut diagnostics) {
            Some(contract) if diagnostics.is_empty() => match fault(&contract) {
                None => Ok(contract),
                Some(why) => Err(one(why)),
            },
            _ => Err(diagnostics),
        }
    }
}

/// What would make serving `contract` unsafe.
fn fault(contract: &Contract) -> Option<String> {
    let mut names = Names { contract, bad: None };
    for interface in contract.interfaces() {
        names.name(&interface.name);
        for method in &interface.methods {
            names.name(&method.name);
            method.parameters.iter().for_each(|item| names.typed(&item.name, &item.ty, &interface.namespace));
            method.returns.iter().for_each(|ty| names.typed(&method.name, ty, &interface.namespace));
        }
    }
    for item in contract.structs() {
        names.name(&item.name);
        item.fields.iter().for_each(|field| names.typed(&field.name, &field.ty, &item.namespace));
    }
    for item in contract.enums() {
        names.name(&item.name);
        item.values.iter().for_each(|value| names.name(&value.name));
    }
    match names.bad {
        Some(name) => Some(format!("{} is no name, or names nothing", quoted(name))),
        None => inheritance(contract),
    }
}

/// The names of a contract, and the first that is none or that nothing has.
struct Names<'a> {
    contract: &'a Contract,
    bad: Option<&'a str>,
}

impl<'a> Names<'a> {
    /// Names stand in the texts that values are compared with, so none may end one.
    #[inline(never)]
    fn name(&mut self, name: &'a str) {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
        if name.is_empty() || !name.bytes().all(good) {
            self.bad.get_or_insert(name);
        }
    }

    #[inline(never)]
    fn typed(&mut self, name: &'a str, ty: &'a Type, namespace: &str) {
        self.name(name);
        if let Some(ty) = ty.name()
            && self.contract.definition(ty, namespace).is_none()
        {
            self.bad.get_or_insert(ty);
        }
    }
}

/// What of the structs' parents is without end, or too much.
fn inheritance(contract: &Contract) -> Option<String> {
    let mut total = 0;
    for item in contract.structs() {
        let (mut at, mut above): (&Struct, usize) = (item, 0);
        total += at.fields.len();
        while let Some(parent) = contract.parent(at) {
            (at, above) = (parent, above + 1);
            total += at.fields.len();
            if above > MAX_INHERITANCE || total > MAX_INHERITED_FIELDS {
                return Some(format!("{} inherits too much", quoted(&item.name)));
            }
        }
        if at.extends.is_some() {
            return Some(format!("{} extends no struct", quoted(&at.name)));
        }
    }
    None
}
