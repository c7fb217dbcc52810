//! What a plugin exports, ABI version 1, as safe functions: `plugin!` writes the exports themselves.
//!
//! No pointer is dereferenced here. A buffer is a `Vec<u8>` in a table from the moment that its address is known
//! to the host, and it is taken out of the table, by that address, when it comes back: so a wrong address from the
//! host finds nothing instead of reading memory.

use std::cell::RefCell;

thread_local! {
    /// Buffers whose address the host holds. A call has at most a few, so the newest are looked at first.
    static LENT: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// `pintle_alloc`: a zeroed buffer for the host to write into; 0 if there is no memory.
pub fn alloc(len: i32) -> i32 {
    let Ok(len) = usize::try_from(len) else { return 0 };
    let mut buffer = Vec::new();
    // At least one byte, so that every buffer has an address of its own.
    if buffer.try_reserve_exact(len.max(1)).is_err() {
        return 0;
    }
    buffer.resize(len, 0);
    lend(buffer)
}

/// `pintle_call`: takes both buffers back, runs the call, lends the answer.
pub fn call(
    dispatch: fn(&str, &[u8]) -> Vec<u8>,
    method: i32,
    method_len: i32,
    params: i32,
    params_len: i32,
) -> i64 {
    report_panics();
    let (method, params) = (take(method, method_len), take(params, params_len));
    let answer = match (method.as_deref().map(str::from_utf8), params) {
        (Some(Ok(method)), Some(params)) => dispatch(method, &params),
        _ => crate::answer::broken("the host passed a buffer that pintle_alloc did not make"),
    };
    let len = answer.len();
    pair(lend(answer), len)
}

/// `pintle_free`: drops an answer that the host has copied.
pub fn free(address: i32, len: i32) {
    drop(take(address, len));
}

fn lend(buffer: Vec<u8>) -> i32 {
    let address = address_of(&buffer);
    LENT.with_borrow_mut(|lent| lent.push(buffer));
    address
}

fn take(address: i32, len: i32) -> Option<Vec<u8>> {
    let len = usize::try_from(len).ok()?;
    LENT.with_borrow_mut(|lent| {
        let at = lent.iter().rposition(|buffer| address_of(buffer) == address && buffer.len() >= len)?;
        let mut buffer = lent.swap_remove(at);
        buffer.truncate(len);
        Some(buffer)
    })
}

/// An address as the ABI writes it: 32 bits, which on wasm is all of it.
fn address_of(buffer: &[u8]) -> i32 {
    buffer.as_ptr().addr() as i32
}

fn pair(address: i32, len: usize) -> i64 {
    (i64::from(address) << 32) | (len as i64 & 0xffff_ffff)
}

/// The buffer behind an i64 that an import answered, which the host made with `pintle_alloc`; `None` for -1.
pub(crate) fn answered(pair: i64) -> Option<Vec<u8>> {
    if pair == -1 { None } else { take((pair >> 32) as i32, pair as i32) }
}

/// A panic traps, and a trap has no message: the hook hands it to the host's log first.
fn report_panics() {
    #[cfg(target_family = "wasm")]
    {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| std::panic::set_hook(Box::new(|panic| crate::log::error(panic))));
    }
}

/// Bytes of [`list`].
pub const fn list_len(names: &[&str]) -> usize {
    let mut len = 2;
    let mut at = 0;
    while at < names.len() {
        len += names[at].len() + if at == 0 { 2 } else { 3 };
        at += 1;
    }
    len
}

/// A JSON list of names, which need no escapes: the section `pintle.interfaces`, made while compiling.
pub const fn list<const LEN: usize>(names: &[&str]) -> [u8; LEN] {
    let mut out = [b'"'; LEN];
    out[0] = b'[';
    out[LEN - 1] = b']';
    let mut end = 1;
    let mut at = 0;
    while at < names.len() {
        if at > 0 {
            out[end] = b',';
            end += 1;
        }
        let name = names[at].as_bytes();
        let mut byte = 0;
        while byte < name.len() {
            out[end + 1 + byte] = name[byte];
            byte += 1;
        }
        end += name.len() + 2;
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn echo(method: &str, params: &[u8]) -> Vec<u8> {
        [method.as_bytes(), params].concat()
    }

    fn lent() -> usize {
        LENT.with_borrow(Vec::len)
    }

    #[test]
    fn a_call_takes_its_buffers_and_lends_its_answer_until_freed() {
        let (method, params) = (lend(b"A.b".to_vec()), lend(b"[1]".to_vec()));
        let answer = call(echo, method, 3, params, 3);
        assert_eq!(lent(), 1);
        let (address, len) = ((answer >> 32) as i32, answer as i32);
        assert_eq!(LENT.with_borrow(|lent| lent[0].clone()), b"A.b[1]");
        assert_eq!((address, len), (LENT.with_borrow(|lent| address_of(&lent[0])), 6));
        free(address, len);
        assert_eq!(lent(), 0);
    }

    #[test]
    fn a_buffer_is_zeroed_has_its_own_address_and_may_be_used_in_part() {
        let (first, second) = (alloc(0), alloc(0));
        assert_ne!(first, second);
        let buffer = alloc(8);
        assert_eq!(take(buffer, 5), Some(vec![0; 5]));
        assert_eq!(take(buffer, 5), None, "a buffer comes back once");
    }

    #[test]
    fn a_list_of_names_is_json() {
        const NAMES: &[&str] = &["A", "inc.Shop"];
        assert_eq!(&list::<{ list_len(NAMES) }>(NAMES), br#"["A","inc.Shop"]"#);
        assert_eq!(&list::<{ list_len(&["A"]) }>(&["A"]), br#"["A"]"#);
    }

    #[test]
    fn what_was_never_lent_is_refused() {
        let method = lend(b"A.b".to_vec());
        let answer = call(echo, method, 3, 12345, 3);
        let text = take((answer >> 32) as i32, answer as i32);
        assert_eq!(text.as_deref(), Some(&br#"{"error":{"code":-32603,"message":"Internal error"}}"#[..]));
        let method = lend(b"A.b".to_vec());
        assert_eq!(take(method, 4), None, "longer than it was made");
        assert_eq!(take(method, -1), None);
        assert_eq!(alloc(-1), 0);
        assert_eq!(answered(-1), None);
    }
}
