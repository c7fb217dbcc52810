//! What runs of a plugin that is a core module.

use wasmtime::{Extern, Func, InstancePre, ModuleExport, Result, Store, TypedFunc, bail, format_err};

use super::abi::{self, Answer};
use super::driver::{Driver, copy_in, copy_out};
use super::guest::Guest;
use super::{Failure, FailureKind, Invocation};

/// A module that passed all checks, linked.
pub(super) struct Prepared {
    pub(super) pre: InstancePre<Guest>,
    pub(super) driver: Driver,
    pub(super) wasi: bool,
    pub(super) memory: ModuleExport,
    pub(super) alloc: ModuleExport,
    pub(super) call: ModuleExport,
    pub(super) free: Option<ModuleExport>,
    pub(super) initialize: Option<ModuleExport>,
}

/// An instance of it: the way in for a call.
pub(super) enum Running {
    /// Through the driver: one entry. For instances that serve many calls.
    Driven(TypedFunc<(u32, u32), ()>),
    /// Three entries. For an instance that serves one call, cheaper than instantiating the driver. Its answer is given
    /// back with the whole instance.
    Direct { alloc: TypedFunc<u32, u32>, call: TypedFunc<(u32, u32, u32, u32), u64> },
}

impl Prepared {
    /// Instantiates the module and runs its start function and `_initialize`. `kept` says that it will serve many calls.
    pub(super) async fn start(&self, store: &mut Store<Guest>, kept: bool) -> Result<Running> {
        let instance = self.pre.instantiate_async(&mut *store).await?;
        let mut function =
            |export| instance.get_module_export(&mut *store, export).and_then(Extern::into_func);
        let missing = || format_err!("an export is gone");
        let alloc: Func = function(&self.alloc).ok_or_else(missing)?;
        let call: Func = function(&self.call).ok_or_else(missing)?;
        let free = self.free.as_ref().and_then(&mut function);
        let initialize = self.initialize.as_ref().and_then(&mut function);
        let memory = instance.get_module_export(&mut *store, &self.memory).and_then(Extern::into_memory);
        let memory = memory.ok_or_else(missing)?;
        if let Some(initialize) = initialize {
            initialize.typed::<(), ()>(&*store)?.call_async(&mut *store, ()).await?;
        }
        store.data_mut().memory = Some(memory);
        if !kept {
            return Ok(Running::Direct { alloc: alloc.typed(&*store)?, call: call.typed(&*store)? });
        }
        let imports = self.driver.imports(&mut *store, (alloc, call, free))?;
        let driving = wasmtime::Instance::new_async(&mut *store, &self.driver.module, &imports).await?;
        let drive = driving.get_module_export(&mut *store, &self.driver.drive).and_then(Extern::into_func);
        Ok(Running::Driven(drive.ok_or_else(missing)?.typed(&*store)?))
    }
}

impl Running {
    /// Runs one call, which leaves its answer with the host.
    pub(super) async fn call(&self, store: &mut Store<Guest>, invocation: &Invocation<'_>) -> Result<()> {
        let Invocation { method, params, .. } = invocation;
        let (Ok(method_len), Ok(params_len)) = (u32::try_from(method.len()), u32::try_from(params.len()))
        else {
            bail!("parameters of more than 4 GiB");
        };
        store.data_mut().lend(params);
        match self {
            Running::Driven(drive) => drive.call_async(store, (method_len, params_len)).await,
            Running::Direct { alloc, call } => {
                let method = alloc.call_async(&mut *store, method_len).await?;
                let params = alloc.call_async(&mut *store, params_len).await?;
                copy_in(&mut *store, method, params)?;
                let answer = call.call_async(&mut *store, (method, method_len, params, params_len)).await?;
                copy_out(store, answer)
            }
        }
    }

    /// The answer of the last call.
    pub(super) fn answer<'a>(&self, guest: &'a Guest) -> Result<Answer<'a>, Failure> {
        abi::parse(guest.answer()?).map_err(|reason| Failure::new(FailureKind::Answer, reason))
    }
}
