//! Transports: they move bodies between peers and a [`Service`](service::Service), and bound what a peer can hold.
//!
//! ```text
//! accept ─▶ tls ─▶ http ─▶ request ────────────────────────┐
//!      │            └─────▶ websocket ─┐                   ├▶ service
//!      └──────────────────▶ stream ────┴▶ connection ──────┘
//! stdio ──────────────────────▲             ▲ outgoing ◀── connections ◀── handlers
//! ```

mod accept;
mod activity;
mod connection;
pub mod connections;
pub mod context;
pub mod forwarded;
pub mod http;
mod origin;
mod outgoing;
pub mod pages;
pub mod rate;
mod request;
pub mod service;
pub mod stdio;
pub mod stream;
mod tls;
pub mod traffic;
mod websocket;
