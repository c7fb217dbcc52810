//! Two contracts side by side: what a client was made for, and what a server offers.

mod pulserpc;
mod strict;

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use super::{Contract, ErrorDefinition, Type, bare};
use crate::json::write;
use crate::names::{Names, sort};

/// What counts as a difference, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rules {
    /// Those of PulseRPC: definition by definition, used or not, whoever sends them.
    #[default]
    PulseRpc,
    /// By what travels: the server must accept what the client sends, and the client understand what the server returns.
    /// Inherited fields count as own ones, and only what a method of both contracts reaches counts at all.
    Strict,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    /// What kind of thing differs.
    pub entity: Entity,
    /// Its name, or that of its owner: bare in the root file, `namespace.Name` when imported.
    pub name: String,
    /// The method, field or value.
    pub member: Option<String>,
    /// From the client towards the server.
    pub change: Change,
    /// Who has more.
    pub direction: Direction,
    /// How bad it is.
    pub severity: Severity,
    /// What differs, as one sentence without a full stop.
    pub description: String,
    /// Methods, `Interface.method`, that make it reachable: the first [`MAX_METHODS`], in order. [`Rules::PulseRpc`]
    /// does not look for them.
    pub methods: Vec<String>,
}

/// Methods that one [`Delta`] names. Bounds the time to find them.
pub const MAX_METHODS: usize = 64;

/// The kinds of things that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entity {
    /// A whole interface.
    Interface,
    /// A method of one, its parameters, result and errors.
    Method,
    /// A struct as a whole.
    Struct,
    /// A field of one.
    Field,
    /// An enum, or one of its values.
    Enum,
    /// A declared error.
    Error,
}

/// From the client towards the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only the server has it.
    Added,
    /// Only the client has it.
    Removed,
    /// Both have it, each in another way.
    Modified,
}

/// Who has more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// The client knows what the server does not.
    ClientHasMore,
    /// The server knows what the client does not, or takes another view of what may be missing.
    ClientHasLess,
    /// Neither.
    Mismatch,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// It may go wrong.
    Warning,
    /// The two are not compatible.
    Error,
}

/// What differs between the contract that a client was made for and that of a server, sorted by kind, name and member.
/// The two are compatible if none is [`Severity::Error`].
///
/// Names are those on the wire, so the namespaces of the root files do not matter.
pub fn diff(client: &Contract, server: &Contract, rules: Rules) -> Vec<Delta> {
    let mut deltas = match rules {
        Rules::PulseRpc => pulserpc::diff(client, server),
        Rules::Strict => strict::diff(client, server),
    };
    sort(&mut deltas, |a, b| {
        let key = |delta: &Delta| (delta.entity, delta.change, delta.direction);
        let names = a.name.cmp(&b.name).then_with(|| a.member.cmp(&b.member));
        let rest = || key(a).cmp(&key(b)).then_with(|| a.description.cmp(&b.description));
        a.entity.cmp(&b.entity).then(names).then_with(rest)
    });
    deltas
}

/// The differences as a JSON array of what [`Delta::to_json`] writes.
pub fn to_json(deltas: &[Delta]) -> String {
    let mut out = String::from("[");
    for (i, delta) in deltas.iter().enumerate() {
        out.push_str(if i > 0 { "," } else { "" });
        out.push_str(&delta.to_json());
    }
    out.push(']');
    out
}

/// What to do about one difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Ignore,
    /// Say it, and go on.
    Log,
    /// Do not use this server.
    Fail,
}

impl Verdict {
    /// Fails what is [`Severity::Error`] and logs the rest.
    pub fn by_severity(delta: &Delta) -> Verdict {
        if delta.severity == Severity::Error { Verdict::Fail } else { Verdict::Log }
    }
}

/// Whether a client may use a server: `audit` is asked about every difference. Two contracts with one
/// [`Contract::fingerprint`] have none.
///
/// # Errors
/// The differences that [`Verdict::Fail`] was said to. Those of [`Verdict::Log`] are returned if there are none.
pub fn verify(
    client: &Contract,
    server: &Contract,
    rules: Rules,
    mut audit: impl FnMut(&Delta) -> Verdict,
) -> Result<Vec<Delta>, Vec<Delta>> {
    if client.fingerprint() == server.fingerprint() {
        return Ok(Vec::new());
    }
    let (mut logged, mut failed) = (Vec::new(), Vec::new());
    for delta in diff(client, server, rules) {
        match audit(&delta) {
            Verdict::Ignore => {}
            Verdict::Log => logged.push(delta),
            Verdict::Fail => failed.push(delta),
        }
    }
    if failed.is_empty() { Ok(logged) } else { Err(failed) }
}

/// What was found so far.
#[derive(Default)]
struct Deltas {
    list: Vec<Delta>,
}

impl Deltas {
    /// Adds a difference of `name`, or of its `member`, and hands it out for what else is known of it.
    #[inline(never)]
    fn add(
        &mut self,
        (entity, name, member): (Entity, &str, Option<&str>),
        change: Change,
        severity: Severity,
        description: String,
    ) -> &mut Delta {
        let direction = match change {
            Change::Added => Direction::ClientHasLess,
            Change::Removed => Direction::ClientHasMore,
            Change::Modified => Direction::Mismatch,
        };
        let (name, member) = (name.to_string(), member.map(ToString::to_string));
        self.list.push(Delta {
            entity,
            name,
            member,
            change,
            direction,
            severity,
            description,
            methods: Vec::new(),
        });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Adds what the client alone has, [`Change::Removed`], or the server alone.
    #[inline(never)]
    fn add_lone(
        &mut self,
        of: (Entity, &str, Option<&str>),
        change: Change,
        severity: Severity,
    ) -> &mut Delta {
        let other = if change == Change::Removed { "server" } else { "client" };
        self.add(of, change, severity, alloc::format!("the {other} does not have it"))
    }
}

impl Delta {
    /// The difference as a JSON object: `entity`, `name`, `member` if there is one, `change`, `direction`, `severity`,
    /// `description`, and `methods` if there are any; words as they are displayed.
    pub fn to_json(&self) -> String {
        let mut out = Vec::new();
        let mut text = |key: &str, value: &str| {
            out.push(if out.is_empty() { b'{' } else { b',' });
            write::string(&mut out, key);
            out.push(b':');
            write::string(&mut out, value);
        };
        text("entity", &self.entity.to_string());
        text("name", &self.name);
        if let Some(member) = &self.member {
            text("member", member);
        }
        text("change", &self.change.to_string());
        text("direction", &self.direction.to_string());
        text("severity", &self.severity.to_string());
        text("description", &self.description);
        for (i, method) in self.methods.iter().enumerate() {
            out.extend_from_slice(if i > 0 { b"," } else { b",\"methods\":[" });
            write::string(&mut out, method);
        }
        out.extend_from_slice(if self.methods.is_empty() { b"}" } else { b"]}" });
        String::from_utf8(out).unwrap_or_default()
    }
}

/// `error: field Cart.total: the server requires it …; reached by CartService.getCart`
impl fmt::Display for Delta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.severity, self.entity, self.name)?;
        if let Some(member) = &self.member {
            write!(f, ".{member}")?;
        }
        write!(f, ": {}", self.description)?;
        for (i, method) in self.methods.iter().enumerate() {
            write!(f, "{}{method}", if i > 0 { ", " } else { "; reached by " })?;
        }
        Ok(())
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Entity::Interface => "interface",
            Entity::Method => "method",
            Entity::Struct => "struct",
            Entity::Field => "field",
            Entity::Enum => "enum",
            Entity::Error => "error",
        })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Modified => "modified",
        })
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Direction::ClientHasMore => "client-has-more",
            Direction::ClientHasLess => "client-has-less",
            Direction::Mismatch => "mismatch",
        })
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// The contract and the namespace in which a type stands.
#[derive(Clone, Copy)]
struct Side<'a> {
    contract: &'a Contract,
    namespace: &'a str,
}

impl<'a> Side<'a> {
    /// The name on the wire of what `reference` means.
    fn name(&self, reference: &'a str) -> &'a str {
        let found = self.contract.find(reference, self.namespace);
        found.map_or(reference, |(list, item)| self.contract.name_of(list, item).0)
    }

    fn same(&self, own: &'a Type, other: &Side<'a>, theirs: &'a Type) -> bool {
        let (mut own, mut theirs) = (own, theirs);
        loop {
            match (own, theirs) {
                (Type::Array(a), Type::Array(b)) | (Type::Map(a), Type::Map(b)) => (own, theirs) = (a, b),
                (Type::Named(a), Type::Named(b)) => return self.name(a) == other.name(b),
                _ => return own == theirs,
            }
        }
    }
}

/// Things of both contracts by their names, which are different ones on each side: positions in the lists that hold them.
struct Matched {
    both: Vec<(usize, usize)>,
    client_only: Vec<usize>,
    server_only: Vec<usize>,
}

fn matched<'a, T>(client: &'a [T], server: &'a [T], name: impl Fn(&'a T) -> &'a str) -> Matched {
    matched_by(client.len(), server.len(), &|i| name(&client[i]), &|i| name(&server[i]))
}

/// Compiled once for lists of everything: of each its length, and the name of what it has at a position.
fn matched_by<'a>(
    client: usize,
    server: usize,
    client_name: &dyn Fn(usize) -> &'a str,
    server_name: &dyn Fn(usize) -> &'a str,
) -> Matched {
    let mut names = Names::default();
    for i in 0..server {
        names.insert(server_name(i));
    }
    let mut found = Matched { both: Vec::new(), client_only: Vec::new(), server_only: Vec::new() };
    let mut met = alloc::vec![false; server];
    for i in 0..client {
        match names.find(client_name(i)).and_then(|other| Some((other, met.get_mut(other)?))) {
            Some((other, met)) => {
                found.both.push((i, other));
                *met = true;
            }
            None => found.client_only.push(i),
        }
    }
    found.server_only.extend((0..server).filter(|&i| !met[i]));
    found
}

/// Errors by their names, without the namespace of the root file.
fn matched_errors(client: &Contract, server: &Contract) -> Matched {
    let (count, other) = (client.errors.len(), server.errors.len());
    matched_by(count, other, &|i| error_name(&client.errors[i], client), &|i| {
        error_name(&server.errors[i], server)
    })
}

fn error_name<'a>(error: &'a ErrorDefinition, contract: &Contract) -> &'a str {
    if error.namespace == contract.namespace { bare(&error.name, &error.namespace) } else { &error.name }
}
