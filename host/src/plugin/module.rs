//! What runs of a plugin that is a core module.

use wasmtime::{Extern, Func, InstancePre, Memory, ModuleExport, Result, Store, TypedFunc, bail, format_err};

use super::abi::{self, Answer};
use super::driver::{Driver, copy_in};
use super::guest::Guest;
use super::{Failure, FailureKind, Invocation, imports};

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

/// An instance of it.
pub(super) struct Running {
    memory: Memory,
    entry: Entry,
    free: Option<TypedFunc<(u32, u32), ()>>,
    answer: (u32, u32),
}

/// The way into the guest for a call.
enum Entry {
    /// Through the driver: one entry. For instances that serve many calls.
    Driven(TypedFunc<(u32, u32), u64>),
    /// Three entries. For an instance that serves one call, cheaper than instantiating the driver.
    Direct { alloc: TypedFunc<u32, u32>, call: TypedFunc<(u32, u32, u32, u32), u64> },
}

impl Entry {
    async fn enter(&self, store: &mut Store<Guest>, method_len: u32, params_len: u32) -> Result<u64> {
        match self {
            Entry::Driven(drive) => drive.call_async(store, (method_len, params_len)).await,
            Entry::Direct { alloc, call } => {
                let method = alloc.call_async(&mut *store, method_len).await?;
                let params = alloc.call_async(&mut *store, params_len).await?;
                copy_in(&mut *store, method, params)?;
                call.call_async(store, (method, method_len, params, params_len)).await
            }
        }
    }
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
            // Its answer is given back with the whole instance.
            let entry = Entry::Direct { alloc: alloc.typed(&*store)?, call: call.typed(&*store)? };
            return Ok(Running { memory, entry, free: None, answer: (0, 0) });
        }
        let free = free.map(|free| free.typed(&*store)).transpose()?;
        let write = self.driver.write(&mut *store)?;
        let imports = [alloc.into(), call.into(), write];
        let driving = wasmtime::Instance::new_async(&mut *store, &self.driver.module, &imports).await?;
        let drive = driving.get_module_export(&mut *store, &self.driver.drive).and_then(Extern::into_func);
        let drive = drive.ok_or_else(missing)?.typed(&*store)?;
        Ok(Running { memory, entry: Entry::Driven(drive), free, answer: (0, 0) })
    }
}

impl Running {
    /// Runs one call up to the answer.
    pub(super) async fn call(&mut self, store: &mut Store<Guest>, invocation: &Invocation<'_>) -> Result<()> {
        let Invocation { method, params, .. } = invocation;
        let (Ok(method_len), Ok(params_len)) = (u32::try_from(method.len()), u32::try_from(params.len()))
        else {
            bail!("parameters of more than 4 GiB");
        };
        store.data_mut().lend(params);
        let answer = self.entry.enter(store, method_len, params_len).await?;
        self.answer = ((answer >> 32) as u32, answer as u32);
        Ok(())
    }

    /// The answer of the last call, where the guest wrote it.
    pub(super) fn answer<'a>(&self, store: &'a Store<Guest>, limit: usize) -> Result<Answer<'a>, Failure> {
        let (at, len) = self.answer;
        let Some(bytes) = imports::range(self.memory.data(store), at, len) else {
            let reason = format!("the answer of {len} bytes at {at} is outside of the memory");
            return Err(Failure::new(FailureKind::Trap, reason));
        };
        if bytes.len() > limit {
            return Err(Failure::too_large(bytes.len(), limit));
        }
        abi::parse(bytes).map_err(|reason| Failure::new(FailureKind::Answer, reason))
    }

    /// The function that takes the last answer back, and the answer.
    pub(super) fn free(&self) -> Option<(TypedFunc<(u32, u32), ()>, (u32, u32))> {
        self.free.clone().map(|free| (free, self.answer))
    }
}
