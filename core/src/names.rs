//! Order: sorting, and sets of names.
//!
//! The module ships to browsers, and the sorts and trees of the standard library are compiled anew for every type
//! that they hold: these are compiled once.

use std::borrow::Cow;
use std::cmp::Ordering;

/// What can be sorted where it is.
trait Items {
    fn compare(&self, a: usize, b: usize) -> Ordering;
    fn swap(&mut self, a: usize, b: usize);
}

/// Heap sort: at most 2·n·log n comparisons, whatever the items are, and no memory.
#[inline(never)]
fn heap_sort(items: &mut dyn Items, len: usize) {
    // First every item that has others below it sinks to its place, then the greatest goes to the end each time.
    for step in (0..len + len / 2).rev() {
        let (mut at, end) = if step >= len {
            (step - len, len)
        } else {
            items.swap(0, step);
            (0, step)
        };
        loop {
            let mut below = 2 * at + 1;
            if below >= end {
                break;
            }
            if below + 1 < end && items.compare(below, below + 1) == Ordering::Less {
                below += 1;
            }
            if items.compare(at, below) != Ordering::Less {
                break;
            }
            items.swap(at, below);
            at = below;
        }
    }
}

/// Sorts `items`; equal ones come in any order.
pub(crate) fn sort<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    struct By<'a, T, F>(&'a mut [T], F);
    impl<T, F: Fn(&T, &T) -> Ordering> Items for By<'_, T, F> {
        fn compare(&self, a: usize, b: usize) -> Ordering {
            (self.1)(&self.0[a], &self.0[b])
        }
        fn swap(&mut self, a: usize, b: usize) {
            self.0.swap(a, b);
        }
    }
    let len = items.len();
    heap_sort(&mut By(items, compare), len);
}

/// The positions below `len` in the order that `compare` gives to what they stand for; equal ones stay as they are.
pub(crate) fn order(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    sort(&mut order, |&a, &b| compare(a, b).then(a.cmp(&b)));
    order
}

/// Different names, numbered from 0 in the order in which they came.
///
/// Sorted, not hashed: without randomness a hash could be attacked.
#[derive(Debug, Default)]
pub(crate) struct Names<'a> {
    names: Vec<Cow<'a, str>>,
    /// The numbers in sorted runs, one for each bit of their count, the longest first.
    runs: Vec<usize>,
}

impl<'a> Names<'a> {
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The name of a number that was given.
    pub(crate) fn name(&self, number: usize) -> &str {
        &self.names[number]
    }

    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let mut rest = self.runs.as_slice();
        while let Some(bits) = rest.len().checked_ilog2() {
            let (run, behind) = rest.split_at(1 << bits);
            if let Ok(at) = run.binary_search_by(|&number| (*self.names[number]).cmp(name)) {
                return Some(run[at]);
            }
            rest = behind;
        }
        None
    }

    /// The number of `name`, and whether it is new.
    pub(crate) fn add(&mut self, name: Cow<'a, str>) -> (usize, bool) {
        if let Some(known) = self.find(&name) {
            return (known, false);
        }
        let number = self.names.len();
        self.names.push(name);
        self.runs.push(number);
        // As in a binary counter: the runs of equal length at the end become one.
        let merged = 1 << self.runs.len().trailing_zeros();
        let start = self.runs.len() - merged;
        let names = &self.names;
        sort(&mut self.runs[start..], |&a, &b| names[a].cmp(&names[b]));
        (number, true)
    }

    /// Whether `name` is new; then it is kept.
    pub(crate) fn insert(&mut self, name: impl Into<Cow<'a, str>>) -> bool {
        self.add(name.into()).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without any order that repeat themselves.
    fn mixed(count: usize, among: usize) -> Vec<usize> {
        (0..count).map(|i| i.wrapping_mul(2_654_435_761) % 1009 % among).collect()
    }

    #[test]
    fn sorting_is_that_of_the_library() {
        for count in (0..40).chain([1000]) {
            for among in [1, 3, 1009] {
                let items = mixed(count, among);
                let mut expected: Vec<usize> = (0..count).collect();
                expected.sort_by_key(|&at| items[at]);
                assert_eq!(order(count, &|a, b| items[a].cmp(&items[b])), expected);
            }
        }
    }

    #[test]
    fn a_name_has_one_number() {
        let mut names = Names::default();
        let mut expected: Vec<String> = Vec::new();
        for number in mixed(2000, 500) {
            let name = number.to_string();
            let known = expected.iter().position(|known| *known == name);
            assert_eq!(names.find(&name), known);
            assert_eq!(names.add(name.clone().into()), (known.unwrap_or(expected.len()), known.is_none()));
            if known.is_none() {
                expected.push(name);
            }
        }
        assert_eq!(names.len(), expected.len());
        assert!(expected.iter().enumerate().all(|(number, name)| names.name(number) == name));
        assert!(!names.insert("0") && names.insert("x"));
    }
}
