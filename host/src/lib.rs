//! Serves contract-checked RPC from WebAssembly plugins.
//!
//! ```text
//! socket ─▶ net::http ─▶ server ─▶ drive ─▶ pintle_core::Exchange
//!                                    └────▶ handlers ─▶ plugins, functions
//! ```

pub mod client;
pub mod config;
pub mod drive;
pub mod handlers;
pub mod net;
pub mod plugin;
pub mod server;
pub mod shutdown;
