//! Transports: they move bodies between peers and a [`Service`](http::Service), and bound what a peer can hold.

mod activity;
pub mod context;
pub mod forwarded;
pub mod http;
mod origin;
pub mod rate;
mod request;
