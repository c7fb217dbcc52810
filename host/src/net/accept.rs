//! Taking connections in, up to a number.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::context::Remote;
use super::traffic::{Seat, Traffic};
use crate::shutdown::Lifeline;

/// A socket that is bound.
pub(super) trait Listening {
    /// One peer's.
    type Stream;
    /// The next peer.
    fn accept(&self) -> impl Future<Output = io::Result<(Self::Stream, Remote)>> + Send;
    /// Writes as far as the socket's buffer goes. The peer may be gone already, which is as good.
    fn try_write(stream: &Self::Stream, bytes: &[u8]);
}

impl Listening for TcpListener {
    type Stream = TcpStream;

    async fn accept(&self) -> io::Result<(TcpStream, Remote)> {
        let (stream, remote) = TcpListener::accept(self).await?;
        // Messages are written whole, so waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
        Ok((stream, Remote::Ip(remote)))
    }

    fn try_write(stream: &TcpStream, bytes: &[u8]) {
        let _ = stream.try_write(bytes);
    }
}

#[cfg(unix)]
impl Listening for tokio::net::UnixListener {
    type Stream = tokio::net::UnixStream;

    async fn accept(&self) -> io::Result<(tokio::net::UnixStream, Remote)> {
        let (stream, _) = tokio::net::UnixListener::accept(self).await?;
        Ok((stream, Remote::Local))
    }

    fn try_write(stream: &tokio::net::UnixStream, bytes: &[u8]) {
        let _ = stream.try_write(bytes);
    }
}

/// Hands peers to `open` until the lifeline drains; those without a seat to `turn_away`.
pub(super) async fn accept<L: Listening>(
    socket: L,
    seats: usize,
    traffic: &Arc<Traffic>,
    mut lifeline: Lifeline,
    open: impl Fn(L::Stream, Remote, Seat),
    turn_away: impl Fn(&L::Stream),
) {
    let mut draining = pin!(lifeline.drained());
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut draining => return,
            accepted = socket.accept() => accepted,
        };
        match accepted {
            Ok((stream, remote)) => match Seat::take(traffic, seats) {
                Some(seat) => open(stream, remote, seat),
                None => turn_away(&stream),
            },
            // Out of descriptors, most likely: trying again at once would only burn the processor.
            Err(error) => {
                tracing::warn!(%error, "cannot accept connections");
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
