//! Bodies over a WebSocket, or over TCP as lines.

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

pub(crate) enum Link {
    WebSocket(Box<WebSocketStream<TcpStream>>),
    Lines(BufReader<TcpStream>),
}

impl Link {
    pub(crate) async fn open(url: &str) -> Link {
        let (scheme, address) = url.split_once("://").expect("a URL");
        let stream = TcpStream::connect(address).await.expect("a connection");
        match scheme {
            "http" => {
                let (socket, _) =
                    client_async(format!("ws://{address}/"), stream).await.expect("a WebSocket");
                Link::WebSocket(Box::new(socket))
            }
            _ => Link::Lines(BufReader::new(stream)),
        }
    }

    pub(crate) async fn send(&mut self, body: &str) {
        match self {
            Link::WebSocket(socket) => socket.send(Message::text(body)).await.expect("sent"),
            Link::Lines(stream) => {
                let line = format!("{body}\n");
                stream.get_mut().write_all(line.as_bytes()).await.expect("sent");
            }
        }
    }

    /// Sends the beginning of a body. The rest never comes.
    pub(crate) async fn send_half(&mut self, body: &str) {
        let half = &body.as_bytes()[..body.len() / 2];
        match self {
            // A text frame, masked with zeros, whose length is that of the whole.
            Link::WebSocket(socket) => {
                let frame = [&[0x81, 0x80 | body.len().min(125) as u8, 0, 0, 0, 0], half].concat();
                let _ = socket.get_mut().write_all(&frame).await;
            }
            Link::Lines(stream) => {
                let _ = stream.get_mut().write_all(half).await;
            }
        }
    }

    pub(crate) async fn receive(&mut self) -> String {
        match self {
            Link::WebSocket(socket) => loop {
                match socket.next().await.expect("an open connection").expect("a message") {
                    Message::Text(text) => return text.to_string(),
                    Message::Ping(_) | Message::Pong(_) => {}
                    other => panic!("the server sent {other:?}"),
                }
            },
            Link::Lines(stream) => {
                let mut line = String::new();
                stream.read_line(&mut line).await.expect("a line");
                assert!(line.ends_with('\n'), "the server closed the connection");
                line
            }
        }
    }
}
