use std::time::{Duration, Instant};

use pintle::plugin::{FailureKind, GuestLimits, Invocation, Isolation, Level, PluginOptions};

use crate::{Got, WASI, call, limited, lines, options, own, plugin};

#[tokio::test]
async fn nothing_is_granted_and_output_is_logged() {
    for isolation in [Isolation::Call, Isolation::Pool, Isolation::Single] {
        let (log, mut lines) = lines();
        let plugin = plugin(WASI, PluginOptions { log, ..options(isolation) }).await;
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
    for isolation in [Isolation::Call, Isolation::Pool, Isolation::Single] {
        let plugin = plugin(WASI, limited(isolation, limits.clone())).await;
        let deadline = Some(Instant::now() + Duration::from_millis(100));
        let invocation = Invocation { deadline, ..Invocation::new("Test.method", r#"["z"]"#) };
        assert_eq!(plugin.call(invocation, own).await.unwrap_err().kind, FailureKind::Deadline);
        call(&plugin, r#"["a"]"#).await.unwrap();
    }
}
