//! The HTTP transport over real sockets: every status, and every limit by waiting for the server to hang up.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use pintle::config::{Limits, Listener};
use pintle::net::context::Context;
use pintle::net::forwarded::Proxies;
use pintle::net::http::Http;
use pintle::net::service::{Answer, Service};
use pintle::shutdown::Shutdown;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

const LONG: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(50);

/// Answers by what the body says; `wait` waits for a permit.
struct Script {
    go: Semaphore,
    waiting: Semaphore,
}

impl Service for Script {
    async fn answer(&self, body: Vec<u8>, context: Context) -> Answer {
        match body.as_slice() {
            b"nothing" => Answer::Reply(None),
            b"full" => Answer::Overloaded(body),
            b"big" => Answer::Reply(Some(vec![b'x'; 64 << 20])),
            b"some" => Answer::Reply(Some(vec![b'x'; 1 << 20])),
            b"ctx" => Answer::Reply(Some(context.json(None, std::time::Instant::now(), None).into_bytes())),
            b"wait" => {
                self.waiting.add_permits(1);
                self.go.acquire().await.unwrap().forget();
                Answer::Reply(Some(b"waited".to_vec()))
            }
            _ => Answer::Reply(Some(body)),
        }
    }

    fn refuse(&self, body: Vec<u8>, _: &pintle_core::RpcError) -> Option<Vec<u8>> {
        Some(body)
    }
}

struct Server {
    address: SocketAddr,
    script: Arc<Script>,
    shutdown: Shutdown,
}

fn patient() -> Limits {
    Limits { header_time: LONG, body_time: LONG, write_time: LONG, idle_time: LONG, ..Limits::default() }
}

fn start(listener: Listener, limits: Limits) -> Server {
    let http = Http::bind(listener, Arc::new(limits)).unwrap();
    let address = http.url().strip_prefix("http://").unwrap().split('/').next().unwrap().parse().unwrap();
    let script = Arc::new(Script { go: Semaphore::new(0), waiting: Semaphore::new(0) });
    let shutdown = Shutdown::new();
    tokio::spawn(http.serve(script.clone(), shutdown.lifeline()));
    Server { address, script, shutdown }
}

/// Sends text, then reads until the server hangs up.
async fn send(server: &Server, text: &str) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    finish(&mut stream).await
}

async fn finish(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    timeout(Duration::from_secs(20), stream.read_to_end(&mut answer))
        .await
        .expect("the server does not hang up")
        .ok();
    String::from_utf8(answer).unwrap()
}

fn post(headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST /rpc HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    )
}

const JSON: &str = "content-type: application/json\r\n";

fn site() -> Listener {
    Listener {
        path: "/rpc".to_owned(),
        origins: vec!["https://app.example".to_owned()],
        ..Listener::default()
    }
}

#[tokio::test]
async fn statuses() {
    let mut limits = patient();
    limits.core.body = 100;
    let server = start(site(), limits);
    let own = format!("origin: http://{}\r\n{JSON}", server.address);
    let chunked = "POST /rpc HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
                   transfer-encoding: chunked\r\n\r\n";
    let invalid = r#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request","#;
    let large = r#"{"jsonrpc":"2.0","error":{"code":-32004,"message":"Too large","#;
    let cases: &[(&str, String, u16, &[&str])] = &[
        (
            "a reply",
            post(JSON, "[1]"),
            200,
            &["content-type: application/json\r\n", "content-length: 3\r\n", "\r\n\r\n[1]"],
        ),
        ("no reply", post(JSON, "nothing"), 204, &[]),
        ("charset", post("content-type: application/json-rpc; charset=UTF-8\r\n", "1"), 200, &[]),
        ("chunked", format!("{chunked}2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n"), 200, &["\r\n\r\n[1]"]),
        (
            "full",
            post(JSON, "full"),
            503,
            &["retry-after: 1\r\n", "-32003", "\"retryAfterMs\":1000", "\"id\":null}"],
        ),
        ("no type", post("", "1"), 415, &[invalid]),
        ("other type", post("content-type: text/plain\r\n", "1"), 415, &[invalid]),
        ("other charset", post("content-type: application/json; charset=latin1\r\n", "1"), 415, &[invalid]),
        ("other path", post(JSON, "1").replace("/rpc", "/"), 404, &[invalid, "\"id\":null}"]),
        ("get", post(JSON, "").replace("POST", "GET"), 405, &["allow: POST, OPTIONS\r\n", invalid]),
        ("options", post(JSON, "").replace("POST", "OPTIONS"), 405, &[]),
        ("announced too large", post(JSON, &"x".repeat(101)), 413, &[large]),
        ("just fits", post(JSON, &"x".repeat(100)), 200, &[]),
        ("grows too large", format!("{chunked}65\r\n{}\r\n0\r\n\r\n", "x".repeat(0x65)), 413, &[large]),
        ("strange host", post(JSON, "1").replace("localhost", "evil.example"), 403, &[invalid]),
        ("no host", post(JSON, "1").replace("host: localhost\r\n", ""), 403, &[]),
        ("own origin", post(&own, "[1]"), 200, &["[1]"]),
        ("null origin", post(&format!("origin: null\r\n{JSON}"), "1"), 403, &[invalid]),
        ("strange origin", post(&format!("origin: https://evil.example\r\n{JSON}"), "1"), 403, &[invalid]),
        (
            "listed origin",
            post(&format!("origin: https://app.example\r\n{JSON}"), "[1]"),
            200,
            &["access-control-allow-origin: https://app.example\r\n", "vary: origin\r\n", "[1]"],
        ),
        (
            "listed origin, refused",
            post("origin: https://app.example\r\n", "1"),
            415,
            &["access-control-allow-origin"],
        ),
        (
            "preflight",
            post(
                "origin: https://app.example\r\naccess-control-request-method: POST\r\n\
                 access-control-request-headers: content-type,x-y\r\n",
                "",
            )
            .replace("POST /", "OPTIONS /"),
            204,
            &[
                "access-control-allow-origin: https://app.example\r\n",
                "access-control-allow-methods: POST\r\n",
                "access-control-allow-headers: content-type,x-y\r\n",
            ],
        ),
        (
            "strange preflight",
            post("origin: https://evil.example\r\naccess-control-request-method: POST\r\n", "")
                .replace("POST /", "OPTIONS /"),
            403,
            &[],
        ),
        ("head over its size", post(&format!("x: {}\r\n", "y".repeat(20_000)), ""), 431, &[]),
    ];
    for (name, request, status, parts) in cases {
        let answer = send(&server, request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{name}: {answer}");
        for part in *parts {
            assert!(answer.contains(part), "{name}: {part} is not in {answer}");
        }
        if *name != "listed origin" && *name != "preflight" && *name != "listed origin, refused" {
            assert!(!answer.contains("access-control"), "{name}: {answer}");
        }
    }
    let answer = send(&server, &post(&format!("x-test: 1\r\ncookie: 2\r\n{JSON}"), "ctx")).await;
    assert!(answer.contains("\"x-test\":\"1\"") && !answer.contains("cookie"), "{answer}");
}

#[tokio::test]
async fn messages_of_a_connection_are_counted() {
    let server = start(site(), Limits { messages_per_second: NonZeroU32::new(1), ..patient() });
    let one = post(JSON, "[1]").replace("connection: close\r\n", "");
    let answers = send(&server, &(one.repeat(50) + &post(JSON, "[1]"))).await;
    let count = |status: &str| answers.matches(&format!("HTTP/1.1 {status} ")).count();
    // How many get through is a matter of time, but it would take most of a minute for all of them.
    assert!(answers.starts_with("HTTP/1.1 200 ") && count("429") > 0, "{answers}");
    assert_eq!(count("200") + count("429"), 51, "{answers}");
    assert!(answers.contains("retry-after: 1\r\n") && answers.contains("-32003"), "{answers}");
    assert!(answers.contains("\"retryAfterMs\":1000") && answers.contains("\"id\":null"), "{answers}");
    assert!(
        send(&server, &post(JSON, "[1]")).await.starts_with("HTTP/1.1 200 "),
        "it is not for one connection"
    );
}

#[tokio::test]
async fn only_trusted_proxies_are_believed() {
    let proxies =
        |network: &str| Listener { trust_forwarded_from: Proxies::new([network.parse().unwrap()]), ..site() };
    let request = post(&format!("x-forwarded-for: 6.6.6.6, 192.0.2.1\r\n{JSON}"), "ctx");
    let trusting = start(proxies("127.0.0.0/8"), patient());
    let answer = send(&trusting, &request).await;
    assert!(answer.contains("\"remote\":\"192.0.2.1\""), "{answer}");
    let other = start(proxies("10.0.0.0/8"), patient());
    let answer = send(&other, &request).await;
    assert!(answer.contains("\"remote\":\"127.0.0.1:"), "{answer}");
}

#[tokio::test]
async fn half_a_head_has_its_time() {
    let server = start(site(), Limits { header_time: SHORT, ..patient() });
    assert_eq!(send(&server, "POST / HTTP/1.1\r\nho").await, "");
    assert_eq!(send(&server, "P").await, "");
    // On a connection that was used before, too.
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let text = post(JSON, "[1]").replace("connection: close\r\n", "");
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    stream.write_all(b"POST").await.unwrap();
    assert!(finish(&mut stream).await.ends_with("[1]"));
}

#[tokio::test]
async fn an_idle_connection_has_its_time() {
    let server = start(site(), Limits { idle_time: SHORT, ..patient() });
    assert_eq!(send(&server, "").await, "");
    send(&server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(send(&server, &post(JSON, "[1]").replace("connection: close\r\n", "")).await.ends_with("[1]"));
}

#[tokio::test]
async fn a_body_has_its_time() {
    let server = start(site(), Limits { body_time: SHORT, ..patient() });
    let text = post(JSON, "[1,2,3]").replace("connection: close\r\n", "");
    let answer = send(&server, &text[..text.len() - 2]).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("-32001"), "{answer}");
}

#[tokio::test]
async fn a_peer_that_does_not_read_has_its_time() {
    let server = start(site(), Limits { write_time: SHORT, ..patient() });
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(post(JSON, "big").as_bytes()).await.unwrap();
    let mut first = [0; 1];
    stream.read_exact(&mut first).await.unwrap();
    // Draining ends only when the server has given the connection up.
    assert!(timeout(Duration::from_secs(20), server.shutdown.run(LONG)).await.expect("it holds on"));
}

#[tokio::test]
async fn connections_are_counted() {
    let server = start(site(), Limits { connections: 1, ..patient() });
    let mut first = TcpStream::connect(server.address).await.unwrap();
    first.write_all(post(JSON, "[1]").replace("connection: close\r\n", "").as_bytes()).await.unwrap();
    first.read_exact(&mut [0; 12]).await.unwrap();
    let mut second = TcpStream::connect(server.address).await.unwrap();
    let answer = finish(&mut second).await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("-32003"), "{answer}");
    assert!(answer.contains("retry-after: 1\r\n"), "{answer}");
    drop(first);
    let free = async { while !send(&server, &post(JSON, "[1]")).await.starts_with("HTTP/1.1 200 ") {} };
    timeout(Duration::from_secs(20), free).await.expect("the seat was not given back");
}

#[tokio::test]
async fn draining_finishes_what_is_open() {
    let server = start(site(), patient());
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    idle.write_all(post(JSON, "[1]").replace("connection: close\r\n", "").as_bytes()).await.unwrap();
    idle.read_exact(&mut [0; 12]).await.unwrap();
    let mut open = TcpStream::connect(server.address).await.unwrap();
    open.write_all(post(JSON, "wait").replace("connection: close\r\n", "").as_bytes()).await.unwrap();
    server.script.waiting.acquire().await.unwrap().forget();
    let drained = tokio::spawn(server.shutdown.run(LONG));
    assert!(finish(&mut idle).await.ends_with("[1]"));
    server.script.go.add_permits(1);
    assert!(finish(&mut open).await.ends_with("waited"));
    assert!(drained.await.unwrap());
    assert!(TcpStream::connect(server.address).await.is_err(), "it still listens");
}

type Client = hyper::client::conn::http2::SendRequest<Full<hyper::body::Bytes>>;

async fn http2(server: &Server, window: u32) -> (Client, tokio::task::JoinHandle<()>) {
    let io = TokioIo::new(TcpStream::connect(server.address).await.unwrap());
    let mut builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    builder.initial_stream_window_size(window);
    let (client, connection) = builder.handshake(io).await.unwrap();
    (client, tokio::spawn(async move { connection.await.unwrap_or(()) }))
}

fn http2_post(server: &Server, body: &'static str) -> http::Request<Full<hyper::body::Bytes>> {
    let request = http::Request::post(format!("http://{}/rpc", server.address));
    request.header("content-type", "application/json").body(Full::from(body)).unwrap()
}

#[tokio::test]
async fn http2_on_the_same_port() {
    // The head's time does not run on a connection that was opened ahead.
    let server = start(site(), Limits { header_time: SHORT, ..patient() });
    let (mut client, _connection) = http2(&server, 65_535).await;
    let mut waiting = client.clone();
    let waiting = tokio::spawn(waiting.send_request(http2_post(&server, "wait")));
    server.script.waiting.acquire().await.unwrap().forget();
    let answer = client.send_request(http2_post(&server, "[1]")).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.version(), http::Version::HTTP_2);
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "[1]");
    let answer = client.send_request(http2_post(&server, "nothing")).await.unwrap();
    assert_eq!(answer.status(), 204);
    server.script.go.add_permits(1);
    assert_eq!(waiting.await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn an_http2_peer_that_opens_no_window_has_its_time() {
    let server = start(site(), Limits { write_time: SHORT, ..patient() });
    let (mut client, connection) = http2(&server, 0).await;
    let answer = client.send_request(http2_post(&server, "some")).await.unwrap();
    assert_eq!(answer.status(), 200);
    timeout(Duration::from_secs(20), connection).await.expect("it holds on").unwrap();
    // The last of an answer that the window has no room for counts as idle.
    let server = start(site(), Limits { idle_time: SHORT, ..patient() });
    let (mut client, connection) = http2(&server, 1).await;
    let answer = client.send_request(http2_post(&server, "some")).await.unwrap();
    assert_eq!(answer.status(), 200);
    timeout(Duration::from_secs(20), connection).await.expect("it holds on").unwrap();
}

#[tokio::test]
async fn http2_drains() {
    let server = start(site(), patient());
    let (mut client, connection) = http2(&server, 65_535).await;
    let waiting = tokio::spawn(client.send_request(http2_post(&server, "wait")));
    server.script.waiting.acquire().await.unwrap().forget();
    let drained = tokio::spawn(server.shutdown.run(LONG));
    server.script.go.add_permits(1);
    assert_eq!(waiting.await.unwrap().unwrap().status(), 200);
    connection.await.unwrap();
    assert!(drained.await.unwrap());
}
