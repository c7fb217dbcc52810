//! The strict rules: what one side gives must be good for the side that takes it.

mod reach;
mod travel;

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{Change, Delta, Entity, MAX_METHODS, Severity, Side, error_name, matched, matched_errors};
use crate::contract::{Contract, Definition, Enum, ErrorDefinition, Field, Interface, Method, Struct};
use crate::names::{Names, sort};
use reach::Reach;
use travel::{Travel, fits};

pub(super) fn diff(client: &Contract, server: &Contract) -> Vec<Delta> {
    let mut strict = Strict { client, server, deltas: Vec::new() };
    let methods = strict.interfaces();
    methods.iter().for_each(|pair| strict.method(pair));
    let reach = Reach::new(client, server, &methods);
    for travel in [Travel::Sent, Travel::Returned] {
        for (name, reached) in reach.types(travel) {
            strict.definition(name, travel, reached);
        }
    }
    strict.errors(&methods);
    strict.deltas
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
    deltas: Vec<Delta>,
}

impl<'a> Strict<'a> {
    /// Reports interfaces and methods of one side only, and returns the methods of both, sorted by name.
    fn interfaces(&mut self) -> Vec<MethodPair<'a>> {
        let interfaces = matched(&self.client.interfaces, &self.server.interfaces, |item| &item.name);
        let full = |interface: &Interface, method: &Method| format!("{}.{}", interface.name, method.name);
        let all = |interface: &Interface| {
            interface.methods.iter().take(MAX_METHODS).map(|method| full(interface, method)).collect()
        };
        for item in interfaces.client_only {
            let why = "the server does not have it".to_owned();
            let delta = Delta::new(Entity::Interface, &item.name, Change::Removed, Severity::Error, why);
            self.deltas.push(Delta { methods: all(item), ..delta });
        }
        for item in interfaces.server_only {
            let why = "the client does not have it".to_owned();
            let delta = Delta::new(Entity::Interface, &item.name, Change::Added, Severity::Info, why);
            self.deltas.push(Delta { methods: all(item), ..delta });
        }
        let mut pairs = Vec::new();
        for (client, server) in interfaces.both {
            let methods = matched(&client.methods, &server.methods, |item| &item.name);
            for item in methods.client_only {
                let why = "the server does not have it".to_owned();
                let delta = Delta::new(Entity::Method, &client.name, Change::Removed, Severity::Error, why);
                self.deltas
                    .push(Delta { methods: Vec::from([full(client, item)]), ..delta.member(&item.name) });
            }
            for item in methods.server_only {
                let why = "the client does not have it".to_owned();
                let delta = Delta::new(Entity::Method, &client.name, Change::Added, Severity::Info, why);
                self.deltas
                    .push(Delta { methods: Vec::from([full(client, item)]), ..delta.member(&item.name) });
            }
            pairs.extend(methods.both.into_iter().map(|(own, other)| MethodPair {
                name: full(client, own),
                interface: &client.name,
                client: own,
                server: other,
                client_side: Side { contract: self.client, namespace: &client.namespace },
                server_side: Side { contract: self.server, namespace: &server.namespace },
            }));
        }
        sort(&mut pairs, |a, b| a.name.cmp(&b.name));
        pairs
    }

    fn method(&mut self, pair: &MethodPair<'a>) {
        let mut report = |severity, change, why: String| {
            let delta =
                Delta::new(Entity::Method, pair.interface, change, severity, why).member(&pair.client.name);
            // What differs is a part of the method: the method itself is there on both sides.
            let methods = Vec::from([pair.name.clone()]);
            self.deltas.push(Delta { change: Change::Modified, methods, ..delta });
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
        let from = self.deltas.len();
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
                self.deltas.push(Delta::new(Entity::Struct, name, Change::Modified, Severity::Error, why));
            }
            _ => {}
        }
        for delta in &mut self.deltas[from..] {
            delta.methods.clone_from(&methods);
        }
    }

    fn fields(&mut self, client: &'a Struct, server: &'a Struct, travel: Travel) {
        let (own, other) = (all_fields(self.client, client), all_fields(self.server, server));
        let (giver, taker) = travel.ends();
        let found = matched(&own, &other, |(field, _)| &field.name);
        let (given_only, taken_only) = travel.given_and_taken(&found.client_only, &found.server_only);
        let (given_change, taken_change) = travel.given_and_taken(Change::Removed, Change::Added);
        let (_, taken) = travel.given_and_taken(&own, &other);
        let mut folded = Names::default();
        for (field, _) in taken {
            folded.insert(field.name.to_ascii_lowercase());
        }
        let mut report = |field: &Field, change, severity, why: String| {
            let delta = Delta::new(Entity::Field, &client.name, change, severity, why).member(&field.name);
            self.deltas.push(delta);
        };
        for (field, _) in given_only {
            let (severity, why) = if folded.find(&field.name.to_ascii_lowercase()).is_some() {
                (Severity::Error, format!("the {taker} has it in other letter case, and refuses this one"))
            } else if travel == Travel::Sent {
                (Severity::Warning, "the server ignores it, or refuses it if it is strict".to_owned())
            } else {
                (Severity::Info, "the client ignores it".to_owned())
            };
            report(field, given_change, severity, why);
        }
        for (field, _) in taken_only {
            let (severity, why) = match field.optional {
                true => (Severity::Info, format!("the {giver} never gives it")),
                false => {
                    (Severity::Error, format!("the {taker} requires it, and the {giver} never gives it"))
                }
            };
            report(field, taken_change, severity, why);
        }
        for ((own, own_space), (other, other_space)) in found.both {
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
        let sides =
            [(Change::Removed, "client", found.client_only), (Change::Added, "server", found.server_only)];
        for (change, owner, values) in sides {
            for value in values {
                let (severity, why) = if owner == giver {
                    (Severity::Error, format!("the {giver} may give it, and the {taker} does not know it"))
                } else {
                    (Severity::Info, format!("the {giver} never gives it"))
                };
                let delta = Delta::new(Entity::Enum, &client.name, change, severity, why);
                self.deltas.push(delta.member(&value.name));
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
        let mut report = |error: &ErrorDefinition, name: &str, change, severity, why: String| {
            let delta = Delta::new(Entity::Error, &error.name, change, severity, why);
            self.deltas.push(Delta { methods: reached(name), ..delta });
        };
        for error in found.client_only {
            let name = error_name(error, self.client);
            report(error, name, Change::Removed, Severity::Info, "the server does not have it".to_owned());
        }
        for error in found.server_only {
            let name = error_name(error, self.server);
            report(error, name, Change::Added, Severity::Info, "the client does not have it".to_owned());
        }
        for (own, other) in found.both {
            let name = error_name(own, self.client);
            if own.code != other.code {
                let why =
                    format!("its code is {} for the client and {} for the server", own.code, other.code);
                report(own, name, Change::Modified, Severity::Error, why);
            } else if own.message != other.message {
                let why = "its message differs".to_owned();
                report(own, name, Change::Modified, Severity::Info, why);
            }
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
