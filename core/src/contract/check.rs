//! The rules that every contract keeps, whether it came as text or as JSON.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::index::{bare, split};
use super::name::{is_identifier, is_type_word};
use super::{Aspect, Contract, List, MAX_DIAGNOSTICS, MAX_NAMESPACES, Place, Type, nearest, quoted};
use crate::names::{Names, order, sort};

/// What the note on the first of two equal things says.
pub(crate) const FIRST_HERE: &str = "first defined here";

/// Nearest names are looked for this often in one run: each look reads every name.
const SUGGESTIONS: usize = 20;

/// A rule that a contract breaks.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) place: Place,
    pub(crate) message: String,
    pub(crate) note: Option<(Place, &'static str)>,
    pub(crate) help: Option<String>,
}

/// Which namespaces an item may name.
pub(crate) enum Scope<'a> {
    /// Any that the contract has: JSON does not say who imports whom.
    Every,
    /// Those that the item's file imports.
    Imported {
        /// Of each file its namespace, and the namespaces that it imports.
        files: &'a [(&'a str, Vec<&'a str>)],
        /// Namespaces whose files miss an import that was reported already.
        incomplete: &'a [&'a str],
    },
}

/// Every rule that `contract` breaks, up to [`MAX_DIAGNOSTICS`].
pub(crate) fn check(contract: &Contract, scope: &Scope<'_>) -> Vec<Finding> {
    let mut checker =
        Checker { contract, scope, findings: Vec::new(), suggestions: SUGGESTIONS, links: Vec::new() };
    checker.namespaces();
    checker.names();
    checker.interfaces();
    checker.structs();
    checker.enums();
    checker.errors();
    let mut links = core::mem::take(&mut checker.links);
    sort(&mut links, |a, b| a.cmp(b));
    links.dedup();
    checker.namespace_cycle(&links);
    checker.struct_cycles();
    checker.findings
}

pub(super) struct Checker<'a> {
    pub(super) contract: &'a Contract,
    scope: &'a Scope<'a>,
    findings: Vec<Finding>,
    suggestions: usize,
    /// Pairs of (namespace, other namespace that it names).
    links: Vec<(&'a str, &'a str)>,
}

impl<'a> Checker<'a> {
    #[inline(never)]
    pub(super) fn report(&mut self, place: Place, message: String) -> Option<&mut Finding> {
        if self.findings.len() >= MAX_DIAGNOSTICS {
            return None;
        }
        self.findings.push(Finding { place, message, note: None, help: None });
        self.findings.last_mut()
    }

    fn report_twice(&mut self, place: Place, first: Place, message: String) {
        if let Some(finding) = self.report(place, message) {
            finding.note = Some((first, FIRST_HERE));
        }
    }

    fn namespaces(&mut self) {
        let contract = self.contract;
        let root = contract.namespace();
        let mut seen = Names::default();
        seen.insert(root);
        let place = Place { item: None, member: None, parameter: None, aspect: Aspect::Namespace };
        if !root.is_empty() {
            self.namespace(place, root);
        }
        for list in [List::Interfaces, List::Structs, List::Enums, List::Errors] {
            for i in 0..contract.count(list) {
                let (_, namespace) = contract.name_of(list, i);
                // Types without one come from an imported file of Barrister.
                let is_type = list == List::Structs || list == List::Enums;
                if !(namespace.is_empty() && is_type) && seen.insert(namespace) {
                    self.namespace(Place::item(list, i, Aspect::Namespace), namespace);
                }
            }
        }
        if seen.len() > MAX_NAMESPACES {
            self.report(place, format!("a contract has at most {MAX_NAMESPACES} namespaces"));
        }
    }

    fn namespace(&mut self, place: Place, namespace: &str) {
        if namespace == "rpc" {
            self.report(place, "the namespace `rpc` is reserved".to_string());
        } else if namespace.is_empty() {
            self.report(
                place,
                "the namespace is missing: only definitions of the root file, and types, can have none"
                    .to_string(),
            );
        } else {
            self.identifier(place, "namespace", namespace);
        }
    }

    fn names(&mut self) {
        let contract = self.contract;
        for list in [List::Interfaces, List::Structs, List::Enums, List::Errors] {
            for i in 0..contract.count(list) {
                let (name, namespace) = contract.name_of(list, i);
                let place = Place::item(list, i, Aspect::Name);
                self.name(place, list, name, namespace);
                if namespace.is_empty()
                    && let Some((list, i)) = contract.find_in(contract.namespace(), name)
                    && contract.namespace() != namespace
                {
                    let message =
                        format!("{} is defined without a namespace and in the root file", quoted(name));
                    self.report_twice(place, Place::item(list, i, Aspect::Name), message);
                }
            }
        }
        for [(first_list, first), (list, item)] in contract.name_clashes() {
            let (name, namespace) = contract.name_of(list, item);
            let mut message = format!("{} is defined twice", quoted(bare(name, namespace)));
            if first_list != list {
                message += ": interfaces, structs, enums and errors share their names";
            }
            let first = Place::item(first_list, first, Aspect::Name);
            self.report_twice(Place::item(list, item, Aspect::Name), first, message);
        }
    }

    fn name(&mut self, place: Place, list: List, name: &str, namespace: &str) {
        let short = bare(name, namespace);
        if let Some((other, _)) = split(short).filter(|(other, _)| is_identifier(other)) {
            let message = format!(
                "{} is named as of the namespace {}, and its namespace is {}",
                quoted(name),
                quoted(other),
                quoted(namespace)
            );
            self.report(place, message);
            return;
        }
        if !self.identifier(place, "name", short) {
            return;
        }
        if list == List::Interfaces && short == "rpc" {
            self.report(place, "the interface name `rpc` is reserved".to_string());
        }
        if is_type_word(short) {
            self.report(place, format!("`{short}` is a built-in type and cannot be defined again"));
        }
        let is_bare = short.len() == name.len();
        let wants_bare =
            namespace.is_empty() || (list != List::Errors && namespace == self.contract.namespace());
        if is_bare != wants_bare {
            let wanted = if wants_bare { short.to_string() } else { format!("{namespace}.{short}") };
            self.report(place, format!("{} must be written {}", quoted(name), quoted(&wanted)));
        }
    }

    #[inline(never)]
    fn identifier(&mut self, place: Place, what: &str, name: &str) -> bool {
        let good = is_identifier(name);
        if !good {
            self.report(
                place,
                format!(
                    "{} is not a {what}: it must be ASCII letters, digits and `_`, not starting with a digit",
                    quoted(name)
                ),
            );
        }
        good
    }

    /// Names of the members of one owner: each good, none twice.
    #[inline(never)]
    fn members(&mut self, names: &[&str], what: &str, place: &dyn Fn(usize) -> Place) {
        for (i, name) in names.iter().enumerate() {
            self.identifier(place(i), "name", name);
        }
        let order = order(names.len(), &|a, b| names[a].cmp(names[b]));
        let mut first = 0;
        for (at, &i) in order.iter().enumerate().skip(1) {
            if names[order[first]] == names[i] {
                let message = format!("the {what} {} is defined twice", quoted(names[i]));
                self.report_twice(place(i), place(order[first]), message);
            } else {
                first = at;
            }
        }
    }

    fn interfaces(&mut self) {
        for (i, interface) in self.contract.interfaces().iter().enumerate() {
            let place = Place::item(List::Interfaces, i, Aspect::Name);
            let names: Vec<&str> = interface.methods.iter().map(|m| m.name.as_str()).collect();
            self.members(&names, "method", &|m| place.member(m, Aspect::Name));
            for (m, method) in interface.methods.iter().enumerate() {
                let place = place.member(m, Aspect::Name);
                if m > 0 && method.name == "raises" {
                    let message = "a method named `raises` must be the first of its interface: \
                                   behind another it reads as the errors that the other raises";
                    self.report(place, message.to_string());
                }
                let names: Vec<&str> = method.parameters.iter().map(|p| p.name.as_str()).collect();
                self.members(&names, "parameter", &|p| place.parameter(p, Aspect::Name));
                let mut optional = false;
                for (p, parameter) in method.parameters.iter().enumerate() {
                    if optional && !parameter.optional {
                        let message = format!(
                            "the parameter {} must be optional too: it stands behind an optional one",
                            quoted(&parameter.name)
                        );
                        self.report(place.parameter(p, Aspect::Name), message);
                    }
                    optional |= parameter.optional;
                    self.ty(place.parameter(p, Aspect::Type), &parameter.ty, &interface.namespace);
                }
                match &method.returns {
                    Some(ty) => self.ty(place.member(m, Aspect::Type), ty, &interface.namespace),
                    None if method.returns_optional => {
                        let message = "a method without a return type always answers null".to_string();
                        self.report(place.member(m, Aspect::Optional), message);
                    }
                    None => {}
                }
                for (r, reference) in method.raises.iter().enumerate() {
                    self.raises(place.member(m, Aspect::Raises(r)), reference, &interface.namespace);
                }
            }
        }
    }

    fn structs(&mut self) {
        for (i, item) in self.contract.structs().iter().enumerate() {
            let place = Place::item(List::Structs, i, Aspect::Name);
            let names: Vec<&str> = item.fields.iter().map(|f| f.name.as_str()).collect();
            self.members(&names, "field", &|f| place.member(f, Aspect::Name));
            for (f, field) in item.fields.iter().enumerate() {
                self.ty(place.member(f, Aspect::Type), &field.ty, &item.namespace);
            }
            if let Some(parent) = &item.extends {
                let place = Place { aspect: Aspect::Extends, ..place };
                self.resolve(place, parent, &item.namespace, "a struct", &[List::Structs]);
            }
        }
    }

    fn enums(&mut self) {
        for (i, item) in self.contract.enums().iter().enumerate() {
            let place = Place::item(List::Enums, i, Aspect::Name);
            let names: Vec<&str> = item.values.iter().map(|v| v.name.as_str()).collect();
            self.members(&names, "value", &|v| place.member(v, Aspect::Name));
        }
    }

    fn errors(&mut self) {
        let contract = self.contract;
        for (i, error) in contract.errors().iter().enumerate() {
            if error.message.contains(['"', '\n']) {
                let message = "the message of an error cannot have a double quote or a line break: \
                               there is no way to write it in a contract";
                self.report(Place::item(List::Errors, i, Aspect::Message), message.to_string());
            }
        }
        for [first, again] in contract.code_clashes() {
            let Some(error) = contract.errors().get(again) else { continue };
            let message = format!("the error code {} is used twice", error.code);
            let place = |item| Place::item(List::Errors, item, Aspect::Code);
            self.report_twice(place(again), place(first), message);
        }
    }

    fn ty(&mut self, place: Place, ty: &'a Type, namespace: &'a str) {
        if let Some(name) = ty.name() {
            self.resolve(place, name, namespace, "a type", &[List::Structs, List::Enums]);
        }
    }

    fn raises(&mut self, place: Place, reference: &'a str, namespace: &'a str) {
        self.resolve(place, reference, namespace, "an error", &[List::Errors]);
    }

    /// Looks `reference` up, and reports it unless it is one of `wanted`.
    #[inline(never)]
    fn resolve(&mut self, place: Place, reference: &'a str, namespace: &'a str, noun: &str, wanted: &[List]) {
        let contract = self.contract;
        let found = contract.find(reference, namespace);
        let other = match (split(reference), found) {
            (Some((other, _)), _) => other,
            (None, Some((list, item))) => contract.name_of(list, item).1,
            (None, None) => namespace,
        };
        if other != namespace {
            if !self.imports(place, reference, namespace, other) {
                return;
            }
            if self.links.last() != Some(&(namespace, other)) {
                self.links.push((namespace, other));
            }
        }
        let Some((list, item)) = found else {
            self.unknown(place, reference, namespace, noun, wanted);
            return;
        };
        if wanted.contains(&list) {
            return;
        }
        let found = match list {
            List::Interfaces => "an interface",
            List::Structs => "a struct",
            List::Enums => "an enum",
            List::Errors => "an error",
        };
        let message = format!("{} is {found}, and {noun} must stand here", quoted(reference));
        if let Some(finding) = self.report(place, message) {
            finding.note = Some((Place::item(list, item, Aspect::Name), "defined here"));
        }
    }

    /// Whether the file of `namespace` imports one of `other`, which is reported if not.
    fn imports(&mut self, place: Place, reference: &str, namespace: &str, other: &str) -> bool {
        let Scope::Imported { files, incomplete } = self.scope else { return true };
        let of_file = || files.iter().filter(|(from, _)| *from == namespace);
        if of_file().any(|(_, imports)| imports.contains(&other)) {
            return true;
        }
        if !incomplete.contains(&namespace) {
            let message = match other {
                "" => format!("{}: this file does not import the one that defines it", quoted(reference)),
                _ => format!("{}: this file imports no namespace {}", quoted(reference), quoted(other)),
            };
            let near = nearest(other, of_file().flat_map(|(_, imports)| imports.iter().copied()));
            // The first is the root, which nobody can import.
            let is_known = files.iter().skip(1).any(|(known, _)| *known == other);
            if let Some(finding) = self.report(place, message) {
                finding.help = match near {
                    Some(near) => Some(format!("did you mean `{near}`?")),
                    None => is_known.then(|| "import the file that declares it here as well".to_string()),
                };
            }
        }
        false
    }

    fn unknown(&mut self, place: Place, reference: &str, namespace: &str, noun: &str, wanted: &[List]) {
        let kind = noun.split_once(' ').map_or(noun, |(_, kind)| kind);
        let mut help = None;
        if self.suggestions > 0 {
            self.suggestions -= 1;
            let (other, short) = split(reference).unwrap_or((namespace, reference));
            let builtins: &[&str] =
                if kind == "type" && other == namespace { &["string", "int", "float", "bool"] } else { &[] };
            let defined = wanted.iter().flat_map(|&list| self.contract.items(list));
            let names = defined.filter(|&(_, space)| space == other).map(|(name, _)| name);
            let near = match short {
                "boolean" | "Boolean" => Some("bool"),
                "integer" | "Integer" | "long" => Some("int"),
                "double" | "number" => Some("float"),
                _ => nearest(short, builtins.iter().copied().chain(names)),
            };
            help = match near {
                Some(near) if other == namespace => Some(format!("did you mean `{near}`?")),
                Some(near) => Some(format!("did you mean `{other}.{near}`?")),
                None => self.elsewhere(short, wanted).map(|full| format!("did you mean `{full}`?")),
            };
        }
        if let Some(finding) = self.report(place, format!("there is no {kind} {}", quoted(reference))) {
            finding.help = help;
        }
    }

    /// The full name of what is called `name` in another namespace.
    fn elsewhere(&self, name: &str, wanted: &[List]) -> Option<String> {
        let mut defined = wanted.iter().flat_map(|&list| self.contract.items(list));
        let (_, namespace) = defined.find(|&(known, space)| known == name && !space.is_empty())?;
        Some(format!("{namespace}.{name}"))
    }
}
