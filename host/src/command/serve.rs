//! `pintle serve [MANIFEST | CONTRACT PLUGIN…]`

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use pintle::admin::{self, Monitor, Phase};
use pintle::config::{Admin, Config, Endpoint, Flags, Isolation, Log, Manifest};
use pintle::handlers::Handlers;
use pintle::net::pages::Pages;
use pintle::server::Server;
use pintle::shutdown::Signals;
use pintle_core::Contract;
use tokio::task::JoinSet;
use tracing_subscriber::filter::LevelFilter;

use crate::cli::{self, Exit, Failure, Outcome, visible};
use crate::command::assembly::Assembly;
use crate::command::plugins::Loader;
use crate::command::reload::{Hangup, Looks, Reloader, Running, read_contract};

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
    /// Serve metrics and health here: /metrics, /healthz, /readyz
    #[arg(long, value_name = "ADDR")]
    admin: Option<SocketAddr>,
    /// Reload when the manifest, the contract or a plugin changes; SIGHUP reloads always
    #[arg(long)]
    watch: bool,
    /// Reload even what breaks callers of what is served now
    #[arg(long)]
    force_reload: bool,
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
        let manifest = self.manifest()?;
        let config = manifest.config();
        if self.print_config {
            // What is printed must be loadable, so what is wrong is told instead.
            config.map_err(|error| Failure::no(error.to_string()))?;
            cli::answer(&visible(&manifest.print()))?;
            return Ok(Exit::Yes);
        }
        let config = config.map_err(|error| Failure::no(error.to_string()))?;
        log(&config.log);
        let mut files: Vec<PathBuf> = self.manifest_file().map(Path::to_owned).into_iter().collect();
        let contract = read_contract(&config, &mut files)?;
        let looks = Looks::new(files);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::cannot(format!("cannot start: {error}")))?;
        let outcome = runtime.block_on(self.serve(config, contract, looks));
        // Whatever still runs had its time.
        runtime.shutdown_background();
        outcome
    }

    /// The manifest that the arguments name, or stand for.
    pub(crate) fn manifest(&self) -> Result<Manifest, Failure> {
        let mut flags = Flags {
            http: self.http,
            tcp: self.tcp,
            stdio: self.stdio,
            dialect: self.dialect.clone(),
            framing: self.framing.clone(),
            isolation: self.isolation,
            commands: self.commands,
            admin: self.admin,
            watch: self.watch,
            force_reload: self.force_reload,
            log: self.log.clone(),
            log_format: self.log_format.clone(),
            ..Flags::default()
        };
        let mut manifest = match (self.manifest_file(), self.files.split_first()) {
            (None, Some((contract, plugins))) => {
                flags.contract = Some(contract.clone());
                flags.plugins = plugins.to_vec();
                Manifest::empty()
            }
            (_, Some((_, [_, ..]))) => {
                return Err(Failure::usage("a manifest names its plugins itself"));
            }
            (path, files) => {
                let path = path.unwrap_or(Path::new(MANIFEST));
                Manifest::read(path).map_err(|error| {
                    let hint = match files {
                        Some(_) => "",
                        None => "; name a manifest, or a contract and its plugins",
                    };
                    Failure::cannot(format!("{}: {error}{hint}", path.display()))
                })?
            }
        };
        manifest.apply(flags);
        Ok(manifest)
    }

    /// `None` when the arguments are a contract and its plugins.
    pub(crate) fn manifest_file(&self) -> Option<&Path> {
        match self.files.first() {
            None => Some(Path::new(MANIFEST)),
            Some(first) => {
                let is_manifest = first.extension().is_some_and(|extension| extension == "toml");
                is_manifest.then_some(first)
            }
        }
    }

    async fn serve(self, config: Config, contract: Contract, looks: Looks) -> Outcome {
        let catch = |error| Failure::cannot(format!("cannot catch signals: {error}"));
        let mut stop = std::pin::pin!(Signals::catch().map_err(catch)?.first());
        // One that comes early is heard late, instead of ending the process.
        let hangup = Hangup::catch().map_err(catch)?;
        let started = Instant::now();
        let monitor = Monitor::new();
        let _pages = config.admin.as_ref().map(|settings| serve_pages(settings, &monitor)).transpose()?;
        let mut loader = Loader::new(&config)?;
        let plugins = tokio::select! {
            plugins = loader.load_first(&config, &contract) => plugins?,
            // A compiler that still runs ends with the process.
            () = &mut stop => return Ok(Exit::Yes),
        };
        let assembly = Assembly::new(&config, &contract, &plugins, &[], started)?;
        let (names, served) = (assembly.names.clone(), assembly.served.clone());
        let (server, urls) = listen(&config, assembly)?;
        monitor.serves(served.clone());
        monitor.listens(server.traffic(), server.calls());
        let stdio = config.listeners.iter().any(|listener| listener.endpoint == Endpoint::Stdio);
        let drain_time = config.limits.drain_time;
        let running = Running { config, contract, plugins, names, served };
        let reloader = Reloader {
            arguments: Arc::new(self),
            loader,
            live: server.live(),
            running,
            looks,
            hangup,
            monitor: monitor.clone(),
            started,
        };
        monitor.enter(Phase::Ready);
        for url in urls {
            // Standard output belongs to the answers then.
            match stdio {
                true => cli::tell(&format!("listening {url}")),
                false => cli::answer(&format!("listening {url}\n"))?,
            }
        }
        let stopped = async {
            tokio::select! {
                () = stop => (),
                () = reloader.run() => (),
            }
            monitor.enter(Phase::Draining);
            tracing::info!("stopping: open calls have {drain_time:?}");
        };
        if !server.run(stopped).await {
            tracing::warn!("calls were cancelled");
        }
        Ok(Exit::Yes)
    }
}

/// What is served when nothing is named.
const MANIFEST: &str = "pintle.toml";

/// Serves metrics and health until what is answered is dropped; whoever reads then is not waited for.
fn serve_pages(settings: &Admin, monitor: &Arc<Monitor>) -> Result<JoinSet<()>, Failure> {
    let Admin { address, hosts } = settings;
    let cannot = |error| Failure::cannot(format!("cannot listen on {address}: {error}"));
    let pages = Pages::bind(*address, hosts.clone()).map_err(cannot)?;
    cli::tell(&format!("admin {}", pages.url()));
    let monitor = monitor.clone();
    let mut serving = JoinSet::new();
    serving.spawn(pages.serve(move |path| admin::page(&monitor, path)));
    Ok(serving)
}

/// A server with all its listeners bound, and their URLs.
fn listen(config: &Config, assembly: Assembly) -> Result<(Server<Arc<Handlers>>, Vec<String>), Failure> {
    let events = assembly.check_events(config);
    // Nothing of it stays here: a reload replaces what the server has.
    let Assembly { handlers, guard, engines, .. } = assembly;
    let mut server = Server::guarded(handlers, config.limits.clone(), guard);
    let mut urls = Vec::new();
    for (listener, engine) in config.listeners.iter().zip(engines) {
        let url = server.listen(listener.clone(), engine).map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidInput => {
                Failure::no(format!("[[listen]] {}: {error}", listener.endpoint))
            }
            _ => Failure::cannot(format!("cannot listen on {}: {error}", listener.endpoint)),
        });
        urls.push(url?);
    }
    // What the contract does not even have was told above.
    events.map(|()| (server, urls))
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
