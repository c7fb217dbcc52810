//! Plugins, good and hostile, in a real engine.

mod cache;
mod component;
mod grants;
#[path = "../guests/mod.rs"]
mod guests;
mod hostile;
mod isolation;
mod kill;
mod kv;
mod load;
mod nested;
mod outgoing;
mod peers;
mod typed;
mod wasi;

use std::sync::Arc;

use pintle::plugin::{
    Answer, Engine, EngineOptions, Failure, GuestLimits, Invocation, Isolation, Level, LoadError, LogLine,
    LogSink, Plugin, PluginOptions,
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use guests::{componentize, wasm};

const ECHO: &str = include_str!("../guests/echo.wat");
const GROWN: &str = include_str!("../guests/grown.wat");
const HOSTILE: &str = include_str!("../guests/hostile.wat");
const TWO_MEMORIES: &str = include_str!("../guests/two_memories.wat");
const ALLOC: &str = include_str!("../guests/alloc.wat");
const COMPONENT: &str = include_str!("../guests/component.wat");
const THREE_INSTANCES: &str = include_str!("../guests/three_instances.wat");
const WASI: &str = include_str!("../guests/wasi.wat");
const WASI2: &str = include_str!("../guests/wasi2.wat");

fn engine() -> Engine {
    Engine::new(EngineOptions { slots: 50, ..EngineOptions::default() }).unwrap()
}

fn options(isolation: Isolation) -> PluginOptions {
    PluginOptions { isolation, ..PluginOptions::new("test") }
}

fn limited(isolation: Isolation, limits: GuestLimits) -> PluginOptions {
    PluginOptions { limits, ..options(isolation) }
}

async fn load(engine: &Engine, wat: &str, options: PluginOptions) -> Result<Plugin, LoadError> {
    Plugin::load(engine, wasm(wat), options).await
}

async fn plugin(wat: &str, options: PluginOptions) -> Arc<Plugin> {
    Arc::new(load(&engine(), wat, options).await.unwrap())
}

/// What a call came to, owned.
#[derive(Debug, PartialEq, Eq)]
enum Got {
    Result(String),
    Error(i32),
}

fn own(answer: Answer<'_>) -> Got {
    match answer {
        Answer::Result(object) => {
            let text = std::str::from_utf8(object).unwrap();
            let result = text.strip_prefix(r#"{"result":"#).and_then(|rest| rest.strip_suffix('}'));
            Got::Result(result.unwrap_or(text).to_owned())
        }
        Answer::Return(result) => Got::Result(result),
        Answer::Error(error) => Got::Error(error.code),
    }
}

async fn call(plugin: &Plugin, params: &str) -> Result<Got, Failure> {
    plugin.call(Invocation::new("Test.method", params), own).await
}

async fn ok(plugin: &Plugin) {
    assert_eq!(call(plugin, r#"["o"]"#).await.unwrap(), Got::Result(r#""ok""#.to_owned()));
}

/// A log whose lines can be waited for.
struct Lines(UnboundedSender<(Level, String, String)>);

impl LogSink for Lines {
    fn log(&self, line: LogLine<'_>) {
        let _ = self.0.send((line.level, line.method.to_owned(), line.text.to_owned()));
    }
}

fn lines() -> (Arc<Lines>, UnboundedReceiver<(Level, String, String)>) {
    let (sender, receiver) = unbounded_channel();
    (Arc::new(Lines(sender)), receiver)
}
