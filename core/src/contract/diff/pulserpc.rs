//! The rules of PulseRPC.

use alloc::{format, string::String, vec::Vec};

use super::{Change, Delta, Entity, Severity, Side, matched, matched_errors};
use crate::contract::{Contract, Enum, Interface, Method, Struct};

pub(super) fn diff(client: &Contract, server: &Contract) -> Vec<Delta> {
    let mut pair = Pair { client, server, deltas: Vec::new() };
    let interfaces = matched(&client.interfaces, &server.interfaces, |item| &item.name);
    for item in interfaces.client_only {
        pair.only_client(Entity::Interface, &item.name, None, Severity::Error);
    }
    for item in interfaces.server_only {
        pair.only_server(Entity::Interface, &item.name, None, Severity::Info);
    }
    interfaces.both.into_iter().for_each(|(client, server)| pair.methods(client, server));

    let structs = matched(&client.structs, &server.structs, |item| &item.name);
    for item in structs.client_only {
        pair.only_client(Entity::Struct, &item.name, None, Severity::Error);
    }
    for item in structs.server_only {
        pair.only_server(Entity::Struct, &item.name, None, Severity::Info);
    }
    structs.both.into_iter().for_each(|(client, server)| pair.fields(client, server));

    let enums = matched(&client.enums, &server.enums, |item| &item.name);
    for item in enums.client_only {
        pair.only_client(Entity::Enum, &item.name, None, Severity::Warning);
    }
    for item in enums.server_only {
        pair.only_server(Entity::Enum, &item.name, None, Severity::Warning);
    }
    enums.both.into_iter().for_each(|(client, server)| pair.values(client, server));

    let errors = matched_errors(client, server);
    for item in errors.client_only {
        pair.only_client(Entity::Error, &item.name, None, Severity::Info);
    }
    for item in errors.server_only {
        pair.only_server(Entity::Error, &item.name, None, Severity::Info);
    }
    pair.deltas
}

struct Pair<'a> {
    client: &'a Contract,
    server: &'a Contract,
    deltas: Vec<Delta>,
}

impl<'a> Pair<'a> {
    fn only_client(&mut self, entity: Entity, name: &str, member: Option<&str>, severity: Severity) {
        let delta =
            Delta::new(entity, name, Change::Removed, severity, String::from("the server does not have it"));
        self.deltas.push(member.into_iter().fold(delta, Delta::member));
    }

    fn only_server(&mut self, entity: Entity, name: &str, member: Option<&str>, severity: Severity) {
        let delta =
            Delta::new(entity, name, Change::Added, severity, String::from("the client does not have it"));
        self.deltas.push(member.into_iter().fold(delta, Delta::member));
    }

    fn modified(&mut self, entity: Entity, name: &str, severity: Severity, description: String) -> Delta {
        Delta::new(entity, name, Change::Modified, severity, description)
    }

    fn methods(&mut self, client: &'a Interface, server: &'a Interface) {
        let sides = self.sides(&client.namespace, &server.namespace);
        let methods = matched(&client.methods, &server.methods, |item| &item.name);
        for item in methods.client_only {
            self.only_client(Entity::Method, &client.name, Some(&item.name), Severity::Error);
        }
        for item in methods.server_only {
            self.only_server(Entity::Method, &client.name, Some(&item.name), Severity::Warning);
        }
        for (own, other) in methods.both {
            if !same_signature(own, other, &sides) {
                let description =
                    format!("the client has {}, the server {}", signature(own), signature(other));
                let delta = self.modified(Entity::Method, &client.name, Severity::Error, description);
                self.deltas.push(delta.member(&own.name));
            }
        }
    }

    fn fields(&mut self, client: &'a Struct, server: &'a Struct) {
        let sides = self.sides(&client.namespace, &server.namespace);
        let parents = (client.extends.as_deref(), server.extends.as_deref());
        if parents.0.map(|name| sides.0.name(name)) != parents.1.map(|name| sides.1.name(name)) {
            let parent =
                |name: Option<&str>| name.map_or(String::from("nothing"), |name| format!("`{name}`"));
            let description =
                format!("the client extends {}, the server {}", parent(parents.0), parent(parents.1));
            let delta = self.modified(Entity::Struct, &client.name, Severity::Error, description);
            self.deltas.push(delta);
        }
        let fields = matched(&client.fields, &server.fields, |item| &item.name);
        for item in fields.client_only {
            self.only_client(Entity::Field, &client.name, Some(&item.name), Severity::Info);
        }
        for item in fields.server_only {
            let severity = if item.optional { Severity::Info } else { Severity::Error };
            self.only_server(Entity::Field, &client.name, Some(&item.name), severity);
        }
        for (own, other) in fields.both {
            let delta = if !sides.0.same(&own.ty, &sides.1, &other.ty) {
                let description = format!("the client has {}, the server {}", own.ty, other.ty);
                self.modified(Entity::Field, &client.name, Severity::Error, description)
            } else if own.optional != other.optional {
                let (severity, description) = match other.optional {
                    true => (Severity::Info, "required in the client, optional in the server"),
                    false => (Severity::Warning, "optional in the client, required in the server"),
                };
                let delta = self.modified(Entity::Field, &client.name, severity, String::from(description));
                delta.client_has_less()
            } else {
                continue;
            };
            self.deltas.push(delta.member(&own.name));
        }
    }

    fn values(&mut self, client: &'a Enum, server: &'a Enum) {
        let values = matched(&client.values, &server.values, |item| &item.name);
        for item in values.client_only {
            self.only_client(Entity::Enum, &client.name, Some(&item.name), Severity::Warning);
        }
        for item in values.server_only {
            self.only_server(Entity::Enum, &client.name, Some(&item.name), Severity::Warning);
        }
    }

    fn sides(&self, client: &'a str, server: &'a str) -> (Side<'a>, Side<'a>) {
        (Side { contract: self.client, namespace: client }, Side { contract: self.server, namespace: server })
    }
}

fn same_signature<'a>(own: &'a Method, other: &'a Method, sides: &(Side<'a>, Side<'a>)) -> bool {
    let same_parameters = own.parameters.len() == other.parameters.len()
        && own.parameters.iter().zip(&other.parameters).all(|(own, other)| {
            let same = own.name == other.name && own.optional == other.optional;
            same && sides.0.same(&own.ty, &sides.1, &other.ty)
        });
    let same_result = match (&own.returns, &other.returns) {
        (Some(own), Some(other)) => sides.0.same(own, &sides.1, other),
        (own, other) => own.is_none() && other.is_none(),
    };
    same_parameters && same_result && own.returns_optional == other.returns_optional
}

/// `(a int, b string [optional]) Cart`
fn signature(method: &Method) -> String {
    let mut out = String::from("(");
    let optional = |optional| if optional { " [optional]" } else { "" };
    for (i, parameter) in method.parameters.iter().enumerate() {
        out.push_str(if i > 0 { ", " } else { "" });
        out += &format!("{} {}{}", parameter.name, parameter.ty, optional(parameter.optional));
    }
    out.push(')');
    if let Some(ty) = &method.returns {
        out += &format!(" {ty}{}", optional(method.returns_optional));
    }
    out
}
