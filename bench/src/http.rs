//! Requests per second over HTTP: jsonrpsee with a native handler, pintle with a guest, both driven by wrk.

use crate::documents::{CHECKOUT_RESPONSE, CREATE_ORDER};
use crate::server::{self, Server};
use crate::wrk::Wrk;
use crate::{Outcome, peer, report::Report};
use std::env;
use std::process::Command;

const ROUNDS: usize = 3;

pub(crate) fn run(report: &mut Report) -> Outcome {
    let dir = tempfile::tempdir().map_err(|why| why.to_string())?;
    let wrk = Wrk::new(CREATE_ORDER)?;
    let servers = [
        Server::start(theirs()?)?,
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
            *best = best.max(wrk.rate(&server.address)?);
        }
    }
    let [theirs, pool, call] = best;
    report.base("jsonrpsee, native handler", theirs, "requests/s");
    report.ratio("pintle, guest in `pool`", pool, "requests/s", theirs, Some("≥ 0.9"));
    report.ratio("pintle, guest in `call`", call, "requests/s", theirs, Some("≥ 0.6"));
    Ok(())
}

/// This program, as the other server.
fn theirs() -> Result<Command, String> {
    let mut command = Command::new(env::current_exe().map_err(|why| why.to_string())?);
    command.arg(peer::COMMAND);
    Ok(command)
}
