//! The same echo called from Rust: in an instance that is kept, and in a fresh one.

use crate::{Outcome, report::Report, turns};
use pintle::plugin::{Answer, Engine, EngineOptions, Invocation, Isolation, Plugin, PluginOptions};
use std::hint::black_box;
use std::time::Duration;
use tokio::runtime::Runtime;

const OURS: &str = include_str!("../../../host/tests/guests/echo.wat");

/// Answers its input where the host put it: less than any library for guests does.
const THEIRS: &str = r#"(module
  (import "extism:host/env" "input_offset" (func $offset (result i64)))
  (import "extism:host/env" "input_length" (func $length (result i64)))
  (import "extism:host/env" "output_set" (func $answer (param i64 i64)))
  (memory (export "memory") 17)
  (func (export "echo") (result i32)
    (call $answer (call $offset) (call $length))
    (i32.const 0)))"#;

pub(crate) fn run(report: &mut Report) -> Outcome {
    let params = format!("[\"{}\"]", "x".repeat(330));
    let runtime = Runtime::new().map_err(|why| why.to_string())?;
    let engine = Engine::new(EngineOptions::default())?;
    let wasm = wat::parse_str(OURS).map_err(|why| why.to_string())?;
    let load = |isolation| {
        let options = PluginOptions { isolation, ..PluginOptions::new("echo") };
        runtime.block_on(Plugin::load(&engine, wasm.clone(), options)).map_err(|why| why.to_string())
    };
    let (kept, fresh) = (load(Isolation::Pool)?, load(Isolation::Call)?);
    let call = |plugin: &Plugin| {
        let length = runtime.block_on(plugin.call(Invocation::new("Echo.echo", &params), length));
        black_box(length.unwrap_or_default());
    };

    let manifest = extism::Manifest::new([extism::Wasm::data(THEIRS)]).with_timeout(Duration::from_secs(1));
    let builder = extism::PluginBuilder::new(manifest).with_wasi(false);
    let compiled = extism::CompiledPlugin::new(builder).map_err(|why| why.to_string())?;
    let start = || extism::Plugin::new_from_compiled(&compiled).map_err(|why| why.to_string());
    let mut their_kept = start()?;
    let answer = their_kept.call::<_, &str>("echo", &params).map_err(|why| why.to_string())?;
    if answer != params {
        return Err(format!("extism answered {answer}"));
    }

    let [ours, theirs] = turns::best([&mut || call(&kept), &mut || {
        black_box(their_kept.call::<_, &[u8]>("echo", &params).map_or(0, <[u8]>::len));
    }]);
    report.base("an instance that is kept: extism", theirs, "ns");
    report.ratio("an instance that is kept: pintle, `pool`", ours, "ns", theirs, Some("≤ 0.1"));
    let [ours, theirs] = turns::best([&mut || call(&fresh), &mut || {
        if let Ok(mut plugin) = start() {
            black_box(plugin.call::<_, &[u8]>("echo", &params).map_or(0, <[u8]>::len));
        }
    }]);
    report.base("a fresh instance: extism", theirs, "ns");
    report.ratio("a fresh instance: pintle, `call`", ours, "ns", theirs, Some("≤ 0.1"));
    Ok(())
}

fn length(answer: Answer<'_>) -> usize {
    match answer {
        Answer::Result(object) => object.len(),
        Answer::Return(text) => text.len(),
        Answer::Error(_) => 0,
    }
}
