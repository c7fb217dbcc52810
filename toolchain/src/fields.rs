//! Structs with what they inherit, and which of them hold themselves.

use std::collections::HashMap;

use pintle_core::contract::{Contract, Definition, Field, Struct, Type};

/// A field with the namespace in which its type resolves: that of the struct that declares it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owned<'a> {
    pub(crate) field: &'a Field,
    pub(crate) namespace: &'a str,
}

/// All fields of a struct, inherited ones first. One that is declared again keeps its place.
pub(crate) fn fields<'a>(contract: &'a Contract, item: &'a Struct) -> Vec<Owned<'a>> {
    let mut line = vec![item];
    while let Some(parent) = line.last().and_then(|child| contract.parent(child)) {
        line.push(parent);
    }
    let mut all: Vec<Owned> = Vec::new();
    let mut places = HashMap::new();
    for owner in line.into_iter().rev() {
        for field in &owner.fields {
            let owned = Owned { field, namespace: &owner.namespace };
            let place = *places.entry(field.name.as_str()).or_insert(all.len());
            match all.get_mut(place) {
                Some(redefined) => *redefined = owned,
                None => all.push(owned),
            }
        }
    }
    all
}

/// Which structs of a contract can hold themselves through the fields of a graph.
#[derive(Debug)]
pub(crate) struct Cycles<'a> {
    positions: HashMap<&'a str, usize>,
    /// Of each struct the number of its strongly connected component, or `None` if it cannot hold itself.
    components: Vec<Option<usize>>,
    /// Positions of all structs.
    order: Vec<usize>,
}

impl<'a> Cycles<'a> {
    /// Cycles through fields that `follows` accepts.
    pub(crate) fn new(contract: &'a Contract, follows: impl Fn(&Field) -> bool) -> Cycles<'a> {
        let structs = contract.structs();
        let positions: HashMap<&str, usize> =
            structs.iter().enumerate().map(|(at, item)| (item.name.as_str(), at)).collect();
        let mut edges: Vec<Vec<usize>> = Vec::with_capacity(structs.len());
        for item in structs {
            let targets = fields(contract, item).into_iter().filter(|owned| follows(owned.field));
            let held = targets.filter_map(|owned| struct_of(contract, &owned.field.ty, owned.namespace));
            edges.push(held.filter_map(|held| positions.get(held.name.as_str()).copied()).collect());
        }
        let order = held_first(&edges);
        Cycles { positions, components: components(&edges, &order), order }
    }

    /// Positions of all structs, those that are held before their holders, but for cycles.
    pub(crate) fn held_first(&self) -> &[usize] {
        &self.order
    }

    /// The position of a struct in the contract.
    pub(crate) fn position(&self, item: &Struct) -> Option<usize> {
        self.positions.get(item.name.as_str()).copied()
    }

    /// Whether `item` can hold itself.
    pub(crate) fn contains(&self, item: &Struct) -> bool {
        self.component(item).is_some()
    }

    /// Whether `holder` and `held` can hold each other.
    pub(crate) fn both(&self, holder: &Struct, held: &Struct) -> bool {
        self.contains(holder) && self.component(holder) == self.component(held)
    }

    fn component(&self, item: &Struct) -> Option<usize> {
        self.components.get(self.position(item)?).copied().flatten()
    }
}

/// The struct inside of all lists and maps of a type.
fn struct_of<'a>(contract: &'a Contract, ty: &Type, namespace: &str) -> Option<&'a Struct> {
    match contract.definition(ty.name()?, namespace)? {
        Definition::Struct(held) => Some(held),
        Definition::Enum(_) => None,
    }
}

/// All nodes, those that a node leads to before it.
fn held_first(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut seen = vec![false; edges.len()];
    let mut finished = Vec::with_capacity(edges.len());
    for root in 0..edges.len() {
        walk(root, edges, &mut seen, |node| finished.push(node));
    }
    finished
}

/// Strongly connected components, by walking backwards in the order of a first walk: `None` for a node that no cycle goes
/// through. Nothing recurses, because a contract can chain as many structs as fit into its file.
fn components(edges: &[Vec<usize>], order: &[usize]) -> Vec<Option<usize>> {
    let mut backwards = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for &to in targets {
            backwards[to].push(from);
        }
    }
    let mut seen = vec![false; edges.len()];
    let mut found = vec![None; edges.len()];
    for &root in order.iter().rev() {
        let mut members = Vec::new();
        walk(root, &backwards, &mut seen, |node| members.push(node));
        if members.len() > 1 || edges[root].contains(&root) {
            for member in members {
                found[member] = Some(root);
            }
        }
    }
    found
}

/// Reports each node that `root` reaches and that was not seen before, after those that it leads to.
fn walk(root: usize, edges: &[Vec<usize>], seen: &mut [bool], mut finish: impl FnMut(usize)) {
    if std::mem::replace(&mut seen[root], true) {
        return;
    }
    let mut open = vec![(root, 0)];
    while let Some((node, next)) = open.last_mut() {
        match edges[*node].get(*next) {
            None => {
                finish(*node);
                open.pop();
            }
            Some(&target) => {
                *next += 1;
                if !std::mem::replace(&mut seen[target], true) {
                    open.push((target, 0));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_the_nodes_of_cycles() {
        // 0 → 1 ⇄ 2, 2 → 3 → 3, 4 alone.
        let edges = [vec![1], vec![2], vec![1, 3], vec![3], vec![]];
        let order = held_first(&edges);
        assert_eq!(order, [3, 2, 1, 0, 4]);
        let found = components(&edges, &order);
        assert_eq!((found[0], found[4]), (None, None));
        assert!(found[1].is_some() && found[1] == found[2]);
        assert!(found[3].is_some() && found[3] != found[1]);
    }
}
