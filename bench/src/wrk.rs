//! Load over HTTP: `wrk`, on one thread with 32 connections.

use std::io::ErrorKind;
use std::process::Command;

const CONNECTIONS: usize = 32;

/// One request, to be sent over and over.
pub(crate) struct Wrk {
    script: tempfile::NamedTempFile,
}

impl Wrk {
    pub(crate) fn new(body: &str) -> Result<Wrk, String> {
        let script = tempfile::Builder::new().suffix(".lua").tempfile().map_err(|why| why.to_string())?;
        let lua = format!(
            "wrk.method = \"POST\"\nwrk.headers[\"content-type\"] = \"application/json\"\nwrk.body = [==[{body}]==]\n"
        );
        std::fs::write(&script, lua).map_err(|why| why.to_string())?;
        Ok(Wrk { script })
    }

    /// Five seconds of requests: how many came back each second.
    pub(crate) fn rate(&self, address: &str) -> Result<f64, String> {
        let mut wrk = Command::new("wrk");
        wrk.args(["-t1", "-d5s", &format!("-c{CONNECTIONS}"), "-s"]);
        wrk.arg(self.script.path()).arg(format!("http://{address}/"));
        let out = wrk.output().map_err(|why| match why.kind() {
            ErrorKind::NotFound => "`wrk` is missing: install it (Debian: apt-get install wrk)".to_owned(),
            _ => format!("could not start wrk: {why}"),
        })?;
        let text = String::from_utf8_lossy(&out.stdout);
        if !out.status.success() || text.contains("Non-2xx") || text.contains("Socket errors") {
            return Err(format!("wrk and {address}:\n{text}{}", String::from_utf8_lossy(&out.stderr)));
        }
        let rate = text.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"));
        rate.and_then(|rate| rate.trim().parse().ok()).ok_or_else(|| format!("wrk said no rate:\n{text}"))
    }
}
