//! Framed bodies on streams of bytes: TCP, with or without encryption, and Unix sockets.

use std::io;
use std::net::SocketAddr;
#[cfg(unix)]
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use pintle_core::frame::{FrameError, Frames, Framing};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};

use super::accept::{Listening, accept};
use super::activity::{Activity, Socket};
use super::connection::{Connection, Reader, Received, Writer, discard};
use super::connections::Peers;
use super::context::{Context, Remote};
use super::outgoing::{End, Kind, Message};
use super::service::Service;
use super::tls::Encryption;
use super::traffic::{Seat, Traffic};
use crate::config::{Endpoint, Limits, Listener};
use crate::drive::overloaded;
use crate::shutdown::Lifeline;

/// Bytes that are read at once.
const CHUNK: usize = 16 << 10;

/// A listener that is bound and not yet serving.
pub struct Streams {
    bound: Bound,
    framing: Framing,
    limits: Arc<Limits>,
    traffic: Arc<Traffic>,
}

enum Bound {
    Tcp {
        socket: TcpListener,
        local: SocketAddr,
        encryption: Option<Encryption>,
    },
    #[cfg(unix)]
    Unix {
        socket: tokio::net::UnixListener,
        file: SocketFile,
    },
}

impl Streams {
    /// Really listens from here on. Must be called inside a runtime.
    pub fn bind(listener: &Listener, limits: Arc<Limits>) -> io::Result<Streams> {
        let bound = match &listener.endpoint {
            Endpoint::Tcp(address) => {
                let load = |tls| Encryption::load(tls, &[], limits.header_time);
                let encryption = listener.tls.as_ref().map(load).transpose()?;
                let socket = std::net::TcpListener::bind(address)?;
                socket.set_nonblocking(true)?;
                let socket = TcpListener::from_std(socket)?;
                Bound::Tcp { local: socket.local_addr()?, socket, encryption }
            }
            #[cfg(unix)]
            Endpoint::Unix(path) => {
                let (socket, file) = SocketFile::bind(path)?;
                Bound::Unix { socket, file }
            }
            _ => return Err(io::Error::new(io::ErrorKind::InvalidInput, "no listener of streams")),
        };
        Ok(Streams { bound, framing: listener.framing, limits, traffic: Arc::default() })
    }

    /// Where it listens: a chosen port in place of 0.
    pub fn url(&self) -> String {
        match &self.bound {
            Bound::Tcp { local, encryption: None, .. } => format!("tcp://{local}"),
            Bound::Tcp { local, encryption: Some(_), .. } => format!("tls://{local}"),
            #[cfg(unix)]
            Bound::Unix { file, .. } => format!("unix:{}", file.0.display()),
        }
    }

    /// What goes over it.
    pub fn traffic(&self) -> Arc<Traffic> {
        self.traffic.clone()
    }

    /// Serves until the lifeline drains; connections that are open then hold lifelines of their own.
    pub async fn serve<S: Service>(self, service: Arc<S>, lifeline: Lifeline) {
        let Streams { bound, framing, limits, traffic } = self;
        let site = Arc::new(Site { service, framing, limits, traffic });
        match bound {
            Bound::Tcp { socket, encryption: None, .. } => {
                let open = |stream: TcpStream| async { Some(stream) };
                site.accept(socket, "tcp", lifeline, open).await;
            }
            Bound::Tcp { socket, encryption: Some(encryption), .. } => {
                let encrypt = |stream| {
                    let (encryption, mut lifeline) = (encryption.clone(), lifeline.clone());
                    async move { encryption.accept(stream, &mut lifeline).await }
                };
                site.accept(socket, "tcp", lifeline.clone(), encrypt).await;
            }
            #[cfg(unix)]
            Bound::Unix { socket, file } => {
                let open = |stream: tokio::net::UnixStream| async { Some(stream) };
                site.accept(socket, "unix", lifeline, open).await;
                drop(file);
            }
        }
    }
}

/// A socket's file, removed with its listener.
#[cfg(unix)]
struct SocketFile(PathBuf);

#[cfg(unix)]
impl SocketFile {
    /// Binds, in place of a file that a dead server has left.
    fn bind(path: &Path) -> io::Result<(tokio::net::UnixListener, SocketFile)> {
        use std::os::unix::fs::FileTypeExt;
        let left = std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket());
        if left {
            match std::os::unix::net::UnixStream::connect(path) {
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => std::fs::remove_file(path)?,
                _ => return Err(io::Error::new(io::ErrorKind::AddrInUse, "somebody serves this socket")),
            }
        }
        let socket = tokio::net::UnixListener::bind(path)?;
        Ok((socket, SocketFile(path.to_owned())))
    }
}

#[cfg(unix)]
impl Drop for SocketFile {
    fn drop(&mut self) {
        // Somebody else may have removed it, which is as good.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// What the connections of a listener share.
pub(super) struct Site<S> {
    pub(super) service: Arc<S>,
    pub(super) framing: Framing,
    pub(super) limits: Arc<Limits>,
    pub(super) traffic: Arc<Traffic>,
}

impl<S: Service> Site<S> {
    async fn accept<L, T, F>(
        self: &Arc<Self>,
        socket: L,
        transport: &'static str,
        lifeline: Lifeline,
        open: impl Fn(L::Stream) -> F,
    ) where
        L: Listening<Stream: AsyncWrite + Unpin>,
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        F: Future<Output = Option<T>> + Send + 'static,
    {
        let serve = |stream, remote, seat: Seat| {
            let opening = open(stream);
            let (site, lifeline) = (self.clone(), lifeline.clone());
            tokio::spawn(async move {
                if let Some(stream) = opening.await {
                    site.serve(stream, transport, remote, lifeline).await;
                }
                drop(seat);
            });
        };
        let mut refusal = Vec::new();
        self.framing.write(&self.service.refuse_unread(&overloaded()), &mut refusal);
        let turn_away = |stream: &L::Stream| L::try_write(stream, &refusal);
        let seats = self.limits.connections;
        accept(socket, seats, &self.traffic, lifeline.clone(), serve, turn_away).await;
    }

    /// Serves one stream to its end. The lifeline is let go before that, when nothing runs for it any more.
    pub(super) async fn serve(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        transport: &'static str,
        remote: Remote,
        lifeline: Lifeline,
    ) {
        let Site { service, framing, limits, traffic } = self;
        let activity = Activity::new();
        let context = Context {
            transport,
            remote,
            forwarded: None,
            connection: Arc::default(),
            headers: Arc::default(),
            auth: OnceLock::new(),
            peers: Arc::new(Peers { own: None, all: service.connections() }),
        };
        let (reader, writer) = tokio::io::split(Socket::new(stream, activity.clone(), traffic.clone()));
        let (frames, chunk) = (Frames::new(*framing, limits.core.body), vec![0; CHUNK]);
        let source = Source { stream: reader, frames, chunk, activity: activity.clone() };
        let sink = Sink { stream: writer, framing: *framing, buffer: Vec::new() };
        let connection = Connection::new(service.clone(), limits.clone(), context, activity, lifeline);
        let (source, sink) = connection.run(source, sink).await;
        discard(source.stream.unsplit(sink.stream)).await;
    }
}

struct Source<S> {
    stream: ReadHalf<S>,
    frames: Frames,
    chunk: Vec<u8>,
    activity: Arc<Activity>,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Reader for Source<S> {
    async fn receive(&mut self) -> Received {
        loop {
            match self.frames.next() {
                Ok(Some(body)) => return Received::Body(body, Kind::Text),
                Ok(None) => self.activity.begun(self.frames.finish().is_err()),
                Err(error) => return refused(&error),
            }
            match self.stream.read(&mut self.chunk).await {
                Ok(0) => {
                    return self
                        .frames
                        .finish()
                        .map_or_else(|error| refused(&error), |()| Received::Finished);
                }
                Ok(count) => self.frames.push(self.chunk.get(..count).unwrap_or_default()),
                Err(_) => return Received::End(End::Peer),
            }
        }
    }
}

struct Sink<S> {
    stream: WriteHalf<S>,
    framing: Framing,
    /// Small messages leave together.
    buffer: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Writer for Sink<S> {
    const PINGS: bool = false;

    async fn write(&mut self, message: Message) -> io::Result<()> {
        self.framing.write(&message.body, &mut self.buffer);
        if self.buffer.len() >= CHUNK { self.send().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.send().await?;
        self.stream.flush().await
    }

    async fn close(&mut self, _: End) -> io::Result<()> {
        self.send().await?;
        self.stream.shutdown().await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Sink<S> {
    async fn send(&mut self) -> io::Result<()> {
        self.stream.write_all(&self.buffer).await?;
        self.buffer.clear();
        // A large message has used much of it once; the connection may live long.
        self.buffer.shrink_to(CHUNK);
        Ok(())
    }
}

/// The answer to bytes that are no frame. What follows them cannot be told apart any more.
fn refused(error: &FrameError) -> Received {
    let end = match error {
        FrameError::TooLarge { .. } => End::TooLarge,
        FrameError::Header(_) => End::Protocol,
        FrameError::Unfinished => End::Peer,
    };
    Received::Refused(error.into(), end)
}
