//! TLS with a certificate that signs itself.

use super::*;
use pintle::config::Tls;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

struct Secret {
    tls: Tls,
    roots: Arc<RootCertStore>,
    _dir: tempfile::TempDir,
}

fn secret() -> Secret {
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let tls = Tls { certificate: dir.path().join("cert.pem"), key: dir.path().join("key.pem") };
    std::fs::write(&tls.certificate, made.cert.pem()).unwrap();
    std::fs::write(&tls.key, made.signing_key.serialize_pem()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    Secret { tls, roots: Arc::new(roots), _dir: dir }
}

async fn connect(secret: &Secret, address: SocketAddr, protocol: &str) -> TlsStream<TcpStream> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_root_certificates(secret.roots.clone()).with_no_client_auth();
    config.alpn_protocols.extend((!protocol.is_empty()).then(|| protocol.as_bytes().to_vec()));
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}

#[tokio::test]
async fn lines() {
    let secret = secret();
    let server = start(Listener { tls: Some(secret.tls.clone()), ..tcp() }, patient());
    assert!(server.url.starts_with("tls://"), "{}", server.url);
    let mut stream = BufReader::new(connect(&secret, server.address(), "").await);
    stream.write_all(format!("{}\n", request(1, "S.big", json!([300_000]))).as_bytes()).await.unwrap();
    let mut line = String::new();
    soon(stream.read_line(&mut line)).await.unwrap();
    assert!(line.len() > 300_000);
}

#[tokio::test]
async fn http_of_both_versions_and_websocket() {
    use futures_util::{SinkExt, StreamExt};
    use tokio_tungstenite::tungstenite::Message;
    let secret = secret();
    let server = start(Listener { tls: Some(secret.tls.clone()), ..Listener::default() }, patient());
    assert!(server.url.starts_with("https://"), "{}", server.url);
    let mut stream = connect(&secret, server.address(), "http/1.1").await;
    let body = request(1, "S.echo", json!(["x"])).to_string();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\norigin: https://localhost:{}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        server.address().port(),
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"x\""), "{answer}");
    let stream = connect(&secret, server.address(), "h2").await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    let io = hyper_util::rt::TokioIo::new(stream);
    let executor = hyper_util::rt::TokioExecutor::new();
    let (mut client, connection) = hyper::client::conn::http2::handshake(executor, io).await.unwrap();
    tokio::spawn(connection);
    let post = http::Request::post(format!("https://localhost:{}/", server.address().port()));
    let post = post
        .header("content-type", "application/json")
        .body(http_body_util::Full::<hyper::body::Bytes>::from(body.clone()));
    assert_eq!(soon(client.send_request(post.unwrap())).await.unwrap().status(), 200);
    let stream = connect(&secret, server.address(), "http/1.1").await;
    let (mut socket, _) = tokio_tungstenite::client_async("wss://localhost/", stream).await.unwrap();
    socket.send(Message::text(body)).await.unwrap();
    assert!(soon(socket.next()).await.unwrap().unwrap().to_text().unwrap().contains("\"x\""));
}

#[tokio::test]
async fn a_handshake_has_its_time() {
    let secret = secret();
    for listener in [tcp(), Listener::default()] {
        let limits = Limits { header_time: SHORT, ..patient() };
        let server = start(Listener { tls: Some(secret.tls.clone()), ..listener }, limits);
        let mut silent = server.connect().await;
        assert_eq!(silent.finish().await, "");
        // Plain text is no handshake.
        let mut plain = server.connect().await;
        plain.write(b"GET / HTTP/1.1\r\n\r\n").await;
        let mut answer = Vec::new();
        let _ = soon(plain.0.read_to_end(&mut answer)).await;
        assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
        connect(&secret, server.address(), "").await;
    }
}

#[tokio::test]
async fn who_has_not_shaken_hands_is_not_waited_for_at_the_end() {
    let secret = secret();
    for listener in [tcp(), Listener::default()] {
        let mut server = start(Listener { tls: Some(secret.tls.clone()), ..listener }, patient());
        let mut silent = server.connect().await;
        // Peers are taken in order: the silent one is in.
        drop(connect(&secret, server.address(), "").await);
        server.stop();
        assert_eq!(silent.finish().await, "");
        assert!(soon(server.end).await.unwrap(), "nothing was cancelled");
    }
}

#[tokio::test]
async fn files_of_no_use_are_told_at_the_start() {
    let Secret { tls, .. } = secret();
    let (events, _) = unbounded_channel();
    let mut server =
        Server::new(Script { events, go: Arc::new(Semaphore::new(0)), closed: false }, patient());
    let engine = Engine::builder(contract()).build().unwrap();
    for listener in [tcp(), Listener::default()] {
        let listener = Listener { tls: Some(tls.clone()), ..listener };
        let error = server.listen(listener, engine.clone()).unwrap_err().to_string();
        assert!(error.contains("cert.pem"), "{error}");
    }
}
