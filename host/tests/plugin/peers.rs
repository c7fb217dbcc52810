//! The imports `send` and `request`: what a guest can say to connections, and how much of it.

use std::sync::{Arc, Mutex};

use pintle::plugin::{
    CallContext, FailureKind, GuestLimits, Invocation, Isolation, PeerCall, Plugin, Reaching, Refused,
};

use crate::{Failure, Got, limited, options, own, plugin};

const PEERS: &str = include_str!("../guests/peers.wat");

/// Keeps what was said, and knows only the caller.
#[derive(Default)]
struct Said(Mutex<Vec<String>>);

impl CallContext for Said {
    fn json(&self) -> String {
        "{}".to_owned()
    }

    fn send(&self, to: &str, method: &str, params: &str) -> Result<(), Refused> {
        if !to.is_empty() {
            return Err(Refused::NoConnection);
        }
        if params == "[1]" {
            return Err(Refused::Invalid);
        }
        self.0.lock().unwrap().push(format!("{method}{params}"));
        Ok(())
    }

    fn request(&self, call: PeerCall) -> Option<Reaching> {
        Some(Box::pin(async move {
            tokio::task::yield_now().await;
            Ok(format!("{:?}", [call.to, call.method, call.params]))
        }))
    }
}

async fn say(plugin: &Plugin, method: &str, params: &str, said: Option<&Arc<Said>>) -> Result<Got, Failure> {
    let context = said.map(|said| said.clone() as Arc<dyn CallContext>);
    plugin.call(Invocation { context, ..Invocation::new(method, params) }, own).await
}

fn status(number: i32) -> Got {
    Got::Result(format!("-{}", -number))
}

#[tokio::test]
async fn a_guest_is_told_what_became_of_its_messages() {
    for isolation in [Isolation::Call, Isolation::Pool, Isolation::Single] {
        let plugin = plugin(PEERS, options(isolation)).await;
        let said = Arc::new(Said::default());
        assert_eq!(say(&plugin, "Test.send", "[2]", Some(&said)).await.unwrap(), status(0));
        assert_eq!(say(&plugin, "Test.send", "[1]", Some(&said)).await.unwrap(), status(-3));
        assert_eq!(say(&plugin, "Test.to", "[2]", Some(&said)).await.unwrap(), status(-1));
        assert_eq!(say(&plugin, "Test.send", "[2]", None).await.unwrap(), status(-2));
        assert_eq!(*said.0.lock().unwrap(), ["Client.note[2]"]);
        let answer = Got::Result(r#"["", "Client.note", "[2]"]"#.to_owned());
        assert_eq!(say(&plugin, "Test.request", "[2]", Some(&said)).await.unwrap(), answer);
        assert_eq!(say(&plugin, "Test.request", "[2]", None).await.unwrap(), Got::Error(-32601));
        let outside = say(&plugin, "Test.outside", "[2]", Some(&said)).await.unwrap_err();
        assert_eq!(outside.kind, FailureKind::Trap, "{outside}");
    }
}

#[tokio::test]
async fn a_call_sends_so_much_and_no_more() {
    let said = Arc::new(Said::default());
    let limits = GuestLimits { sends: 7, ..GuestLimits::default() };
    let few = plugin(PEERS, limited(Isolation::Pool, limits)).await;
    for _ in 0..2 {
        assert_eq!(say(&few, "Test.many", "[2]", Some(&said)).await.unwrap(), status(-4));
    }
    assert_eq!(said.0.lock().unwrap().len(), 14);
    let limits = GuestLimits { send_bytes: 9, ..GuestLimits::default() };
    let short = plugin(PEERS, limited(Isolation::Pool, limits.clone())).await;
    assert_eq!(say(&short, "Test.many", "[2]", Some(&said)).await.unwrap(), status(-4));
    assert_eq!(said.0.lock().unwrap().len(), 17);
    let none = plugin(PEERS, limited(Isolation::Pool, GuestLimits { sends: 0, ..limits })).await;
    assert_eq!(say(&none, "Test.request", "[2]", Some(&said)).await.unwrap(), Got::Error(-32003));
}
