//! What pages have in common: where everything stands, and who uses it.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use pintle_core::Contract;
use pintle_core::contract::{Definition, ErrorDefinition, Field, Interface, Struct, Type};

use super::lineage;

pub(super) const OVERVIEW: &str = "index.html";
pub(super) const ERRORS: &str = "errors.html";

/// A contract and the addresses of its pages.
pub(super) struct Site<'a> {
    pub(super) contract: &'a Contract,
    /// Both read the whole contract, and every page shows them.
    pub(super) fingerprint: String,
    pub(super) checksum: String,
    /// File by name of the interface.
    interfaces: BTreeMap<&'a str, String>,
    /// File by namespace, of those that have types.
    types: BTreeMap<&'a str, String>,
    /// The same namespaces in order of the contract.
    namespaces: Vec<&'a str>,
    /// Owner and member: methods, fields of the struct itself, values.
    members: BTreeSet<(&'a str, &'a str)>,
    /// All fields by name of the struct.
    fields: BTreeMap<&'a str, Vec<(&'a Struct, &'a Field)>>,
    uses: BTreeMap<&'a str, Uses>,
}

/// Links to what names a type or an error, each once, in order of the contract.
#[derive(Default)]
pub(super) struct Uses {
    pub(super) taken_by: Vec<Use>,
    pub(super) returned_by: Vec<Use>,
    pub(super) part_of: Vec<Use>,
    pub(super) extended_by: Vec<Use>,
    pub(super) raised_by: Vec<Use>,
}

#[derive(PartialEq, Eq)]
pub(super) struct Use {
    pub(super) name: String,
    pub(super) href: String,
}

impl<'a> Site<'a> {
    pub(super) fn new(contract: &'a Contract) -> Self {
        let mut files = Files::default();
        let interfaces = contract.interfaces().iter().map(|interface| interface.name.as_str());
        let interfaces = interfaces.map(|name| (name, files.give(&format!("interface.{name}")))).collect();
        let mut types = BTreeMap::new();
        let mut namespaces = Vec::new();
        let structs = contract.structs().iter().map(|item| item.namespace.as_str());
        for namespace in structs.chain(contract.enums().iter().map(|item| item.namespace.as_str())) {
            types.entry(namespace).or_insert_with(|| {
                namespaces.push(namespace);
                let root = namespace == contract.namespace();
                let name = if namespace.is_empty() { "no-namespace" } else { namespace };
                files.give(&if root { "types".to_owned() } else { format!("types.{name}") })
            });
        }
        let structs = contract.structs().iter();
        let fields = structs.map(|item| (item.name.as_str(), flattened(contract, item))).collect();
        let members = members(contract);
        let mut site = Site {
            contract,
            fingerprint: contract.fingerprint(),
            checksum: contract.checksum(),
            interfaces,
            types,
            namespaces,
            members,
            fields,
            uses: BTreeMap::new(),
        };
        site.uses = site.find_uses();
        site
    }

    /// What the reference is of.
    pub(super) fn title(&self) -> &'a str {
        let namespace = self.contract.namespace();
        if namespace.is_empty() { "Contract" } else { namespace }
    }

    /// The namespaces that have a page of types, the root file's first.
    pub(super) fn namespaces(&self) -> impl Iterator<Item = &'a str> {
        self.namespaces.iter().copied()
    }

    /// What a namespace is called; that of the root file may have no name, and so may what a `.idl` file defines.
    pub(super) fn namespace_title<'n>(&self, namespace: &'n str) -> &'n str
    where
        'a: 'n,
    {
        match namespace {
            "" if self.contract.namespace().is_empty() => self.title(),
            "" => "no namespace",
            namespace => namespace,
        }
    }

    pub(super) fn types_file(&self, namespace: &str) -> &str {
        self.types.get(namespace).map_or(OVERVIEW, String::as_str)
    }

    pub(super) fn interface_file(&self, interface: &Interface) -> &str {
        self.interfaces.get(interface.name.as_str()).map_or(OVERVIEW, String::as_str)
    }

    pub(super) fn method_href(&self, interface: &Interface, method: &str) -> String {
        format!("{}#{method}", self.interface_file(interface))
    }

    pub(super) fn definition_href(&self, definition: Definition<'_>) -> String {
        let (name, namespace) = named(definition);
        format!("{}#{}", self.types_file(namespace), bare(name))
    }

    pub(super) fn struct_href(&self, item: &Struct) -> String {
        self.definition_href(Definition::Struct(item))
    }

    pub(super) fn field_href(&self, owner: &Struct, field: &Field) -> String {
        format!("{}.{}", self.struct_href(owner), field.name)
    }

    pub(super) fn error_href(&self, error: &ErrorDefinition) -> String {
        format!("{ERRORS}#{}", self.error_name(error))
    }

    /// The name as the root file would write it, which is also its anchor on the page of errors.
    pub(super) fn error_name<'e>(&self, error: &'e ErrorDefinition) -> &'e str {
        if error.namespace == self.contract.namespace() { bare(&error.name) } else { &error.name }
    }

    /// The type as the contract writes it, with a link to what it names.
    pub(super) fn ty(&self, ty: &Type, namespace: &str) -> Markup {
        let mut before = String::new();
        let mut inner = ty;
        let name = loop {
            match inner {
                Type::Array(item) => {
                    before.push_str("[]");
                    inner = item;
                }
                Type::Map(value) => {
                    before.push_str("map[string]");
                    inner = value;
                }
                Type::String => break "string",
                Type::Int => break "int",
                Type::Float => break "float",
                Type::Bool => break "bool",
                Type::Named(name) => break name,
            }
        };
        let definition = inner.name().and_then(|name| self.contract.definition(name, namespace));
        html! {
            code.type {
                (before)
                @match definition {
                    Some(definition) => a href=(self.definition_href(definition)) { (named(definition).0) },
                    None => (name),
                }
            }
        }
    }

    /// Where `text` leads if it is a name of the contract, as a comment in `namespace` would write it.
    pub(super) fn named(&self, text: &str, namespace: &str) -> Option<String> {
        let text = text.strip_suffix("()").unwrap_or(text);
        self.item(text, namespace).or_else(|| {
            let (owner, member) = text.rsplit_once('.')?;
            let owned = |name| self.members.contains(&(name, member));
            if let Some(interface) = self.contract.interface(owner, namespace) {
                return owned(&interface.name).then(|| self.method_href(interface, member));
            }
            let definition = self.contract.definition(owner, namespace)?;
            owned(named(definition).0).then(|| format!("{}.{member}", self.definition_href(definition)))
        })
    }

    fn item(&self, text: &str, namespace: &str) -> Option<String> {
        let contract = self.contract;
        let types = contract.definition(text, namespace).map(|definition| self.definition_href(definition));
        types
            .or_else(|| contract.interface(text, namespace).map(|it| self.interface_file(it).to_owned()))
            .or_else(|| contract.resolve_error(text, namespace).map(|error| self.error_href(error)))
    }

    /// Who names the struct, enum or error of this name.
    pub(super) fn uses(&self, name: &str) -> Option<&Uses> {
        self.uses.get(name)
    }

    fn find_uses(&self) -> BTreeMap<&'a str, Uses> {
        let contract = self.contract;
        let mut all: BTreeMap<&'a str, Uses> = BTreeMap::new();
        let target = |ty: &Type, namespace: &str| {
            let definition = ty.name().and_then(|name| contract.definition(name, namespace));
            definition.map(|definition| named(definition).0)
        };
        for interface in contract.interfaces() {
            for method in &interface.methods {
                let by = || Use {
                    name: format!("{}.{}", interface.name, method.name),
                    href: self.method_href(interface, &method.name),
                };
                for parameter in &method.parameters {
                    if let Some(name) = target(&parameter.ty, &interface.namespace) {
                        add(&mut all.entry(name).or_default().taken_by, by());
                    }
                }
                if let Some(name) = method.returns.as_ref().and_then(|ty| target(ty, &interface.namespace)) {
                    add(&mut all.entry(name).or_default().returned_by, by());
                }
                for raised in &method.raises {
                    if let Some(error) = contract.resolve_error(raised, &interface.namespace) {
                        add(&mut all.entry(&error.name).or_default().raised_by, by());
                    }
                }
            }
        }
        for item in contract.structs() {
            for field in &item.fields {
                if let Some(name) = target(&field.ty, &item.namespace) {
                    let name_here = format!("{}.{}", item.name, field.name);
                    let by = Use { name: name_here, href: self.field_href(item, field) };
                    add(&mut all.entry(name).or_default().part_of, by);
                }
            }
            if let Some(parent) = contract.parent(item) {
                let by = Use { name: item.name.clone(), href: self.struct_href(item) };
                add(&mut all.entry(&parent.name).or_default().extended_by, by);
            }
        }
        all
    }

    /// All fields of a struct with the struct that declares each, the eldest parent's first; a field that a child
    /// redefines keeps its place.
    pub(super) fn fields(&self, item: &Struct) -> &[(&'a Struct, &'a Field)] {
        self.fields.get(item.name.as_str()).map_or(&[], Vec::as_slice)
    }
}

fn flattened<'a>(contract: &'a Contract, item: &'a Struct) -> Vec<(&'a Struct, &'a Field)> {
    let mut line: Vec<&Struct> = lineage(contract, item).collect();
    line.reverse();
    let mut fields: Vec<(&Struct, &Field)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (owner, field) in line.into_iter().flat_map(|owner| owner.fields.iter().map(move |f| (owner, f))) {
        let place = *places.entry(&field.name).or_insert(fields.len());
        match fields.get_mut(place) {
            Some(redefined) => *redefined = (owner, field),
            None => fields.push((owner, field)),
        }
    }
    fields
}

/// One method's uses come one after the other.
fn add(uses: &mut Vec<Use>, by: Use) {
    if uses.last() != Some(&by) {
        uses.push(by);
    }
}

fn members(contract: &Contract) -> BTreeSet<(&str, &str)> {
    let interfaces = contract.interfaces().iter();
    let methods =
        interfaces.flat_map(|it| it.methods.iter().map(|method| (it.name.as_str(), method.name.as_str())));
    let structs = contract.structs().iter();
    let fields = structs.flat_map(|it| it.fields.iter().map(|field| (it.name.as_str(), field.name.as_str())));
    let enums = contract.enums().iter();
    let values = enums.flat_map(|it| it.values.iter().map(|value| (it.name.as_str(), value.name.as_str())));
    methods.chain(fields).chain(values).collect()
}

/// Name in the contract, and namespace.
pub(super) fn named(definition: Definition<'_>) -> (&str, &str) {
    match definition {
        Definition::Struct(item) => (&item.name, &item.namespace),
        Definition::Enum(item) => (&item.name, &item.namespace),
    }
}

/// The name without its namespace.
pub(super) fn bare(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, bare)| bare)
}

/// File names that are given, in lower case: some systems take `Cart` and `cart` for one file.
#[derive(Default)]
struct Files {
    given: BTreeSet<String>,
}

impl Files {
    /// `stem.html`, or with `-2`, `-3`, … before the dot; names of a contract have no `-`.
    fn give(&mut self, stem: &str) -> String {
        let mut file = format!("{stem}.html");
        let mut number = 1;
        while !self.given.insert(file.to_ascii_lowercase()) {
            number += 1;
            file = format!("{stem}-{number}.html");
        }
        file
    }
}
