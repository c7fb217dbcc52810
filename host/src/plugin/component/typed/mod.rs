//! Components that have a function for each method of the contract, as `pintle gen wit` writes them.
//!
//! ```text
//! parameters (JSON, checked) ─ lower ─▶ values ─▶ function ─▶ value ─ lift ─▶ result (JSON, to be checked) or error
//! ```
//!
//! What both ways need is worked out once, when the types of the component are held against the contract: a [`Shape`] for
//! each parameter and result.

mod check;
mod lift;
mod lower;

use std::collections::HashMap;

use wasmtime::component::{ComponentExportIndex, Instance, Val};
use wasmtime::{Result, Store, format_err};

use crate::plugin::abi::Answer;
use crate::plugin::guest::Guest;
use crate::plugin::{Failure, FailureKind, Invocation};

pub(super) use check::check;

/// The methods that a component serves.
pub(crate) struct World {
    /// The contract's names of the interfaces.
    pub(crate) interfaces: Vec<String>,
    /// By `Interface.method`.
    methods: HashMap<String, Method>,
    errors: Vec<Declared>,
}

struct Method {
    export: ComponentExportIndex,
    parameters: Vec<Shape>,
    result: Option<Shape>,
}

/// A declared error and its case in the variant of all errors.
struct Declared {
    case: String,
    code: i32,
    message: String,
}

/// What a type of the contract is in a component. It is nowhere deeper than the component's own type, which wasmtime
/// bounds, so that whatever follows it may recurse.
enum Shape {
    String,
    Int,
    Float,
    Bool,
    List(Box<Shape>),
    Map(Box<Shape>),
    Record(Vec<Field>),
    Enum(Vec<Case>),
    /// JSON text, for what WIT has no type.
    Text,
    /// What may be absent or null.
    Optional(Box<Shape>),
}

struct Field {
    name: Names,
    shape: Shape,
}

type Case = Names;

/// What something is called in the contract and in WIT.
struct Names {
    contract: String,
    wit: String,
}

impl World {
    /// Runs one call up to the answer.
    pub(super) async fn call(
        &self,
        instance: &Instance,
        store: &mut Store<Guest>,
        invocation: &Invocation<'_>,
    ) -> Result<Result<Answer<'static>, Failure>> {
        let Some(method) = self.methods.get(invocation.method) else {
            let reason = format!("there is no function for {}", invocation.method);
            return Ok(Err(Failure::new(FailureKind::Answer, reason)));
        };
        let function = instance.get_func(&mut *store, method.export);
        let function = function.ok_or_else(|| format_err!("an export is gone"))?;
        let room = store.data().shared.limits.memory;
        let parameters = match lower::parameters(&method.parameters, invocation.params, room) {
            Ok(parameters) => parameters,
            // The guest has seen nothing of it.
            Err(failure) => return Ok(Err(failure)),
        };
        let mut answer = [Val::Bool(false)];
        function.call_async(&mut *store, &parameters, &mut answer).await?;
        let [answer] = answer;
        Ok(self.lift(method, answer, store.data().shared.limits.answer))
    }
}
