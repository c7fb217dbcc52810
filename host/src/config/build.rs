//! From checked settings to the typed configuration.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use super::problem::Problem;
use super::read::defaults;
use super::table::MANIFEST;
use super::value::{Node, Origin, Value, quote};
use super::{Admin, Auth, Config, Endpoint, Isolation, Kv, Limits, Listener, Log, Mount, Plugin, Secret};
use crate::kv::Durability;

/// Builds the configuration, and adds what one key alone cannot say to `problems`.
pub(super) fn build(root: &Node, source: &str, problems: Vec<Problem>) -> Result<Config, Vec<Problem>> {
    let mut builder = Builder { source, problems };
    match builder.config(root) {
        Some(config) if builder.problems.is_empty() => Ok(config),
        _ => {
            builder.problems.sort_by_key(|problem| (problem.line, problem.column));
            Err(builder.problems)
        }
    }
}

pub(super) struct Builder<'a> {
    source: &'a str,
    problems: Vec<Problem>,
}

impl Builder<'_> {
    fn config(&mut self, root: &Node) -> Option<Config> {
        let contract = root.path("contract").filter(|path| !path.as_os_str().is_empty());
        if contract.is_none() && self.problems.is_empty() {
            self.problems
                .push(Problem::nowhere("`contract` is missing: there is nothing to serve".to_owned()));
        }
        let (mut plugins, mut names) = (Vec::new(), Vec::new());
        for node in root.tables("plugin") {
            let Some(plugin) = self.plugin(node) else { continue };
            names.push((node, plugin.name.clone()));
            plugins.push(plugin);
        }
        self.unique("plugin", "name", names);
        let (mut listeners, mut addresses) = (Vec::new(), Vec::new());
        for node in root.tables("listen") {
            let Some(listener) = self.listener(node) else { continue };
            match &listener.endpoint {
                Endpoint::Http(address) | Endpoint::Tcp(address) if address.port() == 0 => (),
                Endpoint::Stdio
                    if listeners.iter().any(|other: &Listener| other.endpoint == Endpoint::Stdio) =>
                {
                    let message = "another `[[listen]]` has standard input and output already";
                    self.problem(node, "kind", message.to_owned());
                }
                Endpoint::Stdio => (),
                endpoint => addresses.push((node, endpoint.to_string())),
            }
            listeners.push(listener);
        }
        self.unique("listen", "address", addresses);
        let auth = self.auth(root);
        let separator = root.text("separator").unwrap_or_default();
        if separator.is_empty() {
            self.problem(root, "separator", "`separator` must not be empty".to_owned());
        }
        Some(Config {
            contract: contract?,
            strict: root.bool("strict"),
            declared_errors: root.text("errors")? == "declared",
            debug_errors: root.bool("debug_errors"),
            separator,
            watch: root.bool("watch"),
            force_reload: root.bool("force_reload"),
            plugins,
            listeners,
            auth: auth?,
            mounts: root.tables("mount").iter().filter_map(mount).collect(),
            limits: limits(root.table("limits")?)?,
            admin: admin(root.table("admin")?)?,
            cache: root.table("cache")?.path("dir").filter(|path| !path.as_os_str().is_empty()),
            kv: kv(root.table("kv")?)?,
            log: log(root.table("log")?)?,
        })
    }

    fn plugin(&mut self, node: &Node) -> Option<Plugin> {
        let path = node.path("path")?;
        if path.as_os_str().is_empty() {
            self.problem(node, "path", "`plugin.path` is empty".to_owned());
        }
        let stem = || path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let name = node.text("name").or_else(stem).unwrap_or_default();
        if name.is_empty() {
            self.problem(node, "name", "a plugin's `name` must not be empty".to_owned());
        }
        let lower = |names: Vec<String>| names.into_iter().map(|name| name.to_ascii_lowercase()).collect();
        Some(Plugin {
            name,
            path,
            interfaces: node.texts("interfaces"),
            isolation: match node.text("isolation")?.as_str() {
                "call" => Isolation::Call,
                "single" => Isolation::Single,
                _ => Isolation::Pool,
            },
            instances: node.number("instances")?,
            retire_after: node.number("retire_after")?,
            memory: node.number("memory")?,
            run_time: node.time("run_time")?,
            start_time: node.time("start_time")?,
            log_lines: node.number("log_lines")?,
            sends: node.number("sends")?,
            send_bytes: node.number("send_bytes")?,
            send: node.table("grants")?.bool("send"),
            kv_keys: node.number("kv_keys")?,
            kv_bytes: node.number("kv_bytes")?,
            kv_operations: node.number("kv_operations")?,
            kv_traffic: node.number("kv_traffic")?,
            http_requests: node.number("http_requests")?,
            http_body: node.number("http_body")?,
            grants: self.grants(node.table("grants")?)?,
            module_size: node.number("module_size")?,
            compile_time: node.time("compile_time")?,
            fuel: node.number("fuel").filter(|fuel| *fuel > 0),
            headers: node.texts("headers").map(lower),
            calls: node.table("grants")?.texts("call")?,
        })
    }

    fn auth(&mut self, root: &Node) -> Option<Auth> {
        let node = root.table("auth")?;
        match (node.secret("bearer"), node.text("method")) {
            (Some(_), Some(_)) => {
                let message = "`auth` has both `bearer` and `method`: leave one out";
                self.problem(node, "method", message.to_owned());
                None
            }
            (Some(secret), None) => {
                for listener in root.tables("listen") {
                    let kind = listener.text("kind").unwrap_or_default();
                    if kind != "http" {
                        let message = format!(
                            "`auth.bearer` cannot be checked on {kind}, which has no headers: use `auth.method`"
                        );
                        self.problem(listener, "kind", message);
                    }
                }
                Some(Auth::Bearer(secret))
            }
            (None, Some(method)) => Some(Auth::Method(method)),
            (None, None) => Some(Auth::Open),
        }
    }

    fn unique(&mut self, section: &str, key: &str, mut named: Vec<(&Node, String)>) {
        while let Some((node, name)) = named.pop() {
            if named.iter().any(|(_, other)| *other == name) {
                let message = format!("another `[[{section}]]` has the {key} {} too", quote(&name));
                self.problem(node, key, message);
            }
        }
    }

    pub(super) fn problem(&mut self, node: &Node, key: &str, message: String) {
        let span: Option<Range<usize>> = match &node.setting(key).origin {
            Origin::File(span) => Some(span.clone()),
            Origin::Default if !node.span.is_empty() => Some(node.span.clone()),
            _ => None,
        };
        self.problems.push(match span {
            Some(span) => Problem::at(self.source, span, message),
            None => Problem::nowhere(message),
        });
    }
}

fn mount(node: &Node) -> Option<Mount> {
    Some(Mount { at: node.text("at")?, interface: node.text("interface")? })
}

fn limits(node: &Node) -> Option<Limits> {
    Some(Limits {
        core: pintle_core::Limits {
            body: node.number("body")?,
            depth: node.number("depth")?,
            batch: node.number("batch")?,
            reply: node.number("reply")?,
            id: node.number("id")?,
            problems: node.number("problems")?,
        },
        call_deadline: node.time("call_deadline")?,
        concurrent_calls: node.number("concurrent_calls")?,
        queue: node.number("queue")?,
        connections: node.number("connections")?,
        header_bytes: node.number("header_bytes")?,
        header_time: node.time("header_time")?,
        body_time: node.time("body_time")?,
        write_time: node.time("write_time")?,
        idle_time: node.time("idle_time")?,
        h2_streams: node.number("h2_streams")?,
        h2_resets: node.number("h2_resets")?,
        messages_per_second: NonZeroU32::new(node.number("messages_per_second")?),
        connection_calls: node.number("connection_calls")?,
        unread_bytes: node.number("unread_bytes")?,
        unread_messages: node.number("unread_messages")?,
        drain_time: node.time("drain_time")?,
    })
}

fn kv(node: &Node) -> Option<Kv> {
    let store = match node.path("store") {
        Some(path) => Some(path),
        None => node.text("store").map(|_| None)?,
    };
    let durability = match node.text("durability")?.as_str() {
        "call" => Durability::Call,
        _ => Durability::Batch,
    };
    Some(Kv { store, durability })
}

fn log(node: &Node) -> Option<Log> {
    Some(Log { level: node.text("level")?, json: node.text("format")? == "json", calls: node.bool("calls") })
}

/// `Some(None)` is no listener.
fn admin(node: &Node) -> Option<Option<Admin>> {
    let hosts = node.texts("hosts")?;
    Some(node.address("address").map(|address| Admin { address, hosts }))
}

impl Default for Limits {
    /// The defaults of the table of keys.
    fn default() -> Self {
        let root = defaults(MANIFEST);
        root.table("limits").and_then(limits).unwrap_or_else(|| unreachable!("every limit has a default"))
    }
}

/// Typed reading. `None` and `false` where the file was wrong, which has been told already.
impl Node {
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match &self.setting(name).value {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        match &self.setting(name).value {
            Some(Value::Path(path)) => Some(path.clone()),
            _ => None,
        }
    }

    fn secret(&self, name: &str) -> Option<Secret> {
        match &self.setting(name).value {
            Some(Value::Secret(secret)) => Some(secret.clone()),
            _ => None,
        }
    }

    pub(super) fn address(&self, name: &str) -> Option<SocketAddr> {
        match self.setting(name).value {
            Some(Value::Address(address)) => Some(address),
            _ => None,
        }
    }

    pub(super) fn bool(&self, name: &str) -> bool {
        matches!(self.setting(name).value, Some(Value::Bool(true)))
    }

    fn number<N: TryFrom<u64>>(&self, name: &str) -> Option<N> {
        match self.setting(name).value {
            Some(Value::Size(size)) => N::try_from(size).ok(),
            Some(Value::Integer(number)) => N::try_from(u64::try_from(number).ok()?).ok(),
            _ => None,
        }
    }

    fn time(&self, name: &str) -> Option<Duration> {
        match self.setting(name).value {
            Some(Value::Duration(time)) => Some(time),
            _ => None,
        }
    }

    pub(super) fn texts(&self, name: &str) -> Option<Vec<String>> {
        match &self.setting(name).value {
            Some(Value::Texts(texts)) => Some(texts.clone()),
            _ => None,
        }
    }

    pub(super) fn text_map(&self, name: &str) -> Option<Vec<(String, String)>> {
        match &self.setting(name).value {
            Some(Value::TextMap(map)) => Some(map.clone()),
            _ => None,
        }
    }

    pub(super) fn table(&self, name: &str) -> Option<&Node> {
        match &self.setting(name).value {
            Some(Value::Table(node)) => Some(node),
            _ => None,
        }
    }
}
