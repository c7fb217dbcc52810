//! From the bytes of a plugin to something that can be instantiated.

use std::sync::Arc;

use pintle_core::Contract;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use wasmparser::{Parser, Payload};
use wasmtime::component::Component;
use wasmtime::{ExternType, Module, ModuleExport};

use super::component::info::ComponentInfo;
use super::engine::Engine;
use super::inspect::{ModuleInfo, PluginInfo, inspect, signature};
use super::limits::GuestLimits;
use super::{Isolation, abi, component, imports, module};

/// Why a plugin was refused. Shows every reason, one a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    /// The reasons; at least one.
    pub reasons: Vec<String>,
}

impl LoadError {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        LoadError { reasons: vec![reason.into()] }
    }
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reasons.join("\n"))
    }
}

impl std::error::Error for LoadError {}

/// A plugin that passed all checks, linked.
pub(super) enum Prepared {
    Module(Box<module::Prepared>),
    Component(component::Prepared),
}

impl Prepared {
    /// The engine that it is compiled for.
    pub(super) fn engine(&self) -> &wasmtime::Engine {
        match self {
            Prepared::Module(module) => module.pre.module().engine(),
            Prepared::Component(component) => component.pre.engine(),
        }
    }

    /// Whether its guests need a WASI context.
    pub(super) fn wants_wasi(&self) -> bool {
        match self {
            Prepared::Module(module) => module.wasi,
            Prepared::Component(component) => component.wasi,
        }
    }
}

/// Checks and compiles off the server's threads, within the limits.
pub(super) async fn prepare(
    engine: &Engine,
    bytes: Arc<[u8]>,
    isolation: Isolation,
    limits: &GuestLimits,
    contract: Option<Arc<Contract>>,
) -> Result<(PluginInfo, Prepared), LoadError> {
    if bytes.len() > limits.module {
        let reason = format!("the plugin has {} bytes; the limit is {}", bytes.len(), limits.module);
        return Err(LoadError::new(reason));
    }
    if limits.fuel.is_some() && !engine.counts_fuel() {
        return Err(LoadError::new("fuel is limited, but the engine does not count fuel"));
    }
    let engine = engine.clone();
    let work = spawn_blocking(move || link(&engine, &bytes, isolation, contract.as_deref()));
    match timeout(limits.compile_time, work).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(LoadError::new("the compiler failed")),
        Err(_) => {
            let reason =
                format!("compilation takes longer than {:?}: raise `compile_time`", limits.compile_time);
            Err(LoadError::new(reason))
        }
    }
}

fn link(
    engine: &Engine,
    bytes: &[u8],
    isolation: Isolation,
    contract: Option<&Contract>,
) -> Result<(PluginInfo, Prepared), LoadError> {
    check_footprint(bytes)?;
    Ok(match inspect(bytes).map_err(LoadError::new)? {
        PluginInfo::Module(info) => {
            let prepared = link_module(engine, bytes, isolation, &info)?;
            (PluginInfo::Module(info), Prepared::Module(Box::new(prepared)))
        }
        PluginInfo::Component(mut info) => {
            let prepared = link_component(engine, bytes, isolation, &info, contract)?;
            if let component::World::Typed(world) = &prepared.world {
                info.interfaces = Some(world.interfaces.clone());
            }
            (PluginInfo::Component(info), Prepared::Component(prepared))
        }
    })
}

/// Bytes that an instance may take beside its memories and tables, which are all that [`GuestLimits::memory`] counts.
const FOOTPRINT: usize = 8 << 20;

/// Refuses what has so many functions and globals that its instances would be large before they do anything.
fn check_footprint(bytes: &[u8]) -> Result<(), LoadError> {
    let (mut functions, mut globals) = (0usize, 0usize);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(Payload::FunctionSection(section)) => functions += section.count() as usize,
            Ok(Payload::GlobalSection(section)) => globals += section.count() as usize,
            // `inspect` says what is wrong.
            Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
    // A reference to a function, and the largest global.
    let bytes = functions.saturating_mul(40).saturating_add(globals.saturating_mul(16));
    if bytes > FOOTPRINT {
        let reason = format!(
            "{functions} functions and {globals} globals take {bytes} bytes in every instance, beside its memory; the \
             limit is {FOOTPRINT}"
        );
        return Err(LoadError::new(reason));
    }
    Ok(())
}

fn link_module(
    engine: &Engine,
    bytes: &[u8],
    isolation: Isolation,
    info: &ModuleInfo,
) -> Result<module::Prepared, LoadError> {
    check_imports(info)?;
    let fits = info.memories.len() <= 1;
    let (tier, module) = engine.compile::<Module>(bytes, isolation, fits).map_err(refused)?;
    let Exports { memory, alloc, call, free, initialize } = Exports::check(info, &module)?;
    let linker = if info.wasi { &tier.wasi } else { &tier.linker };
    let pre = linker.instantiate_pre(&module).map_err(refused)?;
    let (driver, wasi) = (tier.driver.clone(), info.wasi);
    Ok(module::Prepared { pre, driver, wasi, memory, alloc, call, free, initialize })
}

fn link_component(
    engine: &Engine,
    bytes: &[u8],
    isolation: Isolation,
    info: &ComponentInfo,
    contract: Option<&Contract>,
) -> Result<component::Prepared, LoadError> {
    let (tier, component) = engine.compile::<Component>(bytes, isolation, info.fits).map_err(refused)?;
    let world = component::check(&component, info, contract)?;
    let pre = tier.components.instantiate_pre(&component).map_err(refused)?;
    Ok(component::Prepared { pre, wasi: info.wasi, world })
}

fn refused(error: wasmtime::Error) -> LoadError {
    LoadError::new(format!("{error:#}"))
}

/// Refuses what the host does not have, by name. Names and types of WASI are left to the linker.
fn check_imports(info: &ModuleInfo) -> Result<(), LoadError> {
    let mut reasons = Vec::new();
    for import in &info.imports {
        let name = format!("`{}::{}`", import.module, import.name);
        if import.module == abi::WASI {
            continue;
        }
        let known =
            imports::IMPORTS.iter().find(|(known, _)| import.module == abi::HOST && *known == import.name);
        match known {
            None => reasons.push(format!("unknown import {name}: {}", import.kind)),
            Some((_, expected)) if *expected != import.kind => {
                reasons.push(format!("import {name} has the type {}, expected {expected}", import.kind));
            }
            Some(_) => {}
        }
    }
    if reasons.is_empty() { Ok(()) } else { Err(LoadError { reasons }) }
}

struct Exports {
    memory: ModuleExport,
    alloc: ModuleExport,
    call: ModuleExport,
    free: Option<ModuleExport>,
    initialize: Option<ModuleExport>,
}

impl Exports {
    fn check(info: &ModuleInfo, module: &Module) -> Result<Exports, LoadError> {
        let mut reasons = Vec::new();
        if info.abi != Some(1) {
            reasons.push(match info.abi {
                None => format!("missing export `{}`: the version of the plugin ABI", abi::MARKER),
                Some(version) => format!("the module follows ABI version {version}; this host knows 1"),
            });
        }
        match module.get_export(abi::MEMORY) {
            None => reasons.push(format!("missing export `{}`: a memory", abi::MEMORY)),
            Some(ExternType::Memory(memory)) if memory.is_64() => {
                reasons.push(format!("export `{}` is a 64-bit memory, expected a 32-bit one", abi::MEMORY));
            }
            Some(ExternType::Memory(memory)) if memory.is_shared() => {
                reasons.push(format!("export `{}` is a shared memory", abi::MEMORY));
            }
            Some(ExternType::Memory(_)) => {}
            Some(_) => reasons.push(format!("export `{}` is not a memory", abi::MEMORY)),
        }
        if info.memories.iter().any(|memory| memory.wide) && reasons.is_empty() {
            reasons.push("the module has a 64-bit memory".to_owned());
        }
        let mut function = |name: &str, expected: &str, needed: bool| match module.get_export(name) {
            None if needed => reasons.push(format!("missing export `{name}`: {expected}")),
            None => {}
            Some(ExternType::Func(ty)) => {
                let params: Vec<_> = ty.params().collect();
                let results: Vec<_> = ty.results().collect();
                let found = signature(&params, &results);
                if found != expected {
                    reasons.push(format!("export `{name}` has the type {found}, expected {expected}"));
                }
            }
            Some(_) => reasons.push(format!("export `{name}` is not a function, expected {expected}")),
        };
        function(abi::ALLOC, "(i32) -> i32", true);
        function(abi::CALL, "(i32, i32, i32, i32) -> i64", true);
        function(abi::FREE, "(i32, i32) -> ()", false);
        function(abi::INITIALIZE, "() -> ()", false);
        if !reasons.is_empty() {
            return Err(LoadError { reasons });
        }
        let index = |name: &str| module.get_export_index(name);
        match (index(abi::MEMORY), index(abi::ALLOC), index(abi::CALL)) {
            (Some(memory), Some(alloc), Some(call)) => Ok(Exports {
                memory,
                alloc,
                call,
                free: index(abi::FREE),
                initialize: index(abi::INITIALIZE),
            }),
            _ => Err(LoadError::new("the module lost an export")),
        }
    }
}
