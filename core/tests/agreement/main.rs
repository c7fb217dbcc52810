//! The crate against independent readings of the same rules: serde_json, and plain walkers over trees.

mod choices;
mod dialects;
mod document;
mod grammar;
mod handed;
#[cfg(feature = "index")]
mod indexed;
mod model;
mod operations;
mod replies;
mod types;

use std::sync::Arc;

use pintle_core::idl::{Loader, parse};
use pintle_core::{Builder, Engine};

struct One(String);

impl Loader for One {
    fn load(&mut self, _key: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

/// The engine of a contract in one file, without its first line, the namespace.
fn engine(pulse: &str, with: impl FnOnce(Builder) -> Builder) -> Arc<Engine> {
    let parsed = parse("one.pulse", &mut One(format!("namespace a\n{pulse}")));
    let contract = parsed.contract.unwrap_or_else(|| {
        let rendered: Vec<String> = parsed.diagnostics.iter().map(|d| parsed.sources.render(d)).collect();
        panic!("{pulse}\n{}", rendered.join("\n"))
    });
    with(Engine::builder(contract)).build().expect("an engine")
}
