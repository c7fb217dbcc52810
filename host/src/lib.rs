//! Serves contract-checked RPC from WebAssembly plugins.
//!
//! ```text
//! socket ─▶ net::http ─▶ server ─▶ drive ─▶ pintle_core::Exchange
//!                                  ├────▶ admission ─▶ filters, the check of callers
//!                                  └────▶ handlers ─▶ plugins, functions
//! ```

pub mod admin;
pub mod admission;
mod calls;
pub mod client;
pub mod commands;
pub mod config;
pub mod drive;
mod events;
pub mod handlers;
pub mod histogram;
mod inside;
pub mod kv;
pub mod ledger;
pub mod net;
mod owned;
pub mod plugin;
mod response;
pub mod server;
pub mod shutdown;
