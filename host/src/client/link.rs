//! A connection that carries bodies in both directions: bytes with a framing, or WebSocket messages.

use std::sync::Arc;

use ::http::HeaderMap;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use pintle_core::frame::{Frames, Framing};
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio_rustls::rustls::ClientConfig;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WebSocketError, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::dial::Io;
use super::error::ClientError;
use super::target::Site;

type WebSocket = WebSocketStream<Box<dyn Io>>;

/// What is read at once, in bytes.
const CHUNK: usize = 16 << 10;

/// Where bodies come from.
pub(super) enum Reader {
    Bytes { io: ReadHalf<Box<dyn Io>>, frames: Box<Frames>, chunk: Vec<u8> },
    WebSocket(SplitStream<WebSocket>),
}

/// Where bodies go.
pub(super) enum Writer {
    Bytes { io: WriteHalf<Box<dyn Io>>, framing: Framing, frame: Vec<u8> },
    WebSocket(SplitSink<WebSocket, Message>),
}

/// Bodies over bytes; one of more than `limit` bytes ends the connection.
pub(super) fn bytes(io: Box<dyn Io>, framing: Framing, limit: usize) -> (Reader, Writer) {
    let (reader, writer) = tokio::io::split(io);
    let frames = Box::new(Frames::new(framing, limit));
    (
        Reader::Bytes { io: reader, frames, chunk: Vec::with_capacity(CHUNK) },
        Writer::Bytes { io: writer, framing, frame: Vec::new() },
    )
}

/// Opens a WebSocket; a message of more than `limit` bytes ends the connection.
pub(super) async fn websocket(
    site: &Site,
    tls: Option<&Arc<ClientConfig>>,
    headers: &HeaderMap,
    limit: usize,
) -> Result<(Reader, Writer), ClientError> {
    let url = format!("{}://{}{}", if site.tls { "wss" } else { "ws" }, site.authority, site.path);
    let mut request = url
        .as_str()
        .into_client_request()
        .map_err(|error| ClientError::not_sent(format!("{url} is no target: {error}")))?;
    for (name, value) in headers {
        request.headers_mut().insert(name.clone(), value.clone());
    }
    let config = WebSocketConfig::default().max_message_size(Some(limit)).max_frame_size(Some(limit));
    let io = site.dial(tls).await?.io;
    let (socket, _) = client_async_with_config(request, io, Some(config)).await.map_err(|error| {
        let why = match error {
            WebSocketError::Http(response) => format!("it answers {}", response.status()),
            error => error.to_string(),
        };
        ClientError::Transport(format!("no WebSocket with {}: {why}", site.authority))
    })?;
    let (sink, stream) = socket.split();
    Ok((Reader::WebSocket(stream), Writer::WebSocket(sink)))
}

impl Reader {
    /// The next body; an error says how the connection ended. Nothing is lost when the future is dropped.
    pub(super) async fn next(&mut self) -> Result<Vec<u8>, String> {
        match self {
            Reader::Bytes { io, frames, chunk } => loop {
                if let Some(body) = frames.next().map_err(|error| error.to_string())? {
                    return Ok(body);
                }
                chunk.clear();
                match io.read_buf(chunk).await {
                    Ok(0) => return Err("the server hung up".to_owned()),
                    Ok(_) => frames.push(chunk),
                    Err(error) => return Err(error.to_string()),
                }
            },
            Reader::WebSocket(stream) => loop {
                match stream.next().await {
                    Some(Ok(Message::Text(text))) => return Ok(text.as_bytes().to_vec()),
                    Some(Ok(Message::Binary(bytes))) => return Ok(bytes.to_vec()),
                    Some(Ok(Message::Close(Some(close)))) => {
                        let why = if close.reason.is_empty() { "" } else { ": " };
                        return Err(format!(
                            "the server closed it with {}{why}{}",
                            u16::from(close.code),
                            close.reason
                        ));
                    }
                    // Pings are answered below.
                    Some(Ok(_)) => (),
                    Some(Err(error)) => return Err(error.to_string()),
                    None => return Err("the server hung up".to_owned()),
                }
            },
        }
    }
}

impl Writer {
    /// Sends a body whole; an error says how the connection ended.
    pub(super) async fn send(&mut self, body: Vec<u8>) -> Result<(), String> {
        match self {
            Writer::Bytes { io, framing, frame } => {
                frame.clear();
                framing.write(&body, frame);
                let sent = async {
                    io.write_all(frame).await?;
                    io.flush().await
                };
                sent.await.map_err(|error| error.to_string())
            }
            Writer::WebSocket(sink) => {
                // Bodies are JSON, written here.
                let text = String::from_utf8(body).map_err(|error| error.to_string())?;
                sink.send(Message::text(text)).await.map_err(|error| error.to_string())
            }
        }
    }

    /// Says that no more will come.
    pub(super) async fn close(&mut self) {
        // The peer may be gone already, which is as good.
        match self {
            Writer::Bytes { io, .. } => drop(io.shutdown().await),
            Writer::WebSocket(sink) => drop(sink.close().await),
        }
    }
}
