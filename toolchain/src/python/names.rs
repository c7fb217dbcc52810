//! What everything in a contract is called in Python: modules, classes, attributes.

use std::collections::BTreeMap;

use pintle_core::Contract;
use pintle_core::contract::{Definition, Type};

use crate::case::{Scope, pascal, screaming, snake};

/// Python's keywords, and what a module imports or a class body uses: none of them can be given to something else.
const RESERVED: &str = "\
    False None True and as assert async await break class continue def del elif else except finally for \
    from global if import in is lambda nonlocal not or pass raise return try while with yield ClassVar \
    Optional abc dataclasses enum bool dict float int list str self METHODS WIRE_NAMES CODE MESSAGE \
    INTERFACE";

/// A scope in which names of Python itself are taken.
pub(super) fn scope() -> Scope {
    Scope::without(RESERVED.split(' '))
}

/// The name of a field, a parameter or a method in `scope`.
pub(super) fn attribute(scope: &mut Scope, name: &str) -> String {
    scope.give(&identifier(snake(name), "n"))
}

/// The name of a value of an enum in `scope`.
pub(super) fn constant(scope: &mut Scope, name: &str) -> String {
    scope.give(&identifier(screaming(name), "V"))
}

/// The words of a name may be none, or begin with a digit.
fn identifier(name: String, prefix: &str) -> String {
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        prefix.to_owned() + &name
    } else {
        name
    }
}

/// A name without its namespace.
pub(super) fn bare(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, bare)| bare)
}

/// What the class of an interface's client is called before it is given a name: no contract can define that.
pub(super) fn client(interface: &str) -> String {
    format!("{} Client", bare(interface))
}

/// The same for its handler.
pub(super) fn handler(interface: &str) -> String {
    format!("{} Handler", bare(interface))
}

/// Modules and classes of one contract.
pub(super) struct Names<'a> {
    contract: &'a Contract,
    /// Modules by namespace; the root's is the package.
    modules: BTreeMap<&'a str, String>,
    /// Classes by namespace and name.
    classes: BTreeMap<&'a str, BTreeMap<String, String>>,
    /// The namespaces, the root first.
    pub(super) namespaces: Vec<&'a str>,
}

impl<'a> Names<'a> {
    pub(super) fn new(contract: &'a Contract) -> Names<'a> {
        let structs = contract.structs().iter().map(|item| (item.namespace.as_str(), item.name.as_str()));
        let enums = contract.enums().iter().map(|item| (item.namespace.as_str(), item.name.as_str()));
        let errors = contract.errors().iter().map(|item| (item.namespace.as_str(), item.name.as_str()));
        let interfaces =
            || contract.interfaces().iter().map(|item| (item.namespace.as_str(), bare(&item.name)));
        let mut classes: Vec<(&str, String)> = Vec::new();
        classes
            .extend(structs.chain(enums).chain(errors).map(|(space, name)| (space, bare(name).to_owned())));
        classes.extend(interfaces().map(|(space, name)| (space, client(name))));
        classes.extend(interfaces().map(|(space, name)| (space, handler(name))));

        let mut namespaces = vec![contract.namespace()];
        let mut modules = Scope::without(RESERVED.split(' ').chain(["rpc"]));
        let mut names =
            Names { contract, modules: BTreeMap::new(), classes: BTreeMap::new(), namespaces: Vec::new() };
        let mut scopes: BTreeMap<&str, Scope> = BTreeMap::new();
        for (space, name) in classes {
            if !namespaces.contains(&space) {
                namespaces.push(space);
            }
            let class = scopes
                .entry(space)
                .or_insert_with(scope)
                .give(&identifier(pascal(&name.replace(' ', "")), "T"));
            names.classes.entry(space).or_default().insert(name, class);
        }
        for space in &namespaces {
            let name = if space.is_empty() { "service".to_owned() } else { identifier(snake(space), "n") };
            names.modules.insert(space, modules.give(&name));
        }
        names.namespaces = namespaces;
        names
    }

    /// The module of a namespace; of the root, the package.
    pub(super) fn module(&self, namespace: &str) -> &str {
        self.modules.get(namespace).map_or("", String::as_str)
    }

    /// The class for what is called `name` in `namespace`.
    pub(super) fn class(&self, namespace: &str, name: &str) -> &str {
        self.classes.get(namespace).and_then(|classes| classes.get(name)).map_or("", String::as_str)
    }

    /// The same as it is written in the module of `from`.
    pub(super) fn reference(&self, from: &str, namespace: &str, name: &str) -> String {
        let class = self.class(namespace, name);
        if from == namespace { class.to_owned() } else { format!("_{}.{class}", self.module(namespace)) }
    }

    /// A type that an item of the namespace `holder` has, as an annotation in the module of `from`.
    pub(super) fn annotation(&self, ty: &Type, holder: &str, from: &str) -> String {
        match ty {
            Type::String => "str".to_owned(),
            Type::Int => "int".to_owned(),
            Type::Float => "float".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Array(element) => format!("list[{}]", self.annotation(element, holder, from)),
            Type::Map(value) => format!("dict[str, {}]", self.annotation(value, holder, from)),
            Type::Named(name) => match self.contract.definition(name, holder) {
                Some(Definition::Struct(item)) => self.reference(from, &item.namespace, bare(&item.name)),
                Some(Definition::Enum(item)) => self.reference(from, &item.namespace, bare(&item.name)),
                // A checked contract has no other name.
                None => "None".to_owned(),
            },
        }
    }

    /// The same for what may be absent.
    pub(super) fn maybe(&self, ty: &Type, optional: bool, holder: &str, from: &str) -> String {
        let annotation = self.annotation(ty, holder, from);
        if optional { format!("Optional[{annotation}]") } else { annotation }
    }
}
