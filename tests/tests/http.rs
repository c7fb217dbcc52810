//! The cases, over HTTP against the host, whose plugin is the suite's guest.

mod host;

use pintle_tests::{Boundary, Service, run_where};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// One connection to a host.
struct Http {
    connection: BufReader<TcpStream>,
    _host: host::Host,
}

fn open(service: &Service) -> Http {
    let host = host::start(service, "kind = \"http\"", "");
    let connection = TcpStream::connect(&host.address).expect("a connection");
    Http { connection: BufReader::new(connection), _host: host }
}

impl Boundary for Http {
    fn send(&mut self, body: &[u8]) -> Option<Vec<u8>> {
        let head = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let stream = self.connection.get_mut();
        stream.write_all(&[head.as_bytes(), body].concat()).expect("sent");
        let mut status = String::new();
        let mut length = 0;
        self.connection.read_line(&mut status).expect("a status");
        loop {
            let mut header = String::new();
            self.connection.read_line(&mut header).expect("a header");
            match header.to_ascii_lowercase().split_once(':') {
                Some(("content-length", value)) => length = value.trim().parse().expect("a length"),
                Some(_) => {}
                None => break,
            }
        }
        let mut reply = vec![0; length];
        self.connection.read_exact(&mut reply).expect("a reply");
        match status.split(' ').nth(1) {
            Some("200") => Some(reply),
            Some("204") => None,
            _ => Some(status.into_bytes()),
        }
    }
}

#[test]
fn every_case_over_http() {
    // The host answers `server_info` beside the core's commands, and lists it.
    run_where(|service| !service.bare, open);
}
