//! What PulseRPC refuses.

use alloc::{format, string::String};

use super::Refusals;
use crate::contract::cycles::written_cycles;
use crate::contract::index::bare;
use crate::contract::{Aspect, List, Place, quoted};

/// Words that its lexer takes from names.
const KEYWORDS: [&str; 12] = [
    "namespace",
    "interface",
    "struct",
    "enum",
    "errors",
    "raises",
    "extends",
    "map",
    "string",
    "float",
    "bool",
    "int",
];

impl<'a> Refusals<'a> {
    pub(super) fn pulserpc(&mut self) {
        self.root_without_namespace();
        self.names();
        self.methods(|this, place, method, namespace| {
            if method.returns.is_none() {
                this.refuse(place, "PulseRPC has no methods without a result");
            }
            for (p, parameter) in method.parameters.iter().enumerate() {
                if parameter.optional {
                    let place = place.parameter(p, Aspect::Type);
                    this.refuse(place, "PulseRPC has no optional parameters");
                }
            }
            for (r, error) in method.raises.iter().enumerate() {
                this.imported_error(Place { aspect: Aspect::Raises(r), ..place }, error, namespace);
            }
        });
        self.types(|this, place, ty, namespace| {
            if let Some(name) = ty.name() {
                this.own_namespace(place, name, namespace);
            }
        });
        self.parents();
        for (e, error) in self.contract.errors.iter().enumerate() {
            if error.code < 0 {
                let place = Place::item(List::Errors, e, Aspect::Code);
                self.refuse(place, "PulseRPC has no negative error codes");
            }
        }
        for (place, path) in written_cycles(self.contract) {
            let message = format!("PulseRPC takes no circle of structs without an optional field: {path}");
            if let Some(finding) = self.refuse(place, message) {
                finding.help = Some(String::from("make one of these fields optional"));
            }
        }
    }

    fn root_without_namespace(&mut self) {
        let contract = self.contract;
        let lists = [List::Interfaces, List::Structs, List::Enums, List::Errors];
        let first = lists.into_iter().find(|&list| contract.count(list) > 0);
        if let Some(list) = first.filter(|_| contract.namespace.is_empty()) {
            self.refuse(
                Place::item(list, 0, Aspect::Namespace),
                "PulseRPC wants a namespace in the root file",
            );
        }
    }

    fn names(&mut self) {
        let contract = self.contract;
        let mut spaces = crate::names::Names::default();
        if !contract.namespace.is_empty() {
            spaces.insert(contract.namespace.as_str());
            let place = Place { item: None, member: None, parameter: None, aspect: Aspect::Namespace };
            self.name(place, &contract.namespace);
        }
        for list in [List::Interfaces, List::Structs, List::Enums, List::Errors] {
            for item in 0..contract.count(list) {
                let (name, namespace) = contract.name_of(list, item);
                if !namespace.is_empty() && spaces.insert(namespace) {
                    self.name(Place::item(list, item, Aspect::Namespace), namespace);
                }
                self.name(Place::item(list, item, Aspect::Name), bare(name, namespace));
            }
        }
        self.methods(|this, place, method, _| {
            this.name(place, &method.name);
            for (p, parameter) in method.parameters.iter().enumerate() {
                this.name(place.parameter(p, Aspect::Name), &parameter.name);
            }
        });
        for (i, item) in contract.structs.iter().enumerate() {
            for (f, field) in item.fields.iter().enumerate() {
                self.name(Place::item(List::Structs, i, Aspect::Name).member(f, Aspect::Name), &field.name);
            }
        }
        for (i, item) in contract.enums.iter().enumerate() {
            for (v, value) in item.values.iter().enumerate() {
                self.name(Place::item(List::Enums, i, Aspect::Name).member(v, Aspect::Name), &value.name);
            }
        }
    }

    fn name(&mut self, place: Place, name: &str) {
        if KEYWORDS.contains(&name) {
            self.refuse(place, format!("PulseRPC takes no name {}: it is a keyword there", quoted(name)));
        } else if name.starts_with('_') {
            self.refuse(
                place,
                format!("PulseRPC takes no name {}: names start with a letter there", quoted(name)),
            );
        }
    }

    /// The root file's definitions have bare names there, and a reference with a dot is looked up as it stands.
    fn own_namespace(&mut self, place: Place, reference: &str, namespace: &str) {
        let Some((other, own)) = reference.rsplit_once('.') else { return };
        if other == namespace && namespace == self.contract.namespace {
            let message = format!("PulseRPC does not find {} in the root file itself", quoted(reference));
            if let Some(finding) = self.refuse(place, message) {
                finding.help = Some(format!("write `{own}`"));
            }
        }
    }

    /// Parents are looked up as they are written, and imported structs only have full names.
    fn parents(&mut self) {
        let contract = self.contract;
        for (i, item) in contract.structs.iter().enumerate() {
            let Some(parent) = &item.extends else { continue };
            let place = Place::item(List::Structs, i, Aspect::Extends);
            self.own_namespace(place, parent, &item.namespace);
            let is_own = || contract.find_in(&item.namespace, parent).is_some();
            if item.namespace != contract.namespace && !item.namespace.is_empty() && is_own() {
                let message =
                    format!("PulseRPC does not find the parent {} of an imported struct", quoted(parent));
                if let Some(finding) = self.refuse(place, message) {
                    finding.help = Some(format!("write `{}.{parent}`", item.namespace));
                }
            }
        }
    }

    /// Errors are looked up in the namespace of the root file, whichever file raises them.
    fn imported_error(&mut self, place: Place, error: &str, namespace: &str) {
        if namespace != self.contract.namespace && !namespace.is_empty() && !error.contains('.') {
            let message = format!("PulseRPC looks for {} in the namespace of the root file", quoted(error));
            if let Some(finding) = self.refuse(place, message) {
                finding.help = Some(format!("write `{namespace}.{error}`"));
            }
        }
    }
}
