//! Plugins from their texts.

#![allow(dead_code, reason = "each file of tests needs a part")]

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The package of the bytes world and of what every component may ask.
pub(crate) const HOST: &str = include_str!("../../../guest/wit/plugin.wit");

/// A plugin from its text. What has the allocator of components is the core module of one, of the bytes world.
pub(crate) fn wasm(wat: &str) -> Vec<u8> {
    if wat.contains("(component") {
        wat::parse_str(wat).unwrap()
    } else if wat.contains("\"wasi:") {
        componentize(&[HOST, include_str!("wasi2.wit")], "test:wasi/guest", wat)
    } else if wat.contains("\"cabi_realloc\"") {
        componentize(&[HOST], "pintle:plugin/plugin", wat)
    } else {
        wat::parse_str(wat).unwrap()
    }
}

/// A component of a world: the packages before the one that has the world come first.
pub(crate) fn componentize(packages: &[&str], world: &str, wat: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let mut main = None;
    for package in packages {
        main = Some(resolve.push_str("test.wit", package).unwrap());
    }
    let world = resolve.select_world(&[main.unwrap()], Some(world)).unwrap();
    let mut module = wat::parse_str(wat).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
}

/// What a contract is in WIT, if it has one namespace; it needs [`HOST`].
pub(crate) fn wit(contract: &pintle_core::Contract) -> String {
    let [file, _] = pintle_toolchain::wit::generate(contract).unwrap().try_into().unwrap();
    file.text
}
