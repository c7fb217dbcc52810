//! What operators see: a server's health and its metrics.

mod figures;
mod monitor;
mod text;

use std::sync::Arc;

use http::StatusCode;

pub use monitor::{Monitor, Phase};

use crate::net::pages::Page;

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
