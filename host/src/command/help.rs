//! `pintle help [TOPIC]`: texts made from the tables that the code reads.

use std::fmt::Write;

use pintle::client::FORMS;
use pintle::config;
use pintle_core::Code;

use crate::cli::{self, Cli, Exit, Failure, Outcome};

/// Explain a topic or a command
#[derive(Debug, clap::Args)]
pub(crate) struct Help {
    /// A topic (contracts, targets, manifest, errors, limits, reload, metrics, exit-codes, migrate) or a command
    topic: Option<String>,
}

const TOPICS: [(&str, &str); 9] = [
    ("contracts", "the language, the forms that are read, what can be made of them"),
    ("targets", "where servers are, for `pintle call` and wherever a contract is asked for"),
    ("manifest", "pintle.toml: every key"),
    ("errors", "the error codes of replies"),
    ("limits", "what a peer can make a server do"),
    ("reload", "what a running server takes anew, when, and what it refuses"),
    ("metrics", "what the admin listener tells"),
    ("exit-codes", "what the exit codes mean"),
    ("migrate", "coming from PulseRPC, Barrister, pulsar, simplerpc or remotipy"),
];

impl Help {
    pub(crate) fn run(self) -> Outcome {
        let mut definition = Cli::definition();
        let text = match self.topic.as_deref() {
            None => {
                let mut text = definition.render_long_help().to_string();
                text.push_str("\nTopics of `pintle help`:\n");
                for (name, about) in TOPICS {
                    // Writing to a string cannot fail.
                    let _ = writeln!(text, "  {name:<12} {about}");
                }
                text
            }
            Some("contracts") => include_str!("help/contracts.txt").to_owned(),
            Some("targets") => targets(),
            Some("reload") => include_str!("help/reload.txt").to_owned(),
            Some("metrics") => metrics(),
            Some("migrate") => include_str!("help/migrate.txt").to_owned(),
            Some("manifest") => config::help(),
            Some("limits") => config::help_section("limits"),
            Some("errors") => errors(),
            Some("exit-codes") => exit_codes(),
            Some(name) => match definition.find_subcommand_mut(name) {
                Some(command) => {
                    let mut command = command.clone().bin_name(format!("pintle {name}"));
                    format!("{}\n", command.render_long_help().to_string().trim_end())
                }
                None => {
                    return Err(Failure::usage(format!(
                        "there is no topic or command \"{name}\"; see `pintle help`"
                    )));
                }
            },
        };
        cli::answer(&text)?;
        Ok(Exit::Yes)
    }
}

fn targets() -> String {
    let mut text = String::from("Targets: where a server is.\n\n");
    for (form, meaning) in FORMS {
        let _ = writeln!(text, "  {form:<26} {meaning}");
    }
    text.push_str(
        "\nEncrypted ones trust the authorities of this system, and those of --ca FILE.\n\
         tcp, tls, unix and stdio carry one body in each line, unless --framing says otherwise.\n",
    );
    text
}

fn metrics() -> String {
    let mut text = String::from("What is in /metrics of the admin listener (`admin.address`, --admin):\n");
    for (name, about) in pintle::admin::metrics() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name:<40} {about}");
    }
    text.push_str("/healthz answers 200 while the process runs; /readyz while it takes calls, else 503.\n");
    text
}

fn errors() -> String {
    let mut text =
        String::from("Error codes of this server; contracts declare their own outside of -32768…-32000.\n\n");
    for code in Code::ALL {
        let _ = writeln!(text, "  {}  {}", code.number(), code.message());
    }
    text
}

fn exit_codes() -> String {
    let mut text = String::new();
    for (exit, meaning) in Exit::ALL {
        let _ = writeln!(text, "  {}  {meaning}", exit as u8);
    }
    text
}
