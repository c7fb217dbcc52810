//! Serves contract-checked RPC from WebAssembly plugins.
//!
//! [`plugin`] runs handlers as guests; it knows nothing of sockets or contracts.

pub mod plugin;
