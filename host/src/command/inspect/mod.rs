//! `pintle inspect PLUGIN`

mod rights;
mod wit;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use pintle::config::{self, Manifest};
use pintle::plugin::{ComponentInfo, Import, Memory, ModuleInfo, PluginInfo, World, inspect};
use serde_json::json;

use self::rights::Want;
use self::wit::Wit;
use crate::cli::{self, Exit, Failure, Outcome, visible};

/// Show what a plugin is, what it wants, and what it would be granted
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pintle inspect checkout.wasm
  pintle inspect checkout.wasm --manifest pintle.toml")]
pub(crate) struct Inspect {
    /// A WebAssembly file, a core module or a component
    plugin: PathBuf,
    /// A manifest that has the plugin; without one, nothing is granted
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Answer with one JSON object
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub(crate) fn run(self) -> Outcome {
        let path = self.plugin.display();
        let plugin =
            std::fs::read(&self.plugin).map_err(|error| Failure::cannot(format!("{path}: {error}")))?;
        let no = |error: String| Failure::no(format!("{path}: {error}"));
        let info = inspect(&plugin).map_err(no)?;
        let settings =
            self.manifest.as_deref().map(|manifest| settings(manifest, &self.plugin)).transpose()?;
        let (wit, imports) = match &info {
            PluginInfo::Module(module) => {
                let imports =
                    module.imports.iter().map(|Import { module, name, .. }| format!("{module}::{name}"));
                (None, imports.collect())
            }
            PluginInfo::Component(_) => {
                let Wit { text, imports } = Wit::read(&plugin).map_err(|error| no(format!("{error:#}")))?;
                (Some(text), imports)
            }
        };
        let wants = rights::wants(&imports, settings.as_ref());
        let out = match (&info, self.json) {
            (PluginInfo::Module(info), false) => module_text(info) + &wants_text(&wants),
            (PluginInfo::Component(info), false) => {
                let wit = wit.unwrap_or_default();
                format!("{}{}\n{wit}", component_text(info), wants_text(&wants))
            }
            (info, true) => {
                let mut object = match info {
                    PluginInfo::Module(info) => module_json(info),
                    PluginInfo::Component(info) => component_json(info, wit.as_deref()),
                };
                object["wants"] = wants.iter().map(Want::json).collect();
                format!("{object}\n")
            }
        };
        cli::answer(&visible(&out))?;
        Ok(Exit::Yes)
    }
}

/// What a manifest says of this file.
fn settings(manifest: &Path, plugin: &Path) -> Result<config::Plugin, Failure> {
    let shown = manifest.display();
    let read = Manifest::read(manifest).map_err(|error| Failure::cannot(format!("{shown}: {error}")))?;
    let config = read.config().map_err(|error| Failure::no(error.to_string()))?;
    let whole = |path: &Path| std::fs::canonicalize(path).ok();
    let wanted = whole(plugin);
    let found = config.plugins.into_iter().find(|settings| whole(&settings.path) == wanted);
    found.ok_or_else(|| Failure::no(format!("{shown} has no plugin whose path is {}", plugin.display())))
}

fn or(list: &[String], none: &str) -> String {
    if list.is_empty() { none.to_owned() } else { list.join(", ") }
}

fn said(interfaces: Option<&[String]>) -> String {
    interfaces.map_or("not said".to_owned(), |names| or(names, "none"))
}

fn wants_text(wants: &[Want]) -> String {
    let lines = wants.iter().map(|want| format!("wants       {want}\n"));
    let lines: String = lines.collect();
    if lines.is_empty() { "wants       nothing of its host but logging\n".to_owned() } else { lines }
}

fn module_text(info: &ModuleInfo) -> String {
    let mut out = "kind        core module\n".to_owned();
    // Writing to a string cannot fail.
    let _ = match info.abi {
        Some(version) => writeln!(out, "abi         {version}"),
        None => writeln!(out, "abi         none: this is no plugin"),
    };
    let _ = writeln!(out, "interfaces  {}", said(info.interfaces.as_deref()));
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
    out
}

fn component_text(info: &ComponentInfo) -> String {
    let world = match info.world {
        World::Bytes => "bytes: takes calls as JSON text",
        World::Typed => "typed: a function for each method of a contract",
        World::None => "none: this is no plugin",
    };
    format!(
        "kind        component\n\
         world       {world}\n\
         interfaces  {}\n\
         size        {} bytes\n\
         memories    {}\n\
         exports     {}\n\
         imports     {}\n",
        said(info.interfaces.as_deref()),
        info.size,
        info.memories,
        or(&info.exports, "none"),
        or(&info.imports, "none"),
    )
}

fn module_json(info: &ModuleInfo) -> serde_json::Value {
    let import =
        |import: &Import| json!({ "module": import.module, "name": import.name, "kind": import.kind });
    let memory = |memory: &Memory| json!({ "min": memory.min, "max": memory.max, "wide": memory.wide });
    json!({
        "kind": "module",
        "abi": info.abi,
        "interfaces": info.interfaces,
        "size": info.size,
        "memories": info.memories.iter().map(memory).collect::<Vec<_>>(),
        "exports": info.exports,
        "imports": info.imports.iter().map(import).collect::<Vec<_>>(),
        "wasi": info.wasi,
    })
}

fn component_json(info: &ComponentInfo, wit: Option<&str>) -> serde_json::Value {
    let world = match info.world {
        World::Bytes => Some("bytes"),
        World::Typed => Some("typed"),
        World::None => None,
    };
    json!({
        "kind": "component",
        "world": world,
        "interfaces": info.interfaces,
        "size": info.size,
        "memories": info.memories,
        "exports": info.exports,
        "imports": info.imports,
        "wasi": info.wasi,
        "wit": wit,
    })
}
