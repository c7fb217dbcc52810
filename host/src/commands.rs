//! The server commands that need a shell: `server_info` and `kill_actor`.

use std::sync::Arc;
use std::time::Instant;

use pintle_core::contract::{Parameter, Type};
use pintle_core::{Builtin, Code, RpcError};
use serde_json::{Value, json};

use crate::handlers::Served;
use crate::histogram::Times;
use crate::ledger::MethodCounts;
use crate::plugin::{InstanceInfo, Isolation};

/// `server_info`: version, uptime in seconds, the contract's checksum, worker threads, and for each plugin what it did, as
/// a whole and by method, how long its calls took, and which instances it has. `live` counts instances that a plugin had
/// before it was replaced too, until they are gone. `memory` is in bytes.
pub fn server_info(plugins: Vec<Arc<Served>>, checksum: String, started: Instant) -> Builtin {
    let about = "Tells about the server and its plugins.";
    Builtin::function("server_info", about, Vec::new(), move |_| {
        let workers =
            tokio::runtime::Handle::try_current().map_or(0, |handle| handle.metrics().num_workers());
        let plugins: Vec<Value> = plugins.iter().map(|served| plugin_info(served)).collect();
        let info = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "uptime": started.elapsed().as_secs(),
            "contract": checksum,
            "workers": workers,
            "plugins": plugins,
        });
        Ok(info.to_string())
    })
}

/// `kill_actor(aid)`: stops the plugin instance with this id, one of those that [`server_info`] lists, and answers `true`.
/// A call that it serves ends with Cancelled.
pub fn kill_actor(plugins: Vec<Arc<Served>>) -> Builtin {
    let about = "Stops the plugin instance with the id aid, which server_info tells.";
    let aid = Parameter { name: "aid".to_owned(), ty: Type::String, optional: false };
    Builtin::function("kill_actor", about, vec![aid], move |params| {
        let aid: Option<[String; 1]> = serde_json::from_str(params).ok();
        let killed = aid.is_some_and(|[aid]| plugins.iter().any(|served| kill(served, &aid)));
        match killed {
            true => Ok("true".to_owned()),
            false => Err(RpcError::from(Code::InvalidParams).with_detail("No plugin instance has this id.")),
        }
    })
}

fn kill(served: &Served, aid: &str) -> bool {
    let number = aid.strip_prefix(served.plugin.name()).and_then(|rest| rest.strip_prefix('-'));
    let instances = served.plugin.instances();
    let found = instances.iter().find(|instance| number == Some(instance.id.to_string().as_str()));
    found.is_some_and(|instance| served.plugin.kill(instance.id))
}

fn plugin_info(served: &Served) -> Value {
    let plugin = &served.plugin;
    let counts = plugin.counts();
    let instances = plugin.instances();
    let isolation = match plugin.isolation() {
        Isolation::Call => "call",
        Isolation::Pool => "pool",
        Isolation::Single => "single",
    };
    let (mut all, mut methods) = (Times::default(), serde_json::Map::new());
    for (method, counts) in served.ledger.read() {
        all.add(&counts.times);
        if counts != MethodCounts::default() {
            methods.insert(method.to_owned(), method_info(&counts));
        }
    }
    let memory: usize = instances.iter().map(|instance| instance.memory).sum();
    json!({
        "name": plugin.name(),
        "isolation": isolation,
        "calls": counts.calls,
        "errors": counts.errors,
        "traps": counts.traps,
        "timeouts": counts.timeouts,
        "overloaded": counts.overloaded,
        "retired": counts.retired,
        "replaced": counts.replaced,
        "killed": counts.killed,
        "log_dropped": counts.log_dropped,
        "kv_refused": counts.kv_refused,
        "refused_grants": counts.refused_grants,
        "microseconds": microseconds(&all),
        "methods": methods,
        "memory": memory,
        "live": counts.live,
        "instances": instances.iter().map(|instance| instance_info(plugin.name(), instance)).collect::<Vec<_>>(),
    })
}

fn method_info(counts: &MethodCounts) -> Value {
    json!({
        "calls": counts.times.count(),
        "errors": counts.errors,
        "failures": counts.failures,
        "abandoned": counts.abandoned,
        "microseconds": microseconds(&counts.times),
    })
}

/// What half, most and nearly all of the calls do not exceed; `null` when there was none.
fn microseconds(times: &Times) -> Value {
    let quantile = |part| times.quantile(part).map(|time| time.as_nanos() as f64 / 1000.0);
    json!({ "p50": quantile(0.5), "p90": quantile(0.9), "p99": quantile(0.99) })
}

fn instance_info(plugin: &str, instance: &InstanceInfo) -> Value {
    json!({
        "aid": format!("{plugin}-{}", instance.id),
        "state": if instance.busy { "busy" } else { "idle" },
        "calls": instance.calls,
        "memory": instance.memory,
    })
}
