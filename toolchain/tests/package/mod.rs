//! What `wasm-tools component wit` makes of a package, by the library that this tool is.

use pintle_toolchain::File;
use wasmparser::{Validator, WasmFeatures};
use wit_component::WitPrinter;
use wit_parser::{Resolve, SourceMap};

/// Reads the package, encodes it as a component, validates that, prints it and reads it again.
pub(crate) fn judged(files: &[File]) -> Result<Resolve, String> {
    let mut resolve = Resolve::default();
    let mut sources = SourceMap::new();
    for file in files {
        match file.path.starts_with("deps/") {
            true => resolve.push_str(&file.path, &file.text).map(|_| ()).map_err(|why| format!("{why:?}"))?,
            false => sources.push_str(&file.path, &file.text),
        }
    }
    let group = sources.parse().map_err(|(sources, why)| why.render(&sources))?;
    let package = resolve.push_group(group).map_err(|why| format!("{why:?}"))?;
    let bytes = wit_component::encode(&resolve, package).map_err(|why| format!("{why:?}"))?;
    Validator::new_with_features(WasmFeatures::all()).validate_all(&bytes).map_err(|why| why.to_string())?;
    let mut printer = WitPrinter::default();
    printer.print(&resolve, package, &[]).map_err(|why| format!("{why:?}"))?;
    let printed = printer.output.to_string();
    let mut again = Resolve::default();
    for file in files.iter().filter(|file| file.path.starts_with("deps/")) {
        again.push_str(&file.path, &file.text).map_err(|why| format!("{why:?}"))?;
    }
    again.push_str("printed.wit", &printed).map_err(|why| format!("{why:?}\n{printed}"))?;
    Ok(resolve)
}
