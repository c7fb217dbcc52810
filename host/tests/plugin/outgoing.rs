//! What a component reaches by HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use pintle::plugin::{FailureKind, Grants, GuestLimits, Invocation, Isolation, Plugin, PluginOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::guests::{HOST, componentize};
use crate::{Got, call, engine, options, own};

/// The cases of `error-code`.
const REFUSED: &str = "6";
const LIMIT_REACHED: &str = "11";
const DENIED: &str = "15";
/// What the guest says for a body that breaks off, and one that it could not write.
const BROKEN: &str = "97";
const UNWRITTEN: &str = "99";

/// Answers each path in its way; counts connections.
async fn server() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap().to_string();
    let (connections, here) = (Arc::new(AtomicUsize::new(0)), place.clone());
    let count = connections.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, SeqCst);
            let here = here.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                    match stream.read_buf(&mut head).await {
                        Ok(0) | Err(_) => return,
                        // Not HTTP: a greeting of TLS.
                        Ok(_) if head.first() == Some(&0x16) => return,
                        Ok(_) => (),
                    }
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default();
                let reply =
                    |body: &str| format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                let reply = match path {
                    "/hello" => reply(r#""hello""#),
                    "/head" => reply(&format!("{:?}", head.to_ascii_lowercase())),
                    "/large" => reply(&format!("\"{}\"", "x".repeat(100_000))),
                    "/moved" => format!(
                        "HTTP/1.1 302 Found\r\nLocation: http://{here}/hello\r\nContent-Length: 7\r\n\r\n\"moved\""
                    ),
                    "/posted" => {
                        let mut rest = vec![0; 1 << 16];
                        let mut read = 0;
                        while read < 1 << 20 {
                            match stream.read(&mut rest).await {
                                Ok(0) | Err(_) => return,
                                Ok(more) => read += more,
                            }
                        }
                        reply(r#""posted""#)
                    }
                    "/half" => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n\"half".to_owned(),
                    // Nothing, for ever.
                    _ => std::future::pending().await,
                };
                let _ = stream.write_all(reply.as_bytes()).await;
                if path == "/half" {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    (place, connections)
}

async fn guest(hosts: &[&str], limits: GuestLimits) -> Plugin {
    let packages = [HOST, include_str!("../guests/http.wit")];
    let guest = componentize(&packages, "test:http/guest", include_str!("../guests/http.wat"));
    let grants = Grants { hosts: hosts.iter().map(|host| (*host).to_owned()).collect(), ..Grants::default() };
    let options = PluginOptions { grants, limits, ..options(Isolation::Pool) };
    Plugin::load(&engine(), guest, options).await.unwrap()
}

async fn gets(plugin: &Plugin, what: &str, result: &str) {
    let got = call(plugin, &format!("[{what:?}]")).await.unwrap();
    assert_eq!(got, Got::Result(result.to_owned()), "{what}");
}

#[tokio::test]
async fn a_host_that_is_granted_is_reached() {
    let (place, _) = server().await;
    let plugin = guest(&[&place], GuestLimits::default()).await;
    gets(&plugin, &format!("h{place}/hello"), r#""hello""#).await;
    gets(&plugin, &format!("p{place}/posted"), r#""posted""#).await;
    gets(&plugin, &format!("h{place}/large"), &format!("\"{}\"", "x".repeat(100_000))).await;
    // Where a redirect leads is the guest's to ask for.
    gets(&plugin, &format!("h{place}/moved"), r#""moved""#).await;
    let Got::Result(head) = call(&plugin, &format!(r#"["h{place}/head"]"#)).await.unwrap() else { panic!() };
    assert!(
        head.starts_with(r#""get /head http/1.1\r\n"#) && head.contains(&format!("host: {place}")),
        "{head}"
    );
}

#[tokio::test]
async fn any_other_host_is_denied_and_never_connected_to() {
    let (place, connections) = server().await;
    let (other, _) = server().await;
    let port = place.rsplit_once(':').unwrap().1;
    let plugin =
        guest(&[&other, &format!("127.0.0.1:{port}0"), "example.com:443"], GuestLimits::default()).await;
    for authority in [
        place.clone(),
        format!("localhost:{port}"),
        format!("127.0.0.1.:{port}"),
        format!("[::1]:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        format!("{other}@{place}"),
        format!("user@{other}"),
        "127.0.0.1".to_owned(),
    ] {
        gets(&plugin, &format!("h{authority}/hello"), DENIED).await;
    }
    // The right name at the wrong port, which the scheme decides.
    gets(&plugin, "hexample.com/hello", DENIED).await;
    let nothing = guest(&[], GuestLimits::default()).await;
    gets(&nothing, &format!("h{place}/hello"), DENIED).await;
    assert_eq!(connections.load(SeqCst), 0);
    gets(&plugin, &format!("h{other}/hello"), r#""hello""#).await;
}

#[tokio::test]
async fn what_is_sent_and_read_is_bounded() {
    let (place, connections) = server().await;
    let limits = GuestLimits { http_requests: 0, ..GuestLimits::default() };
    gets(&guest(&[&place], limits).await, &format!("h{place}/hello"), LIMIT_REACHED).await;
    assert_eq!(connections.load(SeqCst), 0);
    let limits = GuestLimits { http_body: 50_000, http_requests: 1, ..GuestLimits::default() };
    let plugin = guest(&[&place], limits).await;
    gets(&plugin, &format!("h{place}/large"), BROKEN).await;
    gets(&plugin, &format!("p{place}/posted"), UNWRITTEN).await;
    gets(&plugin, &format!("h{place}/hello"), r#""hello""#).await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_ends_with_the_call() {
    let (place, _) = server().await;
    let limits = GuestLimits { run_time: Duration::from_millis(200), ..GuestLimits::default() };
    let plugin = guest(&[&place], limits).await;
    for path in ["silent", "half"] {
        let params = format!(r#"["h{place}/{path}"]"#);
        let deadline = Some(Instant::now() + Duration::from_millis(400));
        let invocation = Invocation { deadline, ..Invocation::new("Test.method", &params) };
        match plugin.call(invocation, own).await {
            Err(failure) => assert_eq!(failure.kind, FailureKind::Deadline, "{failure}"),
            // Both end at the same moment: the guest may have been told first.
            Ok(got) => {
                assert!(matches!(&got, Got::Result(code) if code == "33" || code == BROKEN), "{got:?}")
            }
        }
    }
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    gets(&guest(&[&gone], GuestLimits::default()).await, &format!("h{gone}/hello"), REFUSED).await;
}

#[tokio::test]
async fn tls_is_not_done_without() {
    let (place, connections) = server().await;
    let plugin = guest(&[&place], GuestLimits::default()).await;
    let Got::Result(code) = call(&plugin, &format!(r#"["s{place}/hello"]"#)).await.unwrap() else { panic!() };
    assert!(code.parse::<u32>().is_ok_and(|code| code < 39), "{code}");
    assert_eq!(connections.load(SeqCst), 1);
}
