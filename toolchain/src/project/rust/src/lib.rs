//! Serves `contract/{{contract}}`. The host has checked the parameters, and it checks the results.

// Made from the contract by `pintle gen rust`; make it again when that changes.
#[rustfmt::skip]
pub mod {{module}};

{{each maps}}
use std::collections::BTreeMap;

{{end}}
use crate::{{module}}::*;

pintle_guest::plugin! {
    impl {{module}}::{{traits}} for {{handler}}
}

/// Each instance of the plugin has one, which serves all of its calls.
#[derive(Debug, Default)]
pub struct {{handler}};
{{impls}}
