//! JSON to a contract: the shape is read here, the rules of the language are checked as for text.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{JsonDiagnostic, tree};
use crate::contract::{
    Aspect, Contract, Enum, EnumValue, ErrorDefinition, Field, Interface, List, MAX_DIAGNOSTICS,
    MAX_TYPE_DEPTH, Method, Parameter, Place, Scope, Struct, Type, check, quoted,
};
use crate::json::Value;

impl Contract {
    /// Reads the JSON form. Unknown members and `checksum` are ignored; every other rule is that of text.
    ///
    /// # Errors
    /// Everything that is wrong, up to [`MAX_DIAGNOSTICS`].
    pub fn from_json(text: &str) -> Result<Contract, Vec<JsonDiagnostic>> {
        let tree = tree::parse(text)?;
        let mut diagnostics = Vec::new();
        let contract = contract(Node { value: &tree, up: None }, &mut diagnostics);
        if let Some(contract) = contract.filter(|_| diagnostics.is_empty()) {
            let findings = check(&contract, &Scope::Every);
            if findings.is_empty() {
                return Ok(contract);
            }
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

type Errors = Vec<JsonDiagnostic>;

/// A value and the way to it.
#[derive(Clone, Copy)]
struct Node<'a> {
    value: &'a Value<'a>,
    up: Option<(&'a Node<'a>, Step<'a>)>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    At(usize),
}

impl<'a> Node<'a> {
    fn pointer(&self) -> String {
        match self.up {
            None => String::new(),
            Some((up, Step::Key(key))) => up.pointer() + &tree::step(key),
            Some((up, Step::At(i))) => format!("{}/{i}", up.pointer()),
        }
    }

    fn fail<T>(&self, errors: &mut Errors, message: impl Into<String>) -> Option<T> {
        self.report(errors, message.into());
        None
    }

    #[inline(never)]
    fn report(&self, errors: &mut Errors, message: String) {
        if errors.len() < MAX_DIAGNOSTICS {
            errors.push(JsonDiagnostic::new(self.pointer(), message));
        }
    }

    fn wrong<T>(&self, errors: &mut Errors, wanted: &str) -> Option<T> {
        self.unlike(errors, wanted);
        None
    }

    #[inline(never)]
    fn unlike(&self, errors: &mut Errors, wanted: &str) {
        let got = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        self.report(errors, format!("expected {wanted}, found {got}"));
    }

    fn object(&self, errors: &mut Errors) -> Option<()> {
        self.value.as_object().map(|_| ()).or_else(|| self.wrong(errors, "an object"))
    }

    fn child(&'a self, key: &'a str) -> Option<Node<'a>> {
        Some(Node { value: self.value.get(key)?, up: Some((self, Step::Key(key))) })
    }

    #[inline(never)]
    fn needed(&'a self, key: &'a str, errors: &mut Errors) -> Option<Node<'a>> {
        self.child(key).or_else(|| self.fail(errors, format!("the member `{key}` is missing")))
    }

    #[inline(never)]
    fn string(&self, errors: &mut Errors) -> Option<String> {
        self.value.as_str().map(ToString::to_string).or_else(|| self.wrong(errors, "a string"))
    }

    fn needed_text(&'a self, key: &'a str, errors: &mut Errors) -> Option<String> {
        self.needed(key, errors)?.string(errors)
    }

    /// Empty when the member is missing.
    #[inline(never)]
    fn text(&'a self, key: &'a str, errors: &mut Errors) -> String {
        self.child(key).and_then(|node| node.string(errors)).unwrap_or_default()
    }

    /// False when the member is missing.
    #[inline(never)]
    fn flag(&'a self, key: &'a str, errors: &mut Errors) -> bool {
        self.child(key).is_some_and(|node| match node.value.as_bool() {
            Some(flag) => flag,
            None => node.wrong(errors, "true or false").unwrap_or_default(),
        })
    }

    /// Empty when the member is missing. Elements that fail are reported and left out.
    #[inline(never)]
    fn list<T>(
        &'a self,
        key: &'a str,
        errors: &mut Errors,
        read: fn(Node<'_>, &mut Errors) -> Option<T>,
    ) -> Vec<T> {
        let Some(node) = self.child(key) else { return Vec::new() };
        let Some(items) = node.value.as_array() else {
            return node.wrong(errors, "an array").unwrap_or_default();
        };
        let mut list = Vec::with_capacity(items.len());
        for (i, value) in items.iter().enumerate() {
            list.extend(read(Node { value, up: Some((&node, Step::At(i))) }, errors));
        }
        list
    }
}

fn contract(node: Node<'_>, errors: &mut Errors) -> Option<Contract> {
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
        void if *void.value == Value::Null => None,
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

/// The pointer to what a rule is about.
fn pointer(place: Place) -> String {
    let Some((list, item)) = place.item else { return "/rootNamespace".to_string() };
    let (list, members) = match list {
        List::Interfaces => ("interfaces", "methods"),
        List::Structs => ("structs", "fields"),
        List::Enums => ("enums", "values"),
        List::Errors => ("errors", ""),
    };
    let mut out = format!("/{list}/{item}");
    if let Some(member) = place.member {
        out += &format!("/{members}/{member}");
    }
    if let Some(parameter) = place.parameter {
        out += &format!("/parameters/{parameter}");
    }
    out += match place.aspect {
        Aspect::Name => "/name",
        Aspect::Namespace => "/namespace",
        Aspect::Type if list == "interfaces" && place.parameter.is_none() => "/returnType",
        Aspect::Type => "/type",
        Aspect::Optional => "/returnOptional",
        Aspect::Extends => "/extends",
        Aspect::Raises(i) => return out + &format!("/raises/{i}"),
        Aspect::Code => "/code",
        Aspect::Message => "/message",
    };
    out
}
