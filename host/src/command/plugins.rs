//! Plugins of a configuration, loaded, and which of them serves what.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use futures_util::stream::{StreamExt, TryStreamExt, iter};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pintle::config::{self, Config, Kv};
use pintle::handlers::{Handlers, Served};
use pintle::kv::{Bucket, Embedded, Memory, Quota, Store};
use pintle::ledger::{Importance, Ledger};
use pintle::plugin::{
    Cache, ComponentInfo, Engine, EngineOptions, Grants, GuestLimits, Isolation, Plugin, PluginInfo,
    PluginOptions, World,
};
use pintle_core::Contract;
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::cli::Failure;

/// Bytes of compiled plugins that are kept on disk.
const CACHE_BYTES: u64 = 1 << 30;

/// Loads plugins, all with one engine.
pub(crate) struct Loader {
    engine: Engine,
    /// Opened when the first plugin is granted a bucket.
    store: OnceCell<Arc<dyn Store>>,
    progress: ProgressBar,
}

/// A plugin that runs, and what it was made of: from the same again would come the same.
#[derive(Clone)]
pub(crate) struct Loaded {
    plugin: Arc<Plugin>,
    settings: config::Plugin,
    /// Of the server, not of the plugin.
    limits: config::Limits,
    contract: Arc<Contract>,
    digest: blake3::Hash,
}

impl Loader {
    pub(crate) fn new(config: &Config) -> Result<Loader, Failure> {
        let cache = match config.plugins.is_empty() {
            true => None,
            false => cache(config.cache.as_deref()),
        };
        let options = EngineOptions { fuel: counts_fuel(config), cache, ..EngineOptions::default() };
        let engine = Engine::new(options).map_err(Failure::cannot)?;
        Ok(Loader { engine, store: OnceCell::new(), progress: ProgressBar::hidden() })
    }

    /// The same as [`Loader::load`], with a bar for whoever waits longer than a second before a terminal.
    pub(crate) async fn load_first(
        &mut self,
        config: &Config,
        contract: &Contract,
    ) -> Result<Vec<Loaded>, Failure> {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_length(config.plugins.len() as u64);
        // Without colours, which not everybody wants to see.
        if let Ok(style) = ProgressStyle::with_template("compiling plugins [{bar:30}] {pos}/{len} {elapsed}")
        {
            bar.set_style(style);
        }
        self.progress = bar.clone();
        let mut loading = std::pin::pin!(self.load(config, contract, &[]));
        if let Ok(loaded) = timeout(Duration::from_secs(1), &mut loading).await {
            return loaded;
        }
        // Hides itself where there is no terminal.
        bar.set_draw_target(ProgressDrawTarget::stderr());
        bar.enable_steady_tick(Duration::from_millis(200));
        let loaded = loading.await;
        bar.finish_and_clear();
        loaded
    }

    /// Loads every plugin but those of `live` that would come to the same: they go on as they are.
    pub(crate) async fn load(
        &self,
        config: &Config,
        contract: &Contract,
        live: &[Loaded],
    ) -> Result<Vec<Loaded>, Failure> {
        let cores = available_parallelism().map_or(1, usize::from);
        let contract = &Arc::new(contract.clone());
        let each = config.plugins.iter().map(|plugin| async move {
            let before = live.iter().find(|loaded| loaded.settings.name == plugin.name);
            let loaded = self.one(config, contract, plugin, before).await;
            self.progress.inc(1);
            loaded
        });
        // In the order of the manifest, whichever is ready first.
        iter(each).buffered(cores).try_collect().await
    }

    async fn one(
        &self,
        config: &Config,
        contract: &Arc<Contract>,
        settings: &config::Plugin,
        before: Option<&Loaded>,
    ) -> Result<Loaded, Failure> {
        let (path, limit) = (settings.path.clone(), settings.module_size);
        let broken = |_| Failure::cannot("a thread that reads a plugin failed");
        let module = spawn_blocking(move || read(&path, limit)).await.map_err(broken)??;
        let bytes = module.clone();
        // Beside the compiler: it takes a while, and only the next reload asks.
        let digest = spawn_blocking(move || blake3::hash(&bytes));
        let (plugin, digest) = match before.filter(|before| before.is_made_by(settings, config, contract)) {
            Some(before) => match digest.await.map_err(broken)? {
                digest if digest == before.digest => (before.plugin.clone(), digest),
                digest => (self.start(settings, config, contract, module, Some(before)).await?, digest),
            },
            None => {
                let plugin = self.start(settings, config, contract, module, before).await?;
                (plugin, digest.await.map_err(broken)?)
            }
        };
        let (limits, contract) = (config.limits.clone(), contract.clone());
        Ok(Loaded { plugin, settings: settings.clone(), limits, contract, digest })
    }

    async fn start(
        &self,
        settings: &config::Plugin,
        config: &Config,
        contract: &Arc<Contract>,
        module: Arc<[u8]>,
        before: Option<&Loaded>,
    ) -> Result<Arc<Plugin>, Failure> {
        let mut options = options(settings, &config.limits);
        options.contract = Some(contract.clone());
        options.grants = self.grants(settings, &config.kv).await?;
        if let Some(before) = before {
            options.counters = before.plugin.counters().clone();
        }
        let loaded = Plugin::load(&self.engine, module, options).await;
        let refused = |error| Failure::no(format!("{} cannot be loaded: {error}", settings.path.display()));
        Ok(Arc::new(loaded.map_err(refused)?))
    }
}

/// What plugins may reach outside.
impl Loader {
    async fn grants(&self, plugin: &config::Plugin, kv: &Kv) -> Result<Grants, Failure> {
        let config::Grants { kv: bucket, env, dirs, hosts } = plugin.grants.clone();
        let kv = match bucket {
            Some(name) => {
                let quota = Quota { keys: plugin.kv_keys, bytes: plugin.kv_bytes, ..Quota::default() };
                Some(Bucket::new(self.store(kv).await?, &name, quota))
            }
            None => None,
        };
        Ok(Grants { kv, env, dirs, hosts })
    }

    /// The store of this server: `kv` is the same for its whole life.
    async fn store(&self, kv: &Kv) -> Result<Arc<dyn Store>, Failure> {
        self.store.get_or_try_init(|| open(kv)).await.cloned()
    }
}

async fn open(kv: &Kv) -> Result<Arc<dyn Store>, Failure> {
    let Some(path) = kv.store.clone() else { return Ok(Arc::new(Memory::default())) };
    let cannot = |error| Failure::cannot(format!("the store {}: {error}", path.display()));
    let opening = (path.clone(), kv.durability);
    // A file that was not closed is repaired first, which takes a while; signals are heard meanwhile.
    let opened = spawn_blocking(move || Embedded::open(&opening.0, opening.1)).await;
    Ok(Arc::new(opened.unwrap_or_else(|error| Err(error.to_string())).map_err(cannot)?))
}

impl Loaded {
    /// Whether its instances would be the same by these settings, if the file is.
    fn is_made_by(&self, settings: &config::Plugin, config: &Config, contract: &Contract) -> bool {
        // What is looked at with every call is no matter of the instances.
        let bare = |settings: &config::Plugin| config::Plugin {
            path: PathBuf::new(),
            interfaces: None,
            headers: None,
            calls: Vec::new(),
            send: false,
            ..settings.clone()
        };
        // A comment is no reason to lose what a plugin keeps in memory.
        let same_types = self.exports().is_none() || self.contract.fingerprint() == contract.fingerprint();
        bare(&self.settings) == bare(settings) && self.limits == config.limits && same_types
    }

    /// The interfaces that a component with a function for each method exports: others it cannot serve, whatever the
    /// manifest says.
    fn exports(&self) -> Option<&[String]> {
        match self.plugin.info() {
            PluginInfo::Component(ComponentInfo { world: World::Typed, interfaces, .. }) => {
                interfaces.as_deref()
            }
            _ => None,
        }
    }

    /// Whether this is another plugin than `other`, not the same with another right or interface.
    pub(crate) fn runs_beside(&self, other: &Loaded) -> bool {
        !Arc::ptr_eq(&self.plugin, &other.plugin)
    }

    /// The name in logs and metrics.
    pub(crate) fn name(&self) -> &str {
        self.plugin.name()
    }
}

/// Gives each interface to the plugin that serves it. What was written down `before` goes on.
pub(crate) fn assign_all(
    config: &Config,
    contract: &Contract,
    plugins: &[Loaded],
    before: &[Arc<Served>],
) -> Result<(Handlers, Vec<Arc<Served>>), Failure> {
    for loaded in plugins {
        let Some(exports) = loaded.exports() else { continue };
        let claimed = loaded.settings.interfaces.iter().flatten();
        if let Some(name) = claimed.into_iter().find(|name| !exports.contains(name)) {
            let (plugin, exports) = (&loaded.settings.name, exports.join(", "));
            return Err(Failure::no(format!(
                "plugin {plugin} is to serve {name}, but exports only {exports}: correct `interfaces`"
            )));
        }
    }
    let granted = plugins.iter().map(|loaded| calls(&loaded.settings, contract));
    let granted = granted.collect::<Result<Vec<_>, _>>()?;
    let claims: Vec<_> = plugins
        .iter()
        .map(|Loaded { plugin, settings, .. }| {
            let said = || plugin.info().interfaces().map(<[String]>::to_vec);
            let claimed = settings.interfaces.clone().or_else(said);
            (plugin.name(), claimed)
        })
        .collect();
    let names = contract.interfaces().iter().map(|interface| interface.name.as_str()).collect::<Vec<_>>();
    let assigned = assign(&names, &claims).map_err(Failure::no)?;
    let importance = if config.log.calls { Importance::Info } else { Importance::Debug };
    let (mut handlers, mut all) = (Handlers::default(), Vec::new());
    for (index, (Loaded { plugin, settings, .. }, calls)) in plugins.iter().zip(granted).enumerate() {
        let own: Vec<_> =
            assigned.iter().filter(|(_, server)| *server == index).map(|(own, _)| own).collect();
        let methods = contract.interfaces().iter().filter(|interface| own.contains(&&interface.name));
        let methods = methods.flat_map(|interface| {
            interface.methods.iter().map(|method| format!("{}.{}", interface.name, method.name))
        });
        let before = before.iter().find(|before| before.plugin.name() == plugin.name());
        let served = Arc::new(Served {
            plugin: plugin.clone(),
            headers: settings.headers.clone().map(Into::into),
            calls,
            send: settings.send,
            debug_errors: config.debug_errors,
            ledger: Ledger::new(methods, before.map(|before| &before.ledger), importance),
        });
        own.into_iter().for_each(|interface| handlers.plugin(interface, served.clone()));
        all.push(served);
    }
    Ok((handlers, all))
}

/// Whether any plugin's instructions are counted: the engine does that for all of them, or for none.
pub(crate) fn counts_fuel(config: &Config) -> bool {
    config.plugins.iter().any(|plugin| plugin.fuel.is_some())
}

/// Reads a file into the one buffer that it stays in: plugins may be large.
fn read(path: &Path, limit: usize) -> Result<Arc<[u8]>, Failure> {
    let shown = path.display();
    let cannot = |error| Failure::cannot(format!("{shown}: {error}"));
    let mut file = std::fs::File::open(path).map_err(cannot)?;
    let size = usize::try_from(file.metadata().map_err(cannot)?.len()).unwrap_or(usize::MAX);
    if size > limit {
        return Err(Failure::no(format!("{shown} has more than {limit} bytes: raise `module_size`")));
    }
    let mut module: Arc<[u8]> = std::iter::repeat_n(0, size).collect();
    // Nobody else has it yet.
    if let Some(buffer) = Arc::get_mut(&mut module) {
        file.read_exact(buffer).map_err(cannot)?;
    }
    match file.read(&mut [0]).map_err(cannot)? {
        0 => Ok(module),
        _ => Err(Failure::cannot(format!("{shown} grew while it was read"))),
    }
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
        module: plugin.module_size,
        compile_time: plugin.compile_time,
        log_lines: plugin.log_lines,
        sends: plugin.sends,
        send_bytes: plugin.send_bytes,
        kv_operations: plugin.kv_operations,
        kv_traffic: plugin.kv_traffic,
        http_requests: plugin.http_requests,
        http_body: plugin.http_body,
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
    use std::pin::pin;

    use futures_util::future::poll_immediate;

    use super::*;

    #[tokio::test]
    async fn a_store_is_opened_beside_what_else_the_task_does() {
        let dir = tempfile::tempdir().unwrap();
        let options = EngineOptions::default();
        let engine = Engine::new(options).unwrap();
        let loader = Loader { engine, store: OnceCell::new(), progress: ProgressBar::hidden() };
        let kv = Kv { store: Some(dir.path().join("store")), durability: pintle::kv::Durability::Batch };
        let mut opening = pin!(loader.store(&kv));
        assert!(poll_immediate(&mut opening).await.is_none());
        assert!(opening.await.is_ok());
        assert!(poll_immediate(pin!(loader.store(&kv))).await.is_some(), "it is open");
    }

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
