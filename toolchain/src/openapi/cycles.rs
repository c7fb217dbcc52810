//! Circles that no contract may have, cut open: parents, and fields that a struct must hold.
//!
//! Nothing here recurses: a document can chain as many schemas as fit into it.

use std::collections::HashSet;

use pintle_core::contract::{MAX_INHERITANCE, MAX_INHERITED_FIELDS};

use super::document::Id;
use super::draft::{Draft, Type};

/// Where a circle was cut, and what is to be said there.
pub(super) type Cut = (Id, String);

impl Draft {
    pub(super) fn cut_cycles(&mut self) -> Vec<Cut> {
        let mut cuts = Vec::new();
        self.cut_parents(&mut cuts);
        // Inheritance beyond what a contract may have is refused, with its place, when the draft is finished.
        if self.inheritance_is_small() {
            self.cut_fields(&mut cuts);
        }
        cuts
    }

    /// No struct extends itself.
    fn cut_parents(&mut self, cuts: &mut Vec<Cut>) {
        // By struct: the walk that came by.
        let mut walks = vec![usize::MAX; self.structs.len()];
        for start in 0..self.structs.len() {
            let mut at = start;
            while walks[at] == usize::MAX {
                walks[at] = start;
                let Some(parent) = self.structs[at].extends else { break };
                if walks[parent] == start {
                    let item = &mut self.structs[at];
                    item.extends = None;
                    cuts.push((item.place, "a struct cannot extend itself: it extends nothing".into()));
                    break;
                }
                at = parent;
            }
        }
    }

    fn inheritance_is_small(&self) -> bool {
        let mut total = 0;
        for start in 0..self.structs.len() {
            let line = self.lineage(start).take(MAX_INHERITANCE + 2);
            let (mut structs, mut fields) = (0, 0);
            for at in line {
                structs += 1;
                fields += self.structs[at].fields.len();
            }
            total += fields;
            if structs > MAX_INHERITANCE + 1 || total > MAX_INHERITED_FIELDS {
                return false;
            }
        }
        true
    }

    /// No struct must contain itself.
    fn cut_fields(&mut self, cuts: &mut Vec<Cut>) {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut states = vec![State::New; self.structs.len()];
        for start in 0..self.structs.len() {
            if states[start] != State::New {
                continue;
            }
            states[start] = State::Open;
            let mut stack = vec![(start, self.held(start).into_iter())];
            while let Some((at, edges)) = stack.last_mut() {
                let Some(Edge { holder, field, to }) = edges.next() else {
                    states[*at] = State::Done;
                    stack.pop();
                    continue;
                };
                let field = &mut self.structs[holder].fields[field];
                match states[to] {
                    // Cut already, where another struct inherits it.
                    _ if field.optional => {}
                    State::Done => {}
                    State::Open => {
                        field.optional = true;
                        let message = format!(
                            "`{}` closes a circle of required members, of which no value can be: it is optional",
                            field.name
                        );
                        cuts.push((field.place, message));
                    }
                    State::New => {
                        states[to] = State::Open;
                        stack.push((to, self.held(to).into_iter()));
                    }
                }
            }
        }
    }

    /// The structs that a value of this one must hold, inherited fields included unless they are defined anew.
    fn held(&self, number: usize) -> Vec<Edge> {
        let mut seen = HashSet::new();
        let mut edges = Vec::new();
        for holder in self.lineage(number) {
            for (field, item) in self.structs[holder].fields.iter().enumerate() {
                if let (true, Type::Struct(to), false) =
                    (seen.insert(item.name.as_str()), &item.ty, item.optional)
                {
                    edges.push(Edge { holder, field, to: *to });
                }
            }
        }
        edges
    }

    /// The struct, its parent, and so on; endless while parents go in a circle.
    fn lineage(&self, number: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(number), |&at| self.structs[at].extends)
    }
}

/// A field of a struct, and the struct that it must hold.
struct Edge {
    holder: usize,
    field: usize,
    to: usize,
}
