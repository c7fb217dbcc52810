//! `pintle call TARGET METHOD [PARAMS]`: checked against the server's own contract on the way out and back.

use std::io::IsTerminal;
use std::time::Duration;

use http::header::{HeaderName, HeaderValue};
use pintle::client::{Answered, Builder, Client, ClientError, Dialect, Framing, RemoteError, Target};
use pintle::config::parse_duration;
use serde_json::{Value, json};

use crate::cli::{self, Exit, Failure, Outcome, visible};
use crate::command::contract;
use crate::command::params;

/// Make one call, or a batch of them
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pintle call http://127.0.0.1:8080 CatalogService.listProducts
  pintle call http://127.0.0.1:8080 CartService.getCart cartId=cart_1
  pintle call http://127.0.0.1:8080 --batch requests.json
  pintle call wss://shop.example/rpc CatalogService.listProducts --ca ca.pem
  pintle call tcp://127.0.0.1:9000 calc.add [4,5] --mount calc=Calculator
  pintle call unix:/run/shop.sock Log.write text=hello --notify
  pintle call tcp://10.0.0.7:9000 thanks msg=hi --dialect simplerpc --unchecked
  pintle call stdio:./server Shop.find name=x --framing content-length")]
pub(crate) struct Call {
    /// Where the server is: http:// https:// ws:// wss:// tcp:// tls:// unix: or stdio:; see `pintle help targets`
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
    /// Add a header; HTTP and WebSocket have them
    #[arg(long, value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<(HeaderName, HeaderValue)>,
    /// Give up after this time
    #[arg(long, value_parser = parse_duration, default_value = "30s")]
    timeout: Duration,
    /// How bodies are told apart on tcp, tls, unix and stdio
    #[arg(long, value_enum, default_value = "lines")]
    framing: Frames,
    /// What the server speaks; of all but jsonrpc it needs --contract or --unchecked
    #[arg(long, value_enum, default_value = "jsonrpc")]
    dialect: Protocol,
    /// The server speaks for this interface: its methods are called by their bare names
    #[arg(long, value_name = "NAME")]
    interface: Option<String>,
    /// Trust the certificate authorities of this file (PEM) too
    #[arg(long, value_name = "FILE")]
    ca: Option<String>,
    /// Check against this contract instead of the server's own
    #[arg(long, value_name = "CONTRACT", conflicts_with = "unchecked")]
    contract: Option<String>,
    /// The server has an interface under a path that replaces its name
    #[arg(long, value_name = "PATH=INTERFACE", value_parser = mount)]
    mount: Vec<(String, String)>,
    /// Call without checking anything against the contract
    #[arg(long)]
    unchecked: bool,
    /// Answer with JSON even when the reply is an error
    #[arg(long)]
    json: bool,
}

/// The names of [`Framing`].
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Frames {
    Lines,
    ContentLength,
}

/// The names of [`Dialect`].
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Protocol {
    Jsonrpc,
    Simplerpc,
    Remotipy,
}

impl Call {
    pub(crate) fn run(self) -> Outcome {
        // A batch that cannot be read is known before anybody is asked.
        let batch = match &self.batch {
            Some(file) => {
                let batch = params::batch(&contract::text(file)?);
                Some(batch.map_err(|why| Failure::usage(format!("{file}: {why}")))?)
            }
            None => None,
        };
        let builder = self.builder()?;
        runtime()?.block_on(async {
            let client = builder.connect(&self.target).await.map_err(|error| match error {
                ClientError::NoContract(why) => {
                    Failure::cannot(format!("{why}\n--unchecked calls without it"))
                }
                error => Failure::cannot(error.to_string()),
            })?;
            let outcome = match batch {
                Some(batch) => self.many(&client, batch).await,
                None => self.one(&client).await,
            };
            client.close().await;
            outcome
        })
    }

    fn builder(&self) -> Result<Builder, Failure> {
        let framing = match self.framing {
            Frames::Lines => Framing::Lines,
            Frames::ContentLength => Framing::ContentLength,
        };
        let dialect = match self.dialect {
            Protocol::Jsonrpc => Dialect::JsonRpc,
            Protocol::Simplerpc => Dialect::Simplerpc,
            Protocol::Remotipy => Dialect::Remotipy,
        };
        let mut builder = Client::builder().timeout(self.timeout).framing(framing).dialect(dialect);
        for (name, value) in &self.header {
            builder = builder.header(name.clone(), value.clone());
        }
        for (at, interface) in self.mounts() {
            builder = builder.mount(at, interface);
        }
        if let Some(file) = &self.ca {
            builder = builder.authorities(contract::bytes(file)?);
        }
        if let Some(file) = &self.contract {
            builder = builder.contract(contract::load(file)?);
        }
        Ok(if self.unchecked { builder.unchecked() } else { builder })
    }

    /// Paths and the interfaces that stand there.
    fn mounts(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.interface.as_deref().map(|interface| ("", interface));
        self.mount.iter().map(|(at, interface)| (at.as_str(), interface.as_str())).chain(own)
    }

    /// What the contract calls a method that is called `name` on the wire.
    fn contract_name(&self, name: &str) -> String {
        let (path, bare) = name.rsplit_once('.').unwrap_or(("", name));
        match self.mounts().find(|(at, _)| *at == path) {
            Some((_, interface)) => format!("{interface}.{bare}"),
            None => name.to_owned(),
        }
    }

    async fn one(&self, client: &Client) -> Outcome {
        let method = self.method.as_deref().unwrap_or_default();
        let params = params::read(&self.params, client.contract(), &self.contract_name(method))
            .map_err(Failure::usage)?;
        let mut request = client.request(method);
        if let Some(params) = params {
            request = request.json(params);
        }
        if self.notify {
            request.notify().await.map_err(|error| self.failure(error))?;
            return Ok(Exit::Yes);
        }
        match request.response().await {
            Ok(response) => print(response.result.get())?,
            Err(ClientError::Remote(remote)) if self.json => {
                print(&error_object(&remote).to_string())?;
                return Ok(Exit::No);
            }
            Err(error) => return Err(self.failure(error)),
        }
        Ok(Exit::Yes)
    }

    async fn many(&self, client: &Client, calls: Vec<params::Call>) -> Outcome {
        let mut batch = client.batch();
        for call in &calls {
            batch.call_as(&call.id, &call.method, &call.params).map_err(|error| self.failure(error))?;
        }
        let mut exit = Exit::Yes;
        let mut replies = Vec::new();
        for Answered { id, result } in batch.send().await.map_err(|error| self.failure(error))? {
            let content = match result {
                Ok(result) => format!("\"result\":{result}"),
                Err(ClientError::Remote(remote)) => {
                    exit = Exit::No;
                    format!("\"error\":{}", error_object(&remote))
                }
                Err(error) => return Err(self.failure(error)),
            };
            replies.push(format!("{{\"jsonrpc\":\"2.0\",{content},\"id\":{id}}}"));
        }
        print(&format!("[{}]", replies.join(",")))?;
        Ok(exit)
    }

    fn failure(&self, error: ClientError) -> Failure {
        match error {
            ClientError::UnknownMethod(_) => {
                Failure::no(format!("{error}; --unchecked calls it all the same"))
            }
            ClientError::NotSent { .. } | ClientError::Broken(_) => Failure::no(error.to_string()),
            ClientError::Remote(remote) => Failure::no(readable(&remote)),
            error => Failure::cannot(error.to_string()),
        }
    }
}

/// The contract of a running server, in its JSON form.
pub(crate) fn fetch_contract(target: &str) -> Result<String, Failure> {
    let idl = async { Client::builder().unchecked().connect(target).await?.server_idl().await };
    runtime()?.block_on(idl).map_err(|error| Failure::cannot(error.to_string()))
}

/// Whether this is the target of a server and no file.
pub(crate) fn is_target(name: &str) -> bool {
    Target::is_meant(name)
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::cannot(format!("cannot start: {error}")))
}

/// Writes JSON text: as it is, or laid out for a person.
fn print(json: &str) -> Result<(), Failure> {
    let laid_out = || Some(format!("{:#}", serde_json::from_str::<Value>(json).ok()?));
    let text = std::io::stdout().is_terminal().then(laid_out).flatten();
    cli::answer(&format!("{}\n", visible(text.as_deref().unwrap_or(json))))
}

/// The error object that came, as JSON.
fn error_object(RemoteError { error, .. }: &RemoteError) -> Value {
    let mut object = json!({ "code": error.code, "message": error.message });
    if let Some(data) = data(error.data.as_deref()) {
        object["data"] = data;
    }
    object
}

/// An error as a person reads it.
fn readable(remote: &RemoteError) -> String {
    let data =
        data(remote.error.data.as_deref()).map(|data| match data.get("detail").and_then(Value::as_str) {
            Some(detail) => format!(": {detail}"),
            None => format!(": {data}"),
        });
    format!("{remote}{}", data.unwrap_or_default())
}

fn data(json: Option<&str>) -> Option<Value> {
    serde_json::from_str(json?).ok()
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("a header is written NAME: VALUE")?;
    let name = name.trim().parse().map_err(|_| format!("{name} is no name of a header"))?;
    let value = value.trim().parse().map_err(|_| format!("{value} is no value of a header"))?;
    Ok((name, value))
}

fn mount(text: &str) -> Result<(String, String), String> {
    let (at, interface) = text.split_once('=').ok_or("a mount is written PATH=INTERFACE")?;
    Ok((at.to_owned(), interface.to_owned()))
}
