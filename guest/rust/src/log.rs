//! Lines for the host's log, attributed there to the plugin and the call.
//!
//! ```
//! use pintle_guest::log;
//!
//! log::info("ready");
//! log::warn(format_args!("only {} left", 3));
//! ```

use std::fmt::Display;

use crate::host;

/// Something failed that should not.
pub fn error(line: impl Display) {
    write(0, &line);
}

/// Something that a person should look at.
pub fn warn(line: impl Display) {
    write(1, &line);
}

/// Something worth knowing in production.
pub fn info(line: impl Display) {
    write(2, &line);
}

/// Something worth knowing while developing.
pub fn debug(line: impl Display) {
    write(3, &line);
}

/// Every step.
pub fn trace(line: impl Display) {
    write(4, &line);
}

fn write(level: i32, line: &dyn Display) {
    host::log(level, line.to_string().as_bytes());
}
