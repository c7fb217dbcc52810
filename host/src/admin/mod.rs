//! What operators see: a server's health and its metrics.

mod figures;
mod monitor;
mod text;

use std::sync::Arc;

use http::StatusCode;

pub use monitor::{Monitor, Phase};

use crate::drive::Gate;
use crate::net::pages::Page;

/// The name of each metric, and what it says.
pub fn metrics() -> Vec<(String, String)> {
    let monitor = Monitor::new();
    monitor.listens(Vec::new(), Gate::new(0));
    let page = figures::text(&monitor);
    let heads = page.lines().filter_map(|line| line.strip_prefix("# HELP ")?.split_once(' '));
    heads.map(|(name, about)| (name.to_owned(), about.to_owned())).collect()
}

/// What the admin listener answers for a path: `/metrics`, `/healthz`, `/readyz`.
pub fn page(monitor: &Arc<Monitor>, path: &str) -> Option<Page> {
    match path {
        "/metrics" => Some(Page {
            status: StatusCode::OK,
            content_type: "text/plain; version=0.0.4; charset=utf-8",
            text: figures::text(monitor),
        }),
        // Whoever answers is alive.
        "/healthz" => Some(Page::line(StatusCode::OK, "ok")),
        "/readyz" => Some(match monitor.phase() {
            Phase::Starting => Page::line(StatusCode::SERVICE_UNAVAILABLE, "starting"),
            Phase::Ready => Page::line(StatusCode::OK, "ready"),
            Phase::Draining => Page::line(StatusCode::SERVICE_UNAVAILABLE, "stopping"),
        }),
        _ => None,
    }
}
