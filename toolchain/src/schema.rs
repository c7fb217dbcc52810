//! Types of a contract in the words that JSON Schema, OpenAPI 3.1 and OpenRPC share.

use std::collections::{HashMap, HashSet};

use pintle_core::Contract;
use pintle_core::contract::{Definition, Enum, Field, Parameter, Struct, Type};
use serde_json::{Map, Value, json};

/// What the schemas are part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// JSON Schema 2020-12.
    JsonSchema,
    /// OpenAPI 3.1.
    OpenApi,
    /// OpenRPC 1.3, whose schemas are of draft 7.
    OpenRpc,
}

/// Writes the schemas of one contract.
pub(crate) struct Schemas<'a> {
    contract: &'a Contract,
    dialect: Dialect,
}

impl<'a> Schemas<'a> {
    pub(crate) fn new(contract: &'a Contract, dialect: Dialect) -> Self {
        Schemas { contract, dialect }
    }

    /// Every struct and enum by its name, structs first.
    pub(crate) fn definitions(&self) -> Map<String, Value> {
        let structs = self.contract.structs().iter().map(|item| (item.name.clone(), self.structure(item)));
        let enums = self.contract.enums().iter().map(|item| (item.name.clone(), self.enumeration(item)));
        structs.chain(enums).collect()
    }

    /// A value of the type, where `namespace` is that of the item that holds it.
    pub(crate) fn ty(&self, ty: &Type, namespace: &str) -> Value {
        match ty {
            Type::String => json!({"type": "string"}),
            Type::Int if self.dialect == Dialect::OpenApi => json!({"type": "integer", "format": "int64"}),
            Type::Int => json!({"type": "integer", "minimum": i64::MIN, "maximum": i64::MAX}),
            Type::Float if self.dialect == Dialect::OpenApi => json!({"type": "number", "format": "double"}),
            // Readers of exact numbers need the bounds; for others nothing is outside of them but infinity.
            Type::Float => json!({"type": "number", "minimum": f64::MIN, "maximum": f64::MAX}),
            Type::Bool => json!({"type": "boolean"}),
            Type::Array(inner) => json!({"type": "array", "items": self.ty(inner, namespace)}),
            Type::Map(inner) => json!({"type": "object", "additionalProperties": self.ty(inner, namespace)}),
            Type::Named(name) => self.named(name, namespace),
        }
    }

    /// The same, or null.
    pub(crate) fn nullable(&self, ty: &Type, namespace: &str) -> Value {
        let mut schema = self.ty(ty, namespace);
        match schema.get_mut("type") {
            Some(kind) => {
                *kind = json!([kind.take(), "null"]);
                schema
            }
            None => json!({"anyOf": [schema, {"type": "null"}]}),
        }
    }

    /// Parameters by name; one that the method does not have is refused, as on the wire.
    pub(crate) fn parameters(&self, parameters: &[Parameter], namespace: &str) -> Value {
        let members = parameters.iter().map(|item| Member {
            name: &item.name,
            ty: &item.ty,
            optional: item.optional,
            comment: "",
            namespace,
        });
        let mut schema = self.object(members);
        schema.insert("additionalProperties".into(), json!(false));
        Value::Object(schema)
    }

    /// The definition that is called `name` in the contract, whatever it is.
    pub(crate) fn reference(&self, name: &str) -> Value {
        let place = match self.dialect {
            Dialect::JsonSchema => "#/$defs/",
            Dialect::OpenApi | Dialect::OpenRpc => "#/components/schemas/",
        };
        json!({"$ref": format!("{place}{name}")})
    }

    pub(crate) fn structure(&self, item: &'a Struct) -> Value {
        let mut schema = self.described(&item.comment, &item.namespace);
        let own = || item.fields.iter().map(|field| Member::of(field, &item.namespace));
        match self.contract.parent(item) {
            None => schema.extend(self.object(own())),
            Some(parent) if !self.redefines(item) => {
                let mut parts = vec![self.reference(&parent.name)];
                if !item.fields.is_empty() {
                    parts.push(Value::Object(self.object(own())));
                }
                schema.insert("allOf".into(), Value::Array(parts));
            }
            // `allOf` would ask for both definitions of the field at once.
            Some(parent) => {
                schema.extend(self.object(self.all_fields(item).into_iter()));
                if self.dialect == Dialect::OpenApi {
                    let names: Vec<&str> = item.fields.iter().map(|field| field.name.as_str()).collect();
                    schema.insert("x-pulse-extends".into(), json!(parent.name));
                    schema.insert("x-pulse-fields".into(), json!(names));
                }
            }
        }
        Value::Object(schema)
    }

    pub(crate) fn enumeration(&self, item: &Enum) -> Value {
        let mut schema = self.described(&item.comment, &item.namespace);
        let names: Vec<&str> = item.values.iter().map(|value| value.name.as_str()).collect();
        if names.is_empty() && self.dialect != Dialect::OpenApi {
            // An `enum` has at least one value by the older drafts.
            schema.insert("not".into(), json!({}));
            return Value::Object(schema);
        }
        schema.insert("type".into(), json!("string"));
        schema.insert("enum".into(), json!(names));
        let documented = item.values.iter().filter(|value| !value.comment.is_empty());
        let comments: Map<String, Value> =
            documented.map(|value| (value.name.clone(), json!(value.comment))).collect();
        if self.dialect == Dialect::OpenApi && !comments.is_empty() {
            schema.insert("x-enumDescriptions".into(), Value::Object(comments));
        }
        Value::Object(schema)
    }

    /// The beginning of a definition's schema. Its name says where it belongs, unless that is to no namespace.
    fn described(&self, comment: &str, namespace: &str) -> Map<String, Value> {
        let mut schema = described(comment);
        let homeless = namespace.is_empty() && !self.contract.namespace().is_empty();
        if self.dialect == Dialect::OpenApi && homeless {
            schema.insert("x-pulse-namespace".into(), json!(""));
        }
        schema
    }

    fn named(&self, name: &str, namespace: &str) -> Value {
        match self.contract.definition(name, namespace) {
            Some(Definition::Struct(item)) => self.reference(&item.name),
            Some(Definition::Enum(item)) => self.reference(&item.name),
            // A checked contract has no other name.
            None => json!({}),
        }
    }

    fn object<'b>(&self, members: impl Iterator<Item = Member<'b>>) -> Map<String, Value> {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for Member { name, ty, optional, comment, namespace } in members {
            let mut schema = if optional { self.nullable(ty, namespace) } else { self.ty(ty, namespace) };
            if let Some(schema) = schema.as_object_mut() {
                schema.extend(described(comment));
            }
            properties.insert(name.into(), schema);
            if !optional {
                required.push(name);
            }
        }
        let mut schema = Map::new();
        schema.insert("type".into(), json!("object"));
        schema.insert("properties".into(), Value::Object(properties));
        if !required.is_empty() {
            schema.insert("required".into(), json!(required));
        }
        schema
    }

    /// Whether the struct has a field that it inherits as well.
    fn redefines(&self, item: &'a Struct) -> bool {
        let own: HashSet<&str> = item.fields.iter().map(|field| field.name.as_str()).collect();
        let mut inherited = self.lineage(item).into_iter().skip(1).flat_map(|ancestor| &ancestor.fields);
        inherited.any(|field| own.contains(field.name.as_str()))
    }

    /// Inherited fields first; a redefined one keeps its place.
    fn all_fields(&self, item: &'a Struct) -> Vec<Member<'a>> {
        let mut fields: Vec<Member<'a>> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for ancestor in self.lineage(item).into_iter().rev() {
            for field in &ancestor.fields {
                let field = Member::of(field, &ancestor.namespace);
                let place = *places.entry(field.name).or_insert(fields.len());
                match fields.get_mut(place) {
                    Some(known) => *known = field,
                    None => fields.push(field),
                }
            }
        }
        fields
    }

    /// The struct, its parent, and so on.
    fn lineage(&self, item: &'a Struct) -> Vec<&'a Struct> {
        std::iter::successors(Some(item), |child| self.contract.parent(child)).collect()
    }
}

/// A field or parameter.
struct Member<'a> {
    name: &'a str,
    ty: &'a Type,
    optional: bool,
    comment: &'a str,
    /// Where the type resolves.
    namespace: &'a str,
}

impl<'a> Member<'a> {
    fn of(field: &'a Field, namespace: &'a str) -> Self {
        let Field { name, ty, optional, comment } = field;
        Member { name, ty, optional: *optional, comment, namespace }
    }
}

/// A schema with a description, if there is one.
pub(crate) fn described(comment: &str) -> Map<String, Value> {
    let mut schema = Map::new();
    if !comment.is_empty() {
        schema.insert("description".into(), json!(comment));
    }
    schema
}

/// The document for people: indented, with a line break behind it.
pub(crate) fn pretty(document: &Value) -> String {
    format!("{document:#}\n")
}

/// How documents call the contract.
pub(crate) fn title(contract: &Contract) -> &str {
    if contract.namespace().is_empty() { "service" } else { contract.namespace() }
}
