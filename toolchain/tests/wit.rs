//! `gen wit`: what `wasm-tools component wit` makes of it, by the library that this tool is.

mod goldens;

use pintle_core::Contract;
use pintle_toolchain::{File, wit};
use wasmparser::{Validator, WasmFeatures};
use wit_component::WitPrinter;
use wit_parser::{Resolve, UnresolvedPackageGroup};

/// Reads the package, encodes it as a component, validates that, prints it and reads it again.
fn judged(files: &[File]) -> Result<Resolve, String> {
    let mut resolve = Resolve::default();
    let mut sources = wit_parser::SourceMap::new();
    for file in files {
        sources.push_str(&file.path, &file.text);
    }
    let group: UnresolvedPackageGroup = sources.parse().map_err(|(sources, why)| why.render(&sources))?;
    let package = resolve.push_group(group).map_err(|why| format!("{why:?}"))?;
    let bytes = wit_component::encode(&mut resolve, package).map_err(|why| format!("{why:?}"))?;
    Validator::new_with_features(WasmFeatures::all()).validate_all(&bytes).map_err(|why| why.to_string())?;
    let mut printer = WitPrinter::default();
    printer.print(&resolve, package, &[]).map_err(|why| format!("{why:?}"))?;
    let printed = printer.output.to_string();
    Resolve::default().push_str("printed.wit", &printed).map_err(|why| format!("{why:?}\n{printed}"))?;
    Ok(resolve)
}

fn generated(contract: &Contract) -> Vec<File> {
    wit::generate(contract).expect("it is small enough")
}

#[test]
fn every_package_is_accepted() {
    for (name, contract) in goldens::all() {
        let files = generated(&contract);
        goldens::same(name, "wit", &files);
        judged(&files).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}
