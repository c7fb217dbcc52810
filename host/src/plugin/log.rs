//! What guests write: attributed, cleaned, bounded.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use super::Shared;

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something failed.
    Error,
    /// Something may fail.
    Warn,
    /// Something happened.
    Info,
    /// For whoever looks for a fault.
    Debug,
    /// Every step.
    Trace,
}

impl Level {
    /// The level of a number of the ABI; above 4 is the lowest.
    pub(super) fn of(number: u32) -> Level {
        match number {
            0 => Level::Error,
            1 => Level::Warn,
            2 => Level::Info,
            3 => Level::Debug,
            _ => Level::Trace,
        }
    }
}

/// One line of a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLine<'a> {
    /// Name of the plugin.
    pub plugin: &'a str,
    /// `Interface.method` of the call; empty during start-up.
    pub method: &'a str,
    /// How much it matters; stdout is [`Level::Info`], stderr [`Level::Warn`].
    pub level: Level,
    /// The text, without control characters.
    pub text: &'a str,
}

/// Takes the lines of guests. Called while the guest waits: must not block.
pub trait LogSink: Send + Sync {
    /// Takes one line.
    fn log(&self, line: LogLine<'_>);
}

/// Hands lines to `tracing` with the target `guest`.
#[derive(Debug, Clone, Copy, Default)]
pub struct TracingLog;

impl LogSink for TracingLog {
    fn log(&self, line: LogLine<'_>) {
        let LogLine { plugin, method, level, text } = line;
        match level {
            Level::Error => tracing::error!(target: "guest", plugin, method, "{text}"),
            Level::Warn => tracing::warn!(target: "guest", plugin, method, "{text}"),
            Level::Info => tracing::info!(target: "guest", plugin, method, "{text}"),
            Level::Debug => tracing::debug!(target: "guest", plugin, method, "{text}"),
            Level::Trace => tracing::trace!(target: "guest", plugin, method, "{text}"),
        }
    }
}

/// A standard stream of a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
}

impl Stream {
    fn level(self) -> Level {
        match self {
            Stream::Out => Level::Info,
            Stream::Err => Level::Warn,
        }
    }
}

/// The log of one instance, within the bounds of its current call.
pub(super) struct CallLog {
    shared: Arc<Shared>,
    left: AtomicU32,
    dropped: AtomicU32,
    streams: Mutex<Streams>,
}

/// What the standard streams hold of a line that has not ended.
#[derive(Default)]
struct Streams {
    method: String,
    out: Vec<u8>,
    err: Vec<u8>,
}

impl CallLog {
    pub(super) fn new(shared: Arc<Shared>) -> CallLog {
        CallLog {
            left: AtomicU32::new(shared.limits.log_lines),
            shared,
            dropped: AtomicU32::new(0),
            streams: Mutex::default(),
        }
    }

    pub(super) fn begin(&self) {
        self.left.store(self.shared.limits.log_lines, Relaxed);
    }

    /// Says how many lines of the call were dropped.
    pub(super) fn end(&self, method: &str) {
        if self.dropped.load(Relaxed) == 0 {
            return;
        }
        let dropped = self.dropped.swap(0, Relaxed);
        self.shared.counters.log_dropped.fetch_add(u64::from(dropped), Relaxed);
        self.emit(method, Level::Warn, &format!("{dropped} log lines dropped"));
    }

    /// Bytes that are read of a line: what is beyond is cut.
    pub(super) fn cut(&self) -> usize {
        self.shared.limits.log_line
    }

    /// Takes one line, or drops it when the call has written enough.
    pub(super) fn line(&self, method: &str, level: Level, bytes: &[u8]) {
        // Only the instance's own call writes, so there is no race to lose.
        let left = self.left.load(Relaxed);
        if left == 0 {
            self.dropped.fetch_add(1, Relaxed);
            return;
        }
        self.left.store(left - 1, Relaxed);
        self.emit(method, level, &clean(bytes, self.cut()));
    }

    fn emit(&self, method: &str, level: Level, text: &str) {
        self.shared.log.log(LogLine { plugin: &self.shared.name, method, level, text });
    }

    /// Attributes what the standard streams bring from now on.
    pub(super) fn streams_serve(&self, method: &str) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        streams.method.clear();
        streams.method.push_str(method);
    }

    /// Takes bytes of a standard stream; every end of line makes a line, and so does a full buffer.
    pub(super) fn stream(&self, stream: Stream, bytes: &[u8]) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let Streams { method, out, err } = &mut *streams;
        let held = match stream {
            Stream::Out => out,
            Stream::Err => err,
        };
        let mut lines = bytes.split(|byte| *byte == b'\n').peekable();
        while let Some(part) = lines.next() {
            let room = self.cut().saturating_sub(held.len());
            held.extend_from_slice(&part[..part.len().min(room)]);
            if lines.peek().is_some() {
                self.line(method, stream.level(), held);
                held.clear();
            }
        }
    }

    /// Makes lines of what has not ended.
    pub(super) fn flush_streams(&self) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let Streams { method, out, err } = &mut *streams;
        for (stream, held) in [(Stream::Out, out), (Stream::Err, err)] {
            if !held.is_empty() {
                self.line(method, stream.level(), held);
                held.clear();
            }
        }
    }
}

/// A line that cannot forge another one: cut, UTF-8, control and direction characters escaped.
fn clean(bytes: &[u8], cut: usize) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(cut)]);
    let mut line = String::with_capacity(text.len());
    for c in text.trim_end_matches(['\n', '\r']).chars() {
        let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if c.is_control() || turns {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_stays_one_line() {
        let cases: &[(&[u8], &str)] = &[
            (b"plain\n", "plain"),
            (b"two\nlines", "two\\nlines"),
            (b"\x1b[31mred", "\\u{1b}[31mred"),
            ("\u{202e}back".as_bytes(), "\\u{202e}back"),
            (b"bad \xff byte", "bad \u{fffd} byte"),
            (b"longer than the cut", "longer than the "),
        ];
        for (bytes, expected) in cases {
            assert_eq!(super::clean(bytes, 16), *expected);
        }
    }
}
