//! A project that holds a plugin for a contract: it builds, and passes its own test, which calls every method.
//!
//! The templates lie beside this file, a directory for each language. What a plugin needs of `guest/` goes along, so that a
//! project depends on nothing but its language's own tools and `pintle`.

mod names;
mod template;
mod typed;
mod wat;

use pintle_core::Contract;
use pintle_core::contract::{Interface, Method, Parameter, Type};
use serde_json::{Value, json};

use self::names::{MethodNames, aside};
use self::template::{Values, render};
use self::typed::Typed;
use crate::refusal::check_size;
use crate::{File, GenerateError, case, openrpc, rust, wit};

/// Calls that the project's test makes: no server takes more in one batch unless it is told to.
const MOST_CALLS: usize = 100;

/// The code of the error that every method answers at first. A contract may declare it too.
const NOT_IMPLEMENTED: i32 = 501;

/// A language that a plugin can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "their names say it")]
pub enum Language {
    Rust,
    C,
    Zig,
    AssemblyScript,
    Go,
    JavaScript,
    Python,
    Wat,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 8] = [
        Language::Rust,
        Language::C,
        Language::Zig,
        Language::AssemblyScript,
        Language::Go,
        Language::JavaScript,
        Language::Python,
        Language::Wat,
    ];

    /// As a command line writes it, and the directory below `guest/`.
    pub fn name(self) -> &'static str {
        match self {
            Language::Rust => "rust",
            Language::C => "c",
            Language::Zig => "zig",
            Language::AssemblyScript => "assemblyscript",
            Language::Go => "go",
            Language::JavaScript => "javascript",
            Language::Python => "python",
            Language::Wat => "wat",
        }
    }

    /// What builds a project and runs its test, after what installs what it needs.
    pub fn commands(self) -> &'static [&'static str] {
        match self {
            Language::Rust => &["cargo test"],
            Language::C | Language::Zig | Language::Wat => &["make test"],
            Language::AssemblyScript | Language::JavaScript => &["npm install", "npm test"],
            Language::Go => &["go test ."],
            Language::Python => &["pip install -r requirements.txt", "pytest"],
        }
    }

    /// Where the project has its module once it is built.
    fn module(self, name: &str) -> String {
        match self {
            Language::Rust => {
                format!("target/wasm32-unknown-unknown/release/{}.wasm", name.replace('-', "_"))
            }
            _ => "plugin.wasm".to_owned(),
        }
    }

    /// Lines of the manifest that a plugin in this language needs.
    fn limits(self) -> &'static [&'static str] {
        match self {
            Language::Python => &["# Python itself is compiled along, once.", "compile_time = \"5m\""],
            _ => &[],
        }
    }

    /// Paths and templates of the files.
    fn templates(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Language::Rust => RUST,
            Language::C => C,
            Language::Zig => ZIG,
            Language::AssemblyScript => ASSEMBLYSCRIPT,
            Language::Go => GO,
            Language::JavaScript => JAVASCRIPT,
            Language::Python => PYTHON,
            Language::Wat => WAT,
        }
    }

    /// Files that go along as they are.
    fn copies(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Language::Rust => GUEST_RUST,
            Language::C => &[("pintle.h", include_str!("../../../guest/c/pintle.h"))],
            Language::Zig => &[("src/pintle.zig", include_str!("../../../guest/zig/pintle.zig"))],
            Language::AssemblyScript => {
                &[("assembly/pintle.ts", include_str!("../../../guest/assemblyscript/pintle.ts"))]
            }
            Language::Go => &[
                ("pintle/pintle.go", include_str!("../../../guest/go/pintle.go")),
                ("pintle/host.go", include_str!("../../../guest/go/host.go")),
            ],
            Language::JavaScript | Language::Python | Language::Wat => &[],
        }
    }
}

macro_rules! templates {
    ($($name:ident = $directory:literal [$($path:literal),* $(,)?];)*) => {
        $(const $name: &[(&str, &str)] = &[$(($path, include_str!(concat!($directory, "/", $path)))),*];)*
    };
}

templates! {
    C = "c" ["Makefile", "plugin.c"];
    ZIG = "zig" ["Makefile", "src/plugin.zig"];
    ASSEMBLYSCRIPT = "assemblyscript" ["package.json", "assembly/plugin.ts", "test/plugin.test.js"];
    GO = "go" ["go.mod", "plugin.go", "plugin_test.go"];
    JAVASCRIPT = "javascript" ["package.json", "plugin.js", "test/plugin.test.js"];
    PYTHON = "python" ["requirements.txt", "plugin.py", "test_plugin.py"];
    WAT = "wat" ["Makefile", "plugin.wat"];
    RUST = "rust" ["Cargo.toml", "src/lib.rs", "tests/plugin.rs", "guest/Cargo.toml"];
}

macro_rules! guest_rust {
    ($($name:literal),*) => {
        const GUEST_RUST: &[(&str, &str)] =
            &[$((concat!("guest/src/", $name), include_str!(concat!("../../../guest/rust/src/", $name)))),*];
    };
}

guest_rust!(
    "abi.rs",
    "answer.rs",
    "bucket.rs",
    "context.rs",
    "error.rs",
    "host.rs",
    "host/kv.rs",
    "kv.rs",
    "lib.rs",
    "log.rs",
    "peer.rs",
    "plugin.rs"
);

/// The files of a project called `name`, which must be one ([`is_name`]).
///
/// # Errors
///
/// The output would be too large, or a type too large for a component.
pub fn generate(contract: &Contract, language: Language, name: &str) -> Result<Vec<File>, GenerateError> {
    check_size(contract)?;
    let values = values(contract, language, name);
    let mut files = vec![
        File::new("pintle.toml", render(include_str!("pintle.toml"), &values)),
        File::new(".gitignore", include_str!("gitignore")),
    ];
    for (path, text) in language.templates() {
        files.push(File::new(*path, render(text, &values)));
    }
    files.extend(language.copies().iter().map(|(path, text)| File::new(*path, *text)));
    files.extend(
        contract.to_pulse().into_iter().map(|(name, text)| File::new(format!("contract/{name}"), text)),
    );
    let of = |directory: &str, made: Vec<File>| {
        let directory = directory.to_owned();
        made.into_iter().map(move |file| File::new(format!("{directory}/{}", file.path), file.text))
    };
    match language {
        Language::Rust => files.extend(of("src", rust::generate(contract)?)),
        Language::JavaScript => files.extend(of("wit", wit::generate(contract)?)),
        Language::Python => {
            let mut interfaces = wit::generate(contract)?;
            for file in &mut interfaces {
                // The bindings put comments between such quotes as they are.
                file.text = file.text.replace("\"\"\"", "'''");
            }
            files.extend(of("wit", interfaces));
        }
        _ => {}
    }
    let (requests, replies) = calls(contract);
    files.push(File::new("test/requests.json", requests));
    files.push(File::new("test/replies.json", replies));
    Ok(files)
}

/// Whether a project can be called this, in every language: letters in lower case, digits and single `-`, a letter first.
pub fn is_name(name: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split('-').all(is_part)
}

/// A batch with a call of each method, where values can be made up for its parameters, and what it is answered.
fn calls(contract: &Contract) -> (String, String) {
    let (mut requests, mut replies) = (Vec::new(), Vec::new());
    for (interface, method) in methods(contract) {
        if requests.len() == MOST_CALLS {
            break;
        }
        let Some(params) = openrpc::example(contract, interface, method) else { continue };
        let (id, name) = (requests.len() + 1, whole(interface, method));
        let request = json!({"jsonrpc": "2.0", "id": id, "method": name, "params": params});
        requests.push(format!("  {request}"));
        replies.push(reply(id, &name).to_string());
    }
    (format!("[\n{}\n]\n", requests.join(",\n")), format!("[{}]\n", replies.join(",")))
}

fn reply(id: usize, method: &str) -> Value {
    let message = not_implemented(method);
    json!({"jsonrpc": "2.0", "error": {"code": NOT_IMPLEMENTED, "message": message}, "id": id})
}

fn not_implemented(method: &str) -> String {
    format!("{method} is not implemented")
}

fn methods(contract: &Contract) -> impl Iterator<Item = (&Interface, &Method)> {
    contract
        .interfaces()
        .iter()
        .flat_map(|interface| interface.methods.iter().map(move |method| (interface, method)))
}

fn whole(interface: &Interface, method: &Method) -> String {
    format!("{}.{}", interface.name, method.name)
}

/// What the templates of a language name.
fn values(contract: &Contract, language: Language, name: &str) -> Values {
    let typed = Typed::new(contract, language);
    let (names, wit) = (names::methods(contract, language), wit::names(contract));
    let wit_methods = wit.interfaces.iter().flat_map(|interface| &interface.methods);
    let flat: Vec<Values> = methods(contract)
        .zip(&names)
        .zip(wit_methods)
        .map(|(((interface, method), names), wit)| {
            let values = method_values(&typed, interface, method, names);
            let params = |write: fn(&str) -> String| {
                wit.parameters.iter().map(|name| aside(of_wit(write, name), language)).collect::<Vec<_>>()
            };
            values
                .text("camel", of_wit(case::camel, &wit.name))
                .text("snake", aside(of_wit(case::snake, &wit.name), language))
                .text("js_params", params(case::camel).join(", "))
                .text(
                    "python_params",
                    params(case::snake).iter().map(|name| format!(", {name}")).collect::<String>(),
                )
        })
        .collect();
    let mut rest = flat.iter().cloned();
    let interfaces: Vec<Values> = contract
        .interfaces()
        .iter()
        .zip(&wit.interfaces)
        .map(|(interface, wit)| {
            let export = of_wit(case::camel, &wit.name);
            let binding = aside(export.clone(), language);
            // No word of JavaScript can be declared, but it can be exported.
            let is_word = binding != export;
            Values::default()
                .text("interface", &*interface.name)
                .text("const", if is_word { "const" } else { "export const" })
                .text("binding", binding)
                .text("export", export)
                .list("renamed", is_word.then(Values::default))
                .text("class", of_wit(case::pascal, &wit.name))
                .list("methods", rest.by_ref().take(interface.methods.len()).collect::<Vec<_>>())
        })
        .collect();
    let listed: Vec<&str> = contract.interfaces().iter().map(|interface| interface.name.as_str()).collect();
    let list = json!(listed).to_string();
    let values = Values::default()
        .text("name", name)
        .text("contract", contract.to_pulse().into_iter().next().map(|(name, _)| name).unwrap_or_default())
        .text("interfaces", json!(list).to_string())
        .text(
            "interface_names",
            listed.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", "),
        )
        .text("module_path", language.module(name))
        .list("limits", language.limits().iter().map(|limit| Values::default().text("limit", *limit)))
        .text("version", env!("CARGO_PKG_VERSION"))
        .text("code", NOT_IMPLEMENTED.to_string())
        .list("methods", flat)
        .list("interfaces", interfaces);
    match language {
        Language::Zig | Language::Go => typed.definitions(values),
        Language::Wat => wat::layout(contract, values),
        Language::Rust => {
            let code = rust::skeletons(contract);
            values
                .text("module", code.module)
                .text("handler", code.handler)
                .text("traits", format!("{{{}}}", code.traits.join(", ")))
                .text("impls", code.impls.trim_end())
                .list("maps", code.has_maps.then(Values::default))
        }
        _ => values,
    }
}

fn method_values(typed: &Typed<'_>, interface: &Interface, method: &Method, names: &MethodNames) -> Values {
    let namespace = interface.namespace.as_str();
    let params: Vec<(&String, String)> = method
        .parameters
        .iter()
        .zip(&names.parameters)
        .map(|(parameter, name)| (name, typed.ty(&parameter.ty, namespace, parameter.optional, None)))
        .collect();
    let result = method.returns.as_ref().map(|ty| typed.ty(ty, namespace, method.returns_optional, None));
    let zero = method.returns.as_ref().map(|ty| typed.zero(ty, namespace, method.returns_optional) + ", ");
    let name = whole(interface, method);
    Values::default()
        .text("message", not_implemented(&name))
        .text("method", name)
        .text("function", &*names.function)
        .text("signature", signature(method))
        .text(
            "go_params",
            params.iter().map(|(name, ty)| format!("{name} {ty}")).collect::<Vec<_>>().join(", "),
        )
        .text("zig_params", params.iter().map(|(name, ty)| format!(", {name}: {ty}")).collect::<String>())
        .text("go_result", result.as_ref().map_or("error".to_owned(), |result| format!("({result}, error)")))
        .text("go_zero", zero.unwrap_or_default())
        .text("zig_result", result.unwrap_or_else(|| "void".to_owned()))
        .list(
            "params",
            params.iter().map(|(name, _)| Values::default().text("param", name.as_str())).collect::<Vec<_>>(),
        )
}

/// What the bindings of a language make of a name in WIT.
fn of_wit(write: fn(&str) -> String, name: &str) -> String {
    write(&name.replace('-', "_"))
}

/// A method as the contract's own language writes it.
fn signature(method: &Method) -> String {
    let optional = |is: bool| if is { " [optional]" } else { "" };
    let parameter =
        |it: &Parameter| format!("{} {}{}", it.name, contract_type(&it.ty), optional(it.optional));
    let parameters: Vec<String> = method.parameters.iter().map(parameter).collect();
    let returns = method.returns.as_ref();
    let returns = returns.map_or_else(String::new, |ty| {
        format!(" {}{}", contract_type(ty), optional(method.returns_optional))
    });
    format!("{}({}){returns}", method.name, parameters.join(", "))
}

fn contract_type(ty: &Type) -> String {
    match ty {
        Type::String => "string".to_owned(),
        Type::Int => "int".to_owned(),
        Type::Float => "float".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Array(item) => format!("[]{}", contract_type(item)),
        Type::Map(value) => format!("map[string]{}", contract_type(value)),
        Type::Named(name) => name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_whole_guest_crate_goes_along() {
        fn below(directory: &Path, prefix: &str, out: &mut Vec<String>) {
            for entry in fs::read_dir(directory).unwrap() {
                let entry = entry.unwrap();
                let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
                match entry.path().is_dir() {
                    true => below(&entry.path(), &format!("{name}/"), out),
                    false => out.push(name),
                }
            }
        }
        let mut there = Vec::new();
        below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../guest/rust/src"), "guest/src/", &mut there);
        there.sort();
        let listed: Vec<&str> = GUEST_RUST.iter().map(|(path, _)| *path).collect();
        assert_eq!(listed, there);
    }

    #[test]
    fn every_place_of_every_template_is_filled() {
        let text = include_str!("../../../examples/checkout/checkout.pulse");
        let parsed = pintle_core::idl::parse("checkout.pulse", &mut Only(text));
        let contract = parsed.contract.unwrap();
        for language in Language::ALL {
            for File { path, text } in generate(&contract, language, "my-shop").unwrap() {
                let is_ours = !language.copies().iter().any(|(copied, _)| *copied == path);
                assert!(!(is_ours && text.contains("{{")), "{path} of {language:?}\n{text}");
            }
        }
    }

    struct Only(&'static str);

    impl pintle_core::idl::Loader for Only {
        fn load(&mut self, _: &str) -> Result<String, String> {
            Ok(self.0.to_owned())
        }
    }

    #[test]
    fn a_project_has_a_name_in_every_language() {
        for name in ["a", "my-shop", "shop2"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "-", "a--b", "-a", "a-", "2a", "My", "a_b", "a b", "é", "../a"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
