//! The index of a checked text: where its strings are and what its numbers are, in the order of the contract. Who knows
//! the contract's types builds objects from it without reading the text again.
//!
//! An index is a list of slots of 64 bits, each of two halves, the low one first. The first slot is that of the whole.
//!
//! | what stands there | low half | high half |
//! | --- | --- | --- |
//! | nothing | 0 | [`ABSENT`] |
//! | `null` | 0 | [`NULL`] |
//! | string | where it begins, behind its quote | where it ends, and [`ESCAPED`] if it has escapes |
//! | bool | 1 or, if it is true, 2 | 0 |
//! | enum | the value's position in the contract, from 1 | 0 |
//! | struct | the slot of its first field; the others follow in the order of the contract, parents' first | 0 |
//! | list | the slot of its first element; the others follow | how many there are |
//! | map | the slot of its first key; its value follows, then the next key | how many keys there are |
//! | number | a double, as it is in memory | |
//! | integer that a double may not hold | the slot that holds its 64 bits | [`LONG`] |
//! | other number | where it begins, from 1: the text says it | [`TEXT`] |
//!
//! Read as a double, the four marks are NaN, which no JSON number is. Places in the text are counted from its beginning
//! in units of UTF-16, as JavaScript counts those of its strings.

use crate::json::number;
use std::ops::Range;

/// The high half of a slot where nothing stands: an optional field that was left out.
pub const ABSENT: u32 = 0x7FF8_0000;
/// That of a `null`.
pub const NULL: u32 = ABSENT + 1;
/// That of an integer of 2^53 or more either way.
pub const LONG: u32 = ABSENT + 2;
/// That of a number that is to be read from the text.
pub const TEXT: u32 = ABSENT + 3;
/// A bit in the high half of a string.
pub const ESCAPED: u32 = 1 << 31;

/// Slots whose memory stays for the next text: half a megabyte.
const KEPT: usize = 1 << 16;
/// Slots that an index has beyond one for each byte of its text.
const MORE: usize = 512;

const fn slot(low: usize, high: u32) -> u64 {
    (high as u64) << 32 | low as u32 as u64
}

/// Whom a check tells what it meets: an index, or nobody. Without the feature `index` it is always nobody, and a check has
/// no code for it.
#[derive(Debug, Default)]
pub(crate) struct Recorder<'a> {
    #[cfg(feature = "index")]
    index: Option<&'a mut Index>,
    #[cfg(not(feature = "index"))]
    nobody: std::marker::PhantomData<&'a mut Index>,
}

impl<'a> Recorder<'a> {
    #[cfg(feature = "index")]
    pub(crate) fn new(index: &'a mut Index) -> Self {
        Recorder { index: Some(index) }
    }

    /// A value is told before the place it stands in: a field, or an element of a list.
    #[inline(always)]
    pub(crate) fn tell<T: Default>(&mut self, what: impl FnOnce(&mut Index) -> T) -> T {
        #[cfg(feature = "index")]
        if let Some(index) = &mut self.index {
            return what(index);
        }
        #[cfg(not(feature = "index"))]
        let _ = what;
        T::default()
    }
}

/// An index, written by `Engine::index` and its like, with the feature `index`. One can be used for many texts, one after
/// the other.
#[derive(Debug, Default)]
pub struct Index {
    slots: Vec<u64>,
    /// The value told last.
    last: u64,
    /// The elements of all lists that are open.
    open: Vec<u64>,
    /// How many slots there may be; 0 when there were to be more.
    most: usize,
    /// Whether the text came to its end.
    good: bool,
    unknown: bool,
    rewritten: bool,
    /// Whether the text is more than ASCII.
    wide: bool,
    /// A byte of the text, and its place in the string that JavaScript has of it.
    met: (usize, usize),
}

impl Index {
    /// The slots. `None` if the last text was refused, or they would be out of proportion to it, as those of structs are
    /// that have few of many optional fields: there are at most 512 more of them than bytes.
    pub fn slots(&self) -> Option<&[u64]> {
        if self.good && self.most > 0 { Some(&self.slots) } else { None }
    }

    /// Whether the text has fields that the contract does not name. They are not in the index.
    pub fn unknown(&self) -> bool {
        self.unknown
    }

    /// Whether integers of the text are written otherwise than as digits.
    pub fn rewritten(&self) -> bool {
        self.rewritten
    }

    /// Where `count` more slots begin that hold nothing; 0 if they are too many.
    fn more(&mut self, count: usize) -> usize {
        let first = self.slots.len();
        if count > self.most.saturating_sub(first) {
            self.most = 0;
            return 0;
        }
        self.slots.resize(first + count, slot(0, ABSENT));
        first
    }

    #[inline]
    fn set(&mut self, at: usize, value: u64) {
        // When there are too many slots, those of others are written over: nobody reads them any more.
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = value;
        }
    }

    /// The place of the byte `at`. It is no smaller than any that was asked for before.
    #[inline]
    fn place(&mut self, text: &[u8], at: usize) -> usize {
        if self.wide { self.count(text, at) } else { at - self.met.0 }
    }

    #[inline(never)]
    fn count(&mut self, text: &[u8], at: usize) -> usize {
        let (from, mut place) = self.met;
        for byte in text.get(from..at).unwrap_or_default() {
            // Each character is a unit, whatever bytes continue it, and two if it begins a sequence of four.
            place += usize::from(byte & 0xC0 != 0x80) + usize::from(*byte >= 0xF0);
        }
        self.met = (at, place);
        place
    }

    /// A text begins, which is read from the byte `from` on.
    #[inline(never)]
    pub(crate) fn start(&mut self, text: &[u8], from: usize) {
        self.slots.clear();
        self.open.clear();
        self.slots.shrink_to(KEPT);
        self.open.shrink_to(KEPT);
        self.slots.push(0);
        self.most = text.len().saturating_add(MORE);
        self.good = false;
        self.unknown = false;
        self.rewritten = false;
        self.wide = !is_ascii(text.get(from..).unwrap_or_default());
        self.met = (from, 0);
    }

    /// It ends. The value told last is the whole, unless it is not `good`.
    pub(crate) fn finish(&mut self, good: bool) {
        let last = self.last;
        self.set(0, last);
        self.good = good;
    }

    /// A string, by what stands between its quotes.
    #[inline(never)]
    pub(crate) fn string(&mut self, text: &[u8], inside: Range<usize>, escaped: bool) {
        let start = self.place(text, inside.start);
        let end = self.place(text, inside.end);
        self.last = slot(start, end as u32 | if escaped { ESCAPED } else { 0 });
    }

    #[inline(never)]
    pub(crate) fn number(&mut self, text: &[u8], at: Range<usize>) {
        self.last = match number::double(text.get(at.clone()).unwrap_or_default()) {
            Some(value) => value.to_bits(),
            None => slot(self.place(text, at.start) + 1, TEXT),
        };
    }

    #[inline(never)]
    pub(crate) fn int(&mut self, value: i64) {
        self.last = if value.unsigned_abs() < 1 << 53 {
            (value as f64).to_bits()
        } else {
            let at = self.more(1);
            self.set(at, value as u64);
            slot(at, LONG)
        };
    }

    pub(crate) fn bool(&mut self, value: bool) {
        self.last = slot(1 + usize::from(value), 0);
    }

    /// A value of an enum, by its position in the contract.
    pub(crate) fn choice(&mut self, position: u32) {
        self.last = slot(1 + position as usize, 0);
    }

    pub(crate) fn null(&mut self) {
        self.last = slot(0, NULL);
    }

    /// A struct begins: answers what its fields are told with.
    #[inline(never)]
    pub(crate) fn open_struct(&mut self, fields: usize) -> usize {
        self.more(fields)
    }

    pub(crate) fn field(&mut self, of: usize, index: usize) {
        let last = self.last;
        self.set(of + index, last);
    }

    pub(crate) fn close_struct(&mut self, open: usize) {
        self.last = slot(open, 0);
    }

    /// A field that the contract does not name.
    pub(crate) fn met_unknown(&mut self) {
        self.unknown = true;
    }

    /// An integer that is written otherwise than as digits.
    pub(crate) fn rewritten_int(&mut self, value: i64) {
        self.rewritten = true;
        self.int(value);
    }

    /// A list or a map begins.
    pub(crate) fn open_list(&mut self) -> usize {
        self.open.len()
    }

    /// An element of a list; the key or the value of an entry of a map.
    #[inline(never)]
    pub(crate) fn element(&mut self) {
        self.open.push(self.last);
    }

    /// It ends; an entry is `each` elements.
    #[inline(never)]
    pub(crate) fn close_list(&mut self, open: usize, each: usize) {
        let elements = self.open.get(open..).unwrap_or_default();
        let (first, count) = (self.slots.len(), elements.len());
        if count > self.most.saturating_sub(first) {
            self.most = 0;
        } else {
            self.slots.extend_from_slice(elements);
        }
        self.open.truncate(open);
        self.last = slot(first, (count / each) as u32);
    }
}

/// The library's own is built for size, and every text is looked at.
fn is_ascii(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks::<8>();
    let all = words.iter().fold(0, |all, word| all | u64::from_le_bytes(*word));
    rest.iter().fold(all, |all, &byte| all | byte as u64) & 0x8080_8080_8080_8080 == 0
}
