//! The client over real sockets: against peers that answer what a test says, and against the server.

mod dialects;
mod http;
mod messages;
mod tls;
mod typed;

use std::collections::BTreeMap;
use std::time::Duration;

use pintle::client::{Builder, Client};
use pintle_core::Contract;
use pintle_core::idl::{self, Loader};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

const CONTRACT: &str = "namespace test

struct Point {
  x int
  y int
}

errors {
  7 TooFar \"Too far\"
}

interface Map {
  find(at Point, name string) string [optional] raises (TooFar)
  add(a int, b int) int
}

interface Listener {
  moved(to Point)
  wait() Point
}
";

/// What is waited for comes at once or never.
const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(50);

/// The one file of a contract.
struct Text(String);

impl Loader for Text {
    fn load(&mut self, _: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

fn parsed(text: &str) -> Contract {
    idl::parse("test.pulse", &mut Text(text.to_owned())).contract.expect("a contract")
}

fn contract() -> Contract {
    parsed(CONTRACT)
}

/// A client that knows the contract of the tests.
fn client() -> Builder {
    Client::builder().timeout(LONG).contract(contract())
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A listener on a port of its own, and where it is.
async fn bind() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

/// A message of HTTP/1.1 as it came: the start line, the headers, the body.
struct Message {
    start: String,
    headers: BTreeMap<String, String>,
    body: String,
}

/// The other end of a byte stream.
struct Peer<S> {
    io: BufReader<S>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Peer<S> {
    fn new(io: S) -> Peer<S> {
        Peer { io: BufReader::new(io) }
    }

    /// The next line; `None` when the client has hung up.
    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match tokio::time::timeout(LONG, self.io.read_line(&mut line)).await.expect("a line") {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end().to_owned()),
        }
    }

    /// The next line as JSON.
    async fn read(&mut self) -> Value {
        json(&self.line().await.expect("a line"))
    }

    async fn write(&mut self, text: &str) {
        self.io.get_mut().write_all(text.as_bytes()).await.unwrap();
    }

    /// Answers a request.
    async fn answer(&mut self, request: &Value, result: &str) {
        self.write(&format!("{{\"jsonrpc\":\"2.0\",\"id\":{},\"result\":{result}}}\n", request["id"])).await;
    }

    /// A head and the body that it measures: HTTP, or `Content-Length` framing without a start line.
    async fn message(&mut self, has_start: bool) -> Option<Message> {
        let start = if has_start { self.line().await? } else { String::new() };
        let mut headers = BTreeMap::new();
        while let Some(line) = self.line().await.filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ").expect("a header");
            headers.insert(name.to_lowercase(), value.to_owned());
        }
        let mut body = vec![0; headers.get("content-length")?.parse().unwrap()];
        self.io.read_exact(&mut body).await.unwrap();
        Some(Message { start, headers, body: String::from_utf8(body).unwrap() })
    }
}
