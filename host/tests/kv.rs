//! Stores: each keeps what it is told, and the embedded one keeps it for good.

use std::path::Path;
use std::sync::Arc;

use pintle::kv::{Bucket, Change, Changed, Durability, Embedded, Error, Memory, Quota, Store};

fn embedded(path: &Path, durability: Durability) -> Arc<dyn Store> {
    Arc::new(Embedded::open(path, durability).unwrap())
}

async fn get(bucket: &Bucket, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    bucket.get(key, usize::MAX).await.map(|(value, _)| value)
}

async fn list(bucket: &Bucket, prefix: &[u8], after: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    Ok(bucket.list(prefix, after).await?.0)
}

async fn change(bucket: &Bucket, key: &[u8], change: Change) -> Result<Changed, Error> {
    let (changed, written) = bucket.change(key, change).await?;
    if let Some(written) = written {
        bucket.commit(written).await?;
    }
    Ok(changed)
}

async fn set(bucket: &Bucket, key: &str, value: &str) -> Result<Changed, Error> {
    change(bucket, key.as_bytes(), Change::Set(value.into())).await
}

fn swap(old: Option<&str>, new: &str) -> Change {
    Change::Swap { old: old.map(Into::into), new: new.into() }
}

/// What a store must do, whatever it is.
async fn keeps_to_the_rules(store: Arc<dyn Store>) {
    let bucket = Bucket::new(store.clone(), "a", Quota::default());
    assert_eq!(get(&bucket, b"k").await, Ok(None));
    assert_eq!(change(&bucket, b"k", Change::Delete).await, Ok(Changed::Done));
    assert_eq!(set(&bucket, "k", "").await, Ok(Changed::Done));
    assert_eq!(get(&bucket, b"k").await, Ok(Some(Vec::new())), "an empty value is a value");

    assert_eq!(change(&bucket, b"k", swap(None, "x")).await, Ok(Changed::Lost));
    assert_eq!(change(&bucket, b"k", swap(Some("x"), "y")).await, Ok(Changed::Lost));
    assert_eq!(change(&bucket, b"k", swap(Some(""), "y")).await, Ok(Changed::Done));
    assert_eq!(change(&bucket, b"new", swap(Some(""), "y")).await, Ok(Changed::Lost));
    assert_eq!(change(&bucket, b"new", swap(None, "y")).await, Ok(Changed::Done));
    assert_eq!(get(&bucket, b"k").await, Ok(Some(b"y".to_vec())));

    assert_eq!(change(&bucket, b"n", Change::Add(5)).await, Ok(Changed::Sum(5)));
    assert_eq!(change(&bucket, b"n", Change::Add(-7)).await, Ok(Changed::Sum(-2)));
    assert_eq!(get(&bucket, b"n").await, Ok(Some(b"-2".to_vec())));
    for (value, delta) in [
        ("y", 1),
        ("", 1),
        ("9223372036854775807", 1),
        ("-9223372036854775808", -1),
        ("1 ", 1),
        ("000000000000000000001", 1),
    ] {
        set(&bucket, "n", value).await.unwrap();
        assert!(
            matches!(change(&bucket, b"n", Change::Add(delta)).await, Err(Error::Invalid(_))),
            "{value:?}"
        );
        assert_eq!(get(&bucket, b"n").await, Ok(Some(value.into())));
    }

    let long = vec![b'k'; 1025];
    assert!(matches!(get(&bucket, b"").await, Err(Error::Invalid(_))));
    assert!(matches!(get(&bucket, &long).await, Err(Error::Invalid(_))));
    assert!(matches!(list(&bucket, &long, b"").await, Err(Error::Invalid(_))));
    let large = |bytes| Change::Set(vec![0; bytes]);
    assert!(matches!(change(&bucket, b"k", large((1 << 20) + 1)).await, Err(Error::Invalid(_))));
    assert_eq!(change(&bucket, &long[1..], large(1 << 20)).await, Ok(Changed::Done));
    for waits in [false, true] {
        let (_, written) = bucket.change(b"r", Change::Set(vec![b'r'; 9])).await.unwrap();
        if let (Some(written), true) = (written, waits) {
            bucket.commit(written).await.unwrap();
        }
        assert!(matches!(bucket.get(b"r", 8).await, Err(Error::Full(_))));
        assert_eq!(get(&bucket, b"r").await, Ok(Some(vec![b'r'; 9])));
    }

    // A bucket does not see another, also where one name begins with the other.
    for other in ["", "aa", "b", "a\0"] {
        let other = Bucket::new(store.clone(), other, Quota::default());
        assert_eq!(get(&other, b"k").await, Ok(None));
        assert_eq!(list(&other, b"", b"").await, Ok(Vec::new()));
        set(&other, "k", "other").await.unwrap();
    }
    assert_eq!(get(&bucket, b"k").await, Ok(Some(b"y".to_vec())));

    lists_in_pages(Bucket::new(store.clone(), "pages", Quota::default())).await;
    stays_within_its_quota(store).await;
}

async fn lists_in_pages(bucket: Bucket) {
    for n in 0..600 {
        let (_, written) =
            bucket.change(format!("p{n:03}").as_bytes(), Change::Set(Vec::new())).await.unwrap();
        if let (Some(written), 0..300) = (written, n) {
            drop(bucket.commit(written));
        }
    }
    for odd in [&b"o"[..], b"p", b"p\xff", b"q"] {
        bucket.change(odd, Change::Set(Vec::new())).await.unwrap();
    }
    change(&bucket, b"p599", Change::Delete).await.unwrap();
    bucket.change(b"p000", Change::Delete).await.unwrap();
    let mut keys: Vec<Vec<u8>> = Vec::new();
    loop {
        let after = keys.last().cloned().unwrap_or_default();
        let page = list(&bucket, b"p", &after).await.unwrap();
        assert!(page.len() <= 256);
        if page.is_empty() {
            break;
        }
        keys.extend(page);
    }
    let mut expected = vec![b"p".to_vec()];
    expected.extend((1..599).map(|n| format!("p{n:03}").into_bytes()));
    expected.push(b"p\xff".to_vec());
    assert!(keys == expected, "{} keys", keys.len());
    assert_eq!(list(&bucket, b"", b"p\xff").await, Ok(vec![b"q".to_vec()]));
    assert_eq!(list(&bucket, b"p", b"zzz").await, Ok(Vec::new()));
}

async fn stays_within_its_quota(store: Arc<dyn Store>) {
    let quota = Quota { keys: 3, bytes: 20, ..Quota::default() };
    let bucket = Bucket::new(store.clone(), "small", quota);
    for key in ["a", "b", "c"] {
        set(&bucket, key, "1").await.unwrap();
    }
    assert!(matches!(set(&bucket, "d", "").await, Err(Error::Full(_))));
    assert!(matches!(change(&bucket, b"d", Change::Add(1)).await, Err(Error::Full(_))));
    assert!(matches!(change(&bucket, b"d", swap(None, "")).await, Err(Error::Full(_))));
    // 6 bytes are taken.
    assert!(matches!(set(&bucket, "a", "0123456789abcdef").await, Err(Error::Full(_))));
    assert_eq!(set(&bucket, "a", "0123456789abcde").await, Ok(Changed::Done));
    assert!(matches!(change(&bucket, b"b", Change::Add(9)).await, Err(Error::Full(_))));
    // Whoever has a larger quota may fill it further, and then what does not grow is still allowed.
    let wider = Bucket::new(store, "small", Quota::default());
    set(&wider, "e", "0123456789").await.unwrap();
    assert_eq!(set(&bucket, "e", "9876543210").await, Ok(Changed::Done));
    assert!(matches!(set(&bucket, "b", "10").await, Err(Error::Full(_))));
    for key in ["a", "b", "c", "e"] {
        change(&bucket, key.as_bytes(), Change::Delete).await.unwrap();
    }
    assert_eq!(set(&bucket, "f", "0123456789abcdef012").await, Ok(Changed::Done), "all of it is free again");
}

#[tokio::test]
async fn every_store_keeps_to_the_rules() {
    keeps_to_the_rules(Arc::new(Memory::default())).await;
    let dir = tempfile::tempdir().unwrap();
    for (file, durability) in [("batch", Durability::Batch), ("call", Durability::Call)] {
        keeps_to_the_rules(embedded(&dir.path().join(file), durability)).await;
    }
}

/// Random changes, with commits, waits and restarts in between: the embedded store says what one in memory says.
#[tokio::test]
async fn the_embedded_store_agrees_with_one_in_memory() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store");
    let quota = Quota { keys: 12, bytes: 60, ..Quota::default() };
    let model = Bucket::new(Arc::new(Memory::default()), "test", quota.clone());
    let open = |durability| Bucket::new(embedded(&path, durability), "test", quota.clone());
    let mut bucket = Some(open(Durability::Batch));
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut outcomes = [0; 3];
    for step in 0..6000 {
        let kept = bucket.as_ref().unwrap();
        let key = format!("k{}", random(16));
        let value = "v".repeat(random(6) as usize);
        let doing = match random(6) {
            0 | 1 => Change::Set(value.into()),
            2 => Change::Delete,
            3 => Change::Add(random(50) as i64 - 25),
            4 => swap(None, &value),
            _ => Change::Swap { old: get(&model, key.as_bytes()).await.unwrap(), new: value.into() },
        };
        let expected = model.change(key.as_bytes(), doing.clone()).await.map(|(changed, _)| changed);
        let got = kept.change(key.as_bytes(), doing.clone()).await;
        assert_eq!(
            got.as_ref().map(|(changed, _)| *changed),
            expected.as_ref().copied(),
            "{step}: {key} {doing:?}"
        );
        outcomes[match got {
            Ok((Changed::Lost, _)) => 0,
            Err(_) => 1,
            Ok(_) => 2,
        }] += 1;
        if let Ok((_, Some(written))) = got {
            match random(8) {
                0 => kept.commit(written).await.unwrap(),
                1..4 => drop(kept.commit(written)),
                _ => (),
            }
        }
        let (prefix, after) = (&b"k1"[..random(3) as usize], format!("k{}", random(16)));
        let listed = list(kept, prefix, after.as_bytes()).await;
        assert_eq!(listed, list(&model, prefix, after.as_bytes()).await, "{step}");
        if random(150) == 0 {
            drop(bucket.take());
            bucket = Some(open(if random(2) == 0 { Durability::Batch } else { Durability::Call }));
        }
    }
    assert!(outcomes.iter().all(|count| *count > 100), "{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_at_the_same_time_come_one_after_the_other() {
    const ADDS: usize = 500;
    let dir = tempfile::tempdir().unwrap();
    for (file, durability) in [("batch", Durability::Batch), ("call", Durability::Call)] {
        let bucket = Bucket::new(embedded(&dir.path().join(file), durability), "test", Quota::default());
        let tasks: Vec<_> = (0..50)
            .map(|n| {
                let bucket = bucket.clone();
                tokio::spawn(async move {
                    for _ in 0..ADDS {
                        bucket.change(b"sum", Change::Add(n)).await.unwrap();
                    }
                    change(&bucket, b"first", swap(None, &n.to_string())).await.unwrap()
                })
            })
            .collect();
        let mut won = 0;
        for task in tasks {
            won += usize::from(task.await.unwrap() == Changed::Done);
        }
        assert_eq!(won, 1);
        assert_eq!(get(&bucket, b"sum").await, Ok(Some((1225 * ADDS).to_string().into())));
    }
}

#[tokio::test]
async fn what_is_committed_is_in_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("store"), dir.path().join("copy"));
    let bucket = Bucket::new(embedded(&path, Durability::Batch), "test", Quota::default());
    for n in 0..20 {
        set(&bucket, &format!("k{n}"), "value").await.unwrap();
        // The file as it is now is what a process that is killed now leaves.
        std::fs::copy(&path, &copy).unwrap();
        let left = Bucket::new(embedded(&copy, Durability::Batch), "test", Quota::default());
        assert_eq!(list(&left, b"", b"").await.unwrap().len(), n + 1);
    }
}

#[tokio::test]
async fn a_store_belongs_to_one_server() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store");
    let first = Embedded::open(&path, Durability::Batch).unwrap();
    let error = Embedded::open(&path, Durability::Batch).unwrap_err();
    assert!(error.contains("another server has it open"), "{error}");
    drop(first);
    Embedded::open(&path, Durability::Batch).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_file_that_is_no_store_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store");
    for content in ["#!/bin/sh\n".to_owned(), "x".repeat(100_000)] {
        std::fs::write(&path, &content).unwrap();
        assert!(Embedded::open(&path, Durability::Batch).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
    }
    assert!(Embedded::open(dir.path(), Durability::Batch).is_err());
    assert!(Embedded::open(&dir.path().join("no/such/place"), Durability::Batch).is_err());
}

#[test]
fn a_file_that_others_can_change_is_no_store() {
    use std::fs::{Permissions, hard_link, remove_file, set_permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    let dir = tempfile::tempdir().unwrap();
    let (path, other) = (dir.path().join("store"), dir.path().join("other"));
    let open = |path: &Path| Embedded::open(path, Durability::Batch).map(drop);
    open(&path).unwrap();
    for mode in [0o620, 0o602] {
        set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        assert!(open(&path).unwrap_err().contains("nobody else can write"), "{mode:o}");
    }
    set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    open(&path).unwrap();
    symlink(&path, &other).unwrap();
    assert!(open(&other).unwrap_err().contains("it is a link"));
    remove_file(&other).unwrap();
    hard_link(&path, &other).unwrap();
    assert!(open(&path).unwrap_err().contains("no second name"));
    remove_file(&other).unwrap();
    open(&path).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, &other, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
    assert!(open(&other).unwrap_err().contains("a regular file"));
}
