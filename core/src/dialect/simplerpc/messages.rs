//! What a server sends of its own: lines that nobody answers.

use super::{FAIL, OKAY, call, read};
use crate::client::{CallError, Prepared};
use crate::dialect::InterfaceError;
use crate::dialect::interface::Interface;
use crate::engine::Engine;
use crate::error::RpcError;
use std::sync::Arc;

/// The messages that a server may send to its clients: the methods of one interface. Servers write them, clients read
/// them.
#[derive(Debug)]
pub struct Messages {
    interface: Interface,
}

impl Messages {
    /// The messages of `interface`, a name of the contract. `engine` is that of who receives them, and serves it.
    ///
    /// # Errors
    ///
    /// If the contract has no such interface, or one of its methods would be taken for an answer.
    pub fn new(engine: &Arc<Engine>, interface: &str) -> Result<Self, InterfaceError> {
        let interface = Interface::new(engine, interface)?;
        if let Some(name) = interface.names().find(|name| [OKAY, FAIL].contains(name)) {
            return Err(InterfaceError::Reserved(format!("{}.{name}", interface.name())));
        }
        Ok(Messages { interface })
    }

    /// The line that is a message.
    ///
    /// # Errors
    ///
    /// [`CallError::UnknownMethod`] for a method of another interface.
    pub fn write(&self, message: &Prepared) -> Result<Vec<u8>, CallError> {
        let method = message.expected().method().map(|(_, method)| method);
        if method.is_none_or(|method| method.interface != self.interface.name()) {
            return Err(CallError::UnknownMethod);
        }
        call(message)
    }

    /// Reads a line as the body of a notification, for an [`crate::Exchange`].
    ///
    /// # Errors
    ///
    /// Why it is none. Nobody waits for an answer: this is for a log.
    pub fn read(&self, line: &[u8]) -> Result<Vec<u8>, RpcError> {
        read(&self.interface, line, b"}").map(|(_, body)| body)
    }
}
