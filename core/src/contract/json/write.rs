//! A contract as JSON: members in a fixed order, empty ones left out.

use alloc::string::{String, ToString};

use serde_json::{Map, Value};

use crate::contract::{Contract, Enum, ErrorDefinition, Interface, Method, Struct, Type};

impl Contract {
    /// The JSON form on one line, with the [`Contract::checksum`].
    pub fn to_json(&self) -> String {
        self.to_value().to_string()
    }

    /// The JSON form indented by two spaces, ending with a line break.
    pub fn to_json_pretty(&self) -> String {
        // `#` asks a tree of JSON for indentation.
        alloc::format!("{:#}\n", self.to_value())
    }

    fn to_value(&self) -> Value {
        let mut out = Object::default();
        out.text("rootNamespace", &self.namespace);
        out.text("checksum", &self.checksum());
        out.list("interfaces", &self.interfaces, interface);
        out.list("structs", &self.structs, structure);
        out.list("enums", &self.enums, enumeration);
        out.list("errors", &self.errors, error);
        Value::Object(out.0)
    }
}

/// An object that leaves out what is empty.
#[derive(Default)]
struct Object(Map<String, Value>);

impl Object {
    fn value(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_string(), value.into());
    }

    fn text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.value(key, text);
        }
    }

    fn flag(&mut self, key: &str, flag: bool) {
        if flag {
            self.value(key, true);
        }
    }

    fn list<T>(&mut self, key: &str, items: &[T], write: impl Fn(&T) -> Value) {
        if !items.is_empty() {
            self.value(key, Value::Array(items.iter().map(write).collect()));
        }
    }
}

fn interface(item: &Interface) -> Value {
    let mut out = Object::default();
    out.value("name", item.name.as_str());
    out.text("namespace", &item.namespace);
    out.text("comment", &item.comment);
    out.list("methods", &item.methods, method);
    Value::Object(out.0)
}

fn method(item: &Method) -> Value {
    let mut out = Object::default();
    out.value("name", item.name.as_str());
    out.text("comment", &item.comment);
    out.list("parameters", &item.parameters, |parameter| {
        let mut out = Object::default();
        out.value("name", parameter.name.as_str());
        out.value("type", ty(&parameter.ty));
        out.flag("optional", parameter.optional);
        Value::Object(out.0)
    });
    out.value("returnType", item.returns.as_ref().map_or(Value::Null, ty));
    out.flag("returnOptional", item.returns_optional);
    out.list("raises", &item.raises, |name| Value::from(name.as_str()));
    Value::Object(out.0)
}

fn structure(item: &Struct) -> Value {
    let mut out = Object::default();
    out.value("name", item.name.as_str());
    out.text("namespace", &item.namespace);
    out.text("extends", item.extends.as_deref().unwrap_or_default());
    out.text("comment", &item.comment);
    out.list("fields", &item.fields, |field| {
        let mut out = Object::default();
        out.value("name", field.name.as_str());
        out.value("type", ty(&field.ty));
        out.flag("optional", field.optional);
        out.text("comment", &field.comment);
        Value::Object(out.0)
    });
    Value::Object(out.0)
}

fn enumeration(item: &Enum) -> Value {
    let mut out = Object::default();
    out.value("name", item.name.as_str());
    out.text("namespace", &item.namespace);
    out.text("comment", &item.comment);
    out.list("values", &item.values, |value| {
        let mut out = Object::default();
        out.value("name", value.name.as_str());
        out.text("comment", &value.comment);
        Value::Object(out.0)
    });
    Value::Object(out.0)
}

fn error(item: &ErrorDefinition) -> Value {
    let mut out = Object::default();
    out.value("name", item.name.as_str());
    out.text("namespace", &item.namespace);
    out.value("code", item.code);
    out.value("message", item.message.as_str());
    out.text("comment", &item.comment);
    Value::Object(out.0)
}

/// As deep as a checked type, so the recursion ends after [`crate::contract::MAX_TYPE_DEPTH`] steps.
fn ty(item: &Type) -> Value {
    let (key, value) = match item {
        Type::String => ("builtIn", "string".into()),
        Type::Int => ("builtIn", "int".into()),
        Type::Float => ("builtIn", "float".into()),
        Type::Bool => ("builtIn", "bool".into()),
        Type::Array(inner) => ("array", ty(inner)),
        Type::Map(inner) => ("mapValue", ty(inner)),
        Type::Named(name) => ("userDefined", name.as_str().into()),
    };
    let mut out = Object::default();
    out.value(key, value);
    Value::Object(out.0)
}
