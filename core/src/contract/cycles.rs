//! Cycles that no contract may have: parents, fields that a struct must hold, namespaces that need each other.
//!
//! Nothing here recurses: a contract can chain as many structs as fit into its file.

use alloc::{format, string::String, vec, vec::Vec};

use super::check::Checker;
use super::{Aspect, Contract, List, MAX_INHERITANCE, MAX_INHERITED_FIELDS, Place, Struct, Type, quoted};
use crate::names::Names;

/// Steps of a path that a message shows before and after the cut.
const SHOWN: usize = 8;

/// One step to another struct: the field that holds it, by position among the children in the graph.
struct Edge<'a> {
    label: &'a str,
    to: usize,
}

impl<'a> Checker<'a> {
    /// No namespace needs one that needs it: no order of files could say that.
    pub(super) fn namespace_cycle(&mut self, links: &[(&'a str, &'a str)]) {
        let root = self.contract.namespace();
        let mut names = Names::default();
        names.insert(root);
        let mut edges: Vec<Vec<usize>> = Vec::new();
        for &(from, to) in links {
            let (from_number, _) = names.add(from.into());
            let (to_number, _) = names.add(to.into());
            edges.resize(names.len(), Vec::new());
            if from != root {
                edges[from_number].push(to_number);
            }
        }
        // The root file is where reading starts, so it counts as importing all others.
        edges.resize(names.len(), Vec::new());
        edges[0] = (1..names.len()).collect();
        let graph = |node: usize| edges[node].iter().map(|&to| Edge { label: "", to }).collect();
        for cycle in cycles(names.len(), &graph) {
            let place = Place { item: None, member: None, parameter: None, aspect: Aspect::Namespace };
            let path = path(&cycle, &|node, _| String::from(names.name(node)));
            self.report(place, format!("namespaces that refer to each other cannot be imported: {path}"));
        }
    }

    /// No struct extends itself, none has too many parents, none must contain itself.
    pub(super) fn struct_cycles(&mut self) {
        let contract = self.contract;
        let structs = contract.structs();
        let parents: Vec<Option<usize>> =
            structs.iter().map(|s| named_struct(contract, s.extends.as_deref()?, s)).collect();
        let up = |node: usize| parents[node].map(|to| Edge { label: "", to }).into_iter().collect();
        let mut sound = true;
        for cycle in cycles(structs.len(), &up) {
            sound = false;
            let Some(&(start, _)) = cycle.first() else { continue };
            let path = path(&cycle, &|node, _| structs[node].name.clone());
            let place = Place::item(List::Structs, start, Aspect::Extends);
            self.report(place, format!("{} extends itself: {path}", quoted(&structs[start].name)));
        }
        if !sound || !self.inheritance_is_small(&parents) {
            return;
        }
        for cycle in cycles(structs.len(), &|node| required(contract, &parents, node)) {
            let Some(&(start, label)) = cycle.first() else { continue };
            let item = &structs[start];
            let path = path(&cycle, &|node, label| format!("{}.{label}", structs[node].name));
            let place = Place::item(List::Structs, start, Aspect::Name);
            let place = match item.fields.iter().position(|f| f.name == label) {
                Some(field) => place.member(field, Aspect::Name),
                None => place,
            };
            let message = format!("{} must contain itself and can have no value: {path}", quoted(&item.name));
            if let Some(finding) = self.report(place, message) {
                finding.help = Some(String::from("make one of these fields optional, a list or a map"));
            }
        }
    }

    /// No struct has too many parents, and all together do not have too many fields.
    fn inheritance_is_small(&mut self, parents: &[Option<usize>]) -> bool {
        let structs = self.contract.structs();
        let mut small = true;
        let mut total = 0_usize;
        // Parents above each struct and fields in it, once they are known.
        let mut known: Vec<Option<(usize, usize)>> = vec![None; parents.len()];
        for start in 0..parents.len() {
            let mut chain = Vec::new();
            let mut at = Some(start);
            while let Some(node) = at.filter(|&node| known[node].is_none()) {
                chain.push(node);
                at = parents[node];
            }
            let above = at.and_then(|node| known[node]);
            let (mut depth, mut fields) = above.map_or((0, 0), |(depth, fields)| (depth + 1, fields));
            while let Some(node) = chain.pop() {
                fields += structs[node].fields.len();
                known[node] = Some((depth, fields));
                let place = Place::item(List::Structs, node, Aspect::Extends);
                if depth == MAX_INHERITANCE + 1 {
                    small = false;
                    let name = quoted(&structs[node].name);
                    self.report(place, format!("{name} has more than {MAX_INHERITANCE} structs above it"));
                }
                if total <= MAX_INHERITED_FIELDS && total + fields > MAX_INHERITED_FIELDS {
                    small = false;
                    let message = format!(
                        "with {} the contract has more than {MAX_INHERITED_FIELDS} fields, counting inherited ones",
                        quoted(&structs[node].name)
                    );
                    self.report(place, message);
                }
                total = total.saturating_add(fields);
                depth += 1;
            }
        }
        small
    }
}

/// Circles as PulseRPC sees them, each with its place and path: along parents and all fields that are not optional,
/// lists and maps included, where a reference is written like the name of a struct in the JSON form.
pub(super) fn written_cycles(contract: &Contract) -> Vec<(Place, String)> {
    let structs = contract.structs();
    let mut names = Names::default();
    structs.iter().for_each(|item| {
        names.insert(item.name.as_str());
    });
    let edges = |node: usize| {
        let item = &structs[node];
        let parent = item.extends.iter().map(|parent| ("", parent.as_str()));
        let required = item.fields.iter().filter(|field| !field.optional);
        let held = required.filter_map(|field| Some((field.name.as_str(), field.ty.name()?)));
        parent.chain(held).filter_map(|(label, to)| Some(Edge { label, to: names.find(to)? })).collect()
    };
    let mut found = Vec::new();
    for cycle in cycles(structs.len(), &edges) {
        let Some(&(start, label)) = cycle.first() else { continue };
        let path = path(&cycle, &|node, label| match label {
            "" => structs[node].name.clone(),
            _ => format!("{}.{label}", structs[node].name),
        });
        let place = Place::item(List::Structs, start, Aspect::Extends);
        let field = structs[start].fields.iter().position(|field| field.name == label);
        found.push((field.map_or(place, |field| place.member(field, Aspect::Name)), path));
    }
    found
}

/// The structs that a value of `node` must hold: own and inherited fields, a child's field before its parent's.
fn required<'a>(contract: &'a Contract, parents: &[Option<usize>], node: usize) -> Vec<Edge<'a>> {
    let mut edges = Vec::new();
    let mut seen = Names::default();
    let mut at = Some(node);
    while let Some(item) = at.and_then(|at| contract.structs().get(at)) {
        at = at.and_then(|at| parents[at]);
        let inherits = at.is_some() || seen.len() > 0;
        for field in &item.fields {
            if (inherits && !seen.insert(field.name.as_str())) || field.optional {
                continue;
            }
            if let Type::Named(name) = &field.ty
                && let Some(to) = named_struct(contract, name, item)
            {
                edges.push(Edge { label: &field.name, to });
            }
        }
    }
    edges
}

fn named_struct(contract: &Contract, reference: &str, holder: &Struct) -> Option<usize> {
    match contract.find(reference, &holder.namespace)? {
        (List::Structs, i) => Some(i),
        _ => None,
    }
}

/// Cycles of a graph of `count` nodes, at least one of every knot: lists of (node, label of the edge to the next).
#[inline(never)]
fn cycles<'a>(count: usize, edges: &dyn Fn(usize) -> Vec<Edge<'a>>) -> Vec<Vec<(usize, &'a str)>> {
    struct Frame<'a> {
        node: usize,
        edges: Vec<Edge<'a>>,
        next: usize,
    }
    const NEW: usize = usize::MAX;
    const DONE: usize = usize::MAX - 1;
    // The position on the stack while a node is on it.
    let mut state = vec![NEW; count];
    let mut found = Vec::new();
    let mut steps = 0;
    for start in 0..count {
        if state[start] != NEW {
            continue;
        }
        let mut stack = vec![Frame { node: start, edges: edges(start), next: 0 }];
        state[start] = 0;
        while let Some(frame) = stack.last_mut() {
            let Some(edge) = frame.edges.get(frame.next) else {
                state[frame.node] = DONE;
                stack.pop();
                continue;
            };
            frame.next += 1;
            let to = edge.to;
            match state[to] {
                NEW => {
                    state[to] = stack.len();
                    stack.push(Frame { node: to, edges: edges(to), next: 0 });
                }
                DONE => {}
                // Long knots have many cycles: those that were found already are enough to mend them.
                from if steps < super::MAX_DIAGNOSTICS => {
                    let cycle: Vec<_> =
                        stack[from..].iter().map(|f| (f.node, f.edges[f.next - 1].label)).collect();
                    steps += 1 + cycle.len() / 100;
                    found.push(cycle);
                }
                _ => {}
            }
        }
    }
    found
}

/// `A.b → B.a → A`: every step as `show` writes it, the last one only by its name.
#[inline(never)]
fn path(cycle: &[(usize, &str)], show: &dyn Fn(usize, &str) -> String) -> String {
    let mut out = String::new();
    for (i, &(node, label)) in cycle.iter().enumerate() {
        if i >= SHOWN && i + SHOWN < cycle.len() {
            if i == SHOWN {
                out.push_str(&format!("… {} more … → ", cycle.len() - 2 * SHOWN));
            }
            continue;
        }
        out.push_str(&show(node, label));
        out.push_str(" → ");
    }
    if let Some(&(node, _)) = cycle.first() {
        let name = show(node, "");
        out.push_str(name.trim_end_matches('.'));
    }
    out
}
