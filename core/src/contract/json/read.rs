//! JSON to a contract: the shape is read here, the rules of the language are checked as for text.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::barrister::{self, Elements};
use super::node::{Errors, Node};
use super::{JsonDiagnostic, tree};
use crate::contract::{
    Aspect, Contract, Enum, EnumValue, ErrorDefinition, Field, Interface, List, MAX_DIAGNOSTICS,
    MAX_TYPE_DEPTH, Method, Parameter, Place, Scope, Struct, Type, check, quoted,
};

impl Contract {
    /// Reads the JSON form, or that of Barrister, which is a list. Unknown members and `checksum` are ignored; every
    /// other rule is that of text.
    ///
    /// # Errors
    /// Everything that is wrong, up to [`MAX_DIAGNOSTICS`].
    pub fn from_json(text: &str) -> Result<Contract, Vec<JsonDiagnostic>> {
        let tree = tree::parse(text)?;
        let mut diagnostics = Vec::new();
        let node = Node { value: &tree, up: None };
        let (contract, elements) = if tree.as_array().is_some() {
            let (contract, elements) = barrister::contract(node, &mut diagnostics);
            (Some(contract), Some(elements))
        } else {
            (contract(node, &mut diagnostics), None)
        };
        if let Some(contract) = contract.filter(|_| diagnostics.is_empty()) {
            let findings = check(&contract, &Scope::Every);
            if findings.is_empty() {
                return Ok(contract);
            }
            let pointer = |place| pointer(place, elements.as_ref());
            for finding in findings {
                diagnostics.push(JsonDiagnostic {
                    pointer: pointer(finding.place),
                    message: finding.message,
                    note: finding.note.map(|(place, text)| (pointer(place), text.to_string())),
                    help: finding.help,
                });
            }
        }
        diagnostics.truncate(MAX_DIAGNOSTICS);
        Err(diagnostics)
    }
}

pub(super) fn contract(node: Node<'_>, errors: &mut Errors) -> Option<Contract> {
    node.object(errors)?;
    Some(Contract::assemble(
        node.text("rootNamespace", errors),
        node.list("interfaces", errors, interface),
        node.list("structs", errors, structure),
        node.list("enums", errors, enumeration),
        node.list("errors", errors, error),
    ))
}

fn interface(node: Node<'_>, errors: &mut Errors) -> Option<Interface> {
    node.object(errors)?;
    let (namespace, comment) = (node.text("namespace", errors), node.text("comment", errors));
    let methods = node.list("methods", errors, method);
    Some(Interface { name: node.needed_text("name", errors)?, namespace, comment, methods })
}

fn method(node: Node<'_>, errors: &mut Errors) -> Option<Method> {
    node.object(errors)?;
    let comment = node.text("comment", errors);
    let parameters = node.list("parameters", errors, |node, errors| {
        node.object(errors)?;
        let (name, ty) = (node.needed_text("name", errors), node.needed("type", errors));
        let optional = node.flag("optional", errors);
        Some(Parameter { ty: read_type(ty?, errors)?, name: name?, optional })
    });
    let returns = match node.needed("returnType", errors)? {
        void if void.is_null() => None,
        ty => Some(read_type(ty, errors)?),
    };
    let returns_optional = node.flag("returnOptional", errors);
    let raises = node.list("raises", errors, |node, errors| node.string(errors));
    let name = node.needed_text("name", errors)?;
    Some(Method { name, comment, parameters, returns, returns_optional, raises })
}

fn structure(node: Node<'_>, errors: &mut Errors) -> Option<Struct> {
    node.object(errors)?;
    let (namespace, comment) = (node.text("namespace", errors), node.text("comment", errors));
    let extends = Some(node.text("extends", errors)).filter(|parent| !parent.is_empty());
    let fields = node.list("fields", errors, |node, errors| {
        node.object(errors)?;
        let (name, ty) = (node.needed_text("name", errors), node.needed("type", errors));
        let (optional, comment) = (node.flag("optional", errors), node.text("comment", errors));
        Some(Field { ty: read_type(ty?, errors)?, name: name?, optional, comment })
    });
    Some(Struct { name: node.needed_text("name", errors)?, namespace, extends, comment, fields })
}

fn enumeration(node: Node<'_>, errors: &mut Errors) -> Option<Enum> {
    node.object(errors)?;
    let (namespace, comment) = (node.text("namespace", errors), node.text("comment", errors));
    let values = node.list("values", errors, |node, errors| {
        node.object(errors)?;
        let comment = node.text("comment", errors);
        Some(EnumValue { name: node.needed_text("name", errors)?, comment })
    });
    Some(Enum { name: node.needed_text("name", errors)?, namespace, comment, values })
}

fn error(node: Node<'_>, errors: &mut Errors) -> Option<ErrorDefinition> {
    node.object(errors)?;
    let (namespace, comment) = (node.text("namespace", errors), node.text("comment", errors));
    let name = node.needed_text("name", errors);
    let message = node.needed_text("message", errors);
    let code = node.needed("code", errors)?;
    let Some(code) = code.value.as_int().and_then(|code| i32::try_from(code).ok()) else {
        return code.fail(errors, "an error code is a whole number of 32 bits");
    };
    Some(ErrorDefinition { name: name?, namespace, code, message: message?, comment })
}

fn read_type(node: Node<'_>, errors: &mut Errors) -> Option<Type> {
    const KEYS: [&str; 4] = ["builtIn", "array", "mapValue", "userDefined"];
    let mut wrappers: Vec<fn(Box<Type>) -> Type> = Vec::new();
    let mut at = node.value;
    loop {
        if at.as_object().is_none() {
            return Node { value: at, ..node }.wrong(errors, "a type, which is an object");
        }
        let mut known = KEYS.iter().filter_map(|&key| Some((key, at.get(key)?)));
        let (Some((key, inner)), None) = (known.next(), known.next()) else {
            let message = "a type has exactly one of `builtIn`, `array`, `mapValue` and `userDefined`";
            return node.fail(errors, message);
        };
        match key {
            "array" => wrappers.push(Type::Array),
            "mapValue" => wrappers.push(Type::Map),
            _ => {
                let Some(name) = inner.as_str() else {
                    return node.fail(errors, format!("the `{key}` of a type is a string"));
                };
                let innermost = match (key, name) {
                    ("userDefined", "string" | "int" | "float" | "bool") => {
                        return node
                            .fail(errors, format!("`{name}` is a `builtIn` type, not a `userDefined` one"));
                    }
                    ("userDefined", name) => Type::Named(name.to_string()),
                    (_, "string") => Type::String,
                    (_, "int") => Type::Int,
                    (_, "float") => Type::Float,
                    (_, "bool") => Type::Bool,
                    (_, name) => {
                        return node.fail(errors, format!("there is no built-in type {}", quoted(name)));
                    }
                };
                return Some(wrappers.into_iter().rev().fold(innermost, |ty, wrap| wrap(Box::new(ty))));
            }
        }
        if wrappers.len() > MAX_TYPE_DEPTH {
            return node.fail(errors, format!("more than {MAX_TYPE_DEPTH} lists and maps in one type"));
        }
        at = inner;
    }
}

/// The pointer to what a rule is about; `elements` are those of the form of Barrister.
fn pointer(place: Place, elements: Option<&Elements>) -> String {
    let Some((list, item)) = place.item else {
        return String::from(if elements.is_some() { "" } else { "/rootNamespace" });
    };
    let (lists, members) = match list {
        List::Interfaces => ("interfaces", if elements.is_some() { "functions" } else { "methods" }),
        List::Structs => ("structs", "fields"),
        List::Enums => ("enums", "values"),
        List::Errors => ("errors", ""),
    };
    let mut out = match elements {
        Some(elements) => format!("/{}", elements[list as usize].get(item).unwrap_or(&item)),
        None => format!("/{lists}/{item}"),
    };
    if let Some(member) = place.member {
        out += &format!("/{members}/{member}");
    }
    if let Some(parameter) = place.parameter {
        out += &format!("/{}/{parameter}", if elements.is_some() { "params" } else { "parameters" });
    }
    let is_result = list == List::Interfaces && place.parameter.is_none();
    out += match (place.aspect, elements.is_some()) {
        (Aspect::Name, true) if list == List::Enums && place.member.is_some() => "/value",
        // The namespace of Barrister is a part of the name.
        (Aspect::Name, _) | (Aspect::Namespace, true) => "/name",
        (Aspect::Namespace, false) => "/namespace",
        (Aspect::Type, true) if is_result => "/returns/type",
        (Aspect::Type, false) if is_result => "/returnType",
        (Aspect::Type, _) => "/type",
        (Aspect::Optional, _) => "/returnOptional",
        (Aspect::Extends, _) => "/extends",
        (Aspect::Raises(i), _) => return out + &format!("/raises/{i}"),
        (Aspect::Code, _) => "/code",
        (Aspect::Message, _) => "/message",
    };
    out
}
