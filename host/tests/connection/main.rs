//! Connections that carry messages both ways, over real sockets: what each bad peer gets, and that no other notices.

mod both_ways;
mod dialects;
mod encrypted;
mod events;
mod guarded;
mod replaced;
mod stream;
mod websocket;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pintle::admission::Guard;
use pintle::config::{Endpoint, Limits, Listener};
use pintle::drive::{Answer, Handler, Invocation};
use pintle::net::connections::{Connections, SendError};
use pintle::server::{Live, Server};
use pintle_core::{Contract, Engine, RpcError};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Semaphore, oneshot};

const LONG: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(50);

const CONTRACT: &str = "namespace t
interface S {
  echo(text string) string
  hang() int
  wait() string
  big(size int) string
  tell(to string, text string) string
  flood(to string, count int) string
  ask(to string, n int) string
  who() string
  joined(id string)
  left(id string)
  panic()
  enter(ctx string) string
}
interface Client {
  note(text string)
  double(n int) int
}
";

/// Answers by the method's name.
struct Script {
    /// What happened, in order.
    events: UnboundedSender<String>,
    go: Arc<Semaphore>,
    /// Nobody is let in.
    closed: bool,
}

/// Says when a call is dropped.
struct Dropped(UnboundedSender<String>);

impl Drop for Dropped {
    fn drop(&mut self) {
        let _ = self.0.send("dropped".to_owned());
    }
}

impl Handler for Script {
    async fn call<'a>(&'a self, invocation: Invocation<'a>) -> Answer {
        let params: Value = serde_json::from_str(invocation.params).unwrap();
        let text = |index: usize| params[index].as_str().unwrap_or_default().to_owned();
        let told = |event: String| self.events.send(event).unwrap();
        let peers = &invocation.context.peers;
        let result = match invocation.method.name.as_str() {
            "S.echo" => params[0].clone(),
            "S.hang" => {
                told("hanging".to_owned());
                let _dropped = Dropped(self.events.clone());
                std::future::pending().await
            }
            "S.wait" => {
                told("waiting".to_owned());
                self.go.acquire().await.unwrap().forget();
                "waited".into()
            }
            "S.big" => "x".repeat(usize::try_from(params[0].as_u64().unwrap()).unwrap()).into(),
            "S.tell" => sent(peers.send(&text(0), "Client.note", &json!([text(1)]).to_string())).into(),
            "S.flood" => {
                let note = json!(["x".repeat(1000)]).to_string();
                let mut last = Ok(());
                for _ in 0..params[1].as_u64().unwrap() {
                    last = peers.send(&text(0), "Client.note", &note);
                    if last.is_err() {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
                sent(last).into()
            }
            "S.ask" => {
                let params = json!([params[1]]).to_string();
                let asked = peers.request(&text(0), "Client.double", &params, invocation.deadline).await;
                asked.unwrap_or_else(|error| error.to_string()).into()
            }
            "S.who" => invocation.context.json(invocation.request, invocation.deadline, None).into(),
            "S.joined" => {
                assert_eq!(invocation.request, None, "nobody has asked for it");
                told("joined".to_owned());
                // What it says to the new connection comes before all answers.
                let _ = peers.send("", "Client.note", r#"["welcome"]"#);
                assert_eq!(text(0), invocation.context.connection.text());
                Value::Null
            }
            "S.left" => {
                told("left".to_owned());
                assert_eq!(peers.send(&text(0), "Client.note", r#"["bye"]"#), Err(SendError::NoConnection));
                Value::Null
            }
            "S.enter" => {
                told("asked".to_owned());
                if self.closed {
                    return Answer::Error(RpcError::new(7, "a secret"));
                }
                self.go.acquire().await.unwrap().forget();
                "friend".into()
            }
            name => panic!("{name} was called"),
        };
        Answer::Return(result.to_string().into_bytes())
    }
}

fn sent(result: Result<(), SendError>) -> String {
    result.map_or_else(|error| error.to_string(), |()| "sent".to_owned())
}

fn contract() -> Contract {
    contract_of(CONTRACT)
}

fn contract_of(text: &str) -> Contract {
    struct One<'a>(&'a str);
    impl pintle_core::idl::Loader for One<'_> {
        fn load(&mut self, _: &str) -> Result<String, String> {
            Ok(self.0.to_owned())
        }
    }
    let parsed = pintle_core::idl::parse("s.pulse", &mut One(text));
    parsed.contract.unwrap_or_else(|| panic!("{:?}", parsed.diagnostics))
}

struct Running {
    url: String,
    events: UnboundedReceiver<String>,
    go: Arc<Semaphore>,
    connections: Arc<Connections>,
    live: Arc<Live<Script>>,
    stop: Option<oneshot::Sender<()>>,
    end: tokio::task::JoinHandle<bool>,
}

fn tcp() -> Listener {
    Listener {
        endpoint: Endpoint::Tcp("127.0.0.1:0".parse().unwrap()),
        callbacks: vec!["Client".to_owned()],
        ..Listener::default()
    }
}

fn patient() -> Limits {
    Limits { header_time: LONG, body_time: LONG, write_time: LONG, idle_time: LONG, ..Limits::default() }
}

fn start(listener: Listener, limits: Limits) -> Running {
    start_guarded(listener, limits, Guard::default(), false)
}

fn start_guarded(listener: Listener, limits: Limits, guard: Guard, closed: bool) -> Running {
    let (events, told) = unbounded_channel();
    let go = Arc::new(Semaphore::new(0));
    let builder = Engine::builder(contract()).limits(limits.core.clone()).serves(["S"]);
    let engine = builder.admission(guard.decides()).build().unwrap();
    let mut server = Server::guarded(Script { events, go: go.clone(), closed }, limits, guard);
    let url = server.listen(listener, engine).unwrap();
    let (connections, live) = (server.connections(), server.live());
    let (stop, stopped) = oneshot::channel();
    let end = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    Running { url, events: told, go, connections, live, stop: Some(stop), end }
}

impl Running {
    fn address(&self) -> SocketAddr {
        self.url.split_once("://").unwrap().1.parse().unwrap()
    }

    async fn event(&mut self) -> String {
        soon(self.events.recv()).await.unwrap()
    }

    async fn connect(&self) -> Client {
        Client(BufReader::new(TcpStream::connect(self.address()).await.unwrap()))
    }

    /// That nobody was harmed: a new connection is served.
    async fn serves(&self) {
        let mut client = self.connect().await;
        client.say(&request(1, "S.echo", json!(["x"]))).await;
        assert_eq!(client.hear().await["result"], "x");
    }

    fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }
}

/// A peer that speaks lines.
struct Client(BufReader<TcpStream>);

impl Client {
    async fn say(&mut self, body: &Value) {
        self.write(format!("{body}\n").as_bytes()).await;
    }

    async fn write(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).await.unwrap();
    }

    async fn hear(&mut self) -> Value {
        let mut line = String::new();
        soon(self.0.read_line(&mut line)).await.unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?} is no reply"))
    }

    async fn finish(&mut self) -> String {
        let mut rest = Vec::new();
        // A reset is an end as well.
        let _ = soon(self.0.read_to_end(&mut rest)).await;
        String::from_utf8(rest).unwrap()
    }

    /// Its id at the server.
    async fn id(&mut self) -> String {
        self.say(&request(0, "S.who", json!([]))).await;
        let context: Value = serde_json::from_str(self.hear().await["result"].as_str().unwrap()).unwrap();
        context["connection"].as_str().unwrap().to_owned()
    }
}

fn request(id: u32, method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

fn note(text: &str) -> Value {
    json!({"jsonrpc": "2.0", "method": "Client.note", "params": [text]})
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("it takes too long")
}
