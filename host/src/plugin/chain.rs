//! Which plugins wait for a call: what keeps nested calls from going on for ever.

use super::{Failure, FailureKind};

/// The plugins that wait for a nested call, the outermost first. A call from outside has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain(Vec<u64>);

impl Chain {
    /// How deep calls may nest. Against plugins that call each other in a circle.
    pub const DEPTH: usize = 8;

    /// The chain of a call that the plugin `id` makes.
    pub(super) fn with(&self, id: u64) -> Chain {
        let mut plugins = Vec::with_capacity(self.0.len() + 1);
        plugins.extend_from_slice(&self.0);
        plugins.push(id);
        Chain(plugins)
    }

    /// Whether a plugin waits for this call. Such a call never queues: who waits holds an instance.
    pub(super) fn is_nested(&self) -> bool {
        !self.0.is_empty()
    }

    /// Refuses a call that nests too deep, or waits for an instance that waits for it: a `single` plugin's.
    pub(super) fn check(&self, id: u64, single: bool) -> Result<(), Failure> {
        if self.0.len() > Chain::DEPTH {
            let mut failure = Failure::new(FailureKind::TooLarge, "calls nest too deep");
            let detail = format!("Calls between plugins nest deeper than {}.", Chain::DEPTH);
            failure.error = failure.error.with_detail(&detail);
            return Err(failure);
        }
        if single && self.0.contains(&id) {
            let mut failure = Failure::new(FailureKind::Reentry, "the only instance waits for this call");
            failure.error = failure.error.with_detail("The call would wait for itself.");
            return Err(failure);
        }
        Ok(())
    }
}
