//! The cases, over the core's module in wasmtime, by its embed ABI.

#[path = "../../toolchain/tests/outside/mod.rs"]
mod outside;

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use pintle_test_guest::{answer_object, behave};
use pintle_tests::{Boundary, Service, artifact, directory, run};
use wasmtime::{Engine, ExternType, Instance, Memory, Module, Store, TypedFunc, WasmParams, WasmResults};

/// An instance of the module that serves one contract.
struct Embedded {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
    contract: i32,
    count: i64,
}

impl Embedded {
    fn call<P: WasmParams, R: WasmResults>(&mut self, name: &str, params: P) -> R {
        let function: TypedFunc<P, R> = self.instance.get_typed_func(&mut self.store, name).expect(name);
        function.call(&mut self.store, params).expect(name)
    }

    /// A buffer in the module with `bytes`.
    fn pass(&mut self, bytes: &[u8]) -> (i32, i32) {
        let len = bytes.len() as i32;
        let at: i32 = self.call("pintle_alloc", len);
        self.memory.write(&mut self.store, at as usize, bytes).expect("written");
        (at, len)
    }

    /// The bytes behind a text of the module.
    fn take(&self, text: i64) -> Vec<u8> {
        let (at, len) = ((text >> 32) as u32 as usize, text as u32 as usize);
        self.memory.data(&self.store)[at..at + len].to_vec()
    }

    fn text(&mut self, name: &str, exchange: i32) -> String {
        let text = self.call(name, exchange);
        String::from_utf8(self.take(text)).expect(name)
    }
}

fn open(service: &Service, module: &Module) -> Embedded {
    let mut store = Store::new(module.engine(), ());
    let instance = Instance::new(&mut store, module, &[]).expect("an instance");
    let memory = instance.get_memory(&mut store, "memory").expect("its memory");
    let mut embedded = Embedded { store, instance, memory, contract: 0, count: 0 };
    let (at, len) = embedded.pass(service.text().as_bytes());
    embedded.contract = embedded.call("pintle_contract", (at, len, 0));
    let options = serde_json::to_vec(&service.options).expect("options");
    let (at, len) = embedded.pass(&options);
    let configured: i32 = embedded.call("pintle_configure", (embedded.contract, at, len));
    assert_eq!(configured, 1, "{}", String::from_utf8_lossy(&options));
    embedded
}

impl Boundary for Embedded {
    fn send(&mut self, body: &[u8]) -> Option<Vec<u8>> {
        let (at, len) = self.pass(body);
        let exchange: i32 = self.call("pintle_open", (self.contract, at, len));
        let reply = loop {
            match self.call::<_, i32>("pintle_poll", exchange) {
                1 => {
                    let ticket: i32 = self.call("pintle_ticket", exchange);
                    let (method, params) =
                        (self.text("pintle_method", exchange), self.text("pintle_params", exchange));
                    let answer = answer_object(behave(&method, &params, &mut self.count));
                    let (at, len) = self.pass(answer.as_bytes());
                    let _: i32 = self.call("pintle_complete", (exchange, ticket, 1, at, len));
                }
                3 => {
                    let text = self.call("pintle_reply", exchange);
                    break Some(self.take(text));
                }
                4 => break None,
                step => break Some(format!("step {step} never comes").into_bytes()),
            }
        };
        let _: i32 = self.call("pintle_close", exchange);
        reply
    }
}

fn module() -> Module {
    let path = artifact("embed/pintle_core.wasm");
    Module::from_file(&Engine::default(), path).expect("the module")
}

#[test]
fn every_case_over_the_embed_abi() {
    let module = module();
    run(|service| open(service, &module));
}

#[test]
fn the_module_imports_nothing() {
    let module = module();
    let imports: Vec<_> =
        module.imports().map(|import| format!("{}::{}", import.module(), import.name())).collect();
    assert!(imports.is_empty(), "{imports:?}");
}

fn beside(file: &str) -> PathBuf {
    directory("../wasm/embed").join(file)
}

/// The header names every function of the module with its type, and no other.
#[test]
fn the_header_lists_the_exports() {
    let exports = module();
    let mut exports: Vec<String> = exports
        .exports()
        .filter_map(|export| match export.ty() {
            ExternType::Func(ty) => {
                let result = ty.results().next().map_or("none".to_owned(), |result| result.to_string());
                Some(format!("{result} {} {}", export.name(), ty.params().len()))
            }
            _ => None,
        })
        .collect();
    let header = fs::read_to_string(beside("pintle_core.h")).expect("the header");
    let listed = header.lines().filter_map(|line| line.trim_start().strip_prefix("X(")?.split_once(')'));
    let mut listed: Vec<String> = listed.map(|(entry, _)| entry.replace(", ", " ")).collect();
    exports.sort();
    listed.sort();
    assert_eq!(listed, exports);
}

#[test]
fn the_header_is_c() {
    let mut compiler = Command::new("cc");
    compiler.args(["-xc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only"]);
    compiler.arg("-include").arg(beside("pintle_core.h")).arg("/dev/null");
    outside::passes(compiler);
}

/// `PINTLE_ACCEPT=1` writes what it says: read the difference.
#[test]
fn the_example_in_python_answers() {
    let mut python = outside::python();
    python.arg(beside("example.py")).arg(artifact("embed/pintle_core.wasm"));
    let output = outside::passes(python);
    let said = beside("example.out");
    if env::var_os("PINTLE_ACCEPT").is_some() {
        fs::write(&said, &output).expect("the file can be written");
    }
    let expected = fs::read_to_string(&said).unwrap_or_default();
    assert!(output == expected, "it does not say {}, but\n{output}", said.display());
}
