//! `plugin.grants`: what a plugin may reach outside of its sandbox.

use super::build::Builder;
use super::value::{Node, quote};
use crate::plugin::Dir;

/// What a plugin is granted, apart from calls and messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grants {
    /// The name of its bucket.
    pub kv: Option<String>,
    /// The environment that it sees.
    pub env: Vec<(String, String)>,
    /// Directories that it sees; all of them existed when the manifest was read.
    pub dirs: Vec<Dir>,
    /// Where it may send HTTP requests: `host:port`, in lower case.
    pub hosts: Vec<String>,
}

impl Builder<'_> {
    pub(super) fn grants(&mut self, node: &Node) -> Option<Grants> {
        let kv = node.text("kv");
        if kv.as_deref() == Some("") {
            self.problem(
                node,
                "kv",
                "`grants.kv` must be the name of a bucket; leave it out for none".to_owned(),
            );
        }
        let env = node.text_map("env")?;
        for (name, value) in &env {
            if name.is_empty() || name.contains(['=', '\0']) || value.contains('\0') {
                let message = format!("{} cannot be a variable of an environment", quote(name));
                self.problem(node, "env", message);
            }
        }
        let mut dirs: Vec<Dir> = Vec::new();
        for dir in node.tables("dirs") {
            let Some((host, guest)) = dir.path("host").zip(dir.text("guest")) else { continue };
            if !host.is_dir() {
                let message = format!("{} is no directory", quote(&host.to_string_lossy()));
                self.problem(dir, "host", message);
            }
            let plain = |path: &str| path.trim_end_matches('/').to_owned();
            if guest.is_empty() || guest.contains('\0') {
                self.problem(dir, "guest", "`guest` must be a path, such as \"/data\"".to_owned());
            } else if dirs.iter().any(|other| plain(&other.guest) == plain(&guest)) {
                let message = format!("another directory of this plugin is {} too", quote(&guest));
                self.problem(dir, "guest", message);
            }
            dirs.push(Dir { host, guest, write: dir.bool("write") });
        }
        let hosts = node.texts("hosts")?;
        for host in hosts.iter().filter(|host| !is_host(host)) {
            let message = format!(
                "{} is no host and port: write one as \"api.example.com:443\", without https:// and path",
                quote(host)
            );
            self.problem(node, "hosts", message);
        }
        let hosts = hosts.into_iter().map(|host| host.to_ascii_lowercase()).collect();
        Some(Grants { kv, env, dirs, hosts })
    }
}

/// Whether a text is a name or an address, a colon and a port.
fn is_host(text: &str) -> bool {
    let authority = text.parse::<http::uri::Authority>().ok();
    authority.is_some_and(|authority| {
        let host = authority.host();
        let plain = !host.is_empty() && !text.contains(['@', '*']);
        plain && authority.port_u16().is_some_and(|port| port != 0 && text == format!("{host}:{port}"))
    })
}
