//! Every number that bounds what a peer can make the core do.

/// Bounds on one exchange, all enforced before memory is taken for what they bound.
///
/// The defaults are those of the wire documentation; a shell adds its own (connections, time).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one request body. Bounds memory per connection. Default 1 MiB.
    pub body: usize,
    /// Nesting of arrays and objects within one parameter or one result, `1..=MAX_DEPTH`; larger values
    /// count as [`Limits::MAX_DEPTH`]. Bounds the stack of everything that walks a value. Default 64.
    pub depth: usize,
    /// Elements of one batch. Bounds the work that one body can start. Default 100.
    pub batch: usize,
    /// Bytes of one reply, counted while it is written, results that wait for their batch included.
    /// Bounds memory and amplification. Default 8 MiB.
    pub reply: usize,
    /// Bytes of one request id, as written. Bounds what is echoed. Default 256.
    pub id: usize,
    /// Validation problems collected for one call. Bounds the size of an error reply. Default 16.
    pub problems: usize,
}

impl Limits {
    /// The deepest nesting that can be configured: validation recurses once per level.
    pub const MAX_DEPTH: usize = 128;

    /// Longest method name that can exist, in bytes; a longer one is Method not found.
    pub const METHOD: usize = 256;

    pub(crate) fn depth(&self) -> usize {
        self.depth.clamp(1, Self::MAX_DEPTH)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits { body: 1 << 20, depth: 64, batch: 100, reply: 8 << 20, id: 256, problems: 16 }
    }
}
