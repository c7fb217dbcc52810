//! What Barrister refuses.

use alloc::format;

use super::Refusals;
use crate::contract::{Aspect, List, Place, Type, quoted};
use crate::names::Names;

impl Refusals<'_> {
    pub(super) fn barrister(&mut self) {
        self.types(|this, place, ty, namespace| {
            if let Some(name) = ty.name() {
                this.without_namespace(place, name, namespace);
            }
            let mut ty = ty;
            let mut lists = 0;
            while let Type::Array(inner) | Type::Map(inner) = ty {
                if matches!(ty, Type::Map(_)) {
                    this.refuse(place, "Barrister has no maps");
                    return;
                }
                lists += 1;
                ty = inner;
            }
            if lists > 1 {
                this.refuse(place, "Barrister has no lists of lists");
            }
        });
        self.methods(|this, place, method, _| {
            if !method.raises.is_empty() {
                let place = Place { aspect: Aspect::Raises(0), ..place };
                this.refuse(place, "Barrister has no errors that a method raises");
            }
            for (p, parameter) in method.parameters.iter().enumerate() {
                if parameter.optional {
                    let place = place.parameter(p, Aspect::Type);
                    this.refuse(place, "Barrister has no optional parameters");
                }
            }
        });
        for (i, item) in self.contract.structs.iter().enumerate() {
            if let Some(parent) = &item.extends {
                self.without_namespace(
                    Place::item(List::Structs, i, Aspect::Extends),
                    parent,
                    &item.namespace,
                );
            }
        }
        self.empty_definitions();
        self.redefined_fields();
        let contract = self.contract;
        for (i, interface) in contract.interfaces.iter().enumerate() {
            if interface.namespace != contract.namespace {
                let place = Place::item(List::Interfaces, i, Aspect::Name);
                self.refuse(place, "Barrister imports structs and enums, no interfaces");
            }
        }
        for e in 0..contract.errors.len() {
            self.refuse(Place::item(List::Errors, e, Aspect::Name), "Barrister has no definitions of errors");
        }
    }

    /// The namespace of a root file with interfaces can go; where it cannot, a bare name means one of its own.
    fn without_namespace(&mut self, place: Place, reference: &str, namespace: &str) {
        let contract = self.contract;
        let stays = !contract.interfaces.is_empty() && namespace == contract.namespace;
        if !reference.contains('.')
            && !stays
            && !namespace.is_empty()
            && contract.find_in(namespace, reference).is_none()
        {
            let message =
                format!("Barrister looks for {} in the namespace {}", quoted(reference), quoted(namespace));
            self.refuse(place, message);
        }
    }

    fn empty_definitions(&mut self) {
        let contract = self.contract;
        let empty = |list, i| Place::item(list, i, Aspect::Name);
        for (i, interface) in contract.interfaces.iter().enumerate() {
            if interface.methods.is_empty() {
                self.refuse(empty(List::Interfaces, i), "Barrister has no interfaces without methods");
            }
        }
        for (i, item) in contract.structs.iter().enumerate() {
            if item.fields.is_empty() {
                self.refuse(empty(List::Structs, i), "Barrister has no structs without fields of their own");
            }
        }
        for (i, item) in contract.enums.iter().enumerate() {
            if item.values.is_empty() {
                self.refuse(empty(List::Enums, i), "Barrister has no enums without values");
            }
        }
    }

    fn redefined_fields(&mut self) {
        let contract = self.contract;
        for (i, item) in contract.structs.iter().enumerate().filter(|(_, item)| item.extends.is_some()) {
            let mut inherited = Names::default();
            let mut at = contract.parent(item);
            while let Some(parent) = at {
                parent.fields.iter().for_each(|field| {
                    inherited.insert(field.name.as_str());
                });
                at = contract.parent(parent);
            }
            for (f, field) in item.fields.iter().enumerate() {
                if inherited.find(&field.name).is_some() {
                    let place = Place::item(List::Structs, i, Aspect::Name).member(f, Aspect::Name);
                    let message =
                        format!("Barrister takes no field {} again: a parent has it", quoted(&field.name));
                    self.refuse(place, message);
                }
            }
        }
    }
}
