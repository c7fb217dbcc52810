//! Buffers that the embedder writes its texts into.
//!
//! No pointer is dereferenced here. A buffer is a `Vec<u8>` in a table from the moment that its address is given out,
//! and it is taken out of the table, by that address, when it comes back: a wrong address finds nothing instead of
//! reading memory.

/// The largest buffer that is given out, in bytes.
const MAX: usize = 256 << 20;

/// What is lent and did not come back. Few at any time, so the newest are looked at first.
pub(super) struct Buffers(Vec<Vec<u8>>);

impl Buffers {
    pub(super) const fn new() -> Self {
        Buffers(Vec::new())
    }

    /// The address of a new zeroed buffer, or 0.
    pub(super) fn lend(&mut self, len: i32) -> i32 {
        let Some(len) = usize::try_from(len).ok().filter(|len| *len <= MAX) else { return 0 };
        let mut buffer = Vec::new();
        // At least one byte, so that every buffer has an address of its own.
        if buffer.try_reserve_exact(len.max(1)).is_err() || self.0.try_reserve(1).is_err() {
            return 0;
        }
        buffer.resize(len, 0);
        let address = address(&buffer);
        self.0.push(buffer);
        address
    }

    /// The first `len` bytes of the buffer at `address`, which is lent no more. 0 and 0 are no buffer, and no bytes.
    pub(super) fn take(&mut self, at: i32, len: i32) -> Result<Vec<u8>, String> {
        if (at, len) == (0, 0) {
            return Ok(Vec::new());
        }
        let found = self.0.iter().rposition(|buffer| address(buffer) == at);
        let mut buffer =
            found.map(|found| self.0.swap_remove(found)).ok_or("an address that is no lent buffer's")?;
        match usize::try_from(len) {
            Ok(len) if len <= buffer.len() => {
                buffer.truncate(len);
                Ok(buffer)
            }
            _ => Err("a length beyond that of the buffer".into()),
        }
    }

    #[cfg(test)]
    pub(super) fn write(&mut self, bytes: &[u8]) -> (i32, i32) {
        let len = bytes.len() as i32;
        let at = self.lend(len);
        self.0.last_mut().unwrap().copy_from_slice(bytes);
        (at, len)
    }

    #[cfg(test)]
    pub(super) fn lent(&self) -> usize {
        self.0.len()
    }
}

/// An address as it crosses: 32 bits, which on wasm is all of it.
pub(super) fn address(bytes: &[u8]) -> i32 {
    bytes.as_ptr().addr() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_zeroed_has_its_own_address_and_comes_back_once() {
        let mut buffers = Buffers::new();
        let (first, second, third) = (buffers.lend(0), buffers.lend(0), buffers.lend(8));
        assert!(first != 0 && first != second);
        assert_eq!(buffers.take(third, 5), Ok(vec![0; 5]));
        assert!(buffers.take(third, 5).is_err());
        assert_eq!(buffers.take(0, 0), Ok(Vec::new()));
        assert_eq!(buffers.lent(), 2);
    }

    #[test]
    fn what_was_never_lent_is_refused() {
        let mut buffers = Buffers::new();
        assert_eq!((buffers.lend(-1), buffers.lend(i32::MIN), buffers.lend(i32::MAX)), (0, 0, 0));
        for (at, len) in [(1, 0), (0, 5), (-1, -1), (12345, 3), (i32::MIN, i32::MAX)] {
            assert!(buffers.take(at, len).is_err(), "{at} {len}");
        }
        for len in [9, -1, i32::MAX] {
            let at = buffers.lend(8);
            assert!(buffers.take(at, len).is_err(), "{len}");
        }
        assert_eq!(buffers.lent(), 0, "a wrong length takes its buffer all the same");
    }
}
