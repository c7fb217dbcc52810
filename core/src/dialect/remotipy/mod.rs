//! remotipy: bodies `{"method": m, "params": […]}`, answered with the bare result or an exception; objects of a class
//! are `{"_class": C, "_data": {…}}`.
//!
//! Which objects have a class, and which, is what the contract says where they stand.

mod classes;
mod client;
mod objects;
mod server;
mod unwrap;
mod wrap;

pub use client::Client;
pub use server::Server;

use crate::limits::Limits;

const METHOD_NOT_FOUND: &str = "MethodNotFound";
const VALUE_ERROR: &str = "ValueError";
const TYPE_ERROR: &str = "TypeError";
pub(super) const INTERNAL_ERROR: &str = "InternalError";

/// How deep a value may nest as it travels: an object of a class is two levels where the contract has one.
fn nesting(limits: &Limits) -> usize {
    2 * limits.depth()
}
