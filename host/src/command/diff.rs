//! `pintle diff CLIENT SERVER`

use std::cmp::Reverse;

use pintle_core::contract::diff::{self, Delta, Rules, Severity};

use crate::cli::{self, Exit, Failure, Outcome, visible};
use crate::command::contract;

/// Tell whether clients of one contract work with a server of another
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pintle diff old.pulse new.pulse    exits with 1 if clients of old would break
  pintle diff --rules strict checkout.pulse http://127.0.0.1:8080
  git show main:a.pulse | pintle diff - a.pulse --json")]
pub(crate) struct Diff {
    /// What the client was made for: anything that `pintle check` takes
    client: String,
    /// What the server offers
    server: String,
    /// What counts as breaking
    #[arg(long, value_enum, value_name = "RULES", default_value = "pulserpc")]
    rules: RuleSet,
    /// Answer with one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum RuleSet {
    /// As PulseRPC: definition by definition
    #[value(name = "pulserpc")]
    PulseRpc,
    /// By what travels: all that a client sends is accepted, all that it gets is understood
    Strict,
}

/// Methods that are named for one difference.
const SHOWN: usize = 5;

impl Diff {
    pub(crate) fn run(self) -> Outcome {
        if self.client == "-" && self.server == "-" {
            return Err(Failure::usage("standard input cannot be both contracts"));
        }
        let (client, server) = (contract::load(&self.client)?, contract::load(&self.server)?);
        let (rules, name) = match self.rules {
            RuleSet::PulseRpc => (Rules::PulseRpc, "pulserpc"),
            RuleSet::Strict => (Rules::Strict, "strict"),
        };
        let mut deltas = diff::diff(&client, &server, rules);
        let compatible = deltas.iter().all(|delta| delta.severity != Severity::Error);
        if self.json {
            let deltas = diff::to_json(&deltas);
            let head = format!("{{\"compatible\":{compatible},\"rules\":\"{name}\"");
            cli::answer(&format!("{head},\"deltas\":{deltas}}}\n"))?;
        } else {
            deltas.sort_by_key(|delta| Reverse(delta.severity));
            let colour = cli::colour(&std::io::stdout());
            let mut text: String = deltas.iter().map(|delta| line(delta, colour)).collect();
            text.push_str(&summary(&deltas, compatible, name));
            cli::answer(&text)?;
        }
        Ok(if compatible { Exit::Yes } else { Exit::No })
    }
}

/// A difference, and below it the methods that reach it.
fn line(delta: &Delta, colour: bool) -> String {
    let (on, off) = match delta.severity {
        _ if !colour => ("", ""),
        Severity::Error => ("\x1b[1;31m", "\x1b[0m"),
        Severity::Warning => ("\x1b[1;33m", "\x1b[0m"),
        Severity::Info => ("\x1b[2m", "\x1b[0m"),
    };
    let member = delta.member.as_ref().map(|member| format!(".{member}")).unwrap_or_default();
    let what = visible(&format!("{} {}{member}: {}", delta.entity, delta.name, delta.description));
    let mut text = format!("{on}{}:{off} {what}\n", delta.severity);
    // A method need not be told that it reaches itself.
    if delta.methods.iter().any(|method| *method != format!("{}{member}", delta.name)) {
        let more = delta.methods.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let shown: Vec<&str> = delta.methods.iter().take(SHOWN).map(String::as_str).collect();
        text.push_str(&format!("  reached by {}{more}\n", visible(&shown.join(", "))));
    }
    text
}

fn summary(deltas: &[Delta], compatible: bool, rules: &str) -> String {
    let count = |severity, one: &str| {
        let count = deltas.iter().filter(|delta| delta.severity == severity).count();
        (count > 0).then(|| format!("{count} {one}{}", if count > 1 { "s" } else { "" }))
    };
    let counts: Vec<String> =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "note")]
            .into_iter()
            .filter_map(|(severity, one)| count(severity, one))
            .collect();
    let counts = if counts.is_empty() { "no differences".to_owned() } else { counts.join(", ") };
    let answer = if compatible { "compatible" } else { "incompatible" };
    format!("{answer} by the rules of {rules}: {counts}\n")
}
