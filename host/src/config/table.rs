//! Every key of the manifest, once: the reader, the printer and the help page all walk this table.

/// One key of the manifest.
#[derive(Debug)]
pub struct Key {
    /// As written in the file.
    pub name: &'static str,
    /// What may stand behind the `=`.
    pub kind: Kind,
    /// What holds when the key is not there.
    pub default: Default,
    /// One line for a person.
    pub doc: &'static str,
}

/// What a key may hold. Ranges are inclusive.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Any text.
    Text,
    /// A file or directory, relative to the manifest.
    Path,
    /// A file, relative to the manifest, or this word.
    PathOr(&'static str),
    /// `IP:PORT`, port 0 for any.
    Address,
    /// `IP:PORT`, or the path of a socket file, relative to the manifest.
    Endpoint,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer(i64, i64),
    /// `"250ms"`, `"10s"`, `"1m"`, `"1h"`; the range is in milliseconds.
    Duration(u64, u64),
    /// `"64MiB"`, `"512KiB"`, or a number of bytes.
    Size(u64, u64),
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A table of texts, its keys free.
    TextMap,
    /// `{ file = "…" }` or `{ env = "…" }`, never the secret itself.
    Secret,
    /// A table of known keys, printed in one line.
    Inline(&'static [Key]),
    /// A list of tables of known keys, printed in one line.
    Inlines(&'static [Key]),
    /// A table with a header of its own: `[name]`.
    Section(&'static [Key]),
    /// A list of tables with headers: `[[name]]`.
    Sections(&'static [Key]),
}

/// What holds when a key is not there.
#[derive(Debug, Clone, Copy)]
pub enum Default {
    /// Nothing; the documentation says what that means.
    Absent,
    /// The key must be there.
    Required,
    /// This value, as TOML.
    Value(&'static str),
}

use self::Default::{Absent, Required, Value};
use self::Kind::*;

const fn key(name: &'static str, kind: Kind, default: Default, doc: &'static str) -> Key {
    Key { name, kind, default, doc }
}

const HOUR: u64 = 3_600_000;
const GIB: u64 = 1 << 30;
const MILLION: i64 = 1_000_000;

/// The manifest.
#[rustfmt::skip] // one key in one line
pub static MANIFEST: &[Key] = &[
    key("contract", Path, Absent, "the contract that is served: .pulse, .idl or its JSON form"),
    key("strict", Bool, Value("false"), "refuse fields that the contract does not name"),
    key("errors", Choice(&["any", "declared"]), Value("\"any\""), "the error codes that handlers may use"),
    key("debug_errors", Bool, Value("false"), "show callers why a handler failed; for development"),
    key("separator", Text, Value("\".\""), "stands between a mount, an interface and a method"),
    key("watch", Bool, Value("false"), "reload when this file, the contract or a plugin changes; SIGHUP reloads always"),
    key("force_reload", Bool, Value("false"), "reload even what breaks callers of what is served now"),
    key("log", Section(LOG), Value("{}"), "what is written to standard error"),
    key("limits", Section(LIMITS), Value("{}"), "what a peer can make the server do"),
    key("cache", Section(CACHE), Value("{}"), "compiled plugins kept on disk"),
    key("kv", Section(KV), Value("{}"), "what plugins store"),
    key("admin", Section(ADMIN), Value("{}"), "metrics and health"),
    key("auth", Section(AUTH), Value("{}"), "who may call; open when nothing is set"),
    key("plugin", Sections(PLUGIN), Value("[]"), "the handlers; one section for each"),
    key("listen", Sections(LISTEN), Value("[]"), "where to listen; without any: HTTP with these defaults"),
    key("mount", Sections(MOUNT), Value("[]"), "other names for interfaces"),
];

#[rustfmt::skip] // one key in one line
static PLUGIN: &[Key] = &[
    key("name", Text, Absent, "its name in logs; without: the stem of its file"),
    key("path", Path, Required, "the WebAssembly file"),
    key("interfaces", Texts, Absent, "what it serves; without: what it says itself, else all that nobody else does"),
    key("isolation", Choice(&["call", "pool", "single"]), Value("\"pool\""), "how long an instance lives: one call, many, for ever"),
    key("instances", Integer(1, 10_000), Value("8"), "instances at the same time"),
    key("retire_after", Integer(1, u32::MAX as i64), Value("10000"), "calls after which a pooled instance is replaced"),
    key("memory", Size(1 << 16, 4 * GIB), Value("\"64MiB\""), "memory and tables of one instance"),
    key("run_time", Duration(1, HOUR), Value("\"1s\""), "time that the guest itself may compute in one call"),
    key("start_time", Duration(1, HOUR), Value("\"5s\""), "time that an instance may take to start"),
    key("module_size", Size(1, GIB), Value("\"64MiB\""), "bytes of the file; bounds compilation"),
    key("compile_time", Duration(1, HOUR), Value("\"1m\""), "time that its compilation may take"),
    key("sends", Integer(0, MILLION), Value("100"), "messages to connections in one call; more are refused"),
    key("send_bytes", Size(0, GIB), Value("\"1MiB\""), "bytes of those messages"),
    key("kv_keys", Integer(0, i64::MAX), Value("100000"), "keys in its bucket; more are refused"),
    key("kv_bytes", Size(0, 1 << 40), Value("\"256MiB\""), "bytes of the keys and values in its bucket; more are refused"),
    key("kv_operations", Integer(0, MILLION), Value("1000"), "operations on keys and values in one call; more are refused"),
    key("kv_traffic", Size(0, GIB), Value("\"8MiB\""), "bytes of keys and values that those read and write; more are refused"),
    key("http_requests", Integer(0, MILLION), Value("100"), "HTTP requests that a component sends in one call; more are refused"),
    key("http_body", Size(0, GIB), Value("\"8MiB\""), "bytes of the body of each, and of its response"),
    key("log_lines", Integer(0, MILLION), Value("100"), "log lines of one call; more are dropped"),
    key("fuel", Integer(0, i64::MAX), Value("0"), "instructions in one call; 0: not counted"),
    key("headers", Texts, Absent, "request headers it may see; without: all but authorization and cookie"),
    key("grants", Section(GRANTS), Value("{}"), "what it may reach; nothing by default"),
];

#[rustfmt::skip] // one key in one line
static GRANTS: &[Key] = &[
    key("kv", Text, Absent, "the name of its bucket in the store; plugins that name the same one share it"),
    key("call", Texts, Value("[]"), "interfaces of this server that it may call"),
    key("send", Bool, Value("false"), "it may send to connections and call their peers"),
    key("env", TextMap, Value("{}"), "environment variables that it sees; none of the server's own"),
    key("dirs", Inlines(DIRECTORY), Value("[]"), "directories that it sees, and nothing above them"),
    key("hosts", Texts, Value("[]"), "\"host:port\" that a component may send HTTP requests to, whatever address that has"),
];

#[rustfmt::skip] // one key in one line
static DIRECTORY: &[Key] = &[
    key("host", Path, Required, "the directory"),
    key("guest", Text, Required, "its path inside"),
    key("write", Bool, Value("false"), "files may be changed, and grow as they like"),
];

#[rustfmt::skip] // one key in one line
static LISTEN: &[Key] = &[
    key("kind", Choice(&["http", "tcp", "unix", "stdio"]), Value("\"http\""), "the transport"),
    key("address", Endpoint, Value("\"127.0.0.1:8080\""), "IP and port, port 0: any that is free; for unix the path of the socket, with a slash in it"),
    key("path", Text, Value("\"/\""), "the path that calls are posted to"),
    key("dialect", Choice(&["jsonrpc", "simplerpc", "remotipy"]), Value("\"jsonrpc\""), "the protocol; simplerpc goes over tcp and unix, remotipy over http"),
    key("interface", Text, Value("\"\""), "the interface that simplerpc and remotipy serve; empty: the only one"),
    key("callbacks", Texts, Value("[]"), "interfaces that peers serve, and nobody else then"),
    key("framing", Choice(&["lines", "content-length"]), Value("\"lines\""), "how bodies are told apart on tcp, unix and stdio"),
    key("on_connect", Text, Value("\"\""), "a method that is told the id of each new connection but those of plain HTTP"),
    key("on_disconnect", Text, Value("\"\""), "a method that is told the id of each ended connection"),
    key("origins", Texts, Value("[]"), "web origins that may call, beside the listener's own"),
    key("hosts", Texts, Value("[]"), "names it is reached by; checked when given, and always on loopback"),
    key("tls", Inline(TLS), Absent, "certificate and key; absent: no encryption"),
    key("trust_forwarded_from", Texts, Value("[]"), "proxies, by address or CIDR, whose word about the caller's address is taken"),
    key("commands", Bool, Value("false"), "serve the server commands: ping, echo, server_info and so on"),
    key("kill", Bool, Value("false"), "serve kill_actor too"),
    key("websocket", Bool, Value("true"), "serve WebSocket on the same path"),
];

#[rustfmt::skip] // one key in one line
static TLS: &[Key] = &[
    key("certificate", Path, Required, "the certificate chain, PEM"),
    key("key", Path, Required, "the private key, PEM"),
];

#[rustfmt::skip] // one key in one line
static MOUNT: &[Key] = &[
    key("at", Text, Required, "the path that replaces the interface's name; may be empty"),
    key("interface", Text, Required, "an interface of the contract"),
];

#[rustfmt::skip] // one key in one line
static AUTH: &[Key] = &[
    key("bearer", Secret, Absent, "tokens that are let in, one in a line: token or name:token; a file is read again when it changes"),
    key("method", Text, Absent, "a method that is given ctx, as a string or a struct, and answers ctx.auth or an error; its interface is not served"),
];

#[rustfmt::skip] // one key in one line
static LIMITS: &[Key] = &[
    key("body", Size(1, GIB), Value("\"1MiB\""), "bytes of a request; bounds memory for each connection"),
    key("depth", Integer(1, 128), Value("64"), "nesting of one parameter or result; bounds the stack"),
    key("batch", Integer(1, 100_000), Value("100"), "calls in one request; bounds the work that one body starts"),
    key("reply", Size(1024, GIB), Value("\"8MiB\""), "bytes of a reply; bounds memory and amplification"),
    key("id", Size(1, 1 << 16), Value("256"), "bytes of a request id; bounds what is echoed"),
    key("problems", Integer(1, 1000), Value("16"), "problems reported for one call; bounds an error reply"),
    key("call_deadline", Duration(1, HOUR), Value("\"10s\""), "time for one call, waiting included; bounds what a slow handler holds"),
    key("concurrent_calls", Integer(1, MILLION), Value("1024"), "calls running or waiting at the same time; more are Overloaded"),
    key("queue", Integer(0, MILLION), Value("256"), "calls waiting for one plugin; more are Overloaded"),
    key("connections", Integer(1, MILLION), Value("1024"), "connections of one listener; more are turned away"),
    key("header_bytes", Size(8192, 1 << 20), Value("\"16KiB\""), "bytes of a request's head"),
    key("header_time", Duration(1, HOUR), Value("\"10s\""), "time to send a request's head, from its first byte"),
    key("body_time", Duration(1, HOUR), Value("\"30s\""), "time to send a request's body, or a whole message"),
    key("write_time", Duration(1, HOUR), Value("\"30s\""), "time that a peer may leave its answers unread"),
    key("idle_time", Duration(1, 24 * HOUR), Value("\"1m\""), "time that a connection may stay open with nothing to do; a peer that serves callbacks may wait"),
    key("h2_streams", Integer(1, 100_000), Value("100"), "HTTP/2 requests of one connection at the same time"),
    key("h2_resets", Integer(1, 100_000), Value("20"), "HTTP/2 requests that are taken back before they are seen; bounds rapid reset"),
    key("connection_calls", Integer(1, 100_000), Value("100"), "calls of one WebSocket, tcp, unix or stdio connection at the same time; more wait in its socket"),
    key("unread_bytes", Size(1024, GIB), Value("\"16MiB\""), "bytes that wait for such a peer to read; beyond, its connection is closed"),
    key("unread_messages", Integer(1, MILLION), Value("1024"), "messages that wait for such a peer to read; beyond, its connection is closed"),
    key("messages_per_second", Integer(0, MILLION), Value("0"), "messages of one connection; 0: any"),
    key("drain_time", Duration(0, HOUR), Value("\"10s\""), "time for open calls when the server stops; then they are Cancelled"),
];

#[rustfmt::skip] // one key in one line
static KV: &[Key] = &[
    key("store", PathOr("memory"), Value("\"pintle.kv\""), "the file, made when a plugin is granted a bucket; memory: forgotten when the server stops"),
    key("durability", Choice(&["call", "batch"]), Value("\"batch\""), "before a call is answered, what it changed is on disk: batch: calls that end together share the writing; call: each has its own"),
];

#[rustfmt::skip] // one key in one line
static ADMIN: &[Key] = &[
    key("address", Address, Absent, "serves /metrics, /healthz and /readyz; absent: off"),
    key("hosts", Texts, Value("[]"), "names it is reached by; checked when given, and always on loopback"),
];

#[rustfmt::skip] // one key in one line
static CACHE: &[Key] =
    &[key("dir", Path, Value("\"\""), "where; empty: the user's cache directory")];

#[rustfmt::skip] // one key in one line
static LOG: &[Key] = &[
    key("level", Choice(&["off", "error", "warn", "info", "debug", "trace"]), Value("\"info\""), "the least important lines that are written"),
    key("format", Choice(&["text", "json"]), Value("\"text\""), "for people, or one JSON object in each line"),
    key("calls", Bool, Value("false"), "a line at info for each call to a plugin; without: at debug"),
];
