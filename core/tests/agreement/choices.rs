//! Random things made from a list of numbers: proptest shrinks the list, and with it what is made of it.

use proptest::prelude::*;

/// `count` cases, made anew in each run.
pub(crate) fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        cases: count,
        max_shrink_iters: 20_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Where generators take their decisions from. When it runs dry, every decision is the first: the smallest thing.
pub(crate) struct Choices<'a>(std::slice::Iter<'a, u16>);

/// At most `most` decisions.
pub(crate) fn choices(most: usize) -> impl Strategy<Value = Vec<u16>> {
    proptest::collection::vec(any::<u16>(), 0..most)
}

impl<'a> Choices<'a> {
    pub(crate) fn new(list: &'a [u16]) -> Self {
        Choices(list.iter())
    }

    /// A number in `0..count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.0.next().map_or(0, |&choice| choice as usize % count)
    }

    /// True once in `times`; never when nothing is left.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Up to three mistakes of single bytes or pieces.
    pub(crate) fn damage(&mut self, text: &mut Vec<u8>) {
        const PIECES: [&[u8]; 20] = [
            b"\"",
            b"\\",
            b",",
            b":",
            b"{",
            b"}",
            b"[",
            b"]",
            b"0",
            b"-",
            b".",
            b"e",
            b"\n",
            b"\x00",
            b"\\u",
            b"\\ud800",
            b"null",
            b" ",
            b"\xff",
            b"\xc3\xa9",
        ];
        for _ in 0..self.below(4) {
            let at = self.below(text.len() + 1);
            let end = (at + self.below(3)).min(text.len());
            match self.below(4) {
                0 => drop(text.drain(at..end)),
                1 => drop(text.splice(at..end, self.pick(&PIECES).iter().copied())),
                2 => text.extend_from_within(at..end),
                _ => text.truncate(at),
            }
        }
    }
}
