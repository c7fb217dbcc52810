//! A namespace for a contract that has none.

use alloc::{
    format,
    string::{String, ToString},
};

use super::{Contract, List, Scope, check, quoted};

impl Contract {
    /// The same contract with its root file in `namespace`: what turns one of Barrister into one of PulseRPC. Names on
    /// the wire stay as they are.
    ///
    /// # Errors
    /// Why not, in one sentence: the contract has a namespace, an imported file has this one, or it is no name for one.
    pub fn in_namespace(mut self, namespace: &str) -> Result<Contract, String> {
        if !self.namespace.is_empty() {
            return Err(format!("the contract has a namespace, {}", quoted(&self.namespace)));
        }
        let lists = [List::Interfaces, List::Structs, List::Enums, List::Errors];
        if lists.into_iter().any(|list| self.items(list).any(|(_, taken)| taken == namespace)) {
            return Err(format!("an imported file has the namespace {}", quoted(namespace)));
        }
        let interfaces = self.interfaces.iter_mut().map(|item| &mut item.namespace);
        let structs = self.structs.iter_mut().map(|item| &mut item.namespace);
        let enums = self.enums.iter_mut().map(|item| &mut item.namespace);
        for space in interfaces.chain(structs).chain(enums).filter(|space| space.is_empty()) {
            *space = namespace.to_string();
        }
        for error in self.errors.iter_mut().filter(|error| error.namespace.is_empty()) {
            error.namespace = namespace.to_string();
            error.name = format!("{namespace}.{}", error.name);
        }
        let Contract { interfaces, structs, enums, errors, .. } = self;
        let contract = Contract::assemble(namespace.to_string(), interfaces, structs, enums, errors);
        match check(&contract, &Scope::Every).into_iter().next() {
            Some(finding) => Err(finding.message),
            None => Ok(contract),
        }
    }
}
