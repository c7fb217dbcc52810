//! Which file imports which, so that reading them visits the namespaces in the order that the contract has them.
//!
//! A contract keeps of its imports only what they led to: for every kind of definition, the order of namespaces
//! (root first, then depth first). Here files are laid out anew: a file imports what its definitions name, and
//! whatever must be read before that.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec,
    vec::Vec,
};

use super::spaces;
use crate::contract::Contract;

pub(super) struct File<'a> {
    pub(super) namespace: &'a str,
    pub(super) imports: Vec<&'a str>,
}

pub(super) fn files(contract: &Contract) -> Vec<File<'_>> {
    let lists = spaces(contract);
    let mut names = vec![contract.namespace()];
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::from([(contract.namespace(), 0)]);
    for &name in lists.iter().flatten() {
        numbers.entry(name).or_insert_with(|| {
            names.push(name);
            names.len() - 1
        });
    }
    let count = names.len();
    let mut layout = Layout {
        needs: vec![BTreeSet::new(); count],
        before: vec![BTreeSet::new(); count],
        visited: vec![false; count],
        stack: Vec::new(),
        order: Vec::new(),
        imports: vec![Vec::new(); count],
    };
    for (from, reference) in references(contract) {
        let Some((list, item)) = contract.find(reference, from) else { continue };
        let (_, other) = contract.name_of(list, item);
        if let (Some(&from), Some(&to)) = (numbers.get(from), numbers.get(other))
            && from != to
        {
            layout.needs[from].insert(to);
        }
    }
    layout.needs[0] = (1..count).collect();
    for list in &lists {
        for pair in list.windows(2) {
            layout.before[numbers[pair[1]]].insert(numbers[pair[0]]);
        }
    }
    layout.visit(0);
    let file = |&n: &usize| File {
        namespace: names[n],
        imports: layout.imports[n].iter().map(|&import| names[import]).collect(),
    };
    layout.order.iter().map(file).collect()
}

/// Pairs of a namespace and a reference that stands in it.
fn references(contract: &Contract) -> impl Iterator<Item = (&str, &str)> {
    let methods = contract.interfaces().iter().flat_map(|interface| {
        interface.methods.iter().flat_map(|method| {
            let types = method.parameters.iter().map(|p| &p.ty).chain(&method.returns);
            let names = types.filter_map(|ty| ty.name()).chain(method.raises.iter().map(|r| r.as_str()));
            names.map(|name| (interface.namespace.as_str(), name))
        })
    });
    let fields = contract.structs().iter().flat_map(|item| {
        let names = item.fields.iter().filter_map(|field| field.ty.name()).chain(item.extends.as_deref());
        names.map(|name| (item.namespace.as_str(), name))
    });
    methods.chain(fields)
}

/// All by the number of the namespace.
struct Layout {
    needs: Vec<BTreeSet<usize>>,
    before: Vec<BTreeSet<usize>>,
    visited: Vec<bool>,
    stack: Vec<usize>,
    order: Vec<usize>,
    imports: Vec<Vec<usize>>,
}

impl Layout {
    /// Recurses once per namespace at most, and a contract has few: [`crate::contract::MAX_NAMESPACES`].
    fn visit(&mut self, n: usize) {
        self.visited[n] = true;
        self.order.push(n);
        self.stack.push(n);
        loop {
            let unmet = |&&m: &&usize| !self.visited[m];
            let Some(&needed) = self.needs[n].iter().find(unmet) else { break };
            // Without one that is next in every list, order is given up before the import is.
            let next = (1..self.needs.len())
                .filter(|&m| self.is_next(m))
                .max_by_key(|m| (self.needs[n].contains(m), core::cmp::Reverse(*m)))
                .unwrap_or(needed);
            self.imports[n].push(next);
            self.visit(next);
        }
        let met = self.needs[n].iter().copied().filter(|m| !self.imports[n].contains(m));
        let rest: Vec<usize> = met.collect();
        if n != 0 {
            self.imports[n].extend(rest);
        }
        self.stack.pop();
    }

    /// Nothing has to be read before `m`, and `m` needs nothing that is being read: it may be imported now.
    fn is_next(&self, m: usize) -> bool {
        if self.visited[m] || self.before[m].iter().any(|&b| !self.visited[b]) {
            return false;
        }
        let mut seen = vec![false; self.needs.len()];
        let mut open = vec![m];
        while let Some(at) = open.pop() {
            // The root counts as needing all, so it is never asked for by another.
            if self.stack.contains(&at) {
                return false;
            }
            if !core::mem::replace(&mut seen[at], true) {
                open.extend(&self.needs[at]);
            }
        }
        true
    }
}
