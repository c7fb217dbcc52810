//! The one interface that a dialect speaks for.

use crate::contract::{Contract, bare};
use crate::engine::{Engine, Method, MethodId};
use crate::json::write;
use crate::names::sort;
use std::fmt;
use std::sync::Arc;

/// Why a dialect cannot speak for an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InterfaceError {
    /// The contract has no interface of this name.
    Unknown(String),
    /// This struct, field or method has a name that the dialect needs for itself.
    Reserved(String),
}

impl fmt::Display for InterfaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "the contract has no interface {name}"),
            Self::Reserved(name) => {
                write!(f, "{name} has a name that the protocol needs for itself: it must be called otherwise")
            }
        }
    }
}

impl std::error::Error for InterfaceError {}

/// An interface of an engine: its methods by their bare names.
#[derive(Debug)]
pub(super) struct Interface {
    pub(super) engine: Arc<Engine>,
    name: String,
    /// Sorted by name.
    methods: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    id: MethodId,
    /// A request up to its parameters.
    head: Vec<u8>,
}

impl Interface {
    /// The interface called `name`, with its namespace or without. One that the engine does not serve has no methods.
    pub(super) fn new(engine: &Arc<Engine>, name: &str) -> Result<Self, InterfaceError> {
        let contract = engine.contract();
        let found = contract.interface(name, contract.namespace());
        let found = found.ok_or_else(|| InterfaceError::Unknown(name.into()))?;
        let mut methods: Vec<Entry> = Vec::new();
        for (wire, id) in engine.methods_of(&found.name) {
            let mut head = b"{\"jsonrpc\":\"2.0\",\"method\":".to_vec();
            write::string(&mut head, wire);
            head.extend_from_slice(b",\"params\":");
            methods.push(Entry { name: bare(&engine.method(id).name, &found.name).into(), id, head });
        }
        // Mounted at several places it is still one: any of them leads there.
        sort(&mut methods, |a, b| a.name.cmp(&b.name));
        methods.dedup_by(|a, b| a.name == b.name);
        Ok(Interface { engine: engine.clone(), name: found.name.clone(), methods })
    }

    /// Its name in the contract.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The bare names of its methods.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.methods.iter().map(|entry| entry.name.as_str())
    }

    pub(super) fn contract(&self) -> &Contract {
        self.engine.contract()
    }

    /// The method called `name`, and the request up to its parameters.
    pub(super) fn method(&self, name: &str) -> Option<(MethodId, &Method, &[u8])> {
        let at = self.methods.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
        let entry = self.methods.get(at)?;
        Some((entry.id, self.engine.method(entry.id), &entry.head))
    }
}
