//! Bytes to bytes in one process: the core with a handler that answers a constant, and jsonrpsee with a typed one.

use crate::documents::{CHECKOUT_RESPONSE, CREATE_ORDER, batch, checkout};
use crate::{Outcome, peer, report::Report, turns};
use std::hint::black_box;

pub(crate) fn run(report: &mut Report) -> Outcome {
    const BATCH: usize = 20;
    let engine = checkout();
    let module = peer::module()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|why| why.to_string())?;
    let batch = batch(BATCH);

    let ours = |body: &str| engine.handle(body, |_, _| Ok(CHECKOUT_RESPONSE)).unwrap_or_default();
    let theirs = || runtime.block_on(module.raw_json_request(black_box(CREATE_ORDER), 1));
    let theirs_once = theirs().map_err(|why| why.to_string())?.0;
    for reply in [String::from_utf8_lossy(&ours(CREATE_ORDER)).as_ref(), theirs_once.get()] {
        if !reply.contains(CHECKOUT_RESPONSE) {
            return Err(format!("not the answer that was expected: {reply}"));
        }
    }
    let [ours, in_batch, theirs] = turns::best([
        &mut || {
            black_box(ours(black_box(CREATE_ORDER)));
        },
        &mut || {
            black_box(ours(black_box(&batch)));
        },
        &mut || {
            black_box(theirs().is_ok());
        },
    ]);
    let size = CREATE_ORDER.len();
    report.base(format!("{size} bytes: jsonrpsee raw_json_request"), theirs, "ns");
    report.ratio(format!("{size} bytes: pintle"), ours, "ns", theirs, Some("≤ 0.35"));
    let each = in_batch / BATCH as f64;
    report.ratio(format!("each of a batch of {BATCH}: pintle"), each, "ns", theirs, None);
    Ok(())
}
