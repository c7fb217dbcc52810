//! Instances, listed and stopped by their ids.

use std::time::Duration;

use pintle::plugin::{FailureKind, GuestLimits, InstanceInfo, Isolation, PluginOptions};
use pintle_core::Code;

use crate::{HOSTILE, call, engine, limited, lines, load, ok, options, plugin};

const FIRST: &str = r#"["1"]"#;
const LATER: &str = r#"["2"]"#;

#[tokio::test]
async fn instances_are_listed() {
    let engine = engine();
    let pool = load(&engine, HOSTILE, options(Isolation::Pool)).await.unwrap();
    let single = load(&engine, HOSTILE, options(Isolation::Single)).await.unwrap();
    let fresh = load(&engine, HOSTILE, options(Isolation::Call)).await.unwrap();
    for plugin in [&pool, &single, &fresh] {
        ok(plugin).await;
        ok(plugin).await;
    }
    let [one]: [InstanceInfo; 1] = pool.instances().try_into().unwrap();
    assert_eq!((one.calls, one.busy), (2, false));
    assert!(one.memory >= 2 << 16, "{one:?}");
    // Its keeper may still be busy with the last answer.
    let [other]: [InstanceInfo; 1] = single.instances().try_into().unwrap();
    assert_ne!(one.id, other.id);
    assert_eq!(fresh.instances(), []);
}

#[tokio::test]
async fn an_idle_instance_is_dropped() {
    let pool = plugin(HOSTILE, options(Isolation::Pool)).await;
    call(&pool, FIRST).await.unwrap();
    let id = pool.instances()[0].id;
    assert!(!pool.kill(id + 1) && !pool.kill(0));
    assert!(pool.kill(id) && !pool.kill(id));
    assert_eq!((pool.instances(), pool.counts().live), (vec![], 0));
    assert_eq!((pool.counts().killed, pool.counts().retired), (1, 1));
    call(&pool, FIRST).await.unwrap();
}

#[tokio::test]
async fn a_single_instance_is_replaced() {
    let single = plugin(HOSTILE, options(Isolation::Single)).await;
    call(&single, FIRST).await.unwrap();
    call(&single, LATER).await.unwrap();
    let id = single.instances()[0].id;
    assert!(single.kill(id));
    call(&single, FIRST).await.unwrap();
    let counts = single.counts();
    assert_eq!((counts.killed, counts.replaced, counts.live), (1, 1, 1));
    assert_ne!(single.instances()[0].id, id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_single_instance_does_not_wait_for_a_call_to_go() {
    let single = plugin(HOSTILE, options(Isolation::Single)).await;
    assert!(single.kill(single.instances()[0].id));
    let gone = async {
        while single.counts().live > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("it stays");
    assert_eq!(single.counts().replaced, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_instance_is_stopped_within_its_loop() {
    let endless = GuestLimits { run_time: Duration::from_secs(3600), ..GuestLimits::default() };
    for isolation in [Isolation::Call, Isolation::Pool, Isolation::Single] {
        let (log, mut lines) = lines();
        let plugin = plugin(HOSTILE, PluginOptions { log, ..limited(isolation, endless.clone()) }).await;
        let holder = plugin.clone();
        let holder = tokio::spawn(async move { call(&holder, r#"["l"]"#).await });
        lines.recv().await.unwrap();
        let [one]: [InstanceInfo; 1] = plugin.instances().try_into().unwrap();
        assert!(one.busy && plugin.kill(one.id));
        let failure = holder.await.unwrap().unwrap_err();
        assert_eq!((failure.kind, failure.error.code), (FailureKind::Killed, Code::Cancelled.number()));
        call(&plugin, FIRST).await.unwrap();
        let counts = plugin.counts();
        assert_eq!((counts.killed, counts.errors, counts.traps), (1, 1, 0));
        assert_eq!(counts.replaced, u64::from(isolation == Isolation::Single));
    }
}
