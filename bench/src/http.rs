//! Requests per second over HTTP: jsonrpsee with a native handler, pintle with a guest, both driven by wrk.

use crate::documents::{CHECKOUT_RESPONSE, CREATE_ORDER};
use crate::server::{self, Server};
use crate::{Outcome, report::Report};
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

const ROUNDS: usize = 3;
const CONNECTIONS: usize = 32;

pub(crate) fn run(report: &mut Report) -> Outcome {
    let dir = tempfile::tempdir().map_err(|why| why.to_string())?;
    let script = dir.path().join("post.lua");
    let lua = format!(
        "wrk.method = \"POST\"\nwrk.headers[\"content-type\"] = \"application/json\"\nwrk.body = [==[{CREATE_ORDER}]==]\n"
    );
    std::fs::write(&script, lua).map_err(|why| format!("{}: {why}", script.display()))?;

    let servers = [
        Server::start(server::theirs()?)?,
        Server::start(server::ours("pool", dir.path())?)?,
        Server::start(server::ours("call", dir.path())?)?,
    ];
    for server in &servers {
        let response = server.post(CREATE_ORDER)?;
        if !response.contains(CHECKOUT_RESPONSE) {
            return Err(format!("{} did not answer as it must: {response}", server.address));
        }
    }
    let mut best = [0f64; 3];
    for _ in 0..ROUNDS {
        for (best, server) in best.iter_mut().zip(&servers) {
            *best = best.max(wrk(&script, &server.address)?);
        }
    }
    let [theirs, pool, call] = best;
    report.base("jsonrpsee, native handler", theirs, "requests/s");
    report.ratio("pintle, guest in `pool`", pool, "requests/s", theirs, Some("≥ 0.9"));
    report.ratio("pintle, guest in `call`", call, "requests/s", theirs, Some("≥ 0.6"));
    Ok(())
}

/// Five seconds of requests: how many came back each second.
fn wrk(script: &Path, address: &str) -> Result<f64, String> {
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", "-d5s", &format!("-c{CONNECTIONS}"), "-s"]);
    wrk.arg(script).arg(format!("http://{address}/"));
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
