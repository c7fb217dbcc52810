//! `pintle call TARGET METHOD [PARAMS]`: checked against the server's own contract on the way out and back.

use std::io::IsTerminal;
use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue};
use pintle::config::parse_duration;
use pintle::net::client::{Target, post};
use pintle_core::{Builtin, Code, Contract, Engine};
use serde_json::Value;

use crate::cli::{self, Exit, Failure, Outcome, visible};
use crate::command::checked::Checked;
use crate::command::contract;
use crate::command::params;

/// Make one call, or a batch of them
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pintle call http://127.0.0.1:8080 CatalogService.listProducts
  pintle call http://127.0.0.1:8080 CartService.getCart cartId=cart_1
  pintle call http://127.0.0.1:8080 --batch requests.json")]
pub(crate) struct Call {
    /// The URL of a server: http://HOST:PORT/PATH
    target: String,
    /// As the contract names it: Interface.method
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    method: Option<String>,
    /// A JSON array or object, or name=value for each parameter: the value is JSON, or plain text where the contract says
    /// string or enum
    params: Vec<String>,
    /// Send a notification: nothing is answered
    #[arg(long, conflicts_with = "batch")]
    notify: bool,
    /// Send a whole batch from a file with a JSON array of requests; - is standard input
    #[arg(long, value_name = "FILE")]
    batch: Option<String>,
    /// Add a header
    #[arg(long, value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<(HeaderName, HeaderValue)>,
    /// Give up after this time
    #[arg(long, value_parser = parse_duration, default_value = "30s")]
    timeout: Duration,
    /// Call without checking anything against the contract
    #[arg(long)]
    unchecked: bool,
    /// Answer with JSON even when the reply is an error
    #[arg(long)]
    json: bool,
}

/// The largest answer that is read, in bytes.
const MAX_ANSWER: usize = 64 << 20;

/// Time for a contract to come, when nobody says otherwise.
const CONTRACT_TIME: Duration = Duration::from_secs(30);

impl Call {
    pub(crate) fn run(self) -> Outcome {
        let target = target(&self.target)?;
        let headers: HeaderMap = self.header.iter().cloned().collect();
        let engine = match self.unchecked {
            true => None,
            false => Some(self.engine(&target, &headers)?),
        };
        let body = self.body(engine.as_deref().map(Engine::contract))?;
        let mut checked = None;
        if let Some(engine) = &engine {
            let open = Checked::open(engine, &body);
            let refused = open.refusals();
            if !refused.is_empty() {
                return Err(Failure::no(format!("not sent: {}", refused.join("\n"))));
            }
            checked = Some(open);
        }
        let (status, reply) = send(&target, &headers, body.into_bytes(), self.timeout)?;
        if reply.is_empty() && status.is_success() {
            return Ok(Exit::Yes);
        }
        let strange = || Failure::cannot(format!("{} answered {status} and no JSON-RPC reply", self.target));
        let text = String::from_utf8(reply).map_err(|_| strange())?;
        let value: Value = serde_json::from_str(&text).map_err(|_| strange())?;
        if !value.is_array() && value.get("result").is_none() && value.get("error").is_none() {
            return Err(strange());
        }
        if let Some(checked) = checked {
            let broken = checked.close(&text);
            if !broken.is_empty() {
                return Err(Failure::no(format!(
                    "the answer breaks the server's contract: {}",
                    broken.join("\n")
                )));
            }
        }
        if value.is_array() {
            let failed = value.as_array().is_some_and(|all| all.iter().any(|one| one.get("error").is_some()));
            print(&value)?;
            return Ok(if failed { Exit::No } else { Exit::Yes });
        }
        match (value.get("result"), value.get("error")) {
            (_, Some(error)) if self.json => {
                print(error)?;
                Ok(Exit::No)
            }
            (_, Some(error)) => Err(Failure::no(readable(error))),
            (Some(result), None) => {
                print(result)?;
                Ok(Exit::Yes)
            }
            (None, None) => Err(strange()),
        }
    }

    fn engine(&self, target: &Target, headers: &HeaderMap) -> Result<std::sync::Arc<Engine>, Failure> {
        let contract = fetch(target, headers, self.timeout).and_then(|text| {
            Contract::from_json(&text).map_err(|wrong| {
                let wrong: Vec<_> = wrong.iter().map(ToString::to_string).collect();
                format!("what it sends is no contract: {}", wrong.join("; "))
            })
        });
        let engine = contract.and_then(|contract| {
            // What these answer is no matter here, only that they are there.
            let text = |name: &str| Builtin::text(name, "", "null");
            let builder = Engine::builder(contract).commands(true);
            let builder = builder.builtin(text("barrister-idl")).builtin(text("rpc.discover"));
            builder.build().map_err(|error| error.to_string())
        });
        engine.map_err(|why| {
            let target = &self.target;
            Failure::cannot(format!(
                "the contract of {target} cannot be had: {why}\n--unchecked calls without it"
            ))
        })
    }

    fn body(&self, contract: Option<&Contract>) -> Result<String, Failure> {
        if let Some(file) = &self.batch {
            let text = contract::text(file)?;
            return params::batch(&text).map_err(|why| Failure::usage(format!("{file}: {why}")));
        }
        let method = self.method.as_deref().unwrap_or_default();
        if let Some(contract) = contract
            && !params::is_known(contract, method)
        {
            let message =
                format!("the server's contract has no method {method}; --unchecked calls it all the same");
            return Err(Failure::no(message));
        }
        let params = params::read(&self.params, contract, method).map_err(Failure::usage)?;
        Ok(params::request(method, params.as_deref(), !self.notify))
    }
}

fn target(url: &str) -> Result<Target, Failure> {
    Target::parse(url).map_err(|error| Failure::cannot(error.to_string()))
}

/// The contract of a running server, in its JSON form.
pub(crate) fn fetch_contract(url: &str) -> Result<String, Failure> {
    let text = fetch(&target(url)?, &HeaderMap::new(), CONTRACT_TIME);
    text.map_err(|why| Failure::cannot(format!("the contract of {url} cannot be had: {why}")))
}

/// PulseRPC's name of the contract first; a server of Barrister knows the other.
fn fetch(target: &Target, headers: &HeaderMap, time: Duration) -> Result<String, String> {
    match ask(target, headers, time, "pulserpc-idl")? {
        Err(error) if error["code"] == Code::MethodNotFound.number() => {
            ask(target, headers, time, "barrister-idl")?.map_err(|_| readable(&error))
        }
        answer => answer.map_err(|error| readable(&error)),
    }
}

/// The result of a method without parameters as JSON text, or its error.
fn ask(
    target: &Target,
    headers: &HeaderMap,
    time: Duration,
    method: &str,
) -> Result<Result<String, Value>, String> {
    let body = params::request(method, None, true).into_bytes();
    let (status, reply) = send(target, headers, body, time).map_err(|failure| failure.message)?;
    let reply: Value =
        serde_json::from_slice(&reply).map_err(|_| format!("it answers {status} and no JSON"))?;
    match (reply.get("result").filter(|result| !result.is_null()), reply.get("error")) {
        (Some(contract), _) => Ok(Ok(contract.to_string())),
        (None, Some(error)) => Ok(Err(error.clone())),
        (None, None) => Err(format!("it answers {status} and no reply")),
    }
}

fn send(
    target: &Target,
    headers: &HeaderMap,
    body: Vec<u8>,
    time: Duration,
) -> Result<(http::StatusCode, Vec<u8>), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::cannot(format!("cannot start: {error}")))?;
    runtime.block_on(async {
        match tokio::time::timeout(time, post(target, headers, body, MAX_ANSWER)).await {
            Ok(result) => result.map_err(|error| Failure::cannot(error.to_string())),
            Err(_) => Err(Failure::cannot("no answer in time")),
        }
    })
}

fn print(value: &Value) -> Result<(), Failure> {
    let text = if std::io::stdout().is_terminal() { format!("{value:#}") } else { value.to_string() };
    cli::answer(&format!("{}\n", visible(&text)))
}

/// An error object as a person reads it.
fn readable(error: &Value) -> String {
    let message = error.get("message").and_then(Value::as_str).unwrap_or("an error without a message");
    let code = error.get("code").map(ToString::to_string).unwrap_or_default();
    let data = error.get("data").map(|data| match data.get("detail").and_then(Value::as_str) {
        Some(detail) => format!(": {detail}"),
        None => format!(": {data}"),
    });
    format!("{message} ({code}){}", data.unwrap_or_default())
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("a header is written NAME: VALUE")?;
    let name = name.trim().parse().map_err(|_| format!("{name} is no name of a header"))?;
    let value = value.trim().parse().map_err(|_| format!("{value} is no value of a header"))?;
    Ok((name, value))
}
