//! Reloading: the manifest, the contract and the plugins are read anew beside what serves, and take its place whole or not
//! at all. Whatever is wrong with them leaves everything as it is, and says why in the log.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use pintle::admin::Monitor;
use pintle::config::Config;
use pintle::handlers::{Handlers, Served};
use pintle::server::Live;
use pintle_core::Contract;
use pintle_core::contract::diff::{self, Delta, Rules, Severity};
use tokio::task::{block_in_place, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval};

use crate::cli::Failure;
use crate::command::assembly::{Assembly, callbacks};
use crate::command::contract;
use crate::command::plugins::{Loaded, Loader, counts_fuel};
use crate::command::serve::Serve;

/// Time between two looks at the files.
const LOOK: Duration = Duration::from_millis(500);

/// Findings that one line of the log shows.
const SHOWN: usize = 5;

/// What serves now, to compare with.
pub(crate) struct Running {
    pub(crate) config: Config,
    pub(crate) contract: Contract,
    pub(crate) plugins: Vec<Loaded>,
    pub(crate) names: BTreeMap<String, String>,
    pub(crate) served: Vec<Arc<Served>>,
}

/// Reloads a server, when it is told to by SIGHUP and, if it watches, when files change.
pub(crate) struct Reloader {
    pub(crate) arguments: Arc<Serve>,
    pub(crate) loader: Loader,
    pub(crate) live: Arc<Live<Arc<Handlers>>>,
    pub(crate) running: Running,
    /// At the files that `running` was read from.
    pub(crate) looks: Looks,
    pub(crate) hangup: Hangup,
    pub(crate) monitor: Arc<Monitor>,
    pub(crate) started: Instant,
}

impl Reloader {
    /// Reloads for ever. Dropped, it stops where it waits.
    pub(crate) async fn run(mut self) {
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.hangup.next() => (),
                _ = ticks.tick(), if self.running.config.watch => {
                    if !self.looks.changed() {
                        continue;
                    }
                }
            }
            let outcome = self.reload().await;
            self.monitor.reloaded(&outcome);
            match outcome {
                Ok(Some(changed)) => tracing::info!(changed, "reloaded"),
                Ok(None) => tracing::info!("reloaded: nothing has changed"),
                Err(failure) => {
                    tracing::error!("not reloaded, everything goes on as it was: {}", failure.message);
                }
            }
        }
    }

    /// Answers what has changed, if anything.
    async fn reload(&mut self) -> Result<Option<String>, Failure> {
        let (config, contract) = self.read().await?;
        let running = &self.running;
        fixed(&running.config, &config)?;
        // Before a plugin that nobody may call has run anything.
        gate(&config, &broken_types(running, &config, &contract))?;
        let plugins = self.loader.load(&config, &contract, &running.plugins).await?;
        let changed = changes(running, &config, &contract, &plugins);
        if changed.is_empty() {
            return Ok(None);
        }
        let assembly = Assembly::new(&config, &contract, &plugins, &running.served, self.started)?;
        assembly.check_events(&config)?;
        gate(&config, &broken_names(running, &contract, &assembly.names))?;
        let Assembly { handlers, guard, engines, names, served } = assembly;
        // What is replaced may end here, instances and all.
        block_in_place(|| {
            let replaced = self.live.replace(handlers, guard, engines);
            replaced.map_err(|error| Failure::no(format!("[[listen]]: {error}")))?;
            self.monitor.serves(served.clone());
            self.running = Running { config, contract, plugins, names, served };
            Ok(Some(changed.join(", ")))
        })
    }

    /// Reads the manifest and the contract, and looks at all files before that: what changes meanwhile is seen later.
    async fn read(&mut self) -> Result<(Config, Contract), Failure> {
        let arguments = self.arguments.clone();
        let standard_input = self.running.config.contract == Path::new("-");
        let contract = standard_input.then(|| self.running.contract.clone());
        let before = Looks::new(self.looks.files.clone());
        let reading = spawn_blocking(move || {
            let mut files = Vec::new();
            (read(&arguments, contract, &mut files), files)
        });
        let broken = |_| Failure::cannot("the thread that reads files failed");
        let (read, files) = reading.await.map_err(broken)?;
        self.looks = if files == before.files { before } else { Looks::new(files) };
        read
    }
}

/// Everything but the plugins, which come in their files too. `contract` is there when it cannot be read twice.
fn read(
    arguments: &Serve,
    contract: Option<Contract>,
    files: &mut Vec<PathBuf>,
) -> Result<(Config, Contract), Failure> {
    files.extend(arguments.manifest_file().map(Path::to_owned));
    let config = arguments.manifest()?.config().map_err(|error| Failure::no(error.to_string()))?;
    let contract = match contract {
        Some(contract) => contract,
        None => read_contract(&config, files)?,
    };
    Ok((config, contract))
}

/// Reads the contract of a configuration, and adds what a reload looks at to `files`.
pub(crate) fn read_contract(config: &Config, files: &mut Vec<PathBuf>) -> Result<Contract, Failure> {
    files.extend(config.plugins.iter().map(|plugin| plugin.path.clone()));
    files.push(config.contract.clone());
    contract::load_from(&config.contract.to_string_lossy(), files)
}

/// Refuses what only a restart can change.
fn fixed(old: &Config, new: &Config) -> Result<(), Failure> {
    let fixed = [
        ("listen", old.listeners != new.listeners),
        ("auth", old.auth != new.auth),
        ("limits", old.limits != new.limits),
        ("admin", old.admin != new.admin),
        ("cache", old.cache != new.cache),
        ("kv", old.kv != new.kv),
        ("log", old.log != new.log),
        ("watch", old.watch != new.watch),
        ("plugin.fuel, which none had", !counts_fuel(old) && counts_fuel(new)),
    ];
    let changed: Vec<&str> = fixed.iter().filter(|(_, changed)| *changed).map(|(name, _)| *name).collect();
    match changed.is_empty() {
        true => Ok(()),
        false => Err(Failure::no(format!("only a restart can change {}", changed.join(", ")))),
    }
}

/// The names of what is new.
fn changes(old: &Running, config: &Config, contract: &Contract, plugins: &[Loaded]) -> Vec<String> {
    let mut changes = Vec::new();
    if old.contract != *contract {
        changes.push("the contract".to_owned());
    }
    for plugin in plugins {
        if old.plugins.iter().all(|old| plugin.runs_beside(old)) {
            changes.push(plugin.name().to_owned());
        }
    }
    // Whatever else it is: rights, mounts, a plugin less.
    let forced = Config { force_reload: config.force_reload, ..old.config.clone() };
    if forced != *config {
        changes.push("the manifest".to_owned());
    }
    changes
}

/// Refuses what would break callers, unless that is meant.
fn gate(config: &Config, broken: &[String]) -> Result<(), Failure> {
    if broken.is_empty() {
        return Ok(());
    }
    let shown = shown(broken);
    if !config.force_reload {
        let way = "set `force_reload` (or --force-reload) if that is meant";
        return Err(Failure::no(format!("callers of what is served now would break: {shown}; {way}")));
    }
    tracing::warn!("callers of what was served so far may break: {shown}");
    Ok(())
}

/// What callers of the old one could send and read that the new one refuses or does not answer.
fn broken_types(old: &Running, config: &Config, contract: &Contract) -> Vec<String> {
    let callbacks = callbacks(config);
    // Peers serve these, so the server is their client.
    let is_callback = |delta: &Delta| {
        let interface = |method: &String| method.rsplit_once('.').map(|(interface, _)| interface.to_owned());
        !delta.methods.is_empty()
            && delta.methods.len() < diff::MAX_METHODS
            && delta.methods.iter().all(|method| callbacks.contains(&&interface(method).unwrap_or_default()))
    };
    let told = |delta: &Delta, roles: &str| {
        let member = delta.member.as_ref().map(|member| format!(".{member}")).unwrap_or_default();
        format!("{}{member}: {}{roles}", delta.name, delta.description)
    };
    let mut broken = Vec::new();
    for delta in diff::diff(&old.contract, contract, Rules::Strict) {
        if delta.severity == Severity::Error && !is_callback(&delta) {
            broken.push(told(&delta, ""));
        }
    }
    for delta in diff::diff(contract, &old.contract, Rules::Strict) {
        if delta.severity == Severity::Error && is_callback(&delta) {
            broken.push(told(&delta, " (a peer that is connected now is the server of this)"));
        }
    }
    if config.strict && !old.config.strict {
        broken.push("strict: fields that the contract does not name are refused".to_owned());
    }
    broken
}

/// The names by which callers would find nothing, or something else.
fn broken_names(old: &Running, contract: &Contract, names: &BTreeMap<String, String>) -> Vec<String> {
    let mut broken = Vec::new();
    let has = |full: &str| {
        contract.interfaces().iter().any(|interface| {
            interface.methods.iter().any(|method| full == format!("{}.{}", interface.name, method.name))
        })
    };
    for (name, method) in &old.names {
        match names.get(name) {
            Some(now) if now != method => broken.push(format!("{name}: is {now} instead of {method}")),
            // What the contract does not have was told with its types.
            None if has(method) => broken.push(format!("{name}: nothing serves it any more")),
            _ => {}
        }
    }
    broken
}

fn shown(broken: &[String]) -> String {
    let more = broken.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", broken.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join("; "))
}

/// What a file looks like from outside; `None` is that it is not there.
type Look = Option<(SystemTime, u64, u64)>;

/// Looks at files, to see when they have changed and settled.
pub(crate) struct Looks {
    files: Vec<PathBuf>,
    /// When they were read.
    read: Vec<Look>,
    last: Vec<Look>,
}

impl Looks {
    pub(crate) fn new(files: Vec<PathBuf>) -> Looks {
        let now = look(&files);
        Looks { files, read: now.clone(), last: now }
    }

    /// Whether they are others than those that were read, and the same as at the last look: nobody is writing them.
    fn changed(&mut self) -> bool {
        let now = look(&self.files);
        let settled = now == self.last;
        self.last = now;
        settled && self.last != self.read
    }
}

fn look(files: &[PathBuf]) -> Vec<Look> {
    let look = |path: &PathBuf| {
        let found = std::fs::metadata(path).ok()?;
        Some((found.modified().ok()?, found.len(), inode(&found)))
    };
    files.iter().map(look).collect()
}

#[cfg(unix)]
fn inode(found: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn inode(_: &std::fs::Metadata) -> u64 {
    0
}

/// SIGHUP.
pub(crate) struct Hangup {
    #[cfg(unix)]
    signal: tokio::signal::unix::Signal,
}

impl Hangup {
    /// From here on it is caught. Must be called inside a runtime.
    pub(crate) fn catch() -> std::io::Result<Hangup> {
        Ok(Hangup {
            #[cfg(unix)]
            signal: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        if self.signal.recv().await.is_some() {
            return;
        }
        std::future::pending().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_again_when_they_have_settled() {
        let dir = tempfile::tempdir().unwrap();
        let files = [dir.path().join("a"), dir.path().join("b")];
        std::fs::write(&files[0], "1").unwrap();
        let mut looks = Looks::new(files.to_vec());
        assert!(!looks.changed());
        std::fs::write(&files[1], "1").unwrap();
        assert!(!looks.changed(), "it may not be whole yet");
        std::fs::write(&files[1], "12").unwrap();
        assert!(!looks.changed(), "it is still written");
        assert!(looks.changed());
        looks = Looks::new(files.to_vec());
        assert!(!looks.changed());
        std::fs::rename(&files[1], &files[0]).unwrap();
        assert!(!looks.changed());
        assert!(looks.changed());
    }
}
