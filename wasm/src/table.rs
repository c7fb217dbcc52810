//! Things under numbers that are handed out of the module.

use std::cell::Cell;

thread_local! {
    static LAST: Cell<u32> = const { Cell::new(0) };
}

/// Things that the outside knows by a number.
///
/// All tables of a module count with one counter, which begins at 1: until it has gone round, after 2³² numbers, each
/// is new. So a number that is stale, or of another table, finds nothing, and never another's thing.
pub(crate) struct Table<T> {
    /// Ascending numbers; `None` where something was taken out. At least half are there.
    entries: Vec<(u32, Option<T>)>,
    held: usize,
}

impl<T> Table<T> {
    pub(crate) const fn new() -> Self {
        Table { entries: Vec::new(), held: 0 }
    }

    pub(crate) fn insert(&mut self, thing: T) -> u32 {
        let (number, at) = loop {
            let number = LAST.get().wrapping_add(1);
            LAST.set(number);
            match self.entries.binary_search_by_key(&number, |(known, _)| *known) {
                Err(at) if number != 0 => break (number, at),
                _ => {}
            }
        };
        self.entries.insert(at, (number, Some(thing)));
        self.held += 1;
        number
    }

    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        let at = self.find(number)?;
        self.entries.get(at)?.1.as_ref()
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        let at = self.find(number)?;
        self.entries.get_mut(at)?.1.as_mut()
    }

    pub(crate) fn take(&mut self, number: u32) -> Option<T> {
        let at = self.find(number)?;
        let thing = self.entries.get_mut(at)?.1.take()?;
        self.held -= 1;
        if self.held * 2 < self.entries.len() {
            self.entries.retain(|(_, thing)| thing.is_some());
        }
        Some(thing)
    }

    /// Drops all, and keeps the room that they had.
    #[cfg(any(test, feature = "js"))]
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.held = 0;
    }

    fn find(&self, number: u32) -> Option<usize> {
        self.entries.binary_search_by_key(&number, |(known, _)| *known).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_finds_its_thing_until_it_is_taken_and_never_another() {
        let (mut first, mut second) = (Table::new(), Table::new());
        let a = first.insert("a");
        let b = second.insert("b");
        assert_eq!((first.get(a), first.get(b)), (Some(&"a"), None));
        assert_eq!(first.take(a), Some("a"));
        assert_eq!((first.take(a), first.get(a)), (None, None));
        assert_eq!(first.get_mut(a), None);
        let c = first.insert("c");
        assert!(c != a && c != b);
        assert_eq!((first.get(0), first.get(u32::MAX)), (None, None));
    }

    #[test]
    fn a_table_stays_in_proportion_to_what_it_holds() {
        let mut table = Table::new();
        let stays = table.insert(0);
        for _ in 0..1000 {
            let number = table.insert(1);
            assert_eq!(table.take(number), Some(1));
            assert!(table.entries.len() <= 3);
        }
        let numbers: Vec<u32> = (0..100).map(|_| table.insert(2)).collect();
        for number in numbers {
            assert_eq!(table.take(number), Some(2));
        }
        assert!(table.entries.len() <= 2);
        assert_eq!(table.get(stays), Some(&0));
    }

    #[test]
    fn a_cleared_table_finds_nothing_that_it_had() {
        let mut table = Table::new();
        let old = table.insert("old");
        table.clear();
        let new = table.insert("new");
        assert_eq!((table.get(old), table.get(new)), (None, Some(&"new")));
        assert_eq!(table.take(new), Some("new"));
        assert!(table.entries.is_empty());
    }

    #[test]
    fn when_the_counter_has_gone_round_nothing_is_overwritten() {
        let mut table = Table::new();
        LAST.set(0);
        let old = table.insert("old");
        LAST.set(u32::MAX - 1);
        let last = table.insert("last");
        let new = table.insert("new");
        assert_eq!((old, last, new), (1, u32::MAX, 2));
        assert_eq!(
            (table.get(old), table.get(last), table.get(new)),
            (Some(&"old"), Some(&"last"), Some(&"new"))
        );
    }
}
