//! What a component must import and export to be a plugin.

use std::sync::Arc;

use pintle_core::Contract;
use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

use super::host::Error;
use super::info::{self, ComponentInfo};
use super::{World, shown, typed};
use crate::plugin::load::LoadError;

/// What the names of interfaces that are written from a contract begin with.
pub(super) const TYPED: &str = "pintle:";

/// The function of the bytes world, and what its type is.
pub(super) const HANDLE: &str = "handle";
const HANDLE_TYPE: &str = "func(method: string, params: string) -> result<string, record { code: s32, message: string, data: \
                           option<string> }>";

/// Which world a component is of. Refuses what the host does not have, by name.
pub(in crate::plugin) fn check(
    component: &Component,
    info: &ComponentInfo,
    contract: Option<&Contract>,
) -> Result<World, LoadError> {
    let mut reasons = unknown(component);
    let world = match (info.world, contract) {
        (info::World::Bytes, _) => bytes(component).map_err(|reason| vec![reason]),
        (info::World::Typed, Some(contract)) => {
            let exports: Vec<String> =
                info.exports.iter().filter(|name| name.starts_with(TYPED)).cloned().collect();
            typed::check(component, &exports, contract).map(|world| World::Typed(Arc::new(world)))
        }
        (info::World::Typed, None) => {
            Err(vec!["a component with a function for each method needs the contract".to_owned()])
        }
        (info::World::None, _) => Err(vec![format!(
            "missing export `{HANDLE}`: `{HANDLE_TYPE}`, or an interface of the contract as `pintle gen wit` writes it"
        )]),
    };
    match world {
        Ok(world) if reasons.is_empty() => Ok(world),
        Ok(_) => Err(LoadError { reasons }),
        Err(more) => {
            reasons.extend(more);
            Err(LoadError { reasons })
        }
    }
}

fn bytes(component: &Component) -> Result<World, String> {
    let (found, index) = match component.get_export(None, HANDLE) {
        Some((ComponentItem::ComponentFunc(found), index)) => (found, index),
        Some((found, _)) => {
            return Err(format!("export `{HANDLE}` is {}, expected `{HANDLE_TYPE}`", shown::item(&found)));
        }
        None => return Err(format!("missing export `{HANDLE}`: `{HANDLE_TYPE}`")),
    };
    let ty = component.component_type();
    let fits = found.typecheck::<(String, String), (Result<String, Error>,)>(&ty.instance_type()).is_ok();
    if fits && !found.async_() {
        return Ok(World::Bytes(index));
    }
    let found = shown::function(&found);
    Err(format!("export `{HANDLE}` has the type `{found}`, expected `{HANDLE_TYPE}`"))
}

/// Imports that no host has. Names and types inside of those that are known are left to the linker, and so is what
/// brings only types.
fn unknown(component: &Component) -> Vec<String> {
    let (ty, engine) = (component.component_type(), component.engine());
    let mut reasons = Vec::new();
    for (name, import) in ty.imports(engine) {
        if name.starts_with("wasi:") || name.starts_with("pintle:plugin/host@") {
            continue;
        }
        let found = match &import.ty {
            ComponentItem::ComponentInstance(interface) => {
                let functions = interface.exports(engine);
                let functions =
                    functions.filter(|(_, item)| matches!(item.ty, ComponentItem::ComponentFunc(_)));
                let names: Vec<&str> = functions.take(10).map(|(name, _)| name).collect();
                if names.is_empty() {
                    continue;
                }
                format!("an interface with {}", names.join(", "))
            }
            other => shown::item(other),
        };
        reasons.push(format!("unknown import `{name}`: {found}"));
    }
    reasons
}
