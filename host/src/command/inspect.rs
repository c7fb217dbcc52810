//! `pintle inspect PLUGIN`

use std::fmt::Write;

use pintle::plugin::{ComponentInfo, Import, Memory, ModuleInfo, PluginInfo, World, inspect};

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
        let plugin =
            std::fs::read(&self.plugin).map_err(|error| Failure::cannot(format!("{path}: {error}")))?;
        let info = inspect(&plugin).map_err(|error| Failure::no(format!("{path}: {error}")))?;
        let text = match (&info, self.json) {
            (PluginInfo::Module(info), true) => format!("{}\n", json(info)),
            (PluginInfo::Module(info), false) => text(info),
            (PluginInfo::Component(info), as_json) => {
                let wit = wit(&plugin).map_err(|error| Failure::no(format!("{path}: {error:#}")))?;
                if as_json { format!("{}\n", component_json(info, &wit)) } else { component_text(info, &wit) }
            }
        };
        cli::answer(&visible(&text))?;
        Ok(Exit::Yes)
    }
}

/// What a component imports and exports, as WIT. The packages of WASI are known and long.
fn wit(component: &[u8]) -> anyhow::Result<String> {
    let decoded = wit_component::decode(component)?;
    let (resolve, root) = (decoded.resolve(), decoded.package());
    let packages =
        resolve.packages.iter().filter(|(id, package)| *id != root && package.name.namespace != "wasi");
    let packages: Vec<_> = packages.map(|(id, _)| id).collect();
    let mut printer = wit_component::WitPrinter::default();
    printer.emit_docs(false).print(resolve, root, &packages)?;
    Ok(printer.output.to_string())
}

fn world(info: &ComponentInfo) -> &'static str {
    match info.world {
        World::Bytes => "bytes: calls as JSON text",
        World::Typed => "typed: a function for each method of a contract",
        World::None => "none: this is no plugin",
    }
}

fn or(list: &[String], none: &str) -> String {
    if list.is_empty() { none.to_owned() } else { list.join(", ") }
}

fn component_text(info: &ComponentInfo, wit: &str) -> String {
    let interfaces = info.interfaces.as_deref().map_or("not said".to_owned(), |names| or(names, "none"));
    let wasi = if info.wasi { "WASI without files, network, environment and arguments" } else { "no WASI" };
    format!(
        "world       {}\n\
         interfaces  {interfaces}\n\
         size        {} bytes\n\
         memories    {}\n\
         exports     {}\n\
         imports     {}\n\
         granted     {wasi}; nothing else unless the manifest grants it\n\n{wit}",
        world(info),
        info.size,
        info.memories,
        or(&info.exports, "none"),
        or(&info.imports, "none"),
    )
}

fn component_json(info: &ComponentInfo, wit: &str) -> serde_json::Value {
    serde_json::json!({
        "world": world(info).split(':').next(),
        "interfaces": info.interfaces,
        "size": info.size,
        "memories": info.memories,
        "exports": info.exports,
        "imports": info.imports,
        "wasi": info.wasi,
        "wit": wit,
    })
}

fn text(info: &ModuleInfo) -> String {
    let mut out = String::new();
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
