//! Contracts from what an embedder has: text, text with imports, the JSON form.

use pintle_core::idl::{Loader, parse};
use pintle_core::json::Value;
use pintle_core::{Contract, Engine};
use std::sync::Arc;

/// The contract in the text `root`, which is called `name`. `imports` are the other files by their names: keys as the
/// core's loader joins them, relative to the directory of `name`.
pub(crate) fn from_text(name: &str, root: &str, imports: &Value<'_>) -> Result<Contract, String> {
    // What is behind this is then called by nobody and leaves the module.
    if cfg!(not(feature = "language")) {
        return Err("this module has no contract language: give it the contract in its JSON form".into());
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
    parsed.contract.ok_or_else(|| {
        let pictures: Vec<String> =
            parsed.diagnostics.iter().map(|diagnostic| parsed.sources.render(diagnostic)).collect();
        pictures.join("\n")
    })
}

/// The contract in its JSON form.
pub(crate) fn from_json(text: &str) -> Result<Contract, String> {
    Contract::from_json(text).map_err(|diagnostics| {
        let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
        lines.join("\n")
    })
}

/// An engine for `contract` with every option at its default.
pub(crate) fn engine(contract: Contract) -> Result<Arc<Engine>, String> {
    Engine::builder(contract).build().map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_found_by_name_and_missing_ones_are_said() {
        let root = "namespace a\nimport \"inc.pulse\"\ninterface S { f(x b.T) }";
        let imports = Value::Null;
        let missing = from_text("a.pulse", root, &imports).unwrap_err();
        assert!(missing.contains("no import of this name was given"), "{missing}");
        let imports = Value::read(r#"{"inc.pulse": "namespace b\nstruct T { x int }"}"#).unwrap();
        assert_eq!(from_text("./a.pulse", root, &imports).map(|contract| contract.structs().len()), Ok(1));
    }

    #[test]
    fn a_contract_goes_through_its_json_form() {
        let contract =
            from_text("a.pulse", "namespace a\ninterface S { f(x int) int }", &Value::Null).unwrap();
        assert_eq!(from_json(&contract.to_json()).as_ref(), Ok(&contract));
        assert!(from_json("{").unwrap_err().contains("not JSON"));
        assert!(engine(contract).is_ok());
    }
}
