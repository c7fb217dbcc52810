//! Contracts from what an embedder has: text, text with imports, the JSON form.

use pintle_core::idl::{Loader, parse};
use pintle_core::json::{Value, without_breaks};
use pintle_core::{Builder, Contract, Engine};
use std::sync::Arc;

/// What a module without the language answers who needs it.
pub(crate) const NO_LANGUAGE: &str = "this module has no contract language: it takes contracts in their JSON form, \
    and neither sums nor compares them";

/// The contract in the text `root`, which is called `name`. `imports` are the other files by their names: keys as the
/// core's loader joins them, relative to the directory of `name`.
pub(crate) fn from_text(name: &str, root: &str, imports: &Value<'_>) -> Result<Builder, String> {
    // What is behind this is then called by nobody and leaves the module.
    if cfg!(not(feature = "language")) {
        return Err(NO_LANGUAGE.into());
    }
    struct Given<'a> {
        name: String,
        root: &'a str,
        imports: &'a Value<'a>,
    }
    impl Loader for Given<'_> {
        fn load(&mut self, key: &str) -> Result<String, String> {
            if key == self.name {
                return Ok(self.root.into());
            }
            match self.imports.get(key) {
                Some(Value::String(text)) => Ok(text.as_ref().into()),
                _ => Err("no import of this name was given".into()),
            }
        }
    }
    let mut given = Given { name: String::new(), root, imports };
    given.name = given.resolve("", name);
    let parsed = parse(name, &mut given);
    parsed.contract.map(Engine::builder).ok_or_else(|| {
        let pictures: Vec<String> =
            parsed.diagnostics.iter().map(|diagnostic| parsed.sources.render(diagnostic)).collect();
        pictures.join("\n")
    })
}

/// The contract in its JSON form. Without the language it is one that was checked when it was written, which is also
/// what peers get who ask for it.
pub(crate) fn from_json(text: &str) -> Result<Builder, String> {
    let builder = if cfg!(feature = "language") {
        Contract::from_json(text).map(Engine::builder)
    } else {
        Contract::from_checked_json(text)
            .map(|contract| Engine::builder_as(contract, without_breaks(text.trim_ascii()).into()))
    };
    builder.map_err(|diagnostics| {
        let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
        lines.join("\n")
    })
}

/// The engine of `builder`.
pub(crate) fn engine(builder: Builder) -> Result<Arc<Engine>, String> {
    builder.build().map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_found_by_name_and_missing_ones_are_said() {
        let root = "namespace a\nimport \"inc.pulse\"\ninterface S { f(x b.T) }";
        let imports = Value::Null;
        let missing = from_text("a.pulse", root, &imports).err().unwrap();
        assert!(missing.contains("no import of this name was given"), "{missing}");
        let imports = Value::read(r#"{"inc.pulse": "namespace b\nstruct T { x int }"}"#).unwrap();
        let engine = from_text("./a.pulse", root, &imports).and_then(engine).unwrap();
        assert_eq!(engine.contract().structs().len(), 1);
    }

    #[test]
    fn a_contract_goes_through_its_json_form() {
        let text = "namespace a\ninterface S { f(x int) int }";
        let first = from_text("a.pulse", text, &Value::Null).and_then(engine).unwrap();
        let again = from_json(first.idl()).and_then(engine).unwrap();
        assert_eq!((again.contract(), again.idl()), (first.contract(), first.idl()));
        assert!(from_json("{").err().unwrap().contains("not JSON"));
    }
}
