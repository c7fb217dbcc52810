//! The cases, over TCP against the host: bodies with their lengths, so that any bytes can be one.

mod host;

use pintle_tests::{Boundary, Service, run_where};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A host and a connection to it.
struct Tcp {
    connection: BufReader<TcpStream>,
    host: host::Host,
}

/// Follows each body. Its reply says that there is no other to wait for.
const LAST: &str = r#"{"jsonrpc":"2.0","id":"last","method":"last"}"#;

fn open(service: &Service) -> Tcp {
    // One call at a time, so that replies come in the order of the bodies.
    let limits = "connection_calls = 1";
    let host = host::start(service, "kind = \"tcp\"\nframing = \"content-length\"", limits);
    Tcp { connection: connect(&host), host }
}

fn connect(host: &host::Host) -> BufReader<TcpStream> {
    BufReader::new(TcpStream::connect(&host.address).expect("a connection"))
}

impl Tcp {
    /// The next body; `None` at the end of the connection.
    fn receive(&mut self) -> Option<Vec<u8>> {
        let mut length = 0;
        loop {
            let mut header = String::new();
            if self.connection.read_line(&mut header).expect("a header") == 0 {
                return None;
            }
            match header.split_once(": ") {
                Some((_, value)) => length = value.trim().parse().expect("a length"),
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.connection.read_exact(&mut body).expect("a body");
        Some(body)
    }
}

impl Boundary for Tcp {
    fn send(&mut self, body: &[u8]) -> Option<Vec<u8>> {
        for body in [body, LAST.as_bytes()] {
            let head = format!("Content-Length: {}\r\n\r\n", body.len());
            // The first may have ended the connection.
            let _ = self.connection.get_mut().write_all(&[head.as_bytes(), body].concat());
        }
        let mut reply = None;
        loop {
            match self.receive() {
                Some(last) if last.ends_with(br#""id":"last"}"#) => return reply,
                Some(body) => reply = Some(body),
                None => {
                    self.connection = connect(&self.host);
                    return reply;
                }
            }
        }
    }
}

#[test]
fn every_case_over_tcp() {
    run_where(|service| !service.bare, open);
}
