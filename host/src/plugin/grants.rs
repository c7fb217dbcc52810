//! What a plugin may reach outside of its sandbox.

use std::path::PathBuf;

use crate::kv::Bucket;

/// What a plugin is granted. The default is nothing.
///
/// Which interfaces it may call and whether it may send to connections is not here: whoever makes the
/// [`CallContext`](super::CallContext) decides on that, call by call.
#[derive(Debug, Clone, Default)]
pub struct Grants {
    /// Its keys and values.
    pub kv: Option<Bucket>,
    /// The environment that it sees: names and values. Nothing of the server's own.
    pub env: Vec<(String, String)>,
    /// Directories that it sees.
    pub dirs: Vec<Dir>,
    /// Where it may send HTTP requests: `host:port`, in lower case. Only components can.
    pub hosts: Vec<String>,
}

/// A directory that a plugin sees. Nothing above it can be reached, by `..` or by a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dir {
    /// Where it is.
    pub host: PathBuf,
    /// What the guest calls it.
    pub guest: String,
    /// Whether the guest may change what is inside. What it writes is not bounded.
    pub write: bool,
}
