//! What a plugin can be granted, and how its imports show that it wants it.

use std::fmt;

use pintle::config;
use pintle::plugin::Dir;
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
        granted: |plugin| list(plugin.calls.iter().cloned()),
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
        granted: |plugin| plugin.grants.kv.as_ref().map(|bucket| format!("the bucket {bucket}")),
    },
    Right {
        what: "environment variables",
        key: Some("grants.env"),
        imports: &["wasi_snapshot_preview1::environ_get", "wasi:cli/environment::get-environment"],
        // Not what they hold: that may be secret.
        granted: |plugin| list(plugin.grants.env.iter().map(|(name, _)| name.clone())),
    },
    Right {
        what: "directories",
        key: Some("grants.dirs"),
        imports: &["wasi_snapshot_preview1::path_", "wasi:filesystem/preopens::"],
        granted: |plugin| list(plugin.grants.dirs.iter().map(directory)),
    },
    Right {
        what: "to send HTTP requests",
        key: Some("grants.hosts"),
        imports: &["wasi:http/outgoing-handler::"],
        granted: |plugin| list(plugin.grants.hosts.iter().cloned()),
    },
    Right {
        what: "sockets",
        key: None,
        imports: &["wasi_snapshot_preview1::sock_", "wasi:sockets/"],
        granted: |_| None,
    },
];

fn list(names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<String> = names.collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn directory(dir: &Dir) -> String {
    let Dir { host, guest, write } = dir;
    format!("{} as {guest}, to {}", host.display(), if *write { "read and write" } else { "read" })
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
