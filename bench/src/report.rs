//! What was measured: printed as it comes, kept for a file.

use crate::Outcome;
use serde::Serialize;
use std::path::Path;

/// One line of the table.
#[derive(Serialize)]
struct Row {
    section: &'static str,
    what: String,
    value: f64,
    unit: &'static str,
    /// To the line before it that is marked as the base.
    ratio: Option<f64>,
    goal: Option<&'static str>,
}

#[derive(Default)]
pub(crate) struct Report {
    section: &'static str,
    rows: Vec<Row>,
}

impl Report {
    pub(crate) fn section(&mut self, name: &'static str) {
        self.section = name;
        println!("\n{name:58} {:>12} {:14} {:>6}  goal", "", "", "ratio");
    }

    /// A number that others are compared with, or that stands alone.
    pub(crate) fn base(&mut self, what: impl Into<String>, value: f64, unit: &'static str) {
        self.row(what.into(), value, unit, None, None);
    }

    /// A number with its goal.
    pub(crate) fn goal(
        &mut self,
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
        goal: &'static str,
    ) {
        self.row(what.into(), value, unit, None, Some(goal));
    }

    /// One of ours beside one of theirs, and what the ratio must be.
    pub(crate) fn ratio(
        &mut self,
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
        theirs: f64,
        goal: Option<&'static str>,
    ) {
        self.row(what.into(), value, unit, Some(value / theirs), goal);
    }

    fn row(
        &mut self,
        what: String,
        value: f64,
        unit: &'static str,
        ratio: Option<f64>,
        goal: Option<&'static str>,
    ) {
        let shown = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        println!("  {what:56} {value:>12.1} {unit:14} {shown:>6}  {}", goal.unwrap_or_default());
        self.rows.push(Row { section: self.section, what, value, unit, ratio, goal });
    }

    /// Writes all rows as a JSON array.
    pub(crate) fn write(&self, file: &Path) -> Outcome {
        let json = serde_json::to_string_pretty(&self.rows).map_err(|why| why.to_string())?;
        std::fs::write(file, json + "\n").map_err(|why| format!("{}: {why}", file.display()))
    }
}
