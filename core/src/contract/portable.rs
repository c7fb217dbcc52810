//! What other systems refuse of a contract that keeps all rules here.

mod barrister;
mod pulserpc;

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use super::check::Finding;
use super::{Aspect, Contract, List, MAX_DIAGNOSTICS, Place, Type};

/// Another system that reads contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Its `.pulse` files and `idl.json`.
    PulseRpc,
    /// Its `.idl` files and their JSON form: version 0.1.6, and methods without a result, which came later.
    Barrister,
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            System::PulseRpc => "PulseRPC",
            System::Barrister => "Barrister",
        })
    }
}

/// One thing of a contract that a system refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unportable {
    /// The name of the thing: `Interface`, `Struct.field`, `Interface.method(parameter)`; empty for the whole contract.
    pub item: String,
    /// One sentence, without a full stop.
    pub message: String,
}

impl fmt::Display for Unportable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.item.is_empty() {
            write!(f, "{}: ", self.item)?;
        }
        f.write_str(&self.message)
    }
}

impl Contract {
    /// Everything that `system` refuses, up to [`MAX_DIAGNOSTICS`]. For a contract that is there as text,
    /// [`Parsed::portable`](crate::idl::Parsed::portable) knows the places, and what is wrong with the text itself.
    pub fn portable(&self, system: System) -> Vec<Unportable> {
        let unportable =
            |finding: Finding| Unportable { item: self.label(finding.place), message: finding.message };
        refusals(self, system).into_iter().map(unportable).collect()
    }

    /// A spot as people name it.
    fn label(&self, place: Place) -> String {
        let Some((list, item)) = place.item else { return String::new() };
        let owner = self.name_of(list, item).0;
        let method = self.interfaces.get(item).and_then(|interface| interface.methods.get(place.member?));
        let member = place.member.and_then(|member| {
            Some(match list {
                List::Interfaces => &method?.name,
                List::Structs => &self.structs.get(item)?.fields.get(member)?.name,
                List::Enums => &self.enums.get(item)?.values.get(member)?.name,
                List::Errors => return None,
            })
        });
        let Some(member) = member else { return owner.to_string() };
        match place.parameter.and_then(|at| method?.parameters.get(at)) {
            Some(parameter) => format!("{owner}.{member}({})", parameter.name),
            None => format!("{owner}.{member}"),
        }
    }
}

/// Everything that `system` refuses whatever the text looks like.
pub(crate) fn refusals(contract: &Contract, system: System) -> Vec<Finding> {
    let mut refusals = Refusals { contract, found: Vec::new() };
    match system {
        System::PulseRpc => refusals.pulserpc(),
        System::Barrister => refusals.barrister(),
    }
    refusals.found
}

struct Refusals<'a> {
    contract: &'a Contract,
    found: Vec<Finding>,
}

impl<'a> Refusals<'a> {
    fn refuse(&mut self, place: Place, message: impl Into<String>) -> Option<&mut Finding> {
        if self.found.len() >= MAX_DIAGNOSTICS {
            return None;
        }
        self.found.push(Finding { place, message: message.into(), note: None, help: None });
        self.found.last_mut()
    }

    /// Calls `visit` with every type, the place of it, and the namespace of what holds it.
    fn types(&mut self, visit: fn(&mut Self, Place, &'a Type, &'a str)) {
        let contract = self.contract;
        for (i, interface) in contract.interfaces.iter().enumerate() {
            for (m, method) in interface.methods.iter().enumerate() {
                let place = Place::item(List::Interfaces, i, Aspect::Name).member(m, Aspect::Type);
                for (p, parameter) in method.parameters.iter().enumerate() {
                    visit(self, place.parameter(p, Aspect::Type), &parameter.ty, &interface.namespace);
                }
                if let Some(ty) = &method.returns {
                    visit(self, place, ty, &interface.namespace);
                }
            }
        }
        for (i, item) in contract.structs.iter().enumerate() {
            for (f, field) in item.fields.iter().enumerate() {
                let place = Place::item(List::Structs, i, Aspect::Name).member(f, Aspect::Type);
                visit(self, place, &field.ty, &item.namespace);
            }
        }
    }

    /// Calls `visit` with every method and the place of its name.
    fn methods(&mut self, visit: fn(&mut Self, Place, &'a super::Method, &'a str)) {
        let contract = self.contract;
        for (i, interface) in contract.interfaces.iter().enumerate() {
            for (m, method) in interface.methods.iter().enumerate() {
                let place = Place::item(List::Interfaces, i, Aspect::Name).member(m, Aspect::Name);
                visit(self, place, method, &interface.namespace);
            }
        }
    }
}
