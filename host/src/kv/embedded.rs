//! A store in one file.
//!
//! A change is first in memory, in a layer over the file, where everybody sees it. When a call that changed something has
//! ended, its layer is due: a thread writes it to the file in one transaction, and then answers all that wait for it.
//! Meanwhile the next layer fills. So the more calls there are, the more of them share one wait for the disk.
//!
//! Nothing waits for the disk but that thread and the replies. Reading a page that is not in memory does, shortly. Large
//! values lie apart in the file, and one is read only by who is to have it or to compare it.

mod listing;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

use self::listing::Listing;
use super::file::File;
use super::layers::Layers;
use super::{Answering, Change, Changed, Error, Quota, Store, Written, start, within};

/// Which calls share a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Those that end while another commit is on its way to the disk.
    #[default]
    Batch,
    /// None: what was changed after a call has ended is not committed with it.
    Call,
}

/// Keeps values in one file. Only one process can have it open.
///
/// If the file cannot be written, everything that was not committed is dropped, and everybody that waits for it is told; only
/// the disk knows whether the last of it arrived. The store then tries to open the file again, every second.
pub struct Embedded {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    /// The writer waits for it.
    work: Condvar,
    progress: watch::Sender<Progress>,
    alone: bool,
    open: Box<dyn Fn() -> Result<File, String> + Send + Sync>,
}

struct State {
    /// Or why it cannot be used.
    file: Result<Arc<File>, String>,
    layers: Layers,
    closing: bool,
}

/// How far the writer is. Layers count from 1.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    /// The last layer that is in the file.
    committed: u64,
    /// The last one that never will be, with some before it.
    lost: u64,
}

/// Bytes that may wait to be written; then changes wait too.
const WAITING: usize = 64 << 20;
/// Time until a file that failed is opened again.
const AGAIN: Duration = Duration::from_secs(1);

impl Embedded {
    /// Opens a file, or makes one that only its owner can read.
    ///
    /// # Errors
    ///
    /// It cannot be opened or is no store, another server has it open, or the system has no thread left.
    pub fn open(path: &Path, durability: Durability) -> Result<Embedded, String> {
        let path = PathBuf::from(path);
        Embedded::with(durability, move || File::open(&path))
    }

    fn with(
        durability: Durability,
        open: impl Fn() -> Result<File, String> + Send + Sync + 'static,
    ) -> Result<Embedded, String> {
        let file = Arc::new(open()?);
        let shared = Arc::new(Shared {
            state: Mutex::new(State { file: Ok(file), layers: Layers::default(), closing: false }),
            work: Condvar::new(),
            progress: watch::Sender::default(),
            alone: durability == Durability::Call,
            open: Box::new(open),
        });
        let writer = std::thread::Builder::new().name("pintle-kv".to_owned()).spawn({
            let shared = shared.clone();
            move || shared.write()
        });
        let writer = writer.map_err(|error| error.to_string())?;
        Ok(Embedded { shared, writer: Some(writer) })
    }
}

impl Drop for Embedded {
    /// Writes what is left.
    fn drop(&mut self) {
        self.shared.state().closing = true;
        self.shared.work.notify_one();
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded").finish_non_exhaustive()
    }
}

impl Store for Embedded {
    fn get<'a>(
        &'a self,
        bucket: &'a str,
        key: &'a [u8],
        most: usize,
    ) -> Answering<'a, (Option<Vec<u8>>, Option<Written>)> {
        Box::pin(async move {
            let file = {
                let state = self.shared.state();
                let file = state.file()?;
                match state.layers.find(bucket, key) {
                    Some((number, value)) => {
                        within(most, value.map_or(0, Vec::len))?;
                        return Ok((value.cloned(), Some(Written::at(number))));
                    }
                    None => file,
                }
            };
            // What left the layers meanwhile is in the file.
            Ok((file.reading()?.get(bucket, key, most)?, None))
        })
    }

    fn change<'a>(
        &'a self,
        bucket: &'a str,
        key: &'a [u8],
        change: Change,
        quota: &'a Quota,
    ) -> Answering<'a, (Changed, Option<Written>)> {
        Box::pin(async move {
            self.shared.room().await;
            self.shared.change(bucket, key, change, quota)
        })
    }

    fn list<'a>(
        &'a self,
        bucket: &'a str,
        prefix: &'a [u8],
        after: &'a [u8],
        most: usize,
    ) -> Answering<'a, (Vec<Vec<u8>>, Option<Written>)> {
        Box::pin(async move {
            let from = start(prefix, after).map(<[u8]>::to_owned);
            let mut listing = Listing { bucket, prefix, most, from, keys: Vec::new(), seen: None };
            while listing.goes_on(&self.shared)? {
                // Others have their turn while many keys are passed over that were just removed.
                tokio::task::yield_now().await;
            }
            Ok((listing.keys, listing.seen))
        })
    }

    fn commit(&self, written: Written) -> Answering<'static, ()> {
        let mut progress = self.shared.progress.subscribe();
        if self.shared.state().layers.due(written.last) {
            self.shared.work.notify_one();
        }
        Box::pin(async move {
            let ended =
                |progress: &Progress| written.first <= progress.lost || written.last <= progress.committed;
            match progress.wait_for(ended).await {
                // Of layers that were lost one after the other only the last is known, which may blame too many calls.
                Ok(progress) if written.first > progress.lost => Ok(()),
                Ok(_) => Err(Error::Failed("the changes of this call could not be written".to_owned())),
                Err(_) => Err(Error::Failed("the store is closed".to_owned())),
            }
        })
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until not too much waits to be written.
    async fn room(&self) {
        let mut progress = self.progress.subscribe();
        loop {
            {
                let mut state = self.state();
                if state.layers.bytes <= WAITING {
                    return;
                }
                let last = state.layers.last();
                state.layers.due(last);
                self.work.notify_one();
            }
            if progress.changed().await.is_err() {
                return;
            }
        }
    }

    fn change(
        &self,
        bucket: &str,
        key: &[u8],
        change: Change,
        quota: &Quota,
    ) -> Result<(Changed, Option<Written>), Error> {
        let mut state = self.state();
        let file = state.file()?;
        let found = state.layers.find(bucket, key);
        let before = match found {
            Some((_, value)) => value.map(Vec::len),
            None => file.reading()?.length(bucket, key)?,
        };
        // What is in no layer stays as it is in the file until the lock is free.
        let (changed, after) = change.of(before, || match found {
            Some((_, value)) => Ok(Cow::from(value.map_or(&[][..], Vec::as_slice))),
            None => Ok(Cow::from(file.reading()?.get(bucket, key, usize::MAX)?.unwrap_or_default())),
        })?;
        // Whoever wrote what is left as it is may still wait for the disk.
        let Some(after) = after else { return Ok((changed, found.map(|(number, _)| Written::at(number)))) };
        let usage = match state.layers.usage(bucket) {
            Some(usage) => usage,
            None => file.reading()?.usage(bucket)?,
        };
        let usage = usage.after(key.len(), before, after.as_ref().map(Vec::len), quota)?;
        let number = state.layers.put(bucket, key, after, usage, self.alone);
        Ok((changed, Some(Written::at(number))))
    }

    /// The life of the writer: commits what is due, opens a file again that failed, and ends with the store.
    fn write(&self) {
        let mut state = self.state();
        loop {
            let closing = state.closing;
            if closing {
                let last = state.layers.last();
                state.layers.due(last);
            }
            match (state.file.clone(), state.layers.leave()) {
                (Ok(file), Some((number, contents))) => {
                    drop(state);
                    let outcome = caught(|| file.commit(&contents).map_err(|error| error.to_string()));
                    self.settle(number, outcome);
                    // Not under the lock: a file that failed is closed by this, and the values are freed.
                    let _ = caught(move || {
                        drop((file, contents));
                        Ok(())
                    });
                    state = self.state();
                }
                _ if closing => return,
                (Ok(_), None) => state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner),
                (Err(_), _) => {
                    drop(state);
                    let file = caught(&self.open);
                    state = self.state();
                    match file {
                        Ok(file) => {
                            tracing::warn!("the store works again");
                            state.file = Ok(Arc::new(file));
                        }
                        Err(reason) => {
                            state.file = Err(reason);
                            let waited = self.work.wait_timeout(state, AGAIN);
                            state = waited.unwrap_or_else(PoisonError::into_inner).0;
                        }
                    }
                }
            }
        }
    }

    fn settle(&self, number: u64, outcome: Result<(), String>) {
        let mut state = self.state();
        match outcome {
            Ok(()) => {
                state.layers.settled();
                self.progress.send_modify(|progress| progress.committed = number);
            }
            Err(reason) => {
                tracing::error!("changes are lost: {reason}");
                state.file = Err(reason);
                state.layers.lost();
                let lost = state.layers.last();
                self.progress.send_modify(|progress| progress.lost = lost);
            }
        }
    }
}

impl State {
    fn file(&self) -> Result<Arc<File>, Error> {
        self.file.clone().map_err(Error::Failed)
    }
}

/// A panic of the database is a failure like any other: without the writer everybody would wait for ever.
fn caught<T>(act: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|_| Err("the database panicked".to_owned()))
}

#[cfg(test)]
mod tests;
