//! The core of pintle.
#![forbid(unsafe_code)]

extern crate alloc;

pub mod contract;
mod error;
pub mod idl;
mod limits;

pub use error::{Code, RpcError};
pub use limits::Limits;
