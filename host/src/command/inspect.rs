//! `pintle inspect PLUGIN`

use std::fmt::Write;

use pintle::plugin::{Import, Memory, ModuleInfo, inspect};

use crate::cli::{self, Exit, Failure, Outcome, visible};

/// Show what a plugin is and what it wants
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  pintle inspect checkout.wasm")]
pub(crate) struct Inspect {
    /// A WebAssembly file
    plugin: std::path::PathBuf,
    /// Answer with one JSON object
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub(crate) fn run(self) -> Outcome {
        let path = self.plugin.display();
        let module =
            std::fs::read(&self.plugin).map_err(|error| Failure::cannot(format!("{path}: {error}")))?;
        let info = inspect(&module).map_err(|error| Failure::no(format!("{path}: {error}")))?;
        let text = if self.json { format!("{}\n", json(&info)) } else { text(&info) };
        cli::answer(&visible(&text))?;
        Ok(Exit::Yes)
    }
}

fn text(info: &ModuleInfo) -> String {
    let mut out = String::new();
    let or = |list: &[String], none: &str| if list.is_empty() { none.to_owned() } else { list.join(", ") };
    // Writing to a string cannot fail.
    let _ = match info.abi {
        Some(version) => writeln!(out, "abi         {version}"),
        None => writeln!(out, "abi         none: this is no plugin"),
    };
    let interfaces = info.interfaces.as_deref().map_or("not said".to_owned(), |names| or(names, "none"));
    let _ = writeln!(out, "interfaces  {interfaces}");
    let _ = writeln!(out, "size        {} bytes", info.size);
    for Memory { min, max, wide } in &info.memories {
        let most =
            max.map_or("no maximum".to_owned(), |max| format!("at most {} KiB", max.saturating_mul(64)));
        let kind = if *wide { "64-bit" } else { "32-bit" };
        let _ = writeln!(out, "memory      {kind}, {} KiB at start, {most}", min.saturating_mul(64));
    }
    let _ = writeln!(out, "exports     {}", or(&info.exports, "none"));
    for Import { module, name, kind } in &info.imports {
        let _ = writeln!(out, "import      {module} {name} {kind}");
    }
    let wasi = if info.wasi { "WASI without files, network, environment and arguments" } else { "no WASI" };
    let _ = writeln!(out, "granted     {wasi}; nothing else unless the manifest grants it");
    out
}

fn json(info: &ModuleInfo) -> serde_json::Value {
    let import = |import: &Import| serde_json::json!({ "module": import.module, "name": import.name, "kind": import.kind });
    let memory =
        |memory: &Memory| serde_json::json!({ "min": memory.min, "max": memory.max, "wide": memory.wide });
    serde_json::json!({
        "abi": info.abi,
        "interfaces": info.interfaces,
        "size": info.size,
        "memories": info.memories.iter().map(memory).collect::<Vec<_>>(),
        "exports": info.exports,
        "imports": info.imports.iter().map(import).collect::<Vec<_>>(),
        "wasi": info.wasi,
    })
}
