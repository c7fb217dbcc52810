//! Write a pintle plugin as plain functions.
//!
//! ```
//! use pintle_guest::Error;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! #[serde(rename_all = "camelCase")]
//! struct Product {
//!     product_id: String,
//!     price: f64,
//! }
//!
//! pintle_guest::plugin! {
//!     CatalogService { listProducts: list_products, getProduct: get_product }
//! }
//!
//! fn list_products() -> Vec<Product> {
//!     vec![Product { product_id: "mouse".into(), price: 29.99 }]
//! }
//!
//! fn get_product(product_id: String) -> Result<Option<Product>, Error> {
//!     if product_id.is_empty() {
//!         return Err(Error::invalid_params("a product id is not empty"));
//!     }
//!     Ok(list_products().into_iter().find(|product| product.product_id == product_id))
//! }
//!
//! # fn main() {
//! // Natively, `dispatch` runs a call as the host would.
//! let answer = dispatch("CatalogService.getProduct", br#"["mouse"]"#);
//! assert_eq!(answer, br#"{"result":{"productId":"mouse","price":29.99}}"#);
//! # }
//! ```
//!
//! ```text
//! host ─ method, params ─▶ abi ─▶ dispatch (made by plugin!) ─▶ answer ─▶ your function
//! host ◀──── answer ────── abi ◀─────────────────────────────── answer ◀┘
//!        └── ctx, log, now, peer, kv: what a function may ask of the host
//! ```
//!
//! A crate holds one plugin: `crate-type = ["cdylib"]`, target `wasm32-unknown-unknown`. Everything also compiles
//! for other targets, where the host's functions are absent: logging does nothing, the context is empty, a bucket in memory
//! stands in for the host's, and what else needs a grant answers that it is not granted.

#[doc(hidden)]
pub mod abi;
mod answer;
#[cfg(not(target_family = "wasm"))]
mod bucket;
mod context;
mod error;
mod host;
pub mod kv;
pub mod log;
pub mod peer;
mod plugin;

#[doc(hidden)]
pub use answer::{Handler, Incoming, Returned, answer, unknown_method};
pub use context::{Context, ctx, ctx_json};
pub use error::{Error, Refused};
#[doc(hidden)]
pub use serde;

use std::time::Duration;

/// The time since 1970-01-01T00:00:00Z.
///
/// `std::time::SystemTime::now` panics on `wasm32-unknown-unknown`; this asks the host's WASI clock, which needs no
/// grant.
pub fn now() -> Duration {
    host::now()
}
