//! The rules of PulseRPC.

use alloc::{format, string::String, vec::Vec};

use super::{Change, Delta, Deltas, Direction, Entity, Severity, Side, matched_by, matched_errors};
use crate::contract::{Contract, Interface, Method, Struct};

pub(super) fn diff(client: &Contract, server: &Contract) -> Vec<Delta> {
    let mut pair = Pair { client, server, deltas: Deltas::default() };
    let lists = (&client.interfaces[..], &server.interfaces[..]);
    let info = |_: usize| Severity::Info;
    let both = pair.lists((Entity::Interface, None), lists, |item| &item.name, Severity::Error, &info);
    for (own, other) in both {
        pair.methods(&client.interfaces[own], &server.interfaces[other]);
    }

    let lists = (&client.structs[..], &server.structs[..]);
    let both = pair.lists((Entity::Struct, None), lists, |item| &item.name, Severity::Error, &info);
    for (own, other) in both {
        pair.fields(&client.structs[own], &server.structs[other]);
    }

    let lists = (&client.enums[..], &server.enums[..]);
    let warning = |_: usize| Severity::Warning;
    let both = pair.lists((Entity::Enum, None), lists, |item| &item.name, Severity::Warning, &warning);
    for (own, other) in both {
        let (own, other) = (&client.enums[own], &server.enums[other]);
        let of = (Entity::Enum, Some(own.name.as_str()));
        pair.lists(of, (&own.values, &other.values), |item| &item.name, Severity::Warning, &warning);
    }

    // They match by another name than the one that they are shown with.
    let matched = matched_errors(client, server);
    for i in matched.client_only {
        pair.deltas.add_lone((Entity::Error, &client.errors[i].name, None), Change::Removed, Severity::Info);
    }
    for i in matched.server_only {
        pair.deltas.add_lone((Entity::Error, &server.errors[i].name, None), Change::Added, Severity::Info);
    }
    pair.deltas.list
}

struct Pair<'a> {
    client: &'a Contract,
    server: &'a Contract,
    deltas: Deltas,
}

/// The length of a list, and the name of what it has at a position.
type Named<'n, 'a> = (usize, &'n dyn Fn(usize) -> &'a str);

impl<'a> Pair<'a> {
    /// Reports what one of two lists has and the other has not, and returns the positions of what both have. `added` says
    /// how bad it is that the server alone has what is at a position.
    fn lists<T>(
        &mut self,
        of: (Entity, Option<&str>),
        (client, server): (&'a [T], &'a [T]),
        name: impl Fn(&'a T) -> &'a str,
        removed: Severity,
        added: &dyn Fn(usize) -> Severity,
    ) -> Vec<(usize, usize)> {
        let (own, other) = (|i: usize| name(&client[i]), |i: usize| name(&server[i]));
        self.names(of, (client.len(), &own), (server.len(), &other), removed, added)
    }

    /// The same for lists of everything, compiled once.
    #[inline(never)]
    fn names(
        &mut self,
        (entity, owner): (Entity, Option<&str>),
        client: Named<'_, 'a>,
        server: Named<'_, 'a>,
        removed: Severity,
        added: &dyn Fn(usize) -> Severity,
    ) -> Vec<(usize, usize)> {
        let found = matched_by(client.0, server.0, client.1, server.1);
        let mut add = |name, change, severity| {
            let (name, member) = owner.map_or((name, None), |owner| (owner, Some(name)));
            self.deltas.add_lone((entity, name, member), change, severity);
        };
        found.client_only.into_iter().for_each(|i| add(client.1(i), Change::Removed, removed));
        found.server_only.into_iter().for_each(|i| add(server.1(i), Change::Added, added(i)));
        found.both
    }

    fn methods(&mut self, client: &'a Interface, server: &'a Interface) {
        let sides = self.sides(&client.namespace, &server.namespace);
        let (of, lists) =
            ((Entity::Method, Some(client.name.as_str())), (&client.methods[..], &server.methods[..]));
        let both = self.lists(of, lists, |item| &item.name, Severity::Error, &|_| Severity::Warning);
        for (own, other) in both {
            let (own, other) = (&client.methods[own], &server.methods[other]);
            if !same_signature(own, other, &sides) {
                let description =
                    format!("the client has {}, the server {}", signature(own), signature(other));
                let of = (Entity::Method, client.name.as_str(), Some(own.name.as_str()));
                self.deltas.add(of, Change::Modified, Severity::Error, description);
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
            self.deltas.add(
                (Entity::Struct, &client.name, None),
                Change::Modified,
                Severity::Error,
                description,
            );
        }
        let added = |i: usize| if server.fields[i].optional { Severity::Info } else { Severity::Error };
        let (of, lists) =
            ((Entity::Field, Some(client.name.as_str())), (&client.fields[..], &server.fields[..]));
        for (own, other) in self.lists(of, lists, |item| &item.name, Severity::Info, &added) {
            let (own, other) = (&client.fields[own], &server.fields[other]);
            let same = sides.0.same(&own.ty, &sides.1, &other.ty);
            let (severity, description) = match (same, own.optional, other.optional) {
                (false, ..) => {
                    (Severity::Error, format!("the client has {}, the server {}", own.ty, other.ty))
                }
                (true, false, true) => {
                    (Severity::Info, "required in the client, optional in the server".into())
                }
                (true, true, false) => {
                    (Severity::Warning, "optional in the client, required in the server".into())
                }
                _ => continue,
            };
            let of = (Entity::Field, client.name.as_str(), Some(own.name.as_str()));
            let delta = self.deltas.add(of, Change::Modified, severity, description);
            if same {
                delta.direction = Direction::ClientHasLess;
            }
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
