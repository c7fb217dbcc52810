//! `pintle serve [MANIFEST | CONTRACT PLUGIN…]`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use pintle::admission::{Bearer, Check, Guard};
use pintle::commands;
use pintle::config::{Auth, Config, Endpoint, Flags, Isolation, Listener, Log, Manifest, Secret};
use pintle::handlers::{Handlers, Served};
use pintle::server::Server;
use pintle::shutdown::Signals;
use pintle_core::contract::{Interface, Method};
use pintle_core::{Builder, Builtin, Contract, Engine, ErrorPolicy};
use pintle_toolchain::openrpc;
use tracing_subscriber::filter::LevelFilter;

use crate::cli::{self, Exit, Failure, Outcome, visible};
use crate::command::{contract, plugins};

/// Serve a contract
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pintle serve pintle.toml                     see `pintle help manifest`
  pintle serve checkout.pulse checkout.wasm    a contract and what serves it
  pintle serve --http 127.0.0.1:0 --commands checkout.pulse checkout.wasm")]
pub(crate) struct Serve {
    /// A manifest (default: pintle.toml), or a contract and its plugins
    #[arg(value_name = "MANIFEST | CONTRACT PLUGIN…")]
    files: Vec<PathBuf>,
    /// Serve HTTP here; port 0 is any that is free
    #[arg(long, value_name = "ADDR")]
    http: Option<SocketAddr>,
    /// Serve TCP here
    #[arg(long, value_name = "ADDR")]
    tcp: Option<SocketAddr>,
    /// Serve standard input and output
    #[arg(long)]
    stdio: bool,
    /// What is spoken: jsonrpc; simplerpc over TCP; remotipy over HTTP
    #[arg(long, value_name = "DIALECT", value_parser = ["jsonrpc", "simplerpc", "remotipy"])]
    dialect: Option<String>,
    /// How bodies are told apart on TCP and standard input
    #[arg(long, value_name = "FRAMING", value_parser = ["lines", "content-length"])]
    framing: Option<String>,
    /// How long an instance of a plugin lives, for every plugin
    #[arg(long, value_enum)]
    isolation: Option<Isolation>,
    /// Serve the server commands: ping, echo, server_info, functions_list, documentation
    #[arg(long)]
    commands: bool,
    /// Show every setting and where it came from, and serve nothing
    #[arg(long)]
    print_config: bool,
    /// The least important log lines that are written
    #[arg(long, value_name = "LEVEL", value_parser = ["off", "error", "warn", "info", "debug", "trace"])]
    log: Option<String>,
    /// The form of log lines
    #[arg(long, value_name = "FORM", value_parser = ["text", "json"])]
    log_format: Option<String>,
}

impl Serve {
    pub(crate) fn run(self) -> Outcome {
        let print_config = self.print_config;
        let manifest = self.manifest()?;
        let config = manifest.config();
        if print_config {
            // What is printed must be loadable, so what is wrong is told instead.
            config.map_err(|error| Failure::no(error.to_string()))?;
            cli::answer(&visible(&manifest.print()))?;
            return Ok(Exit::Yes);
        }
        let config = config.map_err(|error| Failure::no(error.to_string()))?;
        log(&config.log);
        let contract = contract::load(&config.contract.to_string_lossy())?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::cannot(format!("cannot start: {error}")))?;
        let outcome = runtime.block_on(serve(config, contract));
        // Whatever still runs had its time.
        runtime.shutdown_background();
        outcome
    }

    fn manifest(self) -> Result<Manifest, Failure> {
        let mut flags = Flags {
            http: self.http,
            tcp: self.tcp,
            stdio: self.stdio,
            dialect: self.dialect,
            framing: self.framing,
            isolation: self.isolation,
            commands: self.commands,
            log: self.log,
            log_format: self.log_format,
            ..Flags::default()
        };
        let is_manifest = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "toml");
        let mut files = self.files.into_iter();
        let mut manifest = match files.next() {
            Some(first) if !is_manifest(&first) => {
                flags.contract = Some(first);
                flags.plugins = files.collect();
                Manifest::empty()
            }
            first => {
                if files.next().is_some() {
                    return Err(Failure::usage("a manifest names its plugins itself"));
                }
                let named = first.is_some();
                let path = first.unwrap_or_else(|| PathBuf::from("pintle.toml"));
                Manifest::read(&path).map_err(|error| {
                    let hint = if named { "" } else { "; name a manifest, or a contract and its plugins" };
                    Failure::cannot(format!("{}: {error}{hint}", path.display()))
                })?
            }
        };
        manifest.apply(flags);
        Ok(manifest)
    }
}

fn log(log: &Log) {
    let level = log.level.parse().unwrap_or(LevelFilter::INFO);
    let lines = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(!log.json && cli::colour(&std::io::stderr()));
    match log.json {
        true => lines.json().init(),
        false => lines.init(),
    }
}

async fn serve(config: Config, contract: Contract) -> Outcome {
    let signals =
        Signals::catch().map_err(|error| Failure::cannot(format!("cannot catch signals: {error}")))?;
    let mut handlers = Handlers::default();
    let served = plugins::load(&config, &contract, &mut handlers).await?;
    let interfaces: Vec<String> = handlers.interfaces().map(str::to_owned).collect();
    let callbacks: Vec<&String> = config.listeners.iter().flat_map(|listener| &listener.callbacks).collect();
    let served_here = |name: &String| interfaces.contains(name) || callbacks.contains(&name);
    for interface in contract.interfaces().iter().filter(|interface| !served_here(&interface.name)) {
        tracing::warn!(interface = interface.name, "nothing serves this interface");
    }
    let (check, guard) = guard(&config.auth, &contract, &interfaces)?;
    // What peers serve is served by nobody here, wherever they come from.
    let own: Vec<String> = interfaces.iter().filter(|name| !callbacks.contains(name)).cloned().collect();
    // The check of callers and what is told of connections are for the server alone.
    let public: Vec<String> = own
        .iter()
        .filter(|name| check.as_ref() != Some(name) && !is_told_only(&config, &contract, name))
        .cloned()
        .collect();
    handlers.inside(inside(&config, &contract, &own)?);
    let started = Instant::now();
    let admission = guard.decides();
    let mut server = Server::guarded(Arc::new(handlers), config.limits.clone(), guard);
    let mut urls = Vec::new();
    for listener in &config.listeners {
        let builder = builder(&config, &contract, &public).admission(admission);
        let engine = engine(&config, &contract, builder, listener, &served, started)?;
        let url = server.listen(listener.clone(), engine).map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidInput => {
                Failure::no(format!("[[listen]] {}: {error}", listener.endpoint))
            }
            _ => Failure::cannot(format!("cannot listen on {}: {error}", listener.endpoint)),
        });
        urls.push(url?);
    }
    let stdio = config.listeners.iter().any(|listener| listener.endpoint == Endpoint::Stdio);
    for url in urls {
        // Standard output belongs to the answers then.
        match stdio {
            true => cli::tell(&format!("listening {url}")),
            false => cli::answer(&format!("listening {url}\n"))?,
        }
    }
    let whole = server
        .run(async {
            signals.first().await;
            tracing::info!("stopping: open calls have {:?}", config.limits.drain_time);
        })
        .await;
    if !whole {
        tracing::warn!("calls were cancelled");
    }
    Ok(Exit::Yes)
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
    let mut builder = builder.separator(config.separator.as_str()).commands(listener.commands);
    for mount in &config.mounts {
        builder = builder.mount(mount.at.as_str(), mount.interface.as_str());
    }
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
