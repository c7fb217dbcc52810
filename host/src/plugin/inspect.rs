//! What a plugin is, read without compiling or running it.

use wasmparser::{CompositeInnerType, ExternalKind, FuncType, Parser, Payload, TypeRef};

use super::abi;
use super::component::info::{self, ComponentInfo};

/// A plugin, described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PluginInfo {
    /// It is a core module.
    Module(ModuleInfo),
    /// It is a component.
    Component(ComponentInfo),
}

impl PluginInfo {
    /// The interfaces that it says it serves, by its types or by its custom section `pintle.interfaces`.
    pub fn interfaces(&self) -> Option<&[String]> {
        match self {
            PluginInfo::Module(module) => module.interfaces.as_deref(),
            PluginInfo::Component(component) => component.interfaces.as_deref(),
        }
    }
}

/// A core module, described.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModuleInfo {
    /// Version of the ABI that the module says it follows, if it says so.
    pub abi: Option<u32>,
    /// Bytes of the module.
    pub size: usize,
    /// What it imports, in order.
    pub imports: Vec<Import>,
    /// Names that it exports, in order.
    pub exports: Vec<String>,
    /// Its linear memories, imported ones first.
    pub memories: Vec<Memory>,
    /// The interfaces that it says it serves (custom section `pintle.interfaces`).
    pub interfaces: Option<Vec<String>>,
    /// Whether it imports WASI preview 1.
    pub wasi: bool,
}

/// One import of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Name of the module that it is imported from.
    pub module: String,
    /// Its name.
    pub name: String,
    /// `(i32, i32) -> i64` for a function, `memory`, `table`, `global` or `tag`.
    pub kind: String,
}

/// A linear memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Pages of 64 KiB at start.
    pub min: u64,
    /// Pages of 64 KiB at most.
    pub max: Option<u64>,
    /// Whether its addresses have 64 bits.
    pub wide: bool,
}

/// Describes a plugin, which is a core module or a component by its first bytes. The error says why it is neither.
pub fn inspect(plugin: &[u8]) -> Result<PluginInfo, String> {
    let read = if Parser::is_component(plugin) {
        info::read(plugin).map(PluginInfo::Component)
    } else {
        read(plugin).map(PluginInfo::Module)
    };
    read.map_err(|error| format!("not a WebAssembly module or component: {error}"))
}

fn read(module: &[u8]) -> Result<ModuleInfo, String> {
    let mut info = ModuleInfo { size: module.len(), ..ModuleInfo::default() };
    let mut types: Vec<Option<FuncType>> = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(text)? {
            Payload::TypeSection(section) => {
                for group in section {
                    types.extend(group.map_err(text)?.into_types().map(|ty| match ty.composite_type.inner {
                        CompositeInnerType::Func(ty) => Some(ty),
                        _ => None,
                    }));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(text)?;
                    let kind = match import.ty {
                        TypeRef::Func(index) | TypeRef::FuncExact(index) => {
                            match types.get(index as usize).and_then(Option::as_ref) {
                                Some(ty) => signature(ty.params(), ty.results()),
                                None => return Err(format!("import {} has no type", import.name)),
                            }
                        }
                        TypeRef::Table(_) => "table".to_owned(),
                        TypeRef::Memory(ty) => {
                            info.memories.push(memory(&ty));
                            "memory".to_owned()
                        }
                        TypeRef::Global(_) => "global".to_owned(),
                        TypeRef::Tag(_) => "tag".to_owned(),
                    };
                    info.wasi |= import.module == abi::WASI;
                    info.imports.push(Import {
                        module: import.module.to_owned(),
                        name: import.name.to_owned(),
                        kind,
                    });
                }
            }
            Payload::MemorySection(section) => {
                for ty in section {
                    info.memories.push(memory(&ty.map_err(text)?));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.map_err(text)?;
                    if matches!(export.kind, ExternalKind::Func | ExternalKind::Global)
                        && let Some(version) = export.name.strip_prefix(abi::MARKER_PREFIX)
                    {
                        info.abi = version.parse().ok().or(info.abi);
                    }
                    info.exports.push(export.name.to_owned());
                }
            }
            Payload::CustomSection(section) if section.name() == abi::INTERFACES => {
                interfaces(section.data(), &mut info.interfaces)?;
            }
            _ => {}
        }
    }
    Ok(info)
}

/// Reads the custom section that says which interfaces a plugin serves.
pub(super) fn interfaces(section: &[u8], found: &mut Option<Vec<String>>) -> Result<(), String> {
    if found.is_some() {
        return Err(format!("two sections {}", abi::INTERFACES));
    }
    let names = serde_json::from_slice(section)
        .map_err(|error| format!("the section {} is not a JSON list of names: {error}", abi::INTERFACES))?;
    *found = Some(names);
    Ok(())
}

pub(super) fn text(error: wasmparser::BinaryReaderError) -> String {
    error.to_string()
}

fn memory(ty: &wasmparser::MemoryType) -> Memory {
    Memory { min: ty.initial, max: ty.maximum, wide: ty.memory64 }
}

/// A function type as messages show it: `(i32, i32) -> i64`, `()` for no result.
pub(super) fn signature<T: std::fmt::Display>(params: &[T], results: &[T]) -> String {
    let list = |types: &[T]| types.iter().map(T::to_string).collect::<Vec<_>>().join(", ");
    match results {
        [one] => format!("({}) -> {one}", list(params)),
        _ => format!("({}) -> ({})", list(params), list(results)),
    }
}
