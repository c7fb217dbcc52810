//! A contract as an [OpenRPC 1.3](https://spec.open-rpc.org) document.
//!
//! Methods carry what they raise, and an example that validation accepts, unless every value of one of their types is
//! too large to be one. Schemas are those of [`crate::jsonschema`], under `components`.

mod example;

use pintle_core::Contract;
use pintle_core::contract::{Interface, Method};
use serde_json::{Map, Value, json};

use crate::schema::{Dialect, Schemas, described, pretty, title};
use example::Examples;

const VERSION: &str = "1.3.2";

/// The document, for people: each method is called `Interface.method`.
pub fn write(contract: &Contract) -> String {
    pretty(&document(contract, &|interface, method| vec![format!("{}.{}", interface.name, method.name)]))
}

/// The document on one line, as the built-in `rpc.discover` answers it. `names` says what a method is called on the
/// wire: it may have no name, when nothing serves it, or several, when it is mounted at several paths.
pub fn discover(contract: &Contract, names: &dyn Fn(&Interface, &Method) -> Vec<String>) -> String {
    document(contract, names).to_string()
}

/// Parameters of a call that validation accepts, a list by position; `None` if they would be too large, or a type has no
/// value.
pub(crate) fn example(contract: &Contract, interface: &Interface, method: &Method) -> Option<Vec<Value>> {
    let example = Examples::new(contract).of(method, &interface.namespace)?;
    let params = example.get("params")?.as_array()?;
    Some(params.iter().filter_map(|param| param.get("value").cloned()).collect())
}

fn document(contract: &Contract, names: &dyn Fn(&Interface, &Method) -> Vec<String>) -> Value {
    let schemas = Schemas::new(contract, Dialect::OpenRpc);
    let mut methods = Vec::new();
    for interface in contract.interfaces() {
        for method in &interface.methods {
            for name in names(interface, method) {
                methods.push(describe(contract, &schemas, interface, method, &name));
            }
        }
    }
    let errors: Map<String, Value> = contract
        .errors()
        .iter()
        .map(|error| (error.name.clone(), json!({"code": error.code, "message": error.message})))
        .collect();
    let mut components = Map::from_iter([("schemas".to_owned(), Value::Object(schemas.definitions()))]);
    if !errors.is_empty() {
        components.insert("errors".into(), Value::Object(errors));
    }
    json!({
        "openrpc": VERSION,
        "info": {"title": title(contract), "version": contract.checksum()},
        "methods": methods,
        "components": components,
    })
}

fn describe(
    contract: &Contract,
    schemas: &Schemas<'_>,
    interface: &Interface,
    method: &Method,
    name: &str,
) -> Value {
    let namespace = interface.namespace.as_str();
    let parameters: Vec<Value> = method
        .parameters
        .iter()
        .map(|item| {
            let nullable = if item.optional { Schemas::nullable } else { Schemas::ty };
            let schema = nullable(schemas, &item.ty, namespace);
            json!({"name": item.name, "required": !item.optional, "schema": schema})
        })
        .collect();
    let result = match &method.returns {
        None => json!({"type": "null"}),
        Some(ty) if method.returns_optional => schemas.nullable(ty, namespace),
        Some(ty) => schemas.ty(ty, namespace),
    };
    let raised = method.raises.iter().filter_map(|name| contract.resolve_error(name, namespace));
    let errors: Vec<Value> =
        raised.map(|error| json!({"$ref": format!("#/components/errors/{}", error.name)})).collect();

    let mut object = Map::from_iter([("name".to_owned(), json!(name))]);
    object.extend(described(&method.comment));
    let mut tag = Map::from_iter([("name".to_owned(), json!(interface.name))]);
    tag.extend(described(&interface.comment));
    object.insert("tags".into(), json!([tag]));
    object.insert("params".into(), json!(parameters));
    object.insert("result".into(), json!({"name": "result", "schema": result}));
    if !errors.is_empty() {
        object.insert("errors".into(), json!(errors));
    }
    if let Some(example) = Examples::new(contract).of(method, namespace) {
        object.insert("examples".into(), json!([example]));
    }
    Value::Object(object)
}
