//! The module as a user declares it.

pub(crate) mod root;
