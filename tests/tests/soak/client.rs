//! One client after another in one place: they call, are called, and are cut off.

use std::collections::HashMap;
use std::ops::AddAssign;
use std::time::Instant;

use serde_json::{Value, json};

use crate::PATIENCE;
use crate::link::Link;
use crate::numbers::Numbers;

/// What clients have seen.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Calls that the server answered.
    pub(crate) answered: u64,
    /// Calls and notifications of the server.
    pub(crate) asked: u64,
    /// Connections that were cut off.
    pub(crate) killed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.answered += other.answered;
        self.asked += other.asked;
        self.killed += other.killed;
    }
}

/// Clients, one after another until `end`.
pub(crate) async fn live(url: &str, number: u64, end: Instant) -> Counts {
    let mut numbers = Numbers::new(number);
    let mut counts = Counts::default();
    while Instant::now() < end {
        let mut client =
            Client { link: Link::open(url).await, calls: 0, open: HashMap::new(), told: Vec::new() };
        for _ in 0..numbers.below(20) {
            for _ in 0..=numbers.below(4) {
                client.call(["echo", "ask", "tell"][numbers.below(3) as usize]).await;
            }
            let leave = if numbers.below(10) == 0 { numbers.below(4) as usize } else { 0 };
            let answering = client.answer_until(leave, &mut counts);
            tokio::time::timeout(PATIENCE, answering).await.expect("a call is stuck");
            if leave > 0 || Instant::now() >= end {
                break;
            }
        }
        if numbers.below(4) == 0 {
            client
                .link
                .send_half(r#"{"jsonrpc":"2.0","id":1,"method":"Server.echo","params":["cut off"]}"#)
                .await;
        }
        // Without a word, whatever is open.
        counts.killed += 1;
    }
    counts
}

struct Client {
    link: Link,
    /// Calls so far, for ids and texts.
    calls: u64,
    /// By its id, the method of each open call and the text that it went with.
    open: HashMap<u64, (&'static str, String)>,
    /// Texts that `tell` was called with and that were not told yet.
    told: Vec<String>,
}

impl Client {
    async fn call(&mut self, method: &'static str) {
        self.calls += 1;
        let text = format!("text {}", self.calls);
        let request = json!({
            "jsonrpc": "2.0", "id": self.calls, "method": format!("Server.{method}"), "params": [text],
        });
        if method == "tell" {
            self.told.push(text.clone());
        }
        self.open.insert(self.calls, (method, text));
        self.link.send(&request.to_string()).await;
    }

    /// Serves and reads until no more than `leave` of the own calls are open.
    async fn answer_until(&mut self, leave: usize, counts: &mut Counts) {
        while self.open.len() > leave {
            let message: Value = serde_json::from_str(&self.link.receive().await).expect("JSON");
            let text = &message["params"][0];
            match message["method"].as_str() {
                Some("Peer.echo") => {
                    let reply = json!({ "jsonrpc": "2.0", "id": message["id"], "result": text });
                    self.link.send(&reply.to_string()).await;
                    counts.asked += 1;
                }
                Some("Peer.told") => {
                    let at = self
                        .told
                        .iter()
                        .position(|told| text == told)
                        .expect("what was told once, and before");
                    self.told.swap_remove(at);
                    counts.asked += 1;
                }
                _ => {
                    let id = message["id"].as_u64().expect("an id of ours");
                    let (method, text) = self.open.remove(&id).expect("one reply for each call");
                    assert!(!self.told.contains(&text), "the reply to tell came first");
                    let result = if method == "tell" { Value::Null } else { Value::String(text) };
                    assert_eq!(message, json!({ "jsonrpc": "2.0", "result": result, "id": id }));
                    counts.answered += 1;
                }
            }
        }
    }
}
