//! `pintle serve [MANIFEST | CONTRACT PLUGIN…]`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use pintle::config::{Config, Flags, Isolation, Listener, Log, Manifest};
use pintle::handlers::{Handlers, Served};
use pintle::server::Server;
use pintle::shutdown::Signals;
use pintle_core::contract::{Interface, Method};
use pintle_core::{Builtin, Contract, Engine, ErrorPolicy};
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
    for interface in contract.interfaces().iter().filter(|interface| !interfaces.contains(&interface.name)) {
        tracing::warn!(interface = interface.name, "nothing serves this interface");
    }
    let started = Instant::now();
    let mut server = Server::new(handlers, config.limits.clone());
    let mut urls = Vec::new();
    for listener in &config.listeners {
        let engine = engine(&config, &contract, &interfaces, listener, &served, started)?;
        let url = server.listen(listener.clone(), engine);
        urls.push(
            url.map_err(|error| Failure::cannot(format!("cannot listen on {}: {error}", listener.address)))?,
        );
    }
    for url in urls {
        cli::answer(&format!("listening {url}\n"))?;
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

fn engine(
    config: &Config,
    contract: &Contract,
    interfaces: &[String],
    listener: &Listener,
    served: &[Arc<Served>],
    started: Instant,
) -> Result<Arc<Engine>, Failure> {
    let policy = if config.declared_errors { ErrorPolicy::Declared } else { ErrorPolicy::Any };
    let mut builder = Engine::builder(contract.clone())
        .limits(config.limits.core.clone())
        .strict(config.strict)
        .errors(policy)
        .separator(config.separator.as_str())
        .serves(interfaces)
        .commands(listener.commands);
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
        let (served, checksum) = (served.to_vec(), contract.checksum());
        let about = "Tells about the server and its plugins.";
        builder = builder.builtin(Builtin::function("server_info", about, Vec::new(), move |_| {
            Ok(server_info(&served, &checksum, started).to_string())
        }));
    }
    builder.build().map_err(|error| Failure::no(error.to_string()))
}

fn server_info(served: &[Arc<Served>], checksum: &str, started: Instant) -> serde_json::Value {
    let plugins = served.iter().map(|served| {
        let counts = served.plugin.counts();
        serde_json::json!({
            "name": served.plugin.name(),
            "calls": counts.calls,
            "errors": counts.errors,
            "instances": counts.live,
        })
    });
    serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "uptime": started.elapsed().as_secs(),
        "contract": checksum,
        "workers": tokio::runtime::Handle::try_current().map_or(0, |handle| handle.metrics().num_workers()),
        "plugins": plugins.collect::<Vec<_>>(),
    })
}
