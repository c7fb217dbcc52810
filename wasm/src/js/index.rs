//! The index of the text that was read last, which JavaScript reads where it lies: objects are made without asking for
//! each of their values.

use pintle_core::index::Index;
use std::cell::{Cell, RefCell};

thread_local! {
    /// One for all: who has one written reads it before anything else is called.
    static INDEX: RefCell<Index> = RefCell::default();
    /// How many were written.
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

/// The text has no index, because that would be out of proportion to it.
const NONE: u32 = 1;
/// A bit of a place: the text has fields that the contract does not name.
const UNKNOWN: u32 = 2;
/// A bit of a place: integers of the text are written otherwise than as digits.
const REWRITTEN: u32 = 4;

/// An index that was written, until the next one is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Written(u32);

/// Has the index written, and answers what `write` does.
pub(super) fn written<T>(write: impl FnOnce(&mut Index) -> T) -> (T, Written) {
    COUNT.set(COUNT.get().wrapping_add(1));
    (INDEX.with_borrow_mut(write), Written(COUNT.get()))
}

/// The same; where it is, or 0 if `write` finds the text wrong.
pub(super) fn place(write: impl FnOnce(&mut Index) -> bool) -> u32 {
    if written(write).0 { found() } else { 0 }
}

impl Written {
    /// Where it is, if it has slots and is still there.
    pub(super) fn place(self) -> Option<u32> {
        Some(found()).filter(|place| self.0 == COUNT.get() && place & NONE == 0)
    }
}

/// Where the slots are in the memory, a multiple of 8, and the bits.
fn found() -> u32 {
    INDEX.with_borrow(|index| {
        let slots = index.slots().map_or(NONE, |slots| slots.as_ptr().addr() as u32);
        let unknown = if index.unknown() { UNKNOWN } else { 0 };
        let rewritten = if index.rewritten() { REWRITTEN } else { 0 };
        slots | unknown | rewritten
    })
}
