//! The embed ABI, version 1: the core in any WebAssembly runtime, from any language.
#![doc = include_str!("../embed/README.md")]

mod buffer;
mod exports;
mod module;
