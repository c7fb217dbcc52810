//! Things with ids such as `cart_7`.

use std::marker::PhantomData;

use pintle_guest::kv;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::checkout::rpc::RpcError;
use crate::kept;

/// Things under ids made of a prefix and a number that counts up from 1. An id is also the key of its thing, and the prefix
/// that of the counter.
///
/// At most `most` things are kept: a new one then takes the place of the oldest, so that callers cannot fill the bucket.
#[derive(Debug)]
pub(crate) struct Numbered<T> {
    prefix: &'static str,
    most: i64,
    things: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> Numbered<T> {
    pub(crate) const fn new(prefix: &'static str, most: i64) -> Self {
        Numbered { prefix, most, things: PhantomData }
    }

    /// Adds what `make` makes of the new id.
    pub(crate) fn add(&self, make: impl FnOnce(String) -> T) -> Result<T, RpcError> {
        let number = kv::add(self.prefix, 1)?;
        let id = format!("{}{number}", self.prefix);
        let thing = make(id.clone());
        kept::write(&id, &thing)?;
        kv::delete(format!("{}{}", self.prefix, number - self.most))?;
        Ok(thing)
    }

    pub(crate) fn find(&self, id: &str) -> Result<Option<T>, RpcError> {
        Ok(self.read(id)?.map(|(thing, _)| thing))
    }

    /// Changes a thing as `change` says; if it is changed by another call meanwhile, once more from the new one. `None` if
    /// there is no such thing; after an error it is as it was.
    pub(crate) fn change<R>(
        &self,
        id: &str,
        mut change: impl FnMut(&mut T) -> Result<R, RpcError>,
    ) -> Result<Option<R>, RpcError> {
        while let Some((mut thing, bytes)) = self.read(id)? {
            let result = change(&mut thing)?;
            if kept::replace(id, Some(&bytes), &thing)? {
                return Ok(Some(result));
            }
        }
        Ok(None)
    }

    /// A thing, with what it was read from.
    pub(crate) fn read(&self, id: &str) -> Result<Option<(T, Vec<u8>)>, RpcError> {
        let number: Option<u64> = id.strip_prefix(self.prefix).and_then(|digits| digits.parse().ok());
        match number {
            // `cart_07` and `cart_+7` parse too, and are nobody's id.
            Some(number) if id == format!("{}{number}", self.prefix) => kept::read(id),
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_count_up_and_the_oldest_makes_room() {
        let names: Numbered<String> = Numbered::new("name_", 2);
        let ids: Vec<String> = (0..3).map(|_| names.add(|id| id).expect("an id")).collect();
        assert_eq!(ids, ["name_1", "name_2", "name_3"]);
        assert_eq!(names.find("name_1").expect("an answer"), None);
        assert_eq!(names.find("name_2").expect("an answer").as_deref(), Some("name_2"));
    }

    #[test]
    fn only_the_id_itself_finds() {
        let names: Numbered<String> = Numbered::new("name_", 9);
        names.add(|id| id).expect("an id");
        for id in ["", "1", "name_", "name_01", "name_+1", "name_1 ", "name_-1", "name_99999999999999999999"]
        {
            assert_eq!(names.find(id).expect("an answer"), None, "{id}");
        }
    }

    #[test]
    fn a_change_that_another_one_overtakes_begins_again() {
        let names: Numbered<String> = Numbered::new("name_", 9);
        names.add(|_| "a".to_owned()).expect("an id");
        let mut turns = 0;
        let changed = names.change("name_1", |name| {
            turns += 1;
            if turns == 1 {
                kept::write("name_1", &"b").expect("written");
            }
            name.push('+');
            Ok(name.clone())
        });
        assert_eq!(changed.expect("an answer").as_deref(), Some("b+"));
        assert_eq!(names.find("name_1").expect("an answer").as_deref(), Some("b+"));
    }
}
