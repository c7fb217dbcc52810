//! The manifest, `pintle.toml`: text and flags in, a checked [`Config`] out.
//!
//! One table ([`table::MANIFEST`]) says which keys there are; everything else walks it.

mod build;
mod grants;
mod listener;
mod print;
mod problem;
mod read;
pub mod table;
mod value;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::kv::Durability;
pub use grants::Grants;
pub use listener::{Dialect, Endpoint, Listener, Tls};
pub use print::{help, help_section};
pub use problem::{ConfigError, Problem};
pub use value::parse_duration;
use value::{Node, Value};

/// A manifest that was read and may still be changed by flags.
#[derive(Debug)]
pub struct Manifest {
    file: String,
    source: String,
    root: Node,
    problems: Vec<Problem>,
}

/// What the command line sets; it wins over the file.
#[derive(Debug, Default)]
pub struct Flags {
    /// The contract, when no manifest is named.
    pub contract: Option<PathBuf>,
    /// The plugins, when no manifest is named.
    pub plugins: Vec<PathBuf>,
    /// Where to serve HTTP.
    pub http: Option<SocketAddr>,
    /// Where to serve TCP.
    pub tcp: Option<SocketAddr>,
    /// Serve standard input and output.
    pub stdio: bool,
    /// For every listener whose transport can carry it.
    pub dialect: Option<String>,
    /// For every listener on a stream of bytes.
    pub framing: Option<String>,
    /// For every plugin.
    pub isolation: Option<Isolation>,
    /// Serve the server commands on every listener.
    pub commands: bool,
    /// `admin.address`
    pub admin: Option<SocketAddr>,
    /// `watch`
    pub watch: bool,
    /// `force_reload`
    pub force_reload: bool,
    /// `log.level`
    pub log: Option<String>,
    /// `log.format`
    pub log_format: Option<String>,
}

/// A server, checked. Only what can be chosen is here; the table of keys has the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The contract that is served.
    pub contract: PathBuf,
    /// Refuse fields that the contract does not name.
    pub strict: bool,
    /// Only declared error codes may leave.
    pub declared_errors: bool,
    /// Show callers why a handler failed.
    pub debug_errors: bool,
    /// Stands between a mount, an interface and a method.
    pub separator: String,
    /// Reload when a file changes.
    pub watch: bool,
    /// Reload what breaks callers too.
    pub force_reload: bool,
    /// At least none.
    pub plugins: Vec<Plugin>,
    /// At least one.
    pub listeners: Vec<Listener>,
    /// Who may call.
    pub auth: Auth,
    /// In the order of the file.
    pub mounts: Vec<Mount>,
    /// Bounds on peers.
    pub limits: Limits,
    /// Metrics and health, if they are served.
    pub admin: Option<Admin>,
    /// Where compiled plugins are kept, if not in the user's cache directory.
    pub cache: Option<PathBuf>,
    /// Where plugins keep their keys and values.
    pub kv: Kv,
    /// What is logged.
    pub log: Log,
}

/// Where plugins keep their keys and values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kv {
    /// The file; `None` is in memory.
    pub store: Option<PathBuf>,
    /// Which calls share a commit.
    pub durability: Durability,
}

/// How long an instance of a plugin lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Isolation {
    /// One call.
    Call,
    /// Many calls, one at a time.
    Pool,
    /// All calls, one at a time, for the server's life.
    Single,
}

/// One plugin.
#[derive(Debug, Clone, PartialEq)]
pub struct Plugin {
    /// Unique.
    pub name: String,
    /// The WebAssembly file.
    pub path: PathBuf,
    /// What it serves, if the manifest says so.
    pub interfaces: Option<Vec<String>>,
    /// How long an instance lives.
    pub isolation: Isolation,
    /// Instances at the same time.
    pub instances: usize,
    /// Calls after which a pooled instance is replaced.
    pub retire_after: u32,
    /// Bytes of memory and tables of one instance.
    pub memory: usize,
    /// Time that the guest itself may compute in one call.
    pub run_time: Duration,
    /// Time that an instance may take to start.
    pub start_time: Duration,
    /// Log lines of one call.
    pub log_lines: u32,
    /// Messages to connections in one call.
    pub sends: u32,
    /// Bytes of those messages.
    pub send_bytes: usize,
    /// It may send to connections and call their peers.
    pub send: bool,
    /// Keys in its bucket.
    pub kv_keys: u64,
    /// Bytes of the keys and values in its bucket.
    pub kv_bytes: u64,
    /// Operations on keys and values in one call.
    pub kv_operations: u32,
    /// Bytes that those read and write.
    pub kv_traffic: usize,
    /// HTTP requests that it sends in one call.
    pub http_requests: u32,
    /// Bytes of the body of each, and of its response.
    pub http_body: usize,
    /// What it may reach outside.
    pub grants: Grants,
    /// Bytes of the file.
    pub module_size: usize,
    /// Time that compilation may take.
    pub compile_time: Duration,
    /// Instructions in one call, if they are counted.
    pub fuel: Option<u64>,
    /// Request headers that it may see, in lower case; `None` is all but `authorization` and `cookie`.
    pub headers: Option<Vec<String>>,
    /// Interfaces of this server that it may call.
    pub calls: Vec<String>,
}

/// Who may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// Everybody.
    Open,
    /// Who has a token.
    Bearer(Secret),
    /// Whom this method of the contract lets in.
    Method(String),
}

/// Where a secret is, never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// In a file.
    File(PathBuf),
    /// In a variable of the environment.
    Env(String),
}

/// Another name for an interface.
#[derive(Debug, Clone, PartialEq)]
pub struct Mount {
    /// The path that replaces the interface's name; may be empty.
    pub at: String,
    /// An interface of the contract.
    pub interface: String,
}

/// Bounds on peers: the core's, and those of this shell. Every number has its unit in the table of keys.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the table of keys documents each limit, once")]
pub struct Limits {
    pub core: pintle_core::Limits,
    pub call_deadline: Duration,
    pub concurrent_calls: usize,
    pub queue: usize,
    pub connections: usize,
    pub header_bytes: usize,
    pub header_time: Duration,
    pub body_time: Duration,
    pub write_time: Duration,
    pub idle_time: Duration,
    pub h2_streams: u32,
    pub h2_resets: usize,
    pub messages_per_second: Option<NonZeroU32>,
    pub connection_calls: usize,
    pub unread_bytes: usize,
    pub unread_messages: usize,
    pub drain_time: Duration,
}

/// What is logged to standard error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// `off`, `error`, `warn`, `info`, `debug` or `trace`.
    pub level: String,
    /// One JSON object in each line.
    pub json: bool,
    /// Each call to a plugin is worth a line at `info`, not at `debug`.
    pub calls: bool,
}

/// The listener for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admin {
    /// Where. Port 0 is any.
    pub address: SocketAddr,
    /// Names it is reached by.
    pub hosts: Vec<String>,
}

impl Manifest {
    /// The largest manifest that is read, in bytes.
    pub const MAX_BYTES: u64 = 1 << 20;

    /// Reads a file. What is wrong inside is told by [`Manifest::config`].
    pub fn read(path: &Path) -> std::io::Result<Manifest> {
        use std::io::Read;
        let mut source = String::new();
        let bytes = std::fs::File::open(path)?.take(Self::MAX_BYTES + 1).read_to_string(&mut source)?;
        if bytes as u64 > Self::MAX_BYTES {
            return Err(std::io::Error::other("larger than 1 MiB"));
        }
        let dir = path.parent().unwrap_or(Path::new(""));
        Ok(Manifest::parse(source, path.display().to_string(), dir))
    }

    /// A manifest from text. `file` is what problems are told about; paths are relative to `dir`.
    pub fn parse(source: String, file: String, dir: &Path) -> Manifest {
        let (root, problems) = read::read(&source, dir);
        Manifest { file, source, root, problems }
    }

    /// No file: all defaults.
    pub fn empty() -> Manifest {
        Manifest::parse(String::new(), "the command line".to_owned(), Path::new(""))
    }

    /// Lets flags win over the file.
    pub fn apply(&mut self, flags: Flags) {
        let Manifest { root, problems, .. } = self;
        if let Some(contract) = flags.contract {
            root.set("contract", Value::Path(contract), "argument");
        }
        for path in flags.plugins {
            let mut plugin = read::defaults(keys_of("plugin"));
            plugin.set("path", Value::Path(path), "argument");
            root.tables_mut("plugin").push(plugin);
        }
        for (kind, flag, address) in [
            ("http", "--http", flags.http.map(Some)),
            ("tcp", "--tcp", flags.tcp.map(Some)),
            ("stdio", "--stdio", flags.stdio.then_some(None)),
        ] {
            if let Some(address) = address {
                listen(root.tables_mut("listen"), problems, kind, flag, address);
            }
        }
        if root.tables("listen").is_empty() {
            root.tables_mut("listen").push(read::defaults(keys_of("listen")));
        }
        let mut each = |key, flag, value: Option<String>, fits: &dyn Fn(&str, &str) -> bool| {
            let Some(value) = value else { return };
            let listeners = root.tables_mut("listen").iter_mut();
            let mut fitting =
                listeners.filter(|node| node.text("kind").is_some_and(|kind| fits(&kind, &value))).peekable();
            if fitting.peek().is_none() {
                problems.push(Problem::nowhere(format!("{flag} {value} fits none of the listeners")));
            }
            fitting.for_each(|node| node.set(key, Value::Text(value.clone()), flag));
        };
        each("dialect", "--dialect", flags.dialect, &listener::carries);
        each("framing", "--framing", flags.framing, &|kind, _| kind != "http");
        if let Some(isolation) = flags.isolation {
            for plugin in root.tables_mut("plugin") {
                plugin.set("isolation", Value::Text(isolation.name().to_owned()), "--isolation");
            }
        }
        if flags.commands {
            for listener in root.tables_mut("listen") {
                listener.set("commands", Value::Bool(true), "--commands");
            }
        }
        for (key, flag, set) in
            [("watch", "--watch", flags.watch), ("force_reload", "--force-reload", flags.force_reload)]
        {
            if set {
                root.set(key, Value::Bool(true), flag);
            }
        }
        if let Some(address) = flags.admin {
            root.table_mut("admin").set("address", Value::Address(address), "--admin");
        }
        if let Some(level) = flags.log {
            root.table_mut("log").set("level", Value::Text(level), "--log");
        }
        if let Some(format) = flags.log_format {
            root.table_mut("log").set("format", Value::Text(format), "--log-format");
        }
    }

    /// Every key with its value and where it came from, as TOML that can be read back.
    pub fn print(&self) -> String {
        print::print(&self.root, &self.source, &self.file)
    }

    /// The server that this describes, or everything that is wrong.
    pub fn config(&self) -> Result<Config, ConfigError> {
        build::build(&self.root, &self.source, self.problems.clone())
            .map_err(|problems| ConfigError { file: self.file.clone(), problems })
    }
}

impl Isolation {
    /// As in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Isolation::Call => "call",
            Isolation::Pool => "pool",
            Isolation::Single => "single",
        }
    }
}

/// Lets a flag say where to listen: it changes the listener of its kind, or adds one.
fn listen(
    listeners: &mut Vec<Node>,
    problems: &mut Vec<Problem>,
    kind: &str,
    flag: &'static str,
    address: Option<SocketAddr>,
) {
    let of_kind = |node: &Node| node.text("kind").is_some_and(|found| found == kind);
    let found: Vec<usize> = (0..listeners.len()).filter(|index| of_kind(&listeners[*index])).collect();
    let index = match found.as_slice() {
        [] => {
            let mut node = read::defaults(keys_of("listen"));
            node.set("kind", Value::Text(kind.to_owned()), flag);
            listeners.push(node);
            listeners.len() - 1
        }
        [index] => *index,
        _ => {
            problems.push(Problem::nowhere(format!(
                "{flag} does not say which of the listeners it means; change their addresses here"
            )));
            return;
        }
    };
    if let Some(address) = address {
        listeners[index].set("address", Value::Address(address), flag);
    }
}

fn keys_of(section: &str) -> &'static [table::Key] {
    let found = table::MANIFEST.iter().find(|key| key.name == section);
    match found.map(|key| key.kind) {
        Some(table::Kind::Sections(keys)) => keys,
        _ => unreachable!("{section} is not a list of tables"),
    }
}
