//! A contract to an OpenAPI 3.1 document.

use pintle_core::Contract;
use pintle_core::contract::{ErrorDefinition, Interface, Method};
use serde_json::{Map, Value, json};

use crate::case::Scope;
use crate::schema::{Dialect, Schemas, described, pretty, title};

/// The document: one `POST /{Interface}/{method}` for each method, with its parameters by name in the body. An
/// interface is a tag, a type is a schema among the components. `info.version` is the contract's checksum.
pub fn write(contract: &Contract) -> String {
    let schemas = Schemas::new(contract, Dialect::OpenApi);
    let mut paths = Map::new();
    let mut tags = Vec::new();
    let mut ids = Scope::default();
    for interface in contract.interfaces() {
        let mut tag = Map::from_iter([("name".to_owned(), json!(interface.name))]);
        tag.extend(described(&interface.comment));
        tags.push(Value::Object(tag));
        for method in &interface.methods {
            let id = ids.give(&format!("{}_{}", interface.name.replace('.', "_"), method.name));
            let operation = operation(contract, &schemas, interface, method, &id);
            paths.insert(format!("/{}/{}", interface.name, method.name), json!({"post": operation}));
        }
    }
    let mut definitions = schemas.definitions();
    for error in contract.errors() {
        definitions.insert(error_name(contract, error).into(), error_schema(error));
    }
    pretty(&json!({
        "openapi": "3.1.0",
        "info": {"title": title(contract), "version": contract.checksum()},
        "x-pulse-namespace": contract.namespace(),
        "tags": tags,
        "paths": paths,
        "components": {"schemas": definitions, "responses": {"Error": error_response()}},
    }))
}

fn operation(
    contract: &Contract,
    schemas: &Schemas<'_>,
    interface: &Interface,
    method: &Method,
    id: &str,
) -> Value {
    let namespace = interface.namespace.as_str();
    let mut operation = Map::new();
    operation.insert("operationId".into(), json!(id));
    operation.insert("tags".into(), json!([interface.name]));
    operation.extend(described(&method.comment));
    if !method.parameters.is_empty() {
        let body = schemas.parameters(&method.parameters, namespace);
        operation.insert("requestBody".into(), json!({"required": true, "content": content(body)}));
    }
    let result = match &method.returns {
        None => json!({"type": "null"}),
        Some(ty) if method.returns_optional => schemas.nullable(ty, namespace),
        Some(ty) => schemas.ty(ty, namespace),
    };
    let raised = method.raises.iter().filter_map(|name| contract.resolve_error(name, namespace));
    let raised: Vec<Value> = raised.map(|error| schemas.reference(error_name(contract, error))).collect();
    let failure = if raised.is_empty() {
        json!({"$ref": "#/components/responses/Error"})
    } else {
        json!({"description": "An error that the method raises.", "content": content(json!({"anyOf": raised}))})
    };
    let success = json!({"description": "The result.", "content": content(result)});
    operation.insert("responses".into(), json!({"200": success, "default": failure}));
    Value::Object(operation)
}

fn content(schema: Value) -> Value {
    json!({"application/json": {"schema": schema}})
}

/// Under which name the error stands among the schemas: no type has the same.
fn error_name<'a>(contract: &Contract, error: &'a ErrorDefinition) -> &'a str {
    let bare = error.name.strip_prefix(contract.namespace()).and_then(|rest| rest.strip_prefix('.'));
    bare.unwrap_or(&error.name)
}

fn error_schema(error: &ErrorDefinition) -> Value {
    let mut schema = described(&error.comment);
    schema.extend(error_members(json!({"type": "integer", "const": error.code})));
    schema.insert("x-pulse-error".into(), json!({"code": error.code, "message": error.message}));
    Value::Object(schema)
}

fn error_response() -> Value {
    let schema = Value::Object(error_members(json!({"type": "integer", "format": "int32"})));
    json!({"description": "An error.", "content": content(schema)})
}

/// The members of a JSON-RPC error.
fn error_members(code: Value) -> Map<String, Value> {
    Map::from_iter([
        ("type".to_owned(), json!("object")),
        ("properties".to_owned(), json!({"code": code, "message": {"type": "string"}, "data": {}})),
        ("required".to_owned(), json!(["code", "message"])),
    ])
}
