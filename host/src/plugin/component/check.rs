//! What a component must import and export to be a plugin.

use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

use super::host::Error;
use super::{World, shown};
use crate::plugin::load::LoadError;

/// The function of the bytes world, and what its type is.
const HANDLE: &str = "handle";
const HANDLE_TYPE: &str = "func(method: string, params: string) -> result<string, record { code: s32, message: string, data: \
                           option<string> }>";

/// Which world a component is of. Refuses what the host does not have, by name.
pub(in crate::plugin) fn check(component: &Component) -> Result<World, LoadError> {
    let mut reasons = unknown(component);
    let world = match component.get_export(None, HANDLE) {
        Some((ComponentItem::ComponentFunc(found), index)) => {
            let ty = component.component_type();
            let is_fit =
                found.typecheck::<(String, String), (Result<String, Error>,)>(&ty.instance_type()).is_ok();
            if !is_fit || found.async_() {
                let found = shown::function(&found);
                reasons.push(format!("export `{HANDLE}` has the type `{found}`, expected `{HANDLE_TYPE}`"));
            }
            Some(World::Bytes(index))
        }
        Some((found, _)) => {
            let found = shown::item(&found);
            reasons.push(format!("export `{HANDLE}` is {found}, expected `{HANDLE_TYPE}`"));
            None
        }
        None => {
            reasons.push(format!("missing export `{HANDLE}`: `{HANDLE_TYPE}`"));
            None
        }
    };
    match world {
        Some(world) if reasons.is_empty() => Ok(world),
        _ => Err(LoadError { reasons }),
    }
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
