use std::future::Future;
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use pintle::plugin::{Answer, FailureKind, GuestLimits, Invocation, Isolation, Plugin, PluginOptions};
use pintle_core::Code;
use tokio::task::JoinHandle;

use crate::{COMPONENT, ECHO, Failure, GROWN, Got, HOSTILE, call, limited, lines, ok, options, own, plugin};

const FIRST: &str = r#"["1"]"#;
const LATER: &str = r#"["2"]"#;

#[tokio::test]
async fn call_is_always_fresh_and_the_others_are_not() {
    for guest in [HOSTILE, COMPONENT] {
        let fresh = plugin(guest, options(Isolation::Call)).await;
        for _ in 0..3 {
            call(&fresh, FIRST).await.unwrap();
        }
        assert_eq!(fresh.counts().live, 0);
        for isolation in [Isolation::Pool, Isolation::Single] {
            let kept = plugin(guest, options(isolation)).await;
            call(&kept, FIRST).await.unwrap();
            for _ in 0..3 {
                call(&kept, LATER).await.unwrap();
            }
            assert_eq!(kept.counts().live, 1);
        }
    }
}

#[tokio::test]
async fn memory_that_a_call_grew_by_is_not_seen_by_the_next() {
    let limits = GuestLimits { calls_per_instance: 1, ..GuestLimits::default() };
    for isolation in [Isolation::Call, Isolation::Pool] {
        let plugin = plugin(GROWN, limited(isolation, limits.clone())).await;
        for _ in 0..100 {
            assert_eq!(call(&plugin, FIRST).await.unwrap(), Got::Result("true".to_owned()));
        }
    }
}

#[tokio::test]
async fn a_pooled_instance_is_retired_when_it_is_used_up_or_has_grown() {
    let limits = GuestLimits { calls_per_instance: 2, ..GuestLimits::default() };
    for guest in [HOSTILE, COMPONENT] {
        let used = plugin(guest, limited(Isolation::Pool, limits.clone())).await;
        for params in [FIRST, LATER, FIRST, LATER, FIRST] {
            call(&used, params).await.unwrap();
        }
        assert_eq!((used.counts().retired, used.counts().live), (2, 1));
        let grown = plugin(guest, options(Isolation::Pool)).await;
        call(&grown, r#"["m"]"#).await.unwrap();
        assert_eq!((grown.counts().retired, grown.counts().live), (1, 0));
    }
}

/// What a thread has used last is in its caches.
#[tokio::test]
async fn a_thread_gets_the_instance_that_it_used_last() {
    let plugin = plugin(ECHO, options(Isolation::Pool)).await;
    let barrier = Barrier::new(2);
    let uses = |first: bool| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let one = || runtime.block_on(call(&plugin, "[1]")).unwrap();
        // Until both have their answer each has an instance of its own.
        let both = |answer: Answer<'_>| {
            barrier.wait();
            own(answer)
        };
        runtime.block_on(plugin.call(Invocation::new("Test.method", "[1]"), both)).unwrap();
        barrier.wait();
        for turn in [true, false] {
            if turn == first {
                one();
                one();
            }
            barrier.wait();
        }
    };
    thread::scope(|scope| {
        [true, false].map(|first| scope.spawn(move || uses(first))).map(|it| it.join().unwrap())
    });
    let calls: Vec<u64> = plugin.instances().iter().map(|instance| instance.calls).collect();
    assert_eq!(calls, [3, 3]);
}

fn endless(queue: usize) -> GuestLimits {
    GuestLimits { run_time: Duration::from_secs(3600), instances: 1, queue, ..GuestLimits::default() }
}

/// A plugin whose only instance is in a loop, and the call that holds it.
async fn busy(isolation: Isolation, limits: GuestLimits) -> (Arc<Plugin>, JoinHandle<Result<Got, Failure>>) {
    let (log, mut lines) = lines();
    let plugin = plugin(HOSTILE, PluginOptions { log, ..limited(isolation, limits) }).await;
    let holder = plugin.clone();
    let holder = tokio::spawn(async move { call(&holder, r#"["l"]"#).await });
    lines.recv().await.unwrap();
    (plugin, holder)
}

/// Polls once, so that the call takes its place in the queue.
fn enqueue<F: Future>(future: std::pin::Pin<&mut F>) {
    assert!(matches!(future.poll(&mut Context::from_waker(Waker::noop())), Poll::Pending));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_is_overloaded() {
    for isolation in [Isolation::Call, Isolation::Pool, Isolation::Single] {
        let (plugin, holder) = busy(isolation, endless(1)).await;
        let mut waiting = Box::pin(call(&plugin, r#"["o"]"#));
        enqueue(waiting.as_mut());
        let failure = call(&plugin, r#"["o"]"#).await.unwrap_err();
        assert_eq!((failure.kind, failure.error.code), (FailureKind::Overloaded, Code::Overloaded.number()));
        assert_eq!(failure.error.data.as_deref(), Some(r#"{"retryAfterMs":100}"#));
        if isolation != Isolation::Single {
            // A place that is given up can be taken again; the freed instance serves who waits.
            drop(waiting);
            let mut waiting = Box::pin(call(&plugin, r#"["o"]"#));
            enqueue(waiting.as_mut());
            holder.abort();
            waiting.await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_deadline_holds_in_the_queue() {
    for isolation in [Isolation::Call, Isolation::Pool, Isolation::Single] {
        let (plugin, holder) = busy(isolation, endless(5)).await;
        let deadline = Some(Instant::now() + Duration::from_millis(20));
        let invocation = Invocation { deadline, ..Invocation::new("Test.method", r#"["o"]"#) };
        assert_eq!(plugin.call(invocation, own).await.unwrap_err().kind, FailureKind::Deadline);
        assert!(!holder.is_finished());
        holder.abort();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_gives_up_does_not_disturb_a_single_instance() {
    let limits = GuestLimits { run_time: Duration::from_millis(200), ..GuestLimits::default() };
    let (plugin, holder) = busy(Isolation::Single, limits).await;
    let mut skipped = Box::pin(call(&plugin, FIRST));
    enqueue(skipped.as_mut());
    drop(skipped);
    holder.abort();
    assert!(holder.await.unwrap_err().is_cancelled());
    assert_eq!(plugin.counts().replaced, 0);
    // The loop goes on to its run time; then a fresh instance serves, and the call in between was skipped:
    // this one is the first of the fresh instance.
    call(&plugin, FIRST).await.unwrap();
    call(&plugin, LATER).await.unwrap();
    assert_eq!((plugin.counts().replaced, plugin.counts().live), (1, 1));
}

#[tokio::test]
async fn an_expired_call_is_followed_by_a_good_one() {
    let plugin = plugin(HOSTILE, options(Isolation::Pool)).await;
    let deadline = Some(Instant::now() - Duration::from_secs(1));
    let invocation = Invocation { deadline, ..Invocation::new("Test.method", r#"["l"]"#) };
    assert_eq!(plugin.call(invocation, own).await.unwrap_err().kind, FailureKind::Deadline);
    ok(&plugin).await;
    assert_eq!(plugin.counts().timeouts, 1);
}
