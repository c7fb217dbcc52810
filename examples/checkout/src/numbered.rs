//! Things with ids such as `cart_7`.

use std::collections::BTreeMap;

/// Things under ids made of a prefix and a number that counts up from 1.
///
/// It holds at most `most` things: a new one then takes the place of the oldest, so that callers cannot fill the
/// guest's memory.
#[derive(Debug)]
pub(crate) struct Numbered<T> {
    prefix: &'static str,
    most: usize,
    next: u64,
    things: BTreeMap<u64, T>,
}

impl<T> Numbered<T> {
    pub(crate) fn new(prefix: &'static str, most: usize) -> Self {
        Numbered { prefix, most, next: 1, things: BTreeMap::new() }
    }

    /// Adds what `make` makes of the new id, and answers that id.
    pub(crate) fn add(&mut self, make: impl FnOnce(String) -> T) -> String {
        if self.things.len() >= self.most {
            self.things.pop_first();
        }
        let number = self.next;
        self.next += 1;
        let id = format!("{}{number}", self.prefix);
        self.things.insert(number, make(id.clone()));
        id
    }

    pub(crate) fn find(&self, id: &str) -> Option<&T> {
        self.things.get(&self.number(id)?)
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut T> {
        let number = self.number(id)?;
        self.things.get_mut(&number)
    }

    fn number(&self, id: &str) -> Option<u64> {
        let digits = id.strip_prefix(self.prefix)?;
        let number = digits.parse().ok()?;
        // `cart_07` and `cart_+7` parse too, and are nobody's id.
        (digits == format!("{number}")).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_count_up_and_the_oldest_makes_room() {
        let mut names = Numbered::new("name_", 2);
        let ids: Vec<String> = (0..3).map(|_| names.add(|id| id)).collect();
        assert_eq!(ids, ["name_1", "name_2", "name_3"]);
        assert_eq!(names.find("name_1"), None);
        assert_eq!(names.find("name_2").map(String::as_str), Some("name_2"));
        assert!(names.find_mut("name_3").is_some());
    }

    #[test]
    fn only_the_id_itself_finds() {
        let mut names = Numbered::new("name_", 9);
        names.add(|id| id);
        for id in ["", "1", "name_", "name_01", "name_+1", "name_1 ", "name_-1", "name_99999999999999999999"]
        {
            assert_eq!(names.find(id), None, "{id}");
        }
    }
}
