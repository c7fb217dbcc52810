//! Serves contract-checked RPC from WebAssembly plugins.

pub mod config;
pub mod net;
pub mod shutdown;
