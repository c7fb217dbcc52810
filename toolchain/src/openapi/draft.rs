//! A contract in the making: what it names is known by number, so that names and cycles can be settled late.

use pintle_core::Contract;
use pintle_core::contract::JsonDiagnostic;
use serde_json::{Map, Value, json};

use super::Diagnostic;
use super::document::{Document, Id};

#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Of the root file.
    pub(super) namespace: String,
    pub(super) interfaces: Vec<Interface>,
    pub(super) structs: Vec<Struct>,
    pub(super) enums: Vec<Enum>,
    pub(super) errors: Vec<Error>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) namespace: String,
    pub(super) bare: String,
}

#[derive(Debug)]
pub(super) struct Interface {
    pub(super) place: Id,
    pub(super) name: Name,
    pub(super) comment: String,
    pub(super) methods: Vec<Method>,
}

#[derive(Debug)]
pub(super) struct Method {
    pub(super) place: Id,
    pub(super) name: String,
    pub(super) comment: String,
    pub(super) parameters: Vec<Member>,
    pub(super) returns: Option<Type>,
    pub(super) returns_optional: bool,
    /// Numbers of errors.
    pub(super) raises: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Struct {
    pub(super) place: Id,
    pub(super) name: Name,
    pub(super) comment: String,
    /// Number of a struct.
    pub(super) extends: Option<usize>,
    pub(super) fields: Vec<Member>,
}

/// A field or parameter.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) place: Id,
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) optional: bool,
    pub(super) comment: String,
}

#[derive(Debug)]
pub(super) struct Enum {
    pub(super) place: Id,
    pub(super) name: Name,
    pub(super) comment: String,
    /// Each with its comment.
    pub(super) values: Vec<(String, String)>,
}

#[derive(Debug)]
pub(super) struct Error {
    pub(super) place: Id,
    pub(super) name: Name,
    pub(super) code: i32,
    pub(super) message: String,
    pub(super) comment: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Type {
    /// `string`, `int`, `float` or `bool`.
    BuiltIn(&'static str),
    List(Box<Type>),
    Map(Box<Type>),
    Struct(usize),
    Enum(usize),
}

impl Type {
    /// Lists and maps around the innermost type.
    pub(super) fn depth(&self) -> usize {
        let mut depth = 0;
        let mut at = self;
        while let Type::List(inner) | Type::Map(inner) = at {
            depth += 1;
            at = inner;
        }
        depth
    }
}

impl Draft {
    /// The contract, by way of its JSON form: whatever a document says, the rules of the language hold.
    pub(super) fn finish(&self, document: &Document) -> Result<Contract, Vec<Diagnostic>> {
        let json = json!({
            "rootNamespace": self.namespace,
            "interfaces": self.interfaces.iter().map(|item| self.interface(item)).collect::<Vec<_>>(),
            "structs": self.structs.iter().map(|item| self.structure(item)).collect::<Vec<_>>(),
            "enums": self.enums.iter().map(|item| self.enumeration(item)).collect::<Vec<_>>(),
            "errors": self.errors.iter().map(|item| self.error(item)).collect::<Vec<_>>(),
        });
        Contract::from_json(&json.to_string()).map_err(|diagnostics| {
            let in_document = |diagnostic: JsonDiagnostic| {
                let place = self.place(&diagnostic.pointer).unwrap_or(Document::ROOT);
                let help = diagnostic.help.map(|help| format!("; {help}")).unwrap_or_default();
                document.diagnostic(place, diagnostic.message + &help)
            };
            diagnostics.into_iter().map(in_document).collect()
        })
    }

    /// What of the document a pointer into the JSON form is about.
    fn place(&self, pointer: &str) -> Option<Id> {
        let mut steps = pointer.split('/').skip(1);
        let list = steps.next()?;
        let item: usize = steps.next()?.parse().ok()?;
        let member = steps.nth(1).and_then(|index| index.parse::<usize>().ok());
        match list {
            "interfaces" => {
                let item = self.interfaces.get(item)?;
                let method = member.and_then(|index| item.methods.get(index));
                Some(method.map_or(item.place, |method| method.place))
            }
            "structs" => {
                let item = self.structs.get(item)?;
                let field = member.and_then(|index| item.fields.get(index));
                Some(field.map_or(item.place, |field| field.place))
            }
            "enums" => Some(self.enums.get(item)?.place),
            "errors" => Some(self.errors.get(item)?.place),
            _ => None,
        }
    }

    fn head(&self, name: &Name, comment: &str) -> Map<String, Value> {
        let mut object = Map::from_iter([("name".to_owned(), json!(self.defined(name)))]);
        object.insert("namespace".into(), json!(name.namespace));
        object.insert("comment".into(), json!(comment));
        object
    }

    fn interface(&self, item: &Interface) -> Value {
        let namespace = &item.name.namespace;
        let method = |method: &Method| {
            let errors = method.raises.iter().filter_map(|&error| self.errors.get(error));
            json!({
                "name": method.name,
                "comment": method.comment,
                "parameters": self.members(&method.parameters, namespace),
                "returnType": method.returns.as_ref().map(|ty| self.ty(ty, namespace)),
                "returnOptional": method.returns.is_some() && method.returns_optional,
                "raises": errors.map(|error| reference(&error.name, namespace)).collect::<Vec<_>>(),
            })
        };
        let mut object = self.head(&item.name, &item.comment);
        object.insert("methods".into(), item.methods.iter().map(method).collect());
        Value::Object(object)
    }

    fn structure(&self, item: &Struct) -> Value {
        let namespace = &item.name.namespace;
        let mut object = self.head(&item.name, &item.comment);
        if let Some(parent) = item.extends.and_then(|parent| self.structs.get(parent)) {
            object.insert("extends".into(), json!(reference(&parent.name, namespace)));
        }
        object.insert("fields".into(), self.members(&item.fields, namespace));
        Value::Object(object)
    }

    fn members(&self, members: &[Member], namespace: &str) -> Value {
        let member = |item: &Member| {
            json!({
                "name": item.name,
                "type": self.ty(&item.ty, namespace),
                "optional": item.optional,
                "comment": item.comment,
            })
        };
        members.iter().map(member).collect()
    }

    fn enumeration(&self, item: &Enum) -> Value {
        let mut object = self.head(&item.name, &item.comment);
        let value = |(name, comment): &(String, String)| json!({"name": name, "comment": comment});
        object.insert("values".into(), item.values.iter().map(value).collect());
        Value::Object(object)
    }

    fn error(&self, item: &Error) -> Value {
        let mut object = self.head(&item.name, &item.comment);
        // An error always carries its namespace.
        object.insert("name".into(), json!(qualified(&item.name)));
        object.insert("code".into(), json!(item.code));
        object.insert("message".into(), json!(item.message));
        Value::Object(object)
    }

    fn ty(&self, ty: &Type, namespace: &str) -> Value {
        let named = |name: Option<&Name>| json!({"userDefined": name.map(|name| reference(name, namespace))});
        match ty {
            Type::BuiltIn(name) => json!({"builtIn": name}),
            Type::List(inner) => json!({"array": self.ty(inner, namespace)}),
            Type::Map(inner) => json!({"mapValue": self.ty(inner, namespace)}),
            Type::Struct(number) => named(self.structs.get(*number).map(|item| &item.name)),
            Type::Enum(number) => named(self.enums.get(*number).map(|item| &item.name)),
        }
    }

    /// The name as a definition carries it.
    fn defined(&self, name: &Name) -> String {
        if name.namespace == self.namespace { name.bare.clone() } else { qualified(name) }
    }
}

/// The name as an item of `namespace` refers to it.
fn reference(name: &Name, namespace: &str) -> String {
    if name.namespace == namespace { name.bare.clone() } else { qualified(name) }
}

fn qualified(name: &Name) -> String {
    if name.namespace.is_empty() { name.bare.clone() } else { format!("{}.{}", name.namespace, name.bare) }
}
