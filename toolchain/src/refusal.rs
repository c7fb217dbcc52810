//! Contracts that no code is written for.

use std::fmt;

use pintle_core::Contract;

use crate::fields::fields;

/// Bytes that one output may have, roughly. Bounds what a hostile contract costs: inheritance, and names that are
/// repeated with every member, make an output larger than its contract by the square.
pub const MAX_OUTPUT: usize = 64 << 20;

/// Why no code is written for a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenerateError {
    /// The output would have more than [`MAX_OUTPUT`] bytes.
    TooLarge,
    /// The struct of this name, with all that it holds written out, is more than a component's type may be.
    TypeTooLarge(String),
}

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GenerateError::TooLarge => write!(
                f,
                "the output would have more than {} MiB: shorten names, or inherit less",
                MAX_OUTPUT >> 20
            ),
            GenerateError::TypeTooLarge(name) => write!(
                f,
                "`{name}` with all that it holds is larger than a component's type may be: hold the same struct fewer times"
            ),
        }
    }
}

impl std::error::Error for GenerateError {}

/// Refuses a contract whose output would be too large, before any of it is made.
pub(crate) fn check_size(contract: &Contract) -> Result<(), GenerateError> {
    /// What the code around a name weighs.
    const AROUND: usize = 64;
    let mut room = MAX_OUTPUT;
    let mut take = |bytes: usize| {
        room = room.checked_sub(bytes + AROUND).ok_or(GenerateError::TooLarge)?;
        Ok(())
    };
    for item in contract.structs() {
        for owned in fields(contract, item) {
            let field = owned.field;
            take(item.name.len() + field.name.len() * 2 + field.comment.len())?;
            take(field.ty.name().map_or(0, str::len))?;
        }
    }
    for interface in contract.interfaces() {
        for method in &interface.methods {
            take((interface.name.len() + method.name.len() + method.comment.len()) * 4)?;
            for parameter in &method.parameters {
                take(parameter.name.len() * 4 + parameter.ty.name().map_or(0, str::len) * 4)?;
            }
        }
    }
    Ok(())
}
