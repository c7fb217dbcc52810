//! A register of users as a plugin: `users.pulse` over a map.

// As `pintle gen rust` writes it, which this project's own rustfmt.toml would not.
#[rustfmt::skip]
mod users;

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::users::rpc::RpcError;
use crate::users::{Address, Error, Place, User, Users};

pintle_guest::plugin! {
    impl users::{Users} for Register
}

/// Users that are remembered.
const MOST_USERS: usize = 10_000;

/// What handles the calls. With isolation "single" there is one for everybody.
#[derive(Debug, Default)]
pub struct Register {
    by_name: RefCell<BTreeMap<String, User>>,
}

impl Users for Register {
    fn save(&self, user: User) -> Result<(), RpcError> {
        let mut users = self.by_name.borrow_mut();
        if users.len() >= MOST_USERS && !users.contains_key(&user.name) {
            return Err(Error::Full.into());
        }
        users.insert(user.name.clone(), user);
        Ok(())
    }

    fn find(&self, name: String) -> Result<User, RpcError> {
        let users = self.by_name.borrow();
        let alias = |user: &&User| user.aliases.contains(&name);
        let user = users.get(&name).or_else(|| users.values().find(alias));
        Ok(user.ok_or(Error::UserNotFound)?.clone())
    }

    fn resettle(&self, name: String, address: Address) -> Result<User, RpcError> {
        let mut users = self.by_name.borrow_mut();
        let user = users.get_mut(&name).ok_or(Error::UserNotFound)?;
        user.address = address;
        Ok(user.clone())
    }

    fn neighbours(&self, place: Place) -> Result<Vec<User>, RpcError> {
        Ok(self.by_name.borrow().values().filter(|user| user.address.place == place).cloned().collect())
    }

    fn census(&self) -> Result<BTreeMap<String, i64>, RpcError> {
        let mut counts = BTreeMap::new();
        for user in self.by_name.borrow().values() {
            *counts.entry(user.address.place.name.clone()).or_default() += 1;
        }
        Ok(counts)
    }
}
