//! The strict rules: what one side gives must be good for the side that takes it.

mod reach;
mod travel;

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Change, Delta, Deltas, Entity, MAX_METHODS, Severity, Side, error_name, matched, matched_errors,
};
use crate::contract::{Contract, Definition, Enum, Field, Interface, Method, Struct};
use crate::names::{Names, sort};
use reach::Reach;
use travel::{Travel, fits};

pub(super) fn diff(client: &Contract, server: &Contract) -> Vec<Delta> {
    let mut strict = Strict { client, server, deltas: Deltas::default() };
    let methods = strict.interfaces();
    methods.iter().for_each(|pair| strict.method(pair));
    let reach = Reach::new(client, server, &methods);
    for travel in [Travel::Sent, Travel::Returned] {
        for (name, reached) in reach.types(travel) {
            strict.definition(name, travel, reached);
        }
    }
    strict.errors(&methods);
    strict.deltas.list
}

/// A method that both contracts have.
struct MethodPair<'a> {
    /// `Interface.method`
    name: String,
    interface: &'a str,
    client: &'a Method,
    server: &'a Method,
    client_side: Side<'a>,
    server_side: Side<'a>,
}

struct Strict<'a> {
    client: &'a Contract,
    server: &'a Contract,
    deltas: Deltas,
}

impl<'a> Strict<'a> {
    /// Reports interfaces and methods of one side only, and returns the methods of both, sorted by name.
    fn interfaces(&mut self) -> Vec<MethodPair<'a>> {
        let interfaces = matched(&self.client.interfaces, &self.server.interfaces, |item| &item.name);
        let full = |interface: &Interface, method: &Method| format!("{}.{}", interface.name, method.name);
        let all = |interface: &Interface| {
            interface.methods.iter().take(MAX_METHODS).map(|method| full(interface, method)).collect()
        };
        for i in interfaces.client_only {
            let item = &self.client.interfaces[i];
            let of = (Entity::Interface, item.name.as_str(), None);
            self.deltas.add_lone(of, Change::Removed, Severity::Error).methods = all(item);
        }
        for i in interfaces.server_only {
            let item = &self.server.interfaces[i];
            let of = (Entity::Interface, item.name.as_str(), None);
            self.deltas.add_lone(of, Change::Added, Severity::Info).methods = all(item);
        }
        let mut pairs = Vec::new();
        for (client, server) in interfaces.both {
            let (client, server) = (&self.client.interfaces[client], &self.server.interfaces[server]);
            let methods = matched(&client.methods, &server.methods, |item| &item.name);
            let removed = methods.client_only.into_iter().map(|i| &client.methods[i]);
            let added = methods.server_only.into_iter().map(|i| &server.methods[i]);
            let lone = removed.map(|item| (item, Change::Removed, Severity::Error));
            for (item, change, severity) in
                lone.chain(added.map(|item| (item, Change::Added, Severity::Info)))
            {
                let of = (Entity::Method, client.name.as_str(), Some(item.name.as_str()));
                self.deltas.add_lone(of, change, severity).methods = Vec::from([full(client, item)]);
            }
            pairs.extend(methods.both.into_iter().map(|(own, other)| MethodPair {
                name: full(client, &client.methods[own]),
                interface: &client.name,
                client: &client.methods[own],
                server: &server.methods[other],
                client_side: Side { contract: self.client, namespace: &client.namespace },
                server_side: Side { contract: self.server, namespace: &server.namespace },
            }));
        }
        sort(&mut pairs, |a, b| a.name.cmp(&b.name));
        pairs
    }

    fn method(&mut self, pair: &MethodPair<'a>) {
        let mut report = |severity, change, why: String| {
            let of = (Entity::Method, pair.interface, Some(pair.client.name.as_str()));
            let delta = self.deltas.add(of, change, severity, why);
            // What differs is a part of the method: the method itself is there on both sides.
            delta.change = Change::Modified;
            delta.methods = Vec::from([pair.name.clone()]);
        };
        let (own, other) = (&pair.client.parameters, &pair.server.parameters);
        for (i, (own, other)) in own.iter().zip(other).enumerate() {
            let name = &own.name;
            if own.name != other.name {
                let why = format!(
                    "parameter {} is `{name}` for the client and `{}` for the server",
                    i + 1,
                    other.name
                );
                report(Severity::Error, Change::Modified, why);
            }
            if let Some((severity, why)) =
                fits(&pair.client_side, &own.ty, &pair.server_side, &other.ty, Travel::Sent)
            {
                report(severity, Change::Modified, format!("parameter `{name}`: {why}"));
            }
            match (own.optional, other.optional) {
                (true, false) => {
                    let why =
                        format!("the server requires the parameter `{name}`, which the client may leave out");
                    report(Severity::Error, Change::Modified, why);
                }
                (false, true) => {
                    let why =
                        format!("the server does not require the parameter `{name}`, which the client gives");
                    report(Severity::Info, Change::Added, why);
                }
                _ => {}
            }
        }
        for parameter in own.iter().skip(other.len()) {
            let why = format!("the server does not take the parameter `{}`", parameter.name);
            report(Severity::Error, Change::Removed, why);
        }
        for parameter in other.iter().skip(own.len()) {
            let (severity, word) = match parameter.optional {
                true => (Severity::Info, "takes"),
                false => (Severity::Error, "requires"),
            };
            let why = format!(
                "the server {word} the parameter `{}`, which the client does not give",
                parameter.name
            );
            report(severity, Change::Added, why);
        }

        match (&pair.client.returns, &pair.server.returns) {
            (Some(own), Some(other)) => {
                if let Some((severity, why)) =
                    fits(&pair.client_side, own, &pair.server_side, other, Travel::Returned)
                {
                    report(severity, Change::Modified, format!("the result: {why}"));
                }
                match (pair.client.returns_optional, pair.server.returns_optional) {
                    (false, true) => {
                        let why = "the server may answer null, which the client does not expect";
                        report(Severity::Error, Change::Added, why.to_owned());
                    }
                    (true, false) => {
                        let why = "the server never answers null, which the client expects";
                        report(Severity::Info, Change::Removed, why.to_owned());
                    }
                    _ => {}
                }
            }
            (Some(_), None) => {
                report(Severity::Error, Change::Modified, "the server returns nothing".to_owned());
            }
            (None, Some(ty)) => {
                let why = format!("the server returns {ty}, and the client expects nothing");
                report(Severity::Error, Change::Modified, why);
            }
            (None, None) => {}
        }

        let (own, other) = (raised(pair.client, &pair.client_side), raised(pair.server, &pair.server_side));
        if other.is_empty() && !own.is_empty() {
            let why = "the server does not say any more which errors it raises";
            report(Severity::Warning, Change::Removed, why.to_owned());
            return;
        }
        for error in other.iter().filter(|error| !own.contains(error)) {
            let why = format!("the server raises `{error}`, which the client does not expect");
            report(Severity::Error, Change::Added, why);
        }
        for error in own.iter().filter(|error| !other.contains(error)) {
            report(Severity::Info, Change::Removed, format!("the server does not raise `{error}`"));
        }
    }

    /// A type of both contracts that travels; one that only one has shows where it is used.
    fn definition(&mut self, name: &str, travel: Travel, methods: Vec<String>) {
        let from = self.deltas.list.len();
        let (client, server) = (self.client, self.server);
        match (client.definition(name, &client.namespace), server.definition(name, &server.namespace)) {
            (Some(Definition::Struct(own)), Some(Definition::Struct(other))) => {
                self.fields(own, other, travel)
            }
            (Some(Definition::Enum(own)), Some(Definition::Enum(other))) => self.values(own, other, travel),
            (Some(own), Some(other)) => {
                let kind = |definition| match definition {
                    Definition::Struct(_) => "a struct",
                    Definition::Enum(_) => "an enum",
                };
                let why = format!("{} for the client, {} for the server", kind(own), kind(other));
                self.deltas.add((Entity::Struct, name, None), Change::Modified, Severity::Error, why);
            }
            _ => {}
        }
        for delta in &mut self.deltas.list[from..] {
            delta.methods.clone_from(&methods);
        }
    }

    fn fields(&mut self, client: &'a Struct, server: &'a Struct, travel: Travel) {
        let (own, other) = (all_fields(self.client, client), all_fields(self.server, server));
        let (giver, taker) = travel.ends();
        let found = matched(&own, &other, |(field, _)| &field.name);
        let (given_only, taken_only) = travel.given_and_taken(found.client_only, found.server_only);
        let (given_change, taken_change) = travel.given_and_taken(Change::Removed, Change::Added);
        let (given, taken) = travel.given_and_taken(&own, &other);
        let mut folded = Names::default();
        for (field, _) in taken {
            folded.insert(field.name.to_ascii_lowercase());
        }
        let mut report = |field: &Field, change, severity, why: String| {
            self.deltas.add((Entity::Field, &client.name, Some(&field.name)), change, severity, why);
        };
        for i in given_only {
            let (field, _) = given[i];
            let (severity, why) = if folded.find(&field.name.to_ascii_lowercase()).is_some() {
                (Severity::Error, format!("the {taker} has it in other letter case, and refuses this one"))
            } else if travel == Travel::Sent {
                (Severity::Warning, "the server ignores it, or refuses it if it is strict".to_owned())
            } else {
                (Severity::Info, "the client ignores it".to_owned())
            };
            report(field, given_change, severity, why);
        }
        for i in taken_only {
            let (field, _) = taken[i];
            let (severity, why) = match field.optional {
                true => (Severity::Info, format!("the {giver} never gives it")),
                false => {
                    (Severity::Error, format!("the {taker} requires it, and the {giver} never gives it"))
                }
            };
            report(field, taken_change, severity, why);
        }
        for (i, j) in found.both {
            let ((own, own_space), (other, other_space)) = (own[i], other[j]);
            let own_side = Side { contract: self.client, namespace: own_space };
            let other_side = Side { contract: self.server, namespace: other_space };
            if let Some((severity, why)) = fits(&own_side, &own.ty, &other_side, &other.ty, travel) {
                report(own, Change::Modified, severity, why);
            }
            let (given, taken) = travel.given_and_taken(own.optional, other.optional);
            if given != taken {
                let (severity, why) = match taken {
                    true => {
                        (Severity::Info, format!("the {giver} always gives it, the {taker} does not need it"))
                    }
                    false => (
                        Severity::Error,
                        format!("the {taker} requires it, and the {giver} may leave it out"),
                    ),
                };
                report(own, Change::Modified, severity, why);
            }
        }
    }

    fn values(&mut self, client: &Enum, server: &Enum, travel: Travel) {
        let (giver, taker) = travel.ends();
        let found = matched(&client.values, &server.values, |value| &value.name);
        let sides = [
            (Change::Removed, "client", &client.values, found.client_only),
            (Change::Added, "server", &server.values, found.server_only),
        ];
        for (change, owner, values, lone) in sides {
            for i in lone {
                let (severity, why) = if owner == giver {
                    (Severity::Error, format!("the {giver} may give it, and the {taker} does not know it"))
                } else {
                    (Severity::Info, format!("the {giver} never gives it"))
                };
                self.deltas.add((Entity::Enum, &client.name, Some(&values[i].name)), change, severity, why);
            }
        }
    }

    /// Declared errors: those that methods raise, and those that a method may answer with because it names none.
    fn errors(&mut self, methods: &[MethodPair<'a>]) {
        let mut names = Names::default();
        let mut raising: Vec<Vec<String>> = Vec::new();
        let mut open = Vec::new();
        for pair in methods {
            let own = raised(pair.client, &pair.client_side);
            let other = raised(pair.server, &pair.server_side);
            if (own.is_empty() || other.is_empty()) && open.len() < MAX_METHODS {
                open.push(pair.name.clone());
            }
            for error in own.into_iter().chain(other) {
                let (number, _) = names.add(error.into());
                raising.resize(names.len(), Vec::new());
                let by = &mut raising[number];
                if by.len() < MAX_METHODS && by.last() != Some(&pair.name) {
                    by.push(pair.name.clone());
                }
            }
        }
        let reached = |name: &str| names.find(name).map_or(&open, |number| &raising[number]).clone();
        let found = matched_errors(self.client, self.server);
        for i in found.client_only {
            let (error, name) = (&self.client.errors[i], error_name(&self.client.errors[i], self.client));
            let of = (Entity::Error, error.name.as_str(), None);
            self.deltas.add_lone(of, Change::Removed, Severity::Info).methods = reached(name);
        }
        for i in found.server_only {
            let (error, name) = (&self.server.errors[i], error_name(&self.server.errors[i], self.server));
            let of = (Entity::Error, error.name.as_str(), None);
            self.deltas.add_lone(of, Change::Added, Severity::Info).methods = reached(name);
        }
        for (own, other) in found.both {
            let (own, other) = (&self.client.errors[own], &self.server.errors[other]);
            let (severity, why) = if own.code != other.code {
                let why =
                    format!("its code is {} for the client and {} for the server", own.code, other.code);
                (Severity::Error, why)
            } else if own.message != other.message {
                (Severity::Info, "its message differs".to_owned())
            } else {
                continue;
            };
            let of = (Entity::Error, own.name.as_str(), None);
            let delta = self.deltas.add(of, Change::Modified, severity, why);
            delta.methods = reached(error_name(own, self.client));
        }
    }
}

/// Own and inherited fields, each with the namespace that it was written in; a child's replaces its parent's.
fn all_fields<'a>(contract: &'a Contract, item: &'a Struct) -> Vec<(&'a Field, &'a str)> {
    let mut seen = Names::default();
    let mut fields = Vec::new();
    let mut at = Some(item);
    while let Some(item) = at {
        at = contract.parent(item);
        for field in &item.fields {
            if seen.insert(field.name.as_str()) {
                fields.push((field, item.namespace.as_str()));
            }
        }
    }
    fields
}

/// The names of the errors that a method raises.
fn raised<'a>(method: &'a Method, side: &Side<'a>) -> Vec<String> {
    let errors = method.raises.iter().filter_map(|name| side.contract.resolve_error(name, side.namespace));
    errors.map(|error| error_name(error, side.contract).to_string()).collect()
}
