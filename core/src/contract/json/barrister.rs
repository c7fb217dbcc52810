//! The form of Barrister to a contract: one list, whose objects say of what type they are.
//!
//! Names are full there, `namespace.Name`, and there is no root file: what has no namespace is taken to be of it.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::node::{Errors, Node, Step};
use crate::contract::{
    Contract, Enum, EnumValue, Field, Interface, List, Method, Parameter, Struct, Type, quoted, split,
};

/// Of each [`List`] of a contract, where in the document its items stand.
pub(super) type Elements = [Vec<usize>; 4];

pub(super) fn contract(node: Node<'_>, errors: &mut Errors) -> (Contract, Elements) {
    let items = node.value.as_array().unwrap_or_default();
    let mut elements = Elements::default();
    let (mut interfaces, mut structs, mut enums) = (Vec::new(), Vec::new(), Vec::new());
    for (i, value) in items.iter().enumerate() {
        let node = Node { value, up: Some((&node, Step::At(i))) };
        let kind = node.object(errors).and_then(|()| node.needed("type", errors));
        let Some((kind, word)) = kind.and_then(|kind| Some((kind, kind.string(errors)?))) else { continue };
        let list = match word.as_str() {
            "interface" => {
                interfaces.extend(interface(node, errors));
                List::Interfaces
            }
            "struct" => {
                structs.extend(structure(node, errors));
                List::Structs
            }
            "enum" => {
                enums.extend(enumeration(node, errors));
                List::Enums
            }
            "comment" | "meta" => continue,
            other => {
                let known = "`interface`, `struct`, `enum`, `comment` or `meta`";
                kind.fail::<()>(errors, format!("an element is of type {known}, not {}", quoted(other)));
                continue;
            }
        };
        elements[list as usize].push(i);
    }
    (Contract::assemble(String::new(), interfaces, structs, enums, Vec::new()), elements)
}

fn interface(node: Node<'_>, errors: &mut Errors) -> Option<Interface> {
    let (name, namespace) = names(&node, errors)?;
    let methods = node.list("functions", errors, |node, errors| method(node, &namespace, errors));
    Some(Interface { name, comment: node.text("comment", errors), methods, namespace })
}

/// A function without `returns` is what Barrister calls a notification.
fn method(node: Node<'_>, namespace: &str, errors: &mut Errors) -> Option<Method> {
    node.object(errors)?;
    let parameters = node.list("params", errors, |node, errors| {
        node.object(errors)?;
        let (name, ty) = (node.needed_text("name", errors), ty(&node, namespace, errors));
        Some(Parameter { name: name?, ty: ty?, optional: false })
    });
    let mut method = Method {
        name: node.needed_text("name", errors)?,
        comment: node.text("comment", errors),
        parameters,
        returns: None,
        returns_optional: false,
        raises: Vec::new(),
    };
    if let Some(returns) = node.child("returns").filter(|returns| !returns.is_null()) {
        returns.object(errors)?;
        method.returns = Some(ty(&returns, namespace, errors)?);
        method.returns_optional = returns.flag("optional", errors);
    }
    Some(method)
}

fn structure(node: Node<'_>, errors: &mut Errors) -> Option<Struct> {
    let (name, namespace) = names(&node, errors)?;
    let fields = node.list("fields", errors, |node, errors| {
        node.object(errors)?;
        let (name, ty) = (node.needed_text("name", errors), ty(&node, &namespace, errors));
        let (optional, comment) = (node.flag("optional", errors), node.text("comment", errors));
        Some(Field { name: name?, ty: ty?, optional, comment })
    });
    let extends = match node.child("extends") {
        Some(parent) if parent.value.as_str() != Some("") => Some(reference(parent, &namespace, errors)?),
        _ => None,
    };
    Some(Struct { name, extends, comment: node.text("comment", errors), fields, namespace })
}

fn enumeration(node: Node<'_>, errors: &mut Errors) -> Option<Enum> {
    let (name, namespace) = names(&node, errors)?;
    let values = node.list("values", errors, |node, errors| {
        node.object(errors)?;
        let comment = node.text("comment", errors);
        Some(EnumValue { name: node.needed_text("value", errors)?, comment })
    });
    Some(Enum { name, comment: node.text("comment", errors), values, namespace })
}

/// The name, and the namespace before its dot.
fn names(node: &Node<'_>, errors: &mut Errors) -> Option<(String, String)> {
    let name = node.needed_text("name", errors)?;
    let namespace = split(&name).map_or("", |(namespace, _)| namespace).to_string();
    Some((name, namespace))
}

/// `type` and `is_array` of an object.
fn ty(node: &Node<'_>, namespace: &str, errors: &mut Errors) -> Option<Type> {
    let name = node.needed("type", errors)?;
    let ty = match name.value.as_str() {
        Some("string") => Type::String,
        Some("int") => Type::Int,
        Some("float") => Type::Float,
        Some("bool") => Type::Bool,
        _ => Type::Named(reference(name, namespace, errors)?),
    };
    Some(if node.flag("is_array", errors) { Type::Array(Box::new(ty)) } else { ty })
}

/// A full name as it is written in the file of a namespace.
fn reference(node: Node<'_>, namespace: &str, errors: &mut Errors) -> Option<String> {
    let name = node.string(errors)?;
    match split(&name) {
        Some((other, own)) if other == namespace => Some(own.to_string()),
        None if !namespace.is_empty() => {
            let (name, namespace) = (quoted(&name), quoted(namespace));
            node.fail(errors, format!("{name} has no namespace, so nothing in {namespace} can name it"))
        }
        _ => Some(name),
    }
}
