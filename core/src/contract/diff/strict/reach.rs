//! Which methods make a type travel, and which way.

use alloc::{string::String, vec, vec::Vec};

use super::{MAX_METHODS, MethodPair, Side, Travel, all_fields};
use crate::contract::{Contract, Struct, Type};
use crate::names::Names;

/// The types of both contracts as one graph: a type leads to those of its fields, on either side.
pub(super) struct Reach<'a> {
    names: Names<'a>,
    /// By the number of the name: which types it holds.
    edges: Vec<Vec<usize>>,
    sent: Reached,
    returned: Reached,
    methods: Vec<&'a str>,
}

/// By the number of a type: the first [`MAX_METHODS`] methods that reach it, in order.
type Reached = Vec<Vec<u32>>;

impl<'a> Reach<'a> {
    pub(super) fn new(client: &'a Contract, server: &'a Contract, methods: &'a [MethodPair<'a>]) -> Self {
        let mut names = Names::default();
        let mut edges = Vec::new();
        for contract in [client, server] {
            for item in contract.structs() {
                let found = held(contract, item, &mut names);
                let (number, _) = names.add(item.name.as_str().into());
                edges.resize(names.len(), Vec::new());
                edges[number].extend(found);
            }
        }
        let mut reach = Reach { names, edges, sent: Vec::new(), returned: Vec::new(), methods: Vec::new() };
        for pair in methods {
            for (method, side) in [(pair.client, pair.client_side), (pair.server, pair.server_side)] {
                let types = method.parameters.iter().map(|parameter| &parameter.ty).chain(&method.returns);
                types.filter_map(|ty| named(ty, &side)).for_each(|name| {
                    reach.names.add(name.into());
                });
            }
        }
        let count = reach.names.len();
        reach.edges.resize(count, Vec::new());
        (reach.sent, reach.returned) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for (number, pair) in (0..).zip(methods) {
            reach.methods.push(&pair.name);
            for (method, side) in [(pair.client, pair.client_side), (pair.server, pair.server_side)] {
                let sent = method.parameters.iter().filter_map(|parameter| named(&parameter.ty, &side));
                let sent: Vec<usize> = sent.filter_map(|name| reach.names.find(name)).collect();
                walk(sent, number, &reach.edges, &mut reach.sent);
                let returned = method.returns.iter().filter_map(|ty| named(ty, &side));
                let returned: Vec<usize> = returned.filter_map(|name| reach.names.find(name)).collect();
                walk(returned, number, &reach.edges, &mut reach.returned);
            }
        }
        reach
    }

    /// The types that travel this way, each with its methods.
    pub(super) fn types(&self, travel: Travel) -> impl Iterator<Item = (&str, Vec<String>)> {
        let reached = if travel == Travel::Sent { &self.sent } else { &self.returned };
        let full = |&number: &u32| self.methods.get(number as usize).map(|name| String::from(*name));
        let all = reached.iter().enumerate().filter(|(_, by)| !by.is_empty());
        all.map(move |(number, by)| (self.names.name(number), by.iter().filter_map(full).collect()))
    }
}

/// Notes `method` at everything that `open` leads to. What has its fill of methods gave them to all below it, so the
/// walk ends there: all walks together take [`MAX_METHODS`] steps along each edge at most.
fn walk(mut open: Vec<usize>, method: u32, edges: &[Vec<usize>], reached: &mut Reached) {
    while let Some(at) = open.pop() {
        if let Some(by) =
            reached.get_mut(at).filter(|by| by.len() < MAX_METHODS && by.last() != Some(&method))
        {
            by.push(method);
            open.extend(edges.get(at).into_iter().flatten());
        }
    }
}

/// The types that a value of `item` holds.
fn held<'a>(contract: &'a Contract, item: &'a Struct, names: &mut Names<'a>) -> Vec<usize> {
    let fields = all_fields(contract, item);
    let found =
        fields.into_iter().filter_map(|(field, namespace)| named(&field.ty, &Side { contract, namespace }));
    found.map(|name| names.add(name.into()).0).collect()
}

fn named<'a>(ty: &'a Type, side: &Side<'a>) -> Option<&'a str> {
    Some(side.name(ty.name()?))
}
