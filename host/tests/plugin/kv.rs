//! What a guest does with its bucket.

use std::sync::Arc;
use std::time::{Duration, Instant};

use pintle::kv::{
    Answering, Bucket, Change, Changed, Durability, Embedded, Error, Memory, Quota, Store, Written,
};
use pintle::plugin::{FailureKind, Grants, GuestLimits, Invocation, Isolation, Plugin, PluginOptions};
use pintle_core::Code;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::guests::{HOST, componentize};
use crate::{Got, call, engine, options, own, plugin};

const KV: &str = include_str!("../guests/kv.wat");
const KV_COMPONENT: &str = include_str!("../guests/kv_component.wat");

fn granted(store: &Arc<dyn Store>, bucket: &str, quota: Quota) -> PluginOptions {
    let kv = Some(Bucket::new(store.clone(), bucket, quota));
    PluginOptions { grants: Grants { kv, ..Grants::default() }, ..options(Isolation::Pool) }
}

async fn in_memory() -> Arc<Plugin> {
    plugin(KV, granted(&(Arc::new(Memory::default()) as _), "test", Quota::default())).await
}

async fn says(plugin: &Plugin, letter: char, result: &str) {
    let got = call(plugin, &format!(r#"["{letter}"]"#)).await.unwrap();
    let Got::Result(got) = got else { panic!("{letter}: {got:?}") };
    assert_eq!(got.trim_start(), result, "{letter}");
}

#[tokio::test]
async fn each_function_does_what_it_says_in_every_form() {
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    for (form, lists) in [(KV, [r#"["Y291bnQ=","a2V5"]"#, r#"["Y291bnQ="]"#]), (KV_COMPONENT, ["2", "1"])] {
        let plugin = plugin(form, granted(&store, &form.len().to_string(), Quota::default())).await;
        for (letter, result) in [
            ('g', "-1"),
            ('d', "0"),
            ('n', "1"),
            ('c', "0"),
            ('c', "1"),
            ('g', r#""kept""#),
            ('n', "0"),
            ('g', r#""next""#),
            ('s', "0"),
            ('g', r#""kept""#),
            ('b', "-3"),
            ('a', "1"),
            ('a', "2"),
            ('l', lists[0]),
            ('d', "0"),
            ('g', "-1"),
            ('l', lists[1]),
            ('k', "-3"),
            ('e', "-3"),
            ('o', "-3"),
        ] {
            says(&plugin, letter, result).await;
        }
        assert_eq!(plugin.counts().kv_refused, 0);
    }
}

#[tokio::test]
async fn without_a_grant_there_is_no_bucket() {
    for (form, letters) in [(KV, "sgdabcnlfkew"), (KV_COMPONENT, "sgdabcnlfke")] {
        let plugin = plugin(form, options(Isolation::Pool)).await;
        for letter in letters.chars() {
            says(&plugin, letter, "-2").await;
        }
    }
}

#[tokio::test]
async fn plugins_share_a_bucket_by_its_name_alone() {
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let named = async |name| plugin(KV, granted(&store, name, Quota::default())).await;
    let (one, same, other) = (named("one").await, named("one").await, named("other").await);
    says(&one, 's', "0").await;
    says(&same, 'g', r#""kept""#).await;
    says(&other, 'g', "-1").await;
    says(&other, 'l', "[]").await;
}

#[tokio::test]
async fn a_wild_pointer_traps_and_changes_nothing() {
    let plugin = in_memory().await;
    for letter in ["w", "W"] {
        let failure = call(&plugin, &format!(r#"["{letter}"]"#)).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Trap, "{failure}");
        says(&plugin, 'l', "[]").await;
    }
}

#[tokio::test]
async fn a_flood_is_full_and_counted() {
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let few = Quota { keys: 50, ..Quota::default() };
    let small = Quota { bytes: 80, ..Quota::default() };
    let operations = GuestLimits { kv_operations: 60, ..GuestLimits::default() };
    let traffic = GuestLimits { kv_traffic: 3_000_000, kv_operations: u32::MAX, ..GuestLimits::default() };
    for (bucket, quota, limits, letter, keys) in [
        ("keys", few, GuestLimits::default(), 'f', 50),
        ("bytes", small, GuestLimits::default(), 'f', 10),
        ("operations", Quota::default(), operations.clone(), 'f', 60),
        ("traffic", Quota::default(), traffic.clone(), 'v', 1),
        ("read", Quota::default(), traffic, 'r', 1),
        ("reading", Quota::default(), operations, 'r', 0),
    ] {
        for (form, name) in [(KV, "module"), (KV_COMPONENT, "component")] {
            let name = format!("{bucket} of a {name}");
            let kept = Bucket::new(store.clone(), &name, Quota::default());
            if bucket == "read" {
                kept.change(b"key", Change::Set(vec![0; 1_000_000])).await.unwrap();
            }
            let limits = limits.clone();
            let granted = granted(&store, &name, quota.clone());
            let plugin = plugin(form, PluginOptions { limits, ..granted }).await;
            says(&plugin, letter, "-4").await;
            assert_eq!(plugin.counts().kv_refused, 1, "{name}");
            assert_eq!(kept.list(b"", b"").await.unwrap().0.len(), keys, "{name}");
            // The call after it has its own count, and what does not grow is allowed.
            says(&plugin, 'd', "0").await;
        }
    }
}

#[tokio::test]
async fn what_a_call_wrote_outlives_it() {
    let dir = tempfile::tempdir().unwrap();
    let kept = Some(br#"{"result":"kept"}"#.to_vec());
    for (file, durability) in [("batch", Durability::Batch), ("call", Durability::Call)] {
        let path = dir.path().join(file);
        // A process that is killed now leaves the file as it is now.
        let left = async || {
            let copy = dir.path().join("copy");
            std::fs::copy(&path, &copy).unwrap();
            let store = Arc::new(Embedded::open(&copy, Durability::Batch).unwrap());
            Bucket::new(store, "test", Quota::default()).get(b"key", usize::MAX).await.unwrap().0
        };
        let store: Arc<dyn Store> = Arc::new(Embedded::open(&path, durability).unwrap());
        for isolation in [Isolation::Call, Isolation::Pool, Isolation::Single] {
            let limits = GuestLimits { run_time: Duration::from_millis(20), ..GuestLimits::default() };
            let granted = PluginOptions { isolation, limits, ..granted(&store, "test", Quota::default()) };
            let plugin = plugin(KV, granted).await;
            says(&plugin, 's', "0").await;
            assert_eq!(left().await, kept);
            // Nobody is promised anything by these, and what they wrote is no secret to others: it is kept as well.
            for (letter, fails) in [('t', FailureKind::Trap), ('z', FailureKind::RunTime)] {
                says(&plugin, 'd', "0").await;
                assert_eq!(left().await, None);
                let failure = call(&plugin, &format!(r#"["{letter}"]"#)).await.unwrap_err();
                assert_eq!(failure.kind, fails);
                comes(&kept, &left).await;
            }
        }
        for isolation in [Isolation::Call, Isolation::Pool] {
            let limits = GuestLimits { run_time: Duration::from_secs(60), ..GuestLimits::default() };
            let granted = PluginOptions { isolation, limits, ..granted(&store, "test", Quota::default()) };
            let plugin = plugin(KV, granted).await;
            says(&plugin, 'd', "0").await;
            let bucket = Bucket::new(store.clone(), "test", Quota::default());
            let written = async {
                while bucket.get(b"key", usize::MAX).await.unwrap().0 != kept {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                _ = call(&plugin, r#"["z"]"#) => unreachable!("it loops for ever"),
                () = written => (),
            }
            // The caller has given up.
            comes(&kept, &left).await;
        }
    }
}

async fn comes(kept: &Option<Vec<u8>>, left: impl AsyncFn() -> Option<Vec<u8>>) {
    let found = async {
        while left().await != *kept {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), found).await.expect("it is committed soon");
}

/// A component that keeps things by the standard interfaces.
async fn standard(options: PluginOptions) -> Plugin {
    let packages = [HOST, include_str!("../guests/keyvalue.wit")];
    let guest = componentize(&packages, "test:keyvalue/guest", include_str!("../guests/keyvalue.wat"));
    Plugin::load(&engine(), guest, options).await.unwrap()
}

async fn answers(plugin: &Plugin, what: &str, result: &str) {
    let got = call(plugin, &format!("[{what:?}]")).await.unwrap();
    assert_eq!(got, Got::Result(result.to_owned()), "{what}");
}

#[tokio::test]
async fn the_standard_interfaces_reach_the_same_bucket() {
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let plugin = standard(granted(&store, "test", Quota::default())).await;
    for (what, result) in [
        ("gtest", "7"),
        ("xtest", "0"),
        ("stest", "0"),
        ("gdefault", r#""kept""#),
        ("g", r#""kept""#),
        ("x", "1"),
        ("i", "5"),
        ("i", "10"),
        ("h", "-3"),
        ("l", "2"),
        ("w", "-3"),
        ("d", "0"),
        ("x", "0"),
        // Another bucket of the same store.
        ("gother", "-1"),
        ("gTest", "-1"),
    ] {
        answers(&plugin, what, result).await;
    }
    let bucket = Bucket::new(store.clone(), "test", Quota::default());
    assert_eq!(bucket.get(b"count", usize::MAX).await.unwrap().0, Some(b"10".to_vec()));
    for n in 0..600 {
        bucket.change(format!("n{n}").as_bytes(), Change::Set(Vec::new())).await.unwrap();
    }
    answers(&plugin, "l", "601").await;
    // What is no text is not listed.
    bucket.change(b"\xff", Change::Set(Vec::new())).await.unwrap();
    answers(&plugin, "l", "601").await;
    // A bucket that was closed is none.
    assert_eq!(call(&plugin, r#"["c"]"#).await.unwrap_err().kind, FailureKind::Trap);

    let small = standard(granted(&store, "small", Quota { keys: 0, ..Quota::default() })).await;
    answers(&small, "s", "-3").await;
    assert_eq!(small.counts().kv_refused, 1);
    let nothing = standard(options(Isolation::Pool)).await;
    for what in ["g", "s", "gtest", "idefault"] {
        answers(&nothing, what, "-2").await;
    }
}

/// Commits when it is told to, as it is told to.
#[derive(Default)]
struct Slow {
    memory: Memory,
    commit: Arc<Notify>,
    fails: bool,
    /// What is told of, and not committed.
    seen: Option<Written>,
}

impl Store for Slow {
    fn get<'a>(
        &'a self,
        bucket: &'a str,
        key: &'a [u8],
        most: usize,
    ) -> Answering<'a, (Option<Vec<u8>>, Option<Written>)> {
        Box::pin(async move { Ok((self.memory.get(bucket, key, most).await?.0, self.seen)) })
    }

    fn change<'a>(
        &'a self,
        bucket: &'a str,
        key: &'a [u8],
        change: Change,
        quota: &'a Quota,
    ) -> Answering<'a, (Changed, Option<Written>)> {
        Box::pin(async move {
            if key == b"count" {
                return Err(Error::Failed("unreadable".to_owned()));
            }
            let (changed, _) = self.memory.change(bucket, key, change, quota).await?;
            Ok((changed, Some(Written::at(1))))
        })
    }

    fn list<'a>(
        &'a self,
        bucket: &'a str,
        prefix: &'a [u8],
        after: &'a [u8],
        most: usize,
    ) -> Answering<'a, (Vec<Vec<u8>>, Option<Written>)> {
        Box::pin(async move { Ok((self.memory.list(bucket, prefix, after, most).await?.0, self.seen)) })
    }

    fn commit(&self, _: Written) -> Answering<'static, ()> {
        let (commit, fails) = (self.commit.clone(), self.fails);
        Box::pin(async move {
            commit.notified().await;
            if fails { Err(Error::Failed("the disk is full".to_owned())) } else { Ok(()) }
        })
    }
}

#[tokio::test]
async fn a_reply_waits_for_its_commit_and_keeps_nobody_waiting() {
    for isolation in [Isolation::Call, Isolation::Pool, Isolation::Single] {
        let slow = Slow::default();
        let commit = slow.commit.clone();
        // Run time is for the guest, not for the disk.
        let limits =
            GuestLimits { instances: 1, run_time: Duration::from_millis(20), ..GuestLimits::default() };
        let granted = granted(&(Arc::new(slow) as _), "test", Quota::default());
        let plugin = plugin(KV, PluginOptions { isolation, limits, ..granted }).await;
        let writing = tokio::spawn({
            let plugin = plugin.clone();
            async move { call(&plugin, r#"["s"]"#).await }
        });
        // The only instance is free again while the first reply waits.
        let mut seen = Got::Result("-1".to_owned());
        while seen == Got::Result("-1".to_owned()) {
            seen = call(&plugin, r#"["g"]"#).await.unwrap();
            tokio::task::yield_now().await;
        }
        assert_eq!(seen, Got::Result(r#""kept""#.to_owned()));
        assert!(!writing.is_finished());
        commit.notify_one();
        assert_eq!(writing.await.unwrap().unwrap(), Got::Result(" 0".to_owned()));
    }
}

#[tokio::test]
async fn a_commit_that_does_not_come_ends_at_the_deadline() {
    let slow = Slow { seen: Some(Written::at(1)), ..Slow::default() };
    let plugin = plugin(KV, granted(&(Arc::new(slow) as _), "test", Quota::default())).await;
    // What others wrote and is told of is waited for as well.
    for does in [r#"["s"]"#, r#"["g"]"#, r#"["l"]"#] {
        let deadline = Some(Instant::now() + Duration::from_millis(50));
        let invocation = Invocation { deadline, ..Invocation::new("Test.method", does) };
        assert_eq!(plugin.call(invocation, own).await.unwrap_err().kind, FailureKind::Deadline, "{does}");
    }
}

#[tokio::test]
async fn a_store_that_fails_is_an_internal_error() {
    let slow = Slow { fails: true, ..Slow::default() };
    slow.commit.notify_one();
    let plugin = plugin(KV, granted(&(Arc::new(slow) as _), "test", Quota::default())).await;
    for (letter, reason) in [("s", "the disk is full"), ("a", "unreadable")] {
        let failure = call(&plugin, &format!(r#"["{letter}"]"#)).await.unwrap_err();
        assert_eq!((failure.kind, failure.error.code), (FailureKind::Store, Code::InternalError.number()));
        assert!(failure.reason.contains(reason), "{failure}");
        assert!(!failure.error.to_string().contains(reason), "{}", failure.error);
    }
    says(&plugin, 'g', r#""kept""#).await;
}
