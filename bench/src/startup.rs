//! From the start of the process to its listening, with the guest already compiled.

use crate::server::{self, Server};
use crate::{Outcome, report::Report};
use std::time::Instant;

const STARTS: usize = 20;

pub(crate) fn run(report: &mut Report) -> Outcome {
    let cache = tempfile::tempdir().map_err(|why| why.to_string())?;
    // The first start fills the cache.
    let cold = start(cache.path())?;
    let mut warm = (0..STARTS).map(|_| start(cache.path())).collect::<Result<Vec<f64>, String>>()?;
    warm.sort_unstable_by(f64::total_cmp);
    report.base("cold cache", cold, "ms");
    report.goal("warm cache, best", warm[0], "ms", "≤ 60 ms");
    report.base("warm cache, median", warm[STARTS / 2], "ms");
    Ok(())
}

/// Milliseconds until it listens.
fn start(cache: &std::path::Path) -> Result<f64, String> {
    let command = server::ours("pool", cache)?;
    let begin = Instant::now();
    let server = Server::start(command)?;
    let took = begin.elapsed();
    drop(server);
    Ok(took.as_secs_f64() * 1000.0)
}
