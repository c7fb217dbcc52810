//! A stand-in for the host's bucket where there is no host: in memory, one for each thread, without bounds.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Bound;

use crate::Refused;

thread_local! {
    static VALUES: RefCell<BTreeMap<Vec<u8>, Vec<u8>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Keys of one list, as the host has it.
const LIST: usize = 256;

pub(crate) fn get(key: &[u8]) -> Result<Option<Vec<u8>>, Refused> {
    Ok(VALUES.with_borrow(|values| values.get(key).cloned()))
}

pub(crate) fn set(key: &[u8], value: &[u8]) -> Result<(), Refused> {
    if key.is_empty() {
        return Err(Refused::Invalid);
    }
    VALUES.with_borrow_mut(|values| values.insert(key.to_owned(), value.to_owned()));
    Ok(())
}

pub(crate) fn delete(key: &[u8]) -> Result<(), Refused> {
    VALUES.with_borrow_mut(|values| values.remove(key));
    Ok(())
}

pub(crate) fn add(key: &[u8], delta: i64) -> Result<i64, Refused> {
    let before = get(key)?.unwrap_or_else(|| b"0".to_vec());
    let before: Option<i64> = str::from_utf8(&before).ok().and_then(|digits| digits.parse().ok());
    let sum = before.and_then(|before| before.checked_add(delta)).ok_or(Refused::Invalid)?;
    set(key, sum.to_string().as_bytes())?;
    Ok(sum)
}

pub(crate) fn cas(key: &[u8], old: Option<&[u8]>, new: &[u8]) -> Result<bool, Refused> {
    let is_old = get(key)?.as_deref() == old;
    if is_old {
        set(key, new)?;
    }
    Ok(is_old)
}

pub(crate) fn list(prefix: &[u8], after: &[u8]) -> Result<Vec<Vec<u8>>, Refused> {
    VALUES.with_borrow(|values| {
        let from = values.range::<[u8], _>((Bound::Excluded(after), Bound::Unbounded)).map(|(key, _)| key);
        Ok(from.filter(|key| key.starts_with(prefix)).take(LIST).cloned().collect())
    })
}
