//! TLS: HTTP of both versions, WebSocket and bare TCP, with an authority of the test's own.

use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use pintle::client::ClientError;
use serde_json::json;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::server::TlsStream;

use super::{Peer, bind, client};

/// A listener for `localhost` that hands every connection to `serve`; its port, and its certificate as PEM.
async fn listen<F>(
    protocols: &[&str],
    serve: impl Fn(TlsStream<TcpStream>) -> F + Send + 'static,
) -> (u16, String)
where
    F: Future<Output = ()> + Send + 'static,
{
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let der = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.signing_key.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], der)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let (listener, _) = bind().await;
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust the certificate goes away.
            if let Ok(stream) = acceptor.accept(stream).await {
                tokio::spawn(serve(stream));
            }
        }
    });
    (port, key.cert.pem())
}

#[tokio::test]
async fn https_of_both_versions() {
    for (protocols, version) in
        [(&["h2", "http/1.1"][..], "HTTP/2.0"), (&["http/1.1"], "HTTP/1.1"), (&[], "HTTP/1.1")]
    {
        let (port, pem) = listen(protocols, |stream| async {
            let service = service_fn(|request: http::Request<hyper::body::Incoming>| async {
                let host = request.uri().host().map(str::to_owned);
                let seen = format!("{:?} {host:?}", request.version());
                let body = request.into_body().collect().await.unwrap().to_bytes();
                let request: serde_json::Value = serde_json::from_slice(&body).unwrap();
                let reply = json!({ "jsonrpc": "2.0", "id": request["id"], "result": seen });
                Ok::<_, std::convert::Infallible>(http::Response::new(Full::new(Bytes::from(
                    reply.to_string(),
                ))))
            });
            // The client hangs up in the end.
            let _ = auto::Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        })
        .await;
        let url = format!("https://localhost:{port}/rpc");
        let client = client().authorities(pem).connect(&url).await.unwrap();
        let calls = (0..20)
            .map(|n| client.request("Map.find").params((json!({ "x": n, "y": 0 }), "a")).call::<String>());
        for seen in futures_util::future::try_join_all(calls).await.unwrap() {
            assert!(seen.starts_with(version), "{seen} {version}");
        }
    }
}

#[tokio::test]
async fn who_is_not_trusted_is_refused() {
    let (port, pem) = listen(&[], |_| async {}).await;
    let url = format!("https://localhost:{port}");
    let call = async |pem: Option<&str>, url: &str| {
        let client = match pem {
            Some(pem) => client().authorities(pem),
            None => client(),
        };
        client.connect(url).await?.call::<Option<String>>("Map.find", (json!({ "x": 1, "y": 0 }), "a")).await
    };
    let refused =
        |error: ClientError| matches!(&error, ClientError::Transport(why) if why.contains("no TLS"));
    assert!(refused(call(None, &url).await.unwrap_err()));
    // The certificate is for another name.
    let other = format!("https://127.0.0.1:{port}");
    assert!(refused(call(Some(&pem), &other).await.unwrap_err()));
    for nothing in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert!(matches!(call(Some(nothing), &url).await, Err(ClientError::NotSent { .. })), "{nothing}");
    }
}

#[tokio::test]
async fn tls_and_wss() {
    let (port, pem) = listen(&[], |stream| async {
        let mut peer = Peer::new(stream);
        let request = peer.read().await;
        peer.answer(&request, "3").await;
        peer.line().await;
    })
    .await;
    let client = client().authorities(pem).connect(&format!("tls://localhost:{port}")).await.unwrap();
    assert_eq!(client.call::<i64>("Map.add", (1, 2)).await.unwrap(), 3);

    let (port, pem) = listen(&[], |stream| async {
        use futures_util::{SinkExt, StreamExt};
        let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
        while let Some(Ok(message)) = socket.next().await {
            let Ok(text) = message.into_text() else { return };
            let request = super::json(&text);
            let reply = json!({ "jsonrpc": "2.0", "id": request["id"], "result": 3 });
            socket.send(reply.to_string().into()).await.unwrap();
        }
    })
    .await;
    let client = super::client().authorities(pem).connect(&format!("wss://localhost:{port}/")).await.unwrap();
    assert_eq!(client.call::<i64>("Map.add", (1, 2)).await.unwrap(), 3);
}
