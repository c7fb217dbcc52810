//! `[[listen]]`: where a server listens and what is spoken there.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use pintle_core::frame::Framing;

use super::build::Builder;
use super::read::default;
use super::value::Node;
use crate::net::forwarded::{Network, Proxies};

/// One listener.
#[derive(Debug, Clone, PartialEq)]
pub struct Listener {
    /// Transport and place.
    pub endpoint: Endpoint,
    /// HTTP: the path that calls are posted to; begins with `/`.
    pub path: String,
    /// The protocol.
    pub dialect: Dialect,
    /// Interfaces that the peers serve, and that cannot be called here.
    pub callbacks: Vec<String>,
    /// How bodies are told apart on a stream of bytes.
    pub framing: Framing,
    /// A method that is told the id of each new connection: `Interface.method`.
    pub on_connect: Option<String>,
    /// A method that is told the id of each ended connection.
    pub on_disconnect: Option<String>,
    /// Web origins that may call, beside the listener's own.
    pub origins: Vec<String>,
    /// Names it is reached by.
    pub hosts: Vec<String>,
    /// `None` is no encryption.
    pub tls: Option<Tls>,
    /// HTTP: proxies whose word about the caller's address is taken.
    pub trust_forwarded_from: Proxies,
    /// Serve the server commands.
    pub commands: bool,
    /// Serve `kill_actor` too.
    pub kill: bool,
    /// HTTP: serve WebSocket on the same path.
    pub websocket: bool,
}

/// Transport and place of a listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// HTTP with WebSocket. Port 0 is any.
    Http(SocketAddr),
    /// Framed bodies. Port 0 is any.
    Tcp(SocketAddr),
    /// Framed bodies on a socket file.
    Unix(PathBuf),
    /// Framed bodies on this process's standard input and output.
    Stdio,
}

/// What is spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dialect {
    /// JSON-RPC 2.0.
    JsonRpc,
    /// simplerpc, for one interface.
    SimpleRpc(String),
    /// remotipy, for one interface.
    Remotipy(String),
}

/// Files of a listener that encrypts, PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The chain, the server's own certificate first.
    pub certificate: PathBuf,
    /// The private key of that certificate.
    pub key: PathBuf,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endpoint::Http(address) | Endpoint::Tcp(address) => write!(f, "{address}"),
            Endpoint::Unix(path) => write!(f, "{}", path.display()),
            Endpoint::Stdio => f.write_str("standard input"),
        }
    }
}

impl Default for Listener {
    /// The defaults of the table of keys, on any free port.
    fn default() -> Self {
        Listener {
            endpoint: Endpoint::Http(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
            path: "/".to_owned(),
            dialect: Dialect::JsonRpc,
            callbacks: Vec::new(),
            framing: Framing::Lines,
            on_connect: None,
            on_disconnect: None,
            origins: Vec::new(),
            hosts: Vec::new(),
            tls: None,
            trust_forwarded_from: Proxies::default(),
            commands: false,
            kill: false,
            websocket: true,
        }
    }
}

/// What only some transports have: a key and those.
const ONLY: [(&str, &[&str]); 7] = [
    ("path", &["http"]),
    ("origins", &["http"]),
    ("hosts", &["http"]),
    ("websocket", &["http"]),
    ("trust_forwarded_from", &["http"]),
    ("framing", &["tcp", "unix", "stdio"]),
    ("tls", &["http", "tcp"]),
];

impl Builder<'_> {
    pub(super) fn listener(&mut self, node: &Node) -> Option<Listener> {
        let kind = node.text("kind")?;
        let dialect = node.text("dialect")?;
        for (key, kinds) in ONLY {
            if !kinds.contains(&kind.as_str()) && is_set(node, key) {
                let message = format!("`listen.{key}` means nothing with kind = \"{kind}\": leave it out");
                self.problem(node, key, message);
            }
        }
        self.check_dialect(node, &kind, &dialect);
        let path = node.text("path")?;
        let plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'?' && b != b'#');
        if !path.starts_with('/') || !plain {
            self.problem(node, "path", "`listen.path` must begin with `/` and be a plain path".to_owned());
        }
        let origins = node.texts("origins")?;
        if origins.iter().any(|origin| !is_origin(origin)) {
            let message = "`listen.origins` must be origins: \"https://app.example.com\", without a path";
            self.problem(node, "origins", message.to_owned());
        }
        let hosts = node.texts("hosts")?;
        if hosts.iter().any(|host| host.parse::<http::uri::Authority>().is_err() || host.contains('@')) {
            self.problem(node, "hosts", "`listen.hosts` must be names or name:port".to_owned());
        }
        let networks = node.texts("trust_forwarded_from")?;
        let parsed: Result<Vec<Network>, ()> = networks.iter().map(|network| network.parse()).collect();
        if parsed.is_err() {
            let message = "`listen.trust_forwarded_from` must be IP addresses or networks: \"10.0.0.0/8\"";
            self.problem(node, "trust_forwarded_from", message.to_owned());
        }
        let (commands, kill) = (node.bool("commands"), node.bool("kill"));
        if kill && !commands {
            let message = "`listen.kill` adds to the server commands: it needs `commands = true`";
            self.problem(node, "kill", message.to_owned());
        }
        let interface = node.text("interface")?;
        let method = |key| node.text(key).filter(|name| !name.is_empty());
        Some(Listener {
            endpoint: self.endpoint(node, &kind)?,
            path,
            dialect: match dialect.as_str() {
                "simplerpc" => Dialect::SimpleRpc(interface),
                "remotipy" => Dialect::Remotipy(interface),
                _ => Dialect::JsonRpc,
            },
            callbacks: node.texts("callbacks")?,
            framing: match node.text("framing")?.as_str() {
                "content-length" => Framing::ContentLength,
                _ => Framing::Lines,
            },
            on_connect: method("on_connect"),
            on_disconnect: method("on_disconnect"),
            origins,
            hosts,
            tls: node
                .table("tls")
                .and_then(|tls| Some(Tls { certificate: tls.path("certificate")?, key: tls.path("key")? })),
            trust_forwarded_from: Proxies::new(parsed.unwrap_or_default()),
            commands,
            kill,
            websocket: node.bool("websocket"),
        })
    }

    fn endpoint(&mut self, node: &Node, kind: &str) -> Option<Endpoint> {
        let given = is_set(node, "address");
        match (kind, node.address("address"), node.path("address")) {
            ("http", Some(address), _) => Some(Endpoint::Http(address)),
            ("tcp", Some(address), _) => Some(Endpoint::Tcp(address)),
            ("unix", _, Some(path)) => Some(Endpoint::Unix(path)),
            ("stdio", _, _) if !given => Some(Endpoint::Stdio),
            (_, address, path) => {
                let message = match kind {
                    "stdio" => "standard input and output have no `address`: leave it out",
                    "unix" => {
                        "with kind = \"unix\" the `address` is the path of a socket, such as \"./rpc.socket\""
                    }
                    _ => "a path is the `address` of kind = \"unix\"; here it is \"IP:PORT\"",
                };
                // One that cannot be read has been told already.
                if address.is_some() || path.is_some() {
                    self.problem(node, "address", message.to_owned());
                }
                None
            }
        }
    }

    fn check_dialect(&mut self, node: &Node, kind: &str, dialect: &str) {
        if !carries(kind, dialect) {
            let where_ = if dialect == "remotipy" { "http" } else { "tcp or unix" };
            let message = format!("{dialect} is spoken over {where_}, not with kind = \"{kind}\"");
            self.problem(node, "dialect", message);
        }
        let refused = match dialect {
            "jsonrpc" => &["interface"][..],
            "simplerpc" => &["framing"],
            _ => &["callbacks", "on_connect", "on_disconnect"],
        };
        for key in refused {
            if is_set(node, key) {
                let message =
                    format!("`listen.{key}` means nothing with dialect = \"{dialect}\": leave it out");
                self.problem(node, key, message);
            }
        }
    }
}

/// Whether a key has another value than its default. Where it came from does not matter: a printed configuration sets all.
fn is_set(node: &Node, name: &str) -> bool {
    let key = node.keys.iter().find(|key| key.name == name);
    key.is_some_and(|key| node.setting(name).value != default(key))
}

/// Whether a transport carries a dialect, both as in the manifest.
pub(super) fn carries(kind: &str, dialect: &str) -> bool {
    match dialect {
        "simplerpc" => ["tcp", "unix"].contains(&kind),
        "remotipy" => kind == "http",
        _ => true,
    }
}

fn is_origin(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, rest)| {
        !scheme.is_empty() && rest.parse::<http::uri::Authority>().is_ok() && !rest.contains('@')
    })
}
