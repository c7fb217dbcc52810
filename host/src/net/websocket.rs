//! WebSocket (RFC 6455) on the path of an HTTP listener: one message is one body, its reply is of the same kind.

use std::io;
use std::sync::{Arc, OnceLock};

use ::http::header::UPGRADE;
use ::http::{Request, Response, StatusCode, Version};
use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message as Frame, Utf8Bytes};

use super::connection::{self, Reader, Received, Writer, discard};
use super::context::Context;
use super::http::Connection;
use super::outgoing::{End, Kind, Message};
use super::request::Refusal;
use super::service::Service;

/// Bytes that each direction of a connection has a buffer for, before any message.
const BUFFER: usize = 8 << 10;

/// Whether a request wants to go on as WebSocket. Whether it may, and asks properly, is another question.
pub(super) fn is_asked_for(request: &Request<Incoming>) -> bool {
    let is_websocket = |value: &::http::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"websocket");
    request.version() == Version::HTTP_11 && request.headers().get(UPGRADE).is_some_and(is_websocket)
}

/// Answers the handshake and takes the connection over once that is sent. An error says why not.
pub(super) fn upgrade<S: Service>(
    connection: &Arc<Connection<S>>,
    mut request: Request<Incoming>,
) -> Result<Response<()>, Refusal> {
    let auth = connection.identify(request.headers())?;
    let wrong = |error| match error {
        Error::Protocol(ProtocolError::WrongHttpMethod) => "a WebSocket is opened with GET",
        Error::Protocol(ProtocolError::MissingSecWebSocketVersionHeader) => {
            "the Sec-WebSocket-Version must be 13"
        }
        _ => "this is no WebSocket handshake",
    };
    let response = create_response_with_body(&request, || ())
        .map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, wrong(error)))?;
    let upgraded = hyper::upgrade::on(&mut request);
    let context = Context {
        transport: "websocket",
        remote: connection.remote,
        forwarded: connection.forwarded(request.headers()),
        connection: connection.id.clone(),
        headers: Arc::new(std::mem::take(request.headers_mut())),
        auth: auth.map_or_else(OnceLock::new, OnceLock::from),
        peers: connection.peers.clone(),
    };
    let connection = connection.clone();
    tokio::spawn(async move {
        // An error: the peer was gone before it could read the answer.
        let Ok(upgraded) = upgraded.await else { return };
        let site = &connection.site;
        let body = site.limits.core.body;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .write_buffer_size(BUFFER)
            .max_message_size(Some(body))
            .max_frame_size(Some(body));
        let stream =
            WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
        let (writer, reader) = stream.split();
        let messages = connection::Connection::new(
            site.service.clone(),
            site.limits.clone(),
            context,
            connection.activity.clone(),
            connection.lifeline.clone(),
        );
        let (reader, writer) = messages.run(Source(reader), Sink(writer)).await;
        if let Ok(stream) = reader.0.reunite(writer.0) {
            discard(stream.into_inner()).await;
        }
    });
    Ok(response)
}

struct Source<S>(SplitStream<WebSocketStream<S>>);

struct Sink<S>(SplitSink<WebSocketStream<S>, Frame>);

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Reader for Source<S> {
    async fn receive(&mut self) -> Received {
        match self.0.next().await {
            Some(Ok(Frame::Text(text))) => Received::Body(Bytes::from(text).into(), Kind::Text),
            Some(Ok(Frame::Binary(bytes))) => Received::Body(bytes.into(), Kind::Binary),
            // A ping is answered below, with the next read or write.
            Some(Ok(Frame::Ping(_) | Frame::Pong(_) | Frame::Frame(_))) => Received::Alive,
            Some(Ok(Frame::Close(_))) | None => Received::End(End::Peer),
            Some(Err(error)) => Received::End(match error {
                Error::Capacity(CapacityError::MessageTooLong { .. }) => End::TooLarge,
                Error::Utf8(_) => End::NotUtf8,
                Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => End::Peer,
                Error::Protocol(_) => End::Protocol,
                _ => End::Peer,
            }),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Writer for Sink<S> {
    const PINGS: bool = true;

    async fn write(&mut self, message: Message) -> io::Result<()> {
        let frame = match message.kind {
            // What goes out is text; that it is no UTF-8 would be a mistake of ours.
            Kind::Text => match Utf8Bytes::try_from(message.body) {
                Ok(text) => Frame::Text(text),
                Err(error) => return Err(io::Error::other(error)),
            },
            Kind::Binary => Frame::Binary(message.body),
            Kind::Ping => Frame::Ping(message.body),
        };
        self.0.feed(frame).await.map_err(io::Error::other)
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.0.flush().await.map_err(io::Error::other)
    }

    async fn close(&mut self, end: End) -> io::Result<()> {
        let frame = CloseFrame { code: end.code().into(), reason: Utf8Bytes::from_static(end.reason()) };
        let sent = match end {
            // It gets its own code back.
            End::Peer => self.0.close().await,
            _ => self.0.send(Frame::Close(Some(frame))).await,
        };
        sent.map_err(io::Error::other)
    }
}
