//! The core of pintle as a WebAssembly module, built from one source in several ways.
//!
//! ```text
//! cargo build --target wasm32-unknown-unknown                 embed: any runtime, any language
//! cargo build --target wasm32-unknown-unknown --features js   js:    wasm-bindgen, for the npm package
//!     … --no-default-features                                 the same without the contract language
//!
//!   embed ─┐
//!          ├─▶ source, options ─▶ Engine ─▶ Flow: an exchange whose tickets are numbers
//!   js ────┘
//! ```
//!
//! Neither calls out: the module is polled, as the core is, and the embedder runs the handlers.

#[cfg(not(feature = "js"))]
pub mod embed;
#[cfg(feature = "js")]
mod js;

mod flow;
mod options;
mod report;
mod source;
mod table;

/// A third of what the allocator of the standard library weighs, and memory stays as small.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
