//! The file of an embedded store: what is durable.

use std::ops::Bound;
use std::path::Path;

use redb::backends::FileBackend;
use redb::{
    Builder, Database, DatabaseError, ReadTransaction, ReadableDatabase, StorageBackend, TableDefinition,
    WriteTransaction,
};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use super::layers::Contents;
use super::{Error, Usage, within};
use crate::owned::is_ours_alone;

/// The length of each value by bucket and key: what lists, quotas and removals need to know of it.
const KEYS: Table<u64> = TableDefinition::new("keys");
/// Values by bucket and key, up to [`SMALL`].
const VALUES: Table<&[u8]> = TableDefinition::new("values");
/// The other values. No two of them share a page, nor does one with a small value: reading one reads no other.
const LARGE: Table<&[u8]> = TableDefinition::new("large");
/// Keys and bytes by bucket, so that nobody has to count them.
const USAGE: TableDefinition<'_, &str, (u64, u64)> = TableDefinition::new("usage");

type Table<V> = TableDefinition<'static, (&'static str, &'static [u8]), V>;

/// Bytes of a value: half a page.
const SMALL: u64 = 2048;

/// Bytes of pages that are kept in memory.
const CACHE: usize = 64 << 20;

/// An open file, locked for this process.
pub(super) struct File(Database);

impl File {
    /// Opens a file, or makes one that only its owner can read. What others could have put there is not written to.
    pub(super) fn open(path: &Path) -> Result<File, String> {
        let is_new = !path.exists();
        // Whoever opens a pipe would wait for its other end.
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR).map_err(|error| match error {
            Errno::LOOP => "it is a link: name the file itself".to_owned(),
            error => error.to_string(),
        })?;
        if !is_ours_alone(&file).map_err(|error| error.to_string())? {
            return Err("expected a regular file that belongs to the server's user, has no second name, and that nobody \
                        else can write"
                .to_owned());
        }
        if is_new && let Some(dir) = path.parent() {
            // Its name must survive as well as what is inside.
            let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
            let _ = std::fs::File::open(dir).and_then(|dir| dir.sync_all());
        }
        File::with(FileBackend::new(file.into()).map_err(told)?, CACHE)
    }

    pub(super) fn with(backend: impl StorageBackend, cache: usize) -> Result<File, String> {
        let database = Builder::new().set_cache_size(cache).create_with_backend(backend).map_err(told)?;
        // A reader needs all tables.
        let begun = database.begin_write().map_err(|error| error.to_string())?;
        write(&begun, &Contents::default()).map_err(|error| error.to_string())?;
        begun.commit().map_err(|error| error.to_string())?;
        Ok(File(database))
    }

    /// The file as it is now.
    pub(super) fn reading(&self) -> Result<Reading, Error> {
        self.0.begin_read().map(Reading).map_err(failed)
    }

    /// Writes all of it, in one transaction that is durable when this returns.
    pub(super) fn commit(&self, contents: &Contents) -> Result<(), Error> {
        let begun = self.0.begin_write().map_err(failed)?;
        write(&begun, contents)?;
        begun.commit().map_err(failed)
    }
}

/// A file as it was at a time.
pub(super) struct Reading(ReadTransaction);

impl Reading {
    /// The value of a key, if it has no more than `most` bytes.
    pub(super) fn get(&self, bucket: &str, key: &[u8], most: usize) -> Result<Option<Vec<u8>>, Error> {
        let Some(len) = self.length(bucket, key)? else { return Ok(None) };
        within(most, len)?;
        let table = if len as u64 > SMALL { LARGE } else { VALUES };
        let values = self.0.open_table(table).map_err(failed)?;
        let value = values.get((bucket, key)).map_err(failed)?;
        let value = value.ok_or_else(|| failed("the value of a key is missing"))?;
        Ok(Some(value.value().to_vec()))
    }

    /// Bytes of the value of a key.
    pub(super) fn length(&self, bucket: &str, key: &[u8]) -> Result<Option<usize>, Error> {
        let keys = self.0.open_table(KEYS).map_err(failed)?;
        let len = keys.get((bucket, key)).map_err(failed)?;
        len.map(|len| usize::try_from(len.value()).map_err(failed)).transpose()
    }

    /// What a bucket holds.
    pub(super) fn usage(&self, bucket: &str) -> Result<Usage, Error> {
        let usages = self.0.open_table(USAGE).map_err(failed)?;
        let usage = usages.get(bucket).map_err(failed)?;
        Ok(usage
            .map(|usage| usage.value())
            .map_or_else(Usage::default, |(keys, bytes)| Usage { keys, bytes }))
    }

    /// The keys of a bucket, in order.
    pub(super) fn keys(
        &self,
        bucket: &str,
        from: Bound<&[u8]>,
    ) -> Result<impl Iterator<Item = Result<Vec<u8>, Error>> + use<>, Error> {
        let keys = self.0.open_table(KEYS).map_err(failed)?;
        let from = from.map(|key| (bucket, key));
        let range = keys.range::<(&str, &[u8])>((from, Bound::Unbounded)).map_err(failed)?;
        let bucket = bucket.to_owned();
        let keys = range.map(move |entry| {
            let (key, _) = entry.map_err(failed)?;
            let (of, key) = key.value();
            Ok((of == bucket).then(|| key.to_owned()))
        });
        Ok(keys.map_while(Result::transpose))
    }
}

fn write(begun: &WriteTransaction, contents: &Contents) -> Result<(), Error> {
    let mut lengths = begun.open_table(KEYS).map_err(failed)?;
    let mut usages = begun.open_table(USAGE).map_err(failed)?;
    let mut small = begun.open_table(VALUES).map_err(failed)?;
    let mut large = begun.open_table(LARGE).map_err(failed)?;
    for (bucket, part) in contents {
        for (key, value) in &part.values {
            let place = (bucket.as_str(), key.as_slice());
            let len = value.as_ref().map(|value| value.len() as u64);
            let before = match len {
                Some(len) => lengths.insert(place, len),
                None => lengths.remove(place),
            };
            let before = before.map_err(failed)?.map(|before| before.value() > SMALL);
            let after = len.map(|len| len > SMALL);
            if let Some(was_large) = before.filter(|_| before != after) {
                let table = if was_large { &mut large } else { &mut small };
                table.remove(place).map_err(failed)?;
            }
            if let (Some(value), Some(is_large)) = (value, after) {
                let table = if is_large { &mut large } else { &mut small };
                table.insert(place, value.as_slice()).map_err(failed)?;
            }
        }
        let Usage { keys, bytes } = part.usage;
        usages.insert(bucket.as_str(), (keys, bytes)).map_err(failed)?;
    }
    Ok(())
}

fn told(error: DatabaseError) -> String {
    match error {
        DatabaseError::DatabaseAlreadyOpen => {
            "another server has it open: give each server a store of its own".to_owned()
        }
        error => error.to_string(),
    }
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Failed(error.to_string())
}
