//! From a configuration to everything that serves by it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use pintle::admission::{Bearer, Check, Guard};
use pintle::commands;
use pintle::config::{Auth, Config, Listener, Secret};
use pintle::handlers::{Handlers, Served};
use pintle_core::contract::{Interface, Method};
use pintle_core::{Builder, Builtin, Contract, Engine, ErrorPolicy};
use pintle_toolchain::openrpc;

use crate::cli::Failure;
use crate::command::plugins::{self, Loaded};

/// What a server needs to serve.
pub(crate) struct Assembly {
    pub(crate) handlers: Arc<Handlers>,
    pub(crate) guard: Guard,
    /// For each listener of the configuration.
    pub(crate) engines: Vec<Arc<Engine>>,
    /// By what each method can be called, with the method.
    pub(crate) names: BTreeMap<String, String>,
    /// The plugins, as they are called.
    pub(crate) served: Vec<Arc<Served>>,
}

impl Assembly {
    /// What was written down of calls to `before` goes on.
    pub(crate) fn new(
        config: &Config,
        contract: &Contract,
        plugins: &[Loaded],
        before: &[Arc<Served>],
        started: Instant,
    ) -> Result<Assembly, Failure> {
        let (mut handlers, served) = plugins::assign_all(config, contract, plugins, before)?;
        let interfaces: Vec<String> = handlers.interfaces().map(str::to_owned).collect();
        let callbacks = callbacks(config);
        let served_here = |name: &String| interfaces.contains(name) || callbacks.contains(&name);
        for interface in contract.interfaces().iter().filter(|interface| !served_here(&interface.name)) {
            tracing::warn!(interface = interface.name, "nothing serves this interface");
        }
        let (check, guard) = guard(&config.auth, contract, &interfaces)?;
        // What peers serve is served by nobody here, wherever they come from.
        let own: Vec<String> = interfaces.iter().filter(|name| !callbacks.contains(name)).cloned().collect();
        // The check of callers and what is told of connections are for the server alone.
        let public: Vec<String> = own
            .iter()
            .filter(|name| check.as_ref() != Some(name) && !is_told_only(config, contract, name))
            .cloned()
            .collect();
        handlers.inside(inside(config, contract, &own)?);
        let engine = |listener| {
            let builder = builder(config, contract, &public).admission(guard.decides());
            engine(config, contract, builder, listener, &served, started)
        };
        let engines = config.listeners.iter().map(engine).collect::<Result<_, _>>()?;
        let names = names(contract, &mounted(config, builder(config, contract, &public)));
        Ok(Assembly { handlers: Arc::new(handlers), guard, engines, names, served })
    }

    /// That somebody serves what is told of connections: nobody but the log would notice.
    pub(crate) fn check_events(&self, config: &Config) -> Result<(), Failure> {
        for listener in &config.listeners {
            for (key, method) in
                [("on_connect", &listener.on_connect), ("on_disconnect", &listener.on_disconnect)]
            {
                let interface = method.as_ref().and_then(|method| Some(method.rsplit_once('.')?.0));
                if let (Some(method), Some(interface)) = (method, interface)
                    && !self.handlers.interfaces().any(|served| served == interface)
                {
                    let endpoint = &listener.endpoint;
                    return Err(Failure::no(format!(
                        "[[listen]] {endpoint}: {key} = \"{method}\": no plugin serves {interface}"
                    )));
                }
            }
        }
        Ok(())
    }
}

/// The interfaces that peers serve.
pub(crate) fn callbacks(config: &Config) -> Vec<&String> {
    config.listeners.iter().flat_map(|listener| &listener.callbacks).collect()
}

fn names(contract: &Contract, builder: &Builder) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for interface in contract.interfaces() {
        for method in &interface.methods {
            let full = format!("{}.{}", interface.name, method.name);
            let called = builder.names(&interface.name, &method.name);
            names.extend(called.into_iter().map(|name| (name, full.clone())));
        }
    }
    names
}

fn mounted(config: &Config, builder: Builder) -> Builder {
    let builder = builder.separator(config.separator.as_str());
    config.mounts.iter().fold(builder, |builder, mount| builder.mount(&*mount.at, &*mount.interface))
}

/// Who may call, and the interface that decides on it, if one does.
fn guard(
    auth: &Auth,
    contract: &Contract,
    interfaces: &[String],
) -> Result<(Option<String>, Guard), Failure> {
    let wrong = |error| Failure::no(format!("`auth`: {error}"));
    match auth {
        Auth::Open => Ok((None, Guard::default())),
        Auth::Bearer(secret) => {
            let bearer = match secret {
                Secret::File(path) => Bearer::file(path),
                Secret::Env(name) => match std::env::var(name) {
                    Ok(text) => Bearer::text(&text).map_err(|error| format!("{name}: {error}")),
                    Err(_) => Err(format!("the environment has no readable {name}")),
                },
            };
            Ok((None, Guard::default().bearer(bearer.map_err(wrong)?)))
        }
        Auth::Method(method) => {
            let check = Check::new(contract, method).map_err(wrong)?;
            let interface = check.interface().to_owned();
            if !interfaces.contains(&interface) {
                return Err(wrong(format!("nothing serves {interface}, so {method} can let nobody in")));
            }
            let methods =
                contract.interfaces().iter().find(|it| it.name == interface).map(|it| it.methods.len());
            if methods.is_some_and(|methods| methods > 1) {
                tracing::warn!(interface, "no method of this interface can be called: it checks callers");
            }
            Ok((Some(interface), Guard::default().check(check)))
        }
    }
}

/// Whether an interface has no methods but those that are told of connections.
fn is_told_only(config: &Config, contract: &Contract, name: &str) -> bool {
    let events = config.listeners.iter().flat_map(|it| [&it.on_connect, &it.on_disconnect]).flatten();
    let events: Vec<&String> = events.collect();
    let interface = contract.interfaces().iter().find(|interface| interface.name == name);
    interface.is_some_and(|interface| {
        let mut methods = interface.methods.iter();
        !interface.methods.is_empty()
            && methods.all(|method| events.contains(&&format!("{name}.{}", method.name)))
    })
}

/// What calls between plugins are held against.
fn inside(config: &Config, contract: &Contract, interfaces: &[String]) -> Result<Arc<Engine>, Failure> {
    builder(config, contract, interfaces).build().map_err(|error| Failure::no(error.to_string()))
}

/// What all engines have in common.
fn builder(config: &Config, contract: &Contract, interfaces: &[String]) -> Builder {
    let policy = if config.declared_errors { ErrorPolicy::Declared } else { ErrorPolicy::Any };
    Engine::builder(contract.clone())
        .limits(config.limits.core.clone())
        .strict(config.strict)
        .errors(policy)
        .serves(interfaces)
}

fn engine(
    config: &Config,
    contract: &Contract,
    builder: Builder,
    listener: &Listener,
    served: &[Arc<Served>],
    started: Instant,
) -> Result<Arc<Engine>, Failure> {
    let mut builder = mounted(config, builder).commands(listener.commands);
    let names = |interface: &Interface, method: &Method| builder.names(&interface.name, &method.name);
    let document = openrpc::discover(contract, &names);
    builder = builder.builtin(Builtin::text("rpc.discover", "Describes the methods, as OpenRPC.", document));
    // A contract that Barrister cannot express has no such method.
    if let Some(builtin) = Builtin::barrister_idl(contract, None) {
        builder = builder.builtin(builtin);
    }
    if listener.commands {
        builder = builder.builtin(commands::server_info(served.to_vec(), contract.checksum(), started));
        if listener.kill {
            builder = builder.builtin(commands::kill_actor(served.to_vec()));
        }
    }
    builder.build().map_err(|error| Failure::no(error.to_string()))
}
