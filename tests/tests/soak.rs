//! Many connections, each side calling the other, cut off at any moment: every call that can be answered is, and what
//! the server holds for those that are gone it gives back.
//!
//! A short one for every run; `cargo xtask soak` is the long one, by `PINTLE_SOAK=CONNECTIONS,SECONDS`.

// What a process holds is asked of Linux.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stdout)]

#[path = "soak/client.rs"]
mod client;
#[path = "soak/link.rs"]
mod link;
#[path = "soak/numbers.rs"]
mod numbers;

use std::env;
use std::time::{Duration, Instant};

use pintle_tests::{Server, artifact, directory};
use tokio::task::JoinSet;

use crate::client::{Counts, live};

/// Whatever takes longer is stuck. It is less than the deadline of a call, which would end it.
const PATIENCE: Duration = Duration::from_secs(8);

fn server() -> Server {
    let plugin = artifact("wasm32-unknown-unknown/guest/pintle_test_peers.wasm");
    Server::start(&format!(
        r#"
        contract = {:?}
        [[plugin]]
        path = {plugin:?}
        instances = 64
        [plugin.grants]
        send = true
        [[listen]]
        address = "127.0.0.1:0"
        callbacks = ["Peer"]
        [[listen]]
        kind = "tcp"
        address = "127.0.0.1:0"
        callbacks = ["Peer"]
        [limits]
        queue = 10000
        concurrent_calls = 20000
        connections = 20000
        "#,
        directory("contracts").join("peers.pulse")
    ))
}

/// `connections` at a time for this long. Odd ones come by TCP.
async fn load(server: &Server, connections: u64, time: Duration) -> Counts {
    let end = Instant::now() + time;
    let mut tasks = JoinSet::new();
    for number in 0..connections {
        let url = server.urls[number as usize % 2].clone();
        tasks.spawn(async move { live(&url, number, end).await });
    }
    let mut counts = Counts::default();
    while let Some(lived) =
        tokio::time::timeout(time + PATIENCE, tasks.join_next()).await.expect("a call is stuck")
    {
        counts += lived.expect("a client that did not fail");
    }
    counts
}

/// What a process holds.
#[derive(Debug, Clone, Copy)]
struct Held {
    /// Bytes of its memory that are in use.
    memory: u64,
    /// Open files and sockets.
    files: usize,
}

impl Held {
    fn by(server: &Server) -> Held {
        let process = format!("/proc/{}", server.id());
        let status = std::fs::read_to_string(format!("{process}/status")).expect("its status");
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        let kilobytes: u64 = memory.trim().trim_end_matches(" kB").parse().expect("a number");
        let files = std::fs::read_dir(format!("{process}/fd")).expect("its files").count();
        Held { memory: kilobytes * 1024, files }
    }

    /// The same once no more than `files` are open: the server needs a moment to see that peers are gone.
    async fn settled(server: &Server, files: usize) -> Held {
        let start = Instant::now();
        loop {
            let held = Held::by(server);
            if held.files <= files {
                return held;
            }
            assert!(start.elapsed() < PATIENCE, "{held:?}, but {files} files at first");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_stuck_or_kept() {
    let wanted = env::var("PINTLE_SOAK").unwrap_or_else(|_| "100,4".to_owned());
    let (connections, seconds) = wanted.split_once(',').expect("CONNECTIONS,SECONDS");
    let (connections, seconds): (u64, u64) =
        (connections.parse().expect("a number"), seconds.parse().expect("a number"));

    let server = server();
    let files = Held::by(&server).files;
    let warm = Duration::from_secs(seconds.div_ceil(4));
    load(&server, connections, warm).await;
    let before = Held::settled(&server, files).await;

    let counts = load(&server, connections, Duration::from_secs(seconds)).await;
    let after = Held::settled(&server, files).await;
    println!("{counts:?}, {} before, {} after", before.memory, after.memory);
    assert!(
        counts.answered > connections && counts.asked > connections && counts.killed > connections / 2,
        "{counts:?}"
    );
    let level = before.memory + before.memory / 4;
    assert!(after.memory <= level, "memory grew from {} to {}", before.memory, after.memory);

    // A server that waits for no call ends at once.
    let start = Instant::now();
    assert!(server.stop().success());
    assert!(start.elapsed() < Duration::from_secs(5), "a call is stuck");
}
