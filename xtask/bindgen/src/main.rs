//! `xtask-bindgen MODULE DIRECTORY`: writes the JavaScript binding of a module that was built with wasm-bindgen, as
//! ES modules that are given their `.wasm` by whoever imports them.

use std::env::args_os;

use anyhow::{Context, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let [_, module, directory] = &args_os().collect::<Vec<_>>()[..] else {
        bail!("usage: xtask-bindgen MODULE DIRECTORY");
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).typescript(true).omit_default_module_path(true).web(true)?;
    bindgen.generate(directory).with_context(|| format!("the binding of {}", module.display()))
}
