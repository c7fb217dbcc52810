//! A contract's types as [JSON Schema 2020-12](https://json-schema.org/draft/2020-12/schema).
//!
//! A schema says of a value what validation says of it, with these exceptions, for which JSON Schema has no words:
//!
//! - a key that stands twice in an object, and half of a surrogate pair: most readers never tell the validator of them;
//! - an unknown field that equals a field of the struct but for the ASCII case, which validation refuses;
//! - nesting beyond the depth limit;
//! - numbers so close above the greatest float that they are rounded down to it.
//!
//! A reader that holds numbers as floats cannot tell 2^63 from 2^63-1 either; one that holds them exactly can.
//! Comments are `description`s; those of the values of an enum have no place in a schema.

use std::collections::HashSet;

use pintle_core::Contract;
use pintle_core::contract::Definition;
use serde_json::{Map, Value, json};

use crate::schema::{Dialect, Schemas, pretty, title};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// All types, each under `$defs` by its name. The document itself says nothing of a value: a tool is pointed to
/// `#/$defs/Name`.
pub fn write(contract: &Contract) -> String {
    let definitions = Schemas::new(contract, Dialect::JsonSchema).definitions();
    pretty(&json!({"$schema": DRAFT, "title": title(contract), "$defs": definitions}))
}

/// A document for values of one type alone: a struct or enum of the contract, with or without its namespace. Under
/// `$defs` stands what it needs. `None` if there is no such type.
pub fn write_type(contract: &Contract, name: &str) -> Option<String> {
    let schemas = Schemas::new(contract, Dialect::JsonSchema);
    let start = contract.definition(name, contract.namespace())?;
    let mut definitions = Map::new();
    let mut seen: HashSet<&str> = HashSet::from([name_of(start)]);
    let mut open = vec![start];
    while let Some(definition) = open.pop() {
        let schema = match definition {
            Definition::Enum(item) => schemas.enumeration(item),
            Definition::Struct(item) => {
                let types = item.fields.iter().filter_map(|field| field.ty.name());
                let named = types.filter_map(|name| contract.definition(name, &item.namespace));
                let parent = contract.parent(item).map(Definition::Struct);
                open.extend(named.chain(parent).filter(|&next| seen.insert(name_of(next))));
                schemas.structure(item)
            }
        };
        definitions.insert(name_of(definition).into(), schema);
    }
    let reference = schemas.reference(name_of(start));
    let mut document = Map::from_iter([("$schema".to_owned(), json!(DRAFT))]);
    document.extend(reference.as_object().cloned().unwrap_or_default());
    document.insert("$defs".into(), Value::Object(definitions));
    Some(pretty(&Value::Object(document)))
}

fn name_of(definition: Definition<'_>) -> &str {
    match definition {
        Definition::Struct(item) => &item.name,
        Definition::Enum(item) => &item.name,
    }
}
