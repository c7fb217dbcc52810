//! What a plugin can be granted, and how its imports show that it wants it.

use std::fmt;

use pintle::config;
use serde_json::{Value, json};

/// Something that a plugin wants of its host.
pub(super) struct Want {
    right: &'static Right,
    granted: Option<String>,
}

struct Right {
    what: &'static str,
    /// What grants it in a manifest; none can grant it without.
    key: Option<&'static str>,
    /// How imports begin that use it, `module::name` or `interface::function`.
    imports: &'static [&'static str],
    granted: fn(&config::Plugin) -> Option<String>,
}

static RIGHTS: &[Right] = &[
    Right {
        what: "to call other interfaces",
        key: Some("grants.call"),
        imports: &["pintle::call", "pintle:plugin/host::call"],
        granted: |plugin| list(&plugin.calls),
    },
    Right {
        what: "to reach connections",
        key: Some("grants.send"),
        imports: &[
            "pintle::send",
            "pintle::request",
            "pintle:plugin/host::send",
            "pintle:plugin/host::request",
        ],
        granted: |plugin| plugin.send.then(|| "yes".to_owned()),
    },
    Right {
        what: "to keep keys and values",
        key: Some("grants.kv"),
        imports: &["pintle::kv_", "pintle:plugin/host::kv-", "wasi:keyvalue/"],
        granted: |_| None,
    },
    Right {
        what: "environment variables",
        key: Some("grants.env"),
        imports: &["wasi_snapshot_preview1::environ_get", "wasi:cli/environment::get-environment"],
        granted: |_| None,
    },
    Right {
        what: "directories",
        key: Some("grants.dirs"),
        imports: &["wasi_snapshot_preview1::path_", "wasi:filesystem/preopens::"],
        granted: |_| None,
    },
    Right {
        what: "to send HTTP requests",
        key: Some("grants.hosts"),
        imports: &["wasi:http/outgoing-handler::"],
        granted: |_| None,
    },
    Right {
        what: "sockets",
        key: None,
        imports: &["wasi_snapshot_preview1::sock_", "wasi:sockets/"],
        granted: |_| None,
    },
];

fn list(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.join(", "))
}

/// What these imports want, and what the manifest grants of it.
pub(super) fn wants(imports: &[String], settings: Option<&config::Plugin>) -> Vec<Want> {
    let wanted = |right: &&Right| {
        imports.iter().any(|import| right.imports.iter().any(|start| import.starts_with(start)))
    };
    let want = |right: &'static Right| Want { right, granted: settings.and_then(right.granted) };
    RIGHTS.iter().filter(wanted).map(want).collect()
}

impl Want {
    pub(super) fn json(&self) -> Value {
        json!({ "what": self.right.what, "key": self.right.key, "granted": self.granted })
    }
}

impl fmt::Display for Want {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Want { right: Right { what, key, .. }, granted } = self;
        match (granted, key) {
            (Some(granted), _) => write!(f, "{what}: granted {granted}"),
            (None, Some(key)) => write!(f, "{what}: not granted; `{key}` would"),
            (None, None) => write!(f, "{what}: never granted"),
        }
    }
}
