//! `xtask-bindgen MODULE DIRECTORY`: writes the JavaScript binding of a module that was built with wasm-bindgen, as
//! an ES module that is given an instance by whoever imports it.

use std::env::args_os;

use anyhow::{Context, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let [_, module, directory] = &args_os().collect::<Vec<_>>()[..] else {
        bail!("usage: xtask-bindgen MODULE DIRECTORY");
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).typescript(true).bundler(true)?;
    bindgen.generate(directory).with_context(|| format!("the binding of {}", module.display()))
}
