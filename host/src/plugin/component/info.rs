//! What a component is, read without compiling or running it.

use wasmparser::{ComponentExternalKind, ComponentTypeRef, Instance, Parser, Payload};

use super::check::{HANDLE, TYPED};
use crate::plugin::abi;
use crate::plugin::engine::{SLOT_ELEMENTS, SLOT_INSTANCES, SLOT_MEMORIES, SLOT_TABLES};
use crate::plugin::inspect::{interfaces, text};

/// How a component takes calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum World {
    /// As JSON text, by the function `handle` of the world `pintle:plugin/plugin`.
    Bytes,
    /// By a function for each method, in interfaces that are written from a contract.
    Typed,
    /// It takes none: this is no plugin.
    #[default]
    None,
}

/// A component, described.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ComponentInfo {
    /// Bytes of the component.
    pub size: usize,
    /// How it takes calls, by the names of its exports.
    pub world: World,
    /// Names that it imports, in order: interfaces, and functions of its own.
    pub imports: Vec<String>,
    /// Names that it exports, in order: interfaces, and functions of its own.
    pub exports: Vec<String>,
    /// The interfaces of the contract that it serves: what its types say, once they were held against a contract, or
    /// what it says itself (custom section `pintle.interfaces`).
    pub interfaces: Option<Vec<String>>,
    /// Whether it imports interfaces of WASI.
    pub wasi: bool,
    /// Linear memories of the modules inside.
    pub memories: usize,
    /// Whether its parts are few enough for a slot, as far as can be told from outside.
    pub(in crate::plugin) fits: bool,
}

pub(in crate::plugin) fn read(component: &[u8]) -> Result<ComponentInfo, String> {
    let mut info = ComponentInfo { size: component.len(), ..ComponentInfo::default() };
    let (mut depth, mut tables, mut instances, mut wide) = (0_u32, 0, 0, false);
    for payload in Parser::new(0).parse_all(component) {
        let is_outer = depth == 1;
        match payload.map_err(text)? {
            Payload::Version { .. } => depth = depth.saturating_add(1),
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::MemorySection(section) => info.memories += section.count() as usize,
            Payload::TableSection(section) => {
                for table in section {
                    tables += 1;
                    wide |= table.map_err(text)?.ty.initial > SLOT_ELEMENTS as u64;
                }
            }
            Payload::InstanceSection(section) => {
                for instance in section {
                    instances += u32::from(matches!(instance.map_err(text)?, Instance::Instantiate { .. }));
                }
            }
            Payload::ComponentImportSection(section) if is_outer => {
                for import in section {
                    let import = import.map_err(text)?;
                    // A type that an interface brought already.
                    if matches!(import.ty, ComponentTypeRef::Type(_)) {
                        continue;
                    }
                    let name = import.name.name;
                    info.wasi |= name.starts_with("wasi:");
                    info.imports.push(name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if is_outer => {
                for export in section {
                    let export = export.map_err(text)?;
                    if export.kind != ComponentExternalKind::Type {
                        info.exports.push(export.name.name.to_owned());
                    }
                }
            }
            Payload::CustomSection(section) if is_outer && section.name() == abi::INTERFACES => {
                interfaces(section.data(), &mut info.interfaces)?;
            }
            _ => {}
        }
    }
    info.world = match &info.exports {
        exports if exports.iter().any(|name| name == HANDLE) => World::Bytes,
        exports if exports.iter().any(|name| name.starts_with(TYPED)) => World::Typed,
        _ => World::None,
    };
    let few = info.memories <= SLOT_MEMORIES as usize && tables <= SLOT_TABLES && instances <= SLOT_INSTANCES;
    info.fits = few && !wide;
    Ok(info)
}
