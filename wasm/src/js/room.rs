//! The module's memory as JavaScript uses it by itself, so that the usual call needs no buffer to be made and freed.
//!
//! There is one of each, for all exchanges: what stands there is of the last crossing, and nobody waits in between.

use crate::flow::Subject;
use std::cell::RefCell;

/// Bytes of the slate, where the module writes what JavaScript then reads, in the order of [`Told::write`].
const SLATE: usize = 6 * size_of::<u32>();

/// Bytes of the room behind it, where JavaScript writes what it then gives by its length.
const ROOM: usize = 16 << 10;

/// Aligned as numbers are.
#[repr(align(4))]
struct Memory([u8; SLATE + ROOM]);

thread_local! {
    static MEMORY: RefCell<Memory> = const { RefCell::new(Memory([0; SLATE + ROOM])) };
}

/// Where the slate is. It never moves.
pub(super) fn slate() -> u32 {
    MEMORY.with_borrow(|memory| address(&memory.0))
}

/// Hands on the first `length` bytes of the room, as many as there are.
pub(super) fn read<T>(length: u32, to: impl FnOnce(&[u8]) -> T) -> T {
    MEMORY.with_borrow(|memory| {
        let room = &memory.0[SLATE..];
        to(room.get(..length as usize).unwrap_or(room))
    })
}

/// What a step is about. A text is told by where it is in memory until the next crossing; one that there is not, by its length.
#[derive(Default)]
pub(super) struct Told<'a> {
    pub(super) ticket: u32,
    pub(super) method: u32,
    /// Parameters, or the reply.
    pub(super) text: &'a [u8],
    /// The request's id.
    pub(super) id: &'a [u8],
}

impl Told<'_> {
    /// Writes it on the slate.
    pub(super) fn write(&self) {
        let Told { ticket, method, text, id } = *self;
        let numbers = [ticket, method, address(text), text.len() as u32, address(id), id.len() as u32];
        MEMORY.with_borrow_mut(|memory| {
            for (place, number) in memory.0.chunks_exact_mut(size_of::<u32>()).zip(numbers) {
                place.copy_from_slice(&number.to_le_bytes());
            }
        });
    }
}

impl<'a> From<Subject<'a>> for Told<'a> {
    fn from(Subject { ticket, method, params, id }: Subject<'a>) -> Self {
        let text = params.unwrap_or_default().as_bytes();
        Told { ticket, method: method.index() as u32, text, id: id.unwrap_or_default().as_bytes() }
    }
}

/// Addresses are 32 bits wide in this module.
fn address(bytes: &[u8]) -> u32 {
    bytes.as_ptr() as usize as u32
}
