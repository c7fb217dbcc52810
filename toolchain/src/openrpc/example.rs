//! Values made from types, to show what a call looks like.

use pintle_core::Contract;
use pintle_core::contract::{Definition, Method, Struct, Type};
use serde_json::{Map, Value, json};

/// Values and fields that are looked at for one example: a contract of few bytes can ask for a value of very many.
const MAX_LOOKS: usize = 500;

/// Nesting within a parameter or result, far below what validation refuses.
const MAX_NESTING: usize = 16;

/// Nesting up to which optional fields and elements of lists are shown.
const SHOWN: usize = 3;

/// Makes the example of one method.
pub(super) struct Examples<'a> {
    contract: &'a Contract,
    /// Values and fields that may still be looked at.
    left: usize,
    /// Nesting up to which what may be left out is there.
    shown: usize,
}

impl<'a> Examples<'a> {
    pub(super) fn new(contract: &'a Contract) -> Self {
        Examples { contract, left: MAX_LOOKS, shown: SHOWN }
    }

    /// An example pairing; `None` if the values would be too large, or a type has none.
    pub(super) fn of(mut self, method: &Method, namespace: &str) -> Option<Value> {
        // Where the full values are too large, the least ones may do.
        self.pairing(method, namespace).or_else(|| {
            (self.left, self.shown) = (MAX_LOOKS, 0);
            self.pairing(method, namespace)
        })
    }

    fn pairing(&mut self, method: &Method, namespace: &str) -> Option<Value> {
        let mut parameters = Vec::new();
        for item in &method.parameters {
            let value = self.value(&item.ty, namespace, 0)?;
            parameters.push(json!({"name": item.name, "value": value}));
        }
        let value = match &method.returns {
            None => Value::Null,
            Some(ty) => self.value(ty, namespace, 0)?,
        };
        Some(json!({
            "name": "example",
            "params": parameters,
            "result": {"name": "result", "value": value},
        }))
    }

    /// A value that lies within `nesting` others.
    fn value(&mut self, ty: &Type, namespace: &str, nesting: usize) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        if nesting > MAX_NESTING {
            return None;
        }
        Some(match ty {
            Type::String => json!("text"),
            Type::Int => json!(1),
            Type::Float => json!(1.5),
            Type::Bool => json!(true),
            Type::Array(_) | Type::Map(_) if nesting >= self.shown => match ty {
                Type::Array(_) => json!([]),
                _ => json!({}),
            },
            Type::Array(inner) => json!([self.value(inner, namespace, nesting + 1)?]),
            Type::Map(inner) => json!({"key": self.value(inner, namespace, nesting + 1)?}),
            Type::Named(name) => match self.contract.definition(name, namespace)? {
                Definition::Enum(item) => json!(item.values.first()?.name),
                Definition::Struct(item) => Value::Object(self.structure(item, nesting)?),
            },
        })
    }

    fn structure(&mut self, item: &'a Struct, nesting: usize) -> Option<Map<String, Value>> {
        let mut members = match self.contract.parent(item) {
            Some(parent) => self.structure(parent, nesting)?,
            None => Map::new(),
        };
        for field in &item.fields {
            self.left = self.left.checked_sub(1)?;
            // What a parent has under this name is of another type here.
            members.shift_remove(&field.name);
            if !field.optional || nesting < self.shown {
                let value = self.value(&field.ty, &item.namespace, nesting + 1)?;
                members.insert(field.name.clone(), value);
            }
        }
        Some(members)
    }
}
