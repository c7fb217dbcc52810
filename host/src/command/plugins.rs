//! Plugins of a configuration, loaded, and which of them serves what.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pintle::config::{self, Config};
use pintle::handlers::{Handlers, Served};
use pintle::plugin::{Cache, Engine, EngineOptions, GuestLimits, Isolation, Plugin, PluginOptions};
use pintle_core::Contract;

use crate::cli::Failure;

/// Bytes of compiled plugins that are kept on disk.
const CACHE_BYTES: u64 = 1 << 30;

/// Loads every plugin and gives each its interfaces.
pub(crate) async fn load(
    config: &Config,
    contract: &Contract,
    handlers: &mut Handlers,
) -> Result<Vec<Arc<Served>>, Failure> {
    if config.plugins.is_empty() {
        return Ok(Vec::new());
    }
    let options = EngineOptions {
        fuel: config.plugins.iter().any(|plugin| plugin.fuel.is_some()),
        cache: cache(config.cache.as_deref()),
        ..EngineOptions::default()
    };
    let engine = Engine::new(options).map_err(Failure::cannot)?;
    let mut served = Vec::new();
    let mut claims = Vec::new();
    for plugin in &config.plugins {
        let path = plugin.path.display();
        let module =
            std::fs::read(&plugin.path).map_err(|error| Failure::cannot(format!("{path}: {error}")))?;
        let loaded = Plugin::load(&engine, module, self::options(plugin, &config.limits)).await;
        let loaded = loaded.map_err(|error| Failure::no(format!("{path} cannot be loaded: {error}")))?;
        let claimed =
            plugin.interfaces.clone().or_else(|| loaded.info().interfaces().map(<[String]>::to_vec));
        claims.push((plugin.name.as_str(), claimed));
        served.push(Arc::new(Served {
            plugin: loaded,
            headers: plugin.headers.clone().map(Into::into),
            calls: calls(plugin, contract)?,
            send: plugin.send,
            debug_errors: config.debug_errors,
        }));
    }
    let names = contract.interfaces().iter().map(|interface| interface.name.as_str()).collect::<Vec<_>>();
    for (interface, index) in assign(&names, &claims).map_err(Failure::no)? {
        handlers.plugin(interface, served[index].clone());
    }
    Ok(served)
}

/// The interfaces that a plugin may call. One that the contract does not have would only be noticed by a caller.
fn calls(plugin: &config::Plugin, contract: &Contract) -> Result<Vec<String>, Failure> {
    let known = |name: &String| contract.interfaces().iter().any(|interface| interface.name == *name);
    match plugin.calls.iter().find(|name| !known(name)) {
        None => Ok(plugin.calls.clone()),
        Some(name) => Err(Failure::no(format!(
            "plugin {} may call {name}, which the contract does not have: correct `grants.call`",
            plugin.name
        ))),
    }
}

fn options(plugin: &config::Plugin, limits: &config::Limits) -> PluginOptions {
    let mut options = PluginOptions::new(plugin.name.clone());
    options.isolation = match plugin.isolation {
        config::Isolation::Call => Isolation::Call,
        config::Isolation::Pool => Isolation::Pool,
        config::Isolation::Single => Isolation::Single,
    };
    options.limits = GuestLimits {
        memory: plugin.memory,
        run_time: plugin.run_time,
        start_time: plugin.start_time,
        fuel: plugin.fuel,
        instances: plugin.instances,
        queue: limits.queue,
        calls_per_instance: plugin.retire_after,
        memory_mark: plugin.memory / 4 * 3,
        answer: limits.core.reply,
        log_lines: plugin.log_lines,
        sends: plugin.sends,
        send_bytes: plugin.send_bytes,
        ..GuestLimits::default()
    };
    options
}

fn cache(dir: Option<&Path>) -> Option<Cache> {
    let home =
        || Some(PathBuf::from(std::env::var_os("HOME").filter(|home| !home.is_empty())?).join(".cache"));
    let user = || {
        std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute()).or_else(home)
    };
    let dir = dir.map(Path::to_owned).or_else(|| user().map(|dir| dir.join("pintle")))?;
    // Only its last part is made with the mode that it needs; the rest is the user's.
    if let Some(parent) = dir.parent() {
        let _ = std::fs::create_dir_all(parent);
    }
    match Cache::open(&dir, CACHE_BYTES) {
        Ok(cache) => Some(cache),
        Err(error) => {
            tracing::warn!("no cache for compiled plugins: {error}");
            None
        }
    }
}

/// Which plugin, by its index, serves which interface: those that claim some get those, one without gets the rest.
fn assign(
    interfaces: &[&str],
    claims: &[(&str, Option<Vec<String>>)],
) -> Result<Vec<(String, usize)>, String> {
    let mut out: Vec<(String, usize)> = Vec::new();
    for (index, (name, claimed)) in claims.iter().enumerate() {
        for interface in claimed.iter().flatten() {
            if !interfaces.contains(&interface.as_str()) {
                return Err(format!("plugin {name} serves {interface}, which the contract does not have"));
            }
            if let Some((_, other)) = out.iter().find(|(taken, _)| taken == interface) {
                let other = claims[*other].0;
                return Err(format!(
                    "{interface} is served by both {other} and {name}: say which with `interfaces`"
                ));
            }
            out.push((interface.clone(), index));
        }
    }
    let mut without = claims.iter().enumerate().filter(|(_, (_, claimed))| claimed.is_none());
    if let Some((index, (name, _))) = without.next() {
        if let Some((_, (other, _))) = without.next() {
            return Err(format!("neither {name} nor {other} says what it serves: give both `interfaces`"));
        }
        let rest = interfaces.iter().filter(|interface| !out.iter().any(|(taken, _)| taken == *interface));
        let rest: Vec<_> = rest.map(|interface| ((*interface).to_owned(), index)).collect();
        out.extend(rest);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_find_their_plugins() {
        let some = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        let assigned = |claims: &[(&str, Option<Vec<String>>)]| {
            assign(&["A", "B", "C"], claims)
                .map(|all| all.into_iter().map(|(name, at)| format!("{name}{at}")).collect::<Vec<_>>())
        };
        assert_eq!(assigned(&[("x", None)]).unwrap(), ["A0", "B0", "C0"]);
        assert_eq!(assigned(&[("x", None), ("y", some(&["B"]))]).unwrap(), ["B1", "A0", "C0"]);
        assert_eq!(assigned(&[("x", some(&["A"]))]).unwrap(), ["A0"]);
        assert!(assigned(&[("x", None), ("y", None)]).unwrap_err().contains("neither x nor y"));
        assert!(assigned(&[("x", some(&["A"])), ("y", some(&["A"]))]).unwrap_err().contains("both x and y"));
        assert!(assigned(&[("x", some(&["D"]))]).unwrap_err().contains("does not have"));
    }
}
