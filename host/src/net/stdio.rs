//! Standard input and output as one stream.
//!
//! They may be files, pipes or terminals, which cannot all be waited for; so threads of their own read and write them.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use pintle_core::frame::Framing;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, duplex, split};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::context::Remote;
use super::service::Service;
use super::stream::Site;
use super::traffic::{Seat, Traffic};
use crate::config::Limits;
use crate::shutdown::Lifeline;

/// Bytes under way in each direction.
const BUFFER: usize = 64 << 10;

/// Time for the last answers to leave, at most.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// This process's standard input and output, not yet read.
pub struct Stdio {
    framing: Framing,
    limits: Arc<Limits>,
    traffic: Arc<Traffic>,
}

impl Stdio {
    /// There should be one in a process.
    pub fn new(framing: Framing, limits: Arc<Limits>) -> Stdio {
        Stdio { framing, limits, traffic: Arc::default() }
    }

    /// What goes over it.
    pub fn traffic(&self) -> Arc<Traffic> {
        self.traffic.clone()
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
        let Stdio { framing, limits, traffic } = self;
        let last_words = limits.write_time.min(LAST_WORDS);
        let seat = Seat::take(&traffic, 1);
        let site = Site { service, framing, limits, traffic };
        site.serve(near, "stdio", Remote::Local, lifeline.clone()).await;
        reading.abort();
        // The last answers have left the connection, not yet the process. Who does not read them is not waited for.
        let _ = timeout(last_words, writing).await;
        drop((seat, lifeline));
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
