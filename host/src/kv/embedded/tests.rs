//! The embedded store on disks that fail, that are slow, and that count what is read.

use std::io;
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::mpsc;

use futures_util::FutureExt as _;
use redb::StorageBackend;
use redb::backends::InMemoryBackend;

use super::*;
use crate::kv::Bucket;

/// A disk that can be full, can make its user panic, counts the bytes that are read, and can hold up who reads.
#[derive(Debug, Clone, Default)]
struct Disk {
    /// Bytes of pages that its user keeps in memory.
    cache: usize,
    kept: Arc<InMemoryBackend>,
    full: Arc<AtomicBool>,
    panics: Arc<AtomicBool>,
    in_use: Arc<AtomicBool>,
    read: Arc<AtomicU64>,
    gate: Arc<RwLock<()>>,
}

impl Disk {
    fn open(&self) -> Embedded {
        let disk = self.clone();
        let open = move || match disk.in_use.swap(true, SeqCst) {
            true => Err("it was not closed".to_owned()),
            false => File::with(disk.clone(), disk.cache),
        };
        Embedded::with(Durability::Batch, open).unwrap()
    }

    fn bucket(&self) -> Bucket {
        Bucket::new(Arc::new(self.open()), "test", Quota::default())
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.kept.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.read.fetch_add(out.len() as u64, SeqCst);
        let _open = self.gate.read().unwrap();
        self.kept.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.kept.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.kept.sync_data()
    }

    fn close(&self) -> io::Result<()> {
        self.in_use.store(false, SeqCst);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        assert!(!self.panics.load(SeqCst), "as redb does where it finds a fault of its own");
        match self.full.load(SeqCst) {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => self.kept.write(offset, data),
        }
    }
}

async fn get(bucket: &Bucket, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    bucket.get(key, usize::MAX).await.map(|(value, _)| value)
}

async fn list(bucket: &Bucket, prefix: &[u8], after: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    Ok(bucket.list(prefix, after).await?.0)
}

#[tokio::test]
async fn a_full_disk_loses_what_was_not_promised_and_nothing_else() {
    let disk = Disk { cache: 1 << 20, ..Disk::default() };
    loses_what_was_not_promised_and_nothing_else(&disk, &disk.full).await;
}

#[tokio::test]
async fn a_panic_loses_what_was_not_promised_and_nothing_else() {
    let disk = Disk { cache: 1 << 20, ..Disk::default() };
    let losing = loses_what_was_not_promised_and_nothing_else(&disk, &disk.panics);
    tokio::time::timeout(Duration::from_secs(30), losing).await.expect("nobody waits for ever");
}

async fn loses_what_was_not_promised_and_nothing_else(disk: &Disk, fault: &AtomicBool) {
    let bucket = disk.bucket();
    let set = async |value: &str| {
        let (_, written) = bucket.change(b"key", Change::Set(value.into())).await?;
        bucket.commit(written.unwrap()).await
    };
    set("kept").await.unwrap();
    fault.store(true, SeqCst);
    assert!(matches!(set("lost").await, Err(Error::Failed(_))));
    assert!(matches!(get(&bucket, b"key").await, Err(Error::Failed(_))), "nobody sees what is lost");
    assert!(matches!(set("refused").await, Err(Error::Failed(_))));
    fault.store(false, SeqCst);
    while get(&bucket, b"key").await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(get(&bucket, b"key").await, Ok(Some(b"kept".to_vec())));
    set("again").await.unwrap();
    assert_eq!(get(&bucket, b"key").await, Ok(Some(b"again".to_vec())));
}

#[tokio::test]
async fn changes_wait_when_too_much_waits_to_be_written() {
    let store = Disk::default().open();
    let shared = store.shared.clone();
    let bucket = Bucket::new(Arc::new(store), "test", Quota::default());
    for n in 0..200 {
        let change = Change::Set(vec![0; 1 << 20]);
        bucket.change(format!("{n}").as_bytes(), change).await.unwrap();
        assert!(shared.state().layers.bytes <= WAITING + (2 << 20));
    }
}

/// Small values, and then large ones between them, in the file.
async fn filled(disk: &Disk) {
    for (kind, len) in [("a", 1), ("c", 1), ("b", LARGE)] {
        let bucket = disk.bucket();
        for n in 10..26 {
            bucket.change(format!("{n}{kind}").as_bytes(), Change::Set(vec![b'1'; len])).await.unwrap();
        }
    }
}

const LARGE: usize = 1 << 20;

#[tokio::test]
async fn large_values_are_read_only_by_who_is_to_have_them() {
    let disk = Disk::default();
    filled(&disk).await;
    let bucket = disk.bucket();
    let before = disk.read.load(SeqCst);
    assert_eq!(list(&bucket, b"", b"").await.unwrap().len(), 48);
    for n in 10..26 {
        assert!(get(&bucket, format!("{n}a").as_bytes()).await.unwrap().is_some());
        let key = format!("{n}b");
        assert!(matches!(bucket.get(key.as_bytes(), LARGE - 1).await, Err(Error::Full(_))));
        let lost = Change::Swap { old: Some(vec![b'1'; LARGE - 1]), new: Vec::new() };
        assert_eq!(bucket.change(key.as_bytes(), lost).await.unwrap().0, Changed::Lost);
        assert!(matches!(bucket.change(key.as_bytes(), Change::Add(1)).await, Err(Error::Invalid(_))));
        let change = if n % 2 == 0 { Change::Delete } else { Change::Set(Vec::new()) };
        bucket.change(key.as_bytes(), change).await.unwrap();
    }
    assert_eq!(list(&bucket, b"", b"").await.unwrap().len(), 40);
    let read = disk.read.load(SeqCst) - before;
    assert!(read < 4 * LARGE as u64, "{read} bytes");
    drop(bucket);
    let bucket = disk.bucket();
    assert_eq!(get(&bucket, b"10b").await, Ok(None));
    assert_eq!(get(&bucket, b"11b").await, Ok(Some(Vec::new())));
}

#[tokio::test]
async fn who_lists_holds_up_nobody() {
    let disk = Disk::default();
    let bucket = disk.bucket();
    for n in 0..100 {
        bucket.change(format!("{n:0>1000}").as_bytes(), Change::Set(Vec::new())).await.unwrap();
    }
    drop(bucket);
    let bucket = disk.bucket();
    bucket.change(b"new", Change::Add(1)).await.unwrap();
    let before = disk.read.load(SeqCst);
    let (told, hears) = mpsc::channel();
    std::thread::scope(|scope| {
        let shut = disk.gate.write().unwrap();
        let listing = scope.spawn(|| list(&bucket, b"", b"").now_or_never());
        while disk.read.load(SeqCst) == before {
            assert!(!listing.is_finished(), "it reads the file");
            std::thread::yield_now();
        }
        scope.spawn(|| told.send(bucket.change(b"new", Change::Add(1)).now_or_never()));
        let other = hears.recv_timeout(Duration::from_secs(10));
        drop(shut);
        assert!(matches!(other, Ok(Some(Ok((Changed::Sum(2), _))))), "{other:?}");
        assert_eq!(listing.join().unwrap().unwrap().unwrap().len(), 101);
    });
}

#[tokio::test]
async fn what_is_seen_of_others_is_waited_for() {
    let disk = Disk::default();
    let bucket = disk.bucket();
    let seen = async |change: Change| bucket.change(b"key", change).await.unwrap().1;
    let nothing = || Change::Swap { old: None, new: Vec::new() };
    let set = seen(Change::Set(b"value".to_vec())).await;
    assert!(set.is_some());
    assert_eq!(bucket.get(b"key", 5).await, Ok((Some(b"value".to_vec()), set)));
    assert_eq!(bucket.list(b"k", b"").await, Ok((vec![b"key".to_vec()], set)));
    assert_eq!(seen(nothing()).await, set, "lost to it");
    // What is seen is made to be committed, by whoever saw it.
    bucket.commit(set.unwrap()).await.unwrap();
    assert_eq!(bucket.get(b"key", 5).await, Ok((Some(b"value".to_vec()), None)));
    assert_eq!(bucket.list(b"", b"").await, Ok((vec![b"key".to_vec()], None)));
    assert_eq!(seen(nothing()).await, None);

    let removed = seen(Change::Delete).await;
    assert!(removed.is_some() && removed != set);
    assert_eq!(seen(Change::Delete).await, removed, "there is nothing to remove any more");
    assert_eq!(bucket.get(b"key", 5).await, Ok((None, removed)));
    assert_eq!(bucket.list(b"", b"").await, Ok((Vec::new(), removed)));
    assert_eq!(bucket.list(b"l", b"").await, Ok((Vec::new(), None)), "of those it tells nothing");
    disk.full.store(true, SeqCst);
    assert!(bucket.commit(removed.unwrap()).await.is_err());
}

#[tokio::test]
async fn what_is_overwritten_waits_no_more() {
    let store = Disk::default().open();
    let shared = store.shared.clone();
    let bucket = Bucket::new(Arc::new(store), "test", Quota::default());
    for len in [LARGE, 0, LARGE, LARGE] {
        bucket.change(b"key", Change::Set(vec![0; len])).await.unwrap();
        assert_eq!(shared.state().layers.bytes / 1024, len / 1024);
    }
    let (_, written) = bucket.change(b"key", Change::Delete).await.unwrap();
    bucket.commit(written.unwrap()).await.unwrap();
    assert_eq!(shared.state().layers.bytes, 0);
}
