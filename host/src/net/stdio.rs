//! Standard input and output as one stream.
//!
//! They may be files, pipes or terminals, which cannot all be waited for; so threads of their own read and write them.

use std::io::{Read, Write};
use std::sync::Arc;

use pintle_core::frame::Framing;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, duplex, split};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::context::Remote;
use super::service::Service;
use super::stream;
use crate::config::Limits;
use crate::shutdown::Lifeline;

/// Bytes under way in each direction.
const BUFFER: usize = 64 << 10;

/// This process's standard input and output, not yet read.
pub struct Stdio {
    framing: Framing,
    limits: Arc<Limits>,
}

impl Stdio {
    /// There should be one in a process.
    pub fn new(framing: Framing, limits: Arc<Limits>) -> Stdio {
        Stdio { framing, limits }
    }

    /// Serves until the input ends or the lifeline drains.
    pub async fn serve<S: Service>(self, service: Arc<S>, lifeline: Lifeline) {
        let (near, far) = duplex(BUFFER);
        let (from_server, to_server) = split(far);
        let (chunks, input) = mpsc::channel(1);
        // It may wait for ever in a read, so nobody waits for the thread.
        std::thread::spawn(move || read(&chunks));
        let reading = tokio::spawn(take_in(input, to_server));
        let writing = tokio::spawn(give_out(from_server));
        let Stdio { framing, limits } = self;
        stream::serve(near, "stdio", Remote::Local, framing, service, limits, lifeline.clone()).await;
        reading.abort();
        // The last answers have left the connection, not yet the process.
        let _ = writing.await;
        drop(lifeline);
    }
}

fn read(chunks: &mpsc::Sender<Vec<u8>>) {
    let mut input = std::io::stdin().lock();
    let mut buffer = vec![0; BUFFER];
    // An error is the end as well: there is nobody to be told.
    while let Ok(count @ 1..) = input.read(&mut buffer) {
        let chunk = buffer.get(..count).unwrap_or_default().to_vec();
        if chunks.blocking_send(chunk).is_err() {
            return;
        }
    }
}

async fn take_in(mut input: mpsc::Receiver<Vec<u8>>, mut stream: WriteHalf<DuplexStream>) {
    while let Some(chunk) = input.recv().await {
        if stream.write_all(&chunk).await.is_err() {
            return;
        }
    }
    let _ = stream.shutdown().await;
}

async fn give_out(mut stream: ReadHalf<DuplexStream>) {
    let mut buffer = vec![0; BUFFER];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        let chunk = buffer.get(..count).unwrap_or_default().to_vec();
        let written = spawn_blocking(move || {
            let mut output = std::io::stdout().lock();
            output.write_all(&chunk).and_then(|()| output.flush())
        });
        if !matches!(written.await, Ok(Ok(()))) {
            return;
        }
    }
}
