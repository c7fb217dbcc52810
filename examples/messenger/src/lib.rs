//! A chat room as a plugin: `messenger.pulse` over the connections that are open.

// As `pintle gen rust` writes it, which this project's own rustfmt.toml would not.
#[rustfmt::skip]
mod messenger;

use std::cell::RefCell;
use std::collections::BTreeMap;

use pintle_guest::{ctx, log, peer};
use serde::Serialize;

use crate::messenger::rpc::RpcError;
use crate::messenger::{Connections, Error, Messenger, Welcome};

pintle_guest::plugin! {
    impl messenger::{Messenger, Connections} for Room
}

/// What nobody wants to hear.
const RUDE: &str = "damn";

/// What handles the calls. With isolation "single" there is one for everybody.
#[derive(Debug, Default)]
pub struct Room {
    present: RefCell<Present>,
}

/// Who is in the room, by connection.
#[derive(Debug, Default)]
struct Present {
    guests: BTreeMap<String, Guest>,
    /// Guests so far, for the name of the next one.
    count: u64,
}

#[derive(Debug)]
struct Guest {
    name: String,
    /// How often they have said thanks.
    thanks: i64,
}

impl Messenger for Room {
    fn thanks(&self, msg: String) -> Result<Welcome, RpcError> {
        polite(&msg)?;
        self.caller(|guest| {
            guest.thanks += 1;
            Welcome { reply: format!("You are welcome, {}", guest.name), times: guest.thanks }
        })
    }

    fn say(&self, text: String) -> Result<(), RpcError> {
        polite(&text)?;
        let who = self.caller(|guest| guest.name.clone())?;
        tell_everybody("Client.said", (who, text));
        Ok(())
    }

    fn present(&self) -> Result<i64, RpcError> {
        Ok(self.present.borrow().guests.len() as i64)
    }
}

impl Connections for Room {
    fn opened(&self, connection: String) -> Result<(), RpcError> {
        let mut present = self.present.borrow_mut();
        present.count += 1;
        let name = format!("guest {}", present.count);
        peer::send(&connection, "Client.welcome", (format!("Welcome, {name}"),))?;
        present.guests.insert(connection, Guest { name, thanks: 0 });
        Ok(())
    }

    fn closed(&self, connection: String) -> Result<(), RpcError> {
        if let Some(guest) = self.present.borrow_mut().guests.remove(&connection) {
            tell_everybody("Client.left", (guest.name,));
        }
        Ok(())
    }
}

impl Room {
    /// What `then` makes of whoever calls.
    fn caller<T>(&self, then: impl FnOnce(&mut Guest) -> T) -> Result<T, RpcError> {
        let connection = ctx().connection.unwrap_or_default();
        match self.present.borrow_mut().guests.get_mut(&connection) {
            Some(guest) => Ok(then(guest)),
            None => Err(RpcError::invalid_params("only who is connected is in the room")),
        }
    }
}

fn polite(text: &str) -> Result<(), RpcError> {
    if text.to_lowercase().contains(RUDE) { Err(Error::Rude.into()) } else { Ok(()) }
}

fn tell_everybody(method: &str, params: impl Serialize) {
    // Those who cannot be reached are as good as gone.
    if let Err(refused) = peer::send("*", method, params) {
        log::warn(format_args!("{method}: {refused}"));
    }
}
