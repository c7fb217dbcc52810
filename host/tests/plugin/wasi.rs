use std::time::{Duration, Instant};

use pintle::plugin::{FailureKind, GuestLimits, Invocation, Isolation, Level, PluginOptions};

use crate::{Got, WASI, WASI2, call, limited, lines, options, own, plugin};

/// A module and a component.
const GUESTS: [&str; 2] = [WASI, WASI2];

#[tokio::test]
async fn nothing_is_granted_and_output_is_logged() {
    let isolations = [Isolation::Call, Isolation::Pool, Isolation::Single];
    for (guest, isolation) in GUESTS.into_iter().flat_map(|guest| isolations.map(|mode| (guest, mode))) {
        let (log, mut lines) = lines();
        let plugin = plugin(guest, PluginOptions { log, ..options(isolation) }).await;
        assert_eq!(call(&plugin, r#"["a"]"#).await.unwrap(), Got::Result("0".to_owned()));
        for text in ["first", "second"] {
            let line = (Level::Info, "Test.method".to_owned(), text.to_owned());
            assert_eq!(lines.recv().await.unwrap(), line);
        }
    }
}

#[tokio::test]
async fn sleep_ends_at_the_deadline_and_is_not_charged() {
    let limits = GuestLimits { run_time: Duration::from_millis(20), ..GuestLimits::default() };
    let isolations = [Isolation::Call, Isolation::Pool, Isolation::Single];
    for (guest, isolation) in GUESTS.into_iter().flat_map(|guest| isolations.map(|mode| (guest, mode))) {
        let plugin = plugin(guest, limited(isolation, limits.clone())).await;
        let deadline = Some(Instant::now() + Duration::from_millis(100));
        let invocation = Invocation { deadline, ..Invocation::new("Test.method", r#"["z"]"#) };
        assert_eq!(plugin.call(invocation, own).await.unwrap_err().kind, FailureKind::Deadline);
        call(&plugin, r#"["a"]"#).await.unwrap();
    }
}

/// What the host keeps for a guest is bounded, even when the guest only asks and never waits.
#[tokio::test]
async fn pollables_run_out() {
    let limits = GuestLimits { run_time: Duration::from_secs(60), ..GuestLimits::default() };
    let plugin = plugin(WASI2, limited(Isolation::Pool, limits)).await;
    let failure = call(&plugin, r#"["p"]"#).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Trap, "{failure}");
    call(&plugin, r#"["a"]"#).await.unwrap();
}
