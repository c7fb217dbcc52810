//! The contract `std`, made by `pintle gen rust`: change the contract and make it again.

// Names and comments are the contract's, and nobody uses all of it.
#![allow(dead_code, missing_docs, unreachable_pub)]
#![allow(clippy::complexity, clippy::style, rustdoc::bare_urls)]

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    First,
    Second,
}
