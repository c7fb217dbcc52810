//! The file of an embedded store: what is durable.

use std::fs::OpenOptions;
use std::ops::Bound;
use std::path::Path;

use redb::backends::FileBackend;
use redb::{
    Builder, Database, DatabaseError, ReadableDatabase, StorageBackend, TableDefinition, WriteTransaction,
};

use super::layers::Contents;
use super::{Error, Usage};

/// Values by bucket and key.
const VALUES: TableDefinition<'_, (&str, &[u8]), &[u8]> = TableDefinition::new("values");
/// Keys and bytes by bucket, so that nobody has to count them.
const USAGE: TableDefinition<'_, &str, (u64, u64)> = TableDefinition::new("usage");

/// Bytes of pages that are kept in memory.
const CACHE: usize = 64 << 20;

/// An open file, locked for this process.
pub(super) struct File(Database);

impl File {
    /// Opens a file, or makes one that only its owner can read.
    pub(super) fn open(path: &Path) -> Result<File, String> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let is_new = !path.exists();
        let file = options.open(path).map_err(|error| error.to_string())?;
        if is_new && let Some(dir) = path.parent() {
            // Its name must survive as well as what is inside.
            let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
            let _ = std::fs::File::open(dir).and_then(|dir| dir.sync_all());
        }
        File::with(FileBackend::new(file).map_err(told)?)
    }

    pub(super) fn with(backend: impl StorageBackend) -> Result<File, String> {
        let database = Builder::new().set_cache_size(CACHE).create_with_backend(backend).map_err(told)?;
        // A reader needs both tables.
        let begun = database.begin_write().map_err(|error| error.to_string())?;
        let made = begun.open_table(VALUES).map(drop).and_then(|()| begun.open_table(USAGE).map(drop));
        made.map_err(|error| error.to_string())?;
        begun.commit().map_err(|error| error.to_string())?;
        Ok(File(database))
    }

    pub(super) fn get(&self, bucket: &str, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let values = self.0.begin_read().map_err(failed)?.open_table(VALUES).map_err(failed)?;
        let value = values.get((bucket, key)).map_err(failed)?;
        Ok(value.map(|value| value.value().to_vec()))
    }

    pub(super) fn usage(&self, bucket: &str) -> Result<Usage, Error> {
        let usages = self.0.begin_read().map_err(failed)?.open_table(USAGE).map_err(failed)?;
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
        let values = self.0.begin_read().map_err(failed)?.open_table(VALUES).map_err(failed)?;
        let from = from.map(|key| (bucket, key));
        let range = values.range::<(&str, &[u8])>((from, Bound::Unbounded)).map_err(failed)?;
        let bucket = bucket.to_owned();
        let keys = range.map(move |entry| {
            let (key, _) = entry.map_err(failed)?;
            let (of, key) = key.value();
            Ok((of == bucket).then(|| key.to_owned()))
        });
        Ok(keys.map_while(Result::transpose))
    }

    /// Writes all of it, in one transaction that is durable when this returns.
    pub(super) fn commit(&self, contents: &Contents) -> Result<(), Error> {
        let begun = self.0.begin_write().map_err(failed)?;
        write(&begun, contents)?;
        begun.commit().map_err(failed)
    }
}

fn write(begun: &WriteTransaction, contents: &Contents) -> Result<(), Error> {
    let mut values = begun.open_table(VALUES).map_err(failed)?;
    let mut usages = begun.open_table(USAGE).map_err(failed)?;
    for (bucket, part) in contents {
        for (key, value) in &part.values {
            let place = (bucket.as_str(), key.as_slice());
            match value {
                Some(value) => values.insert(place, value.as_slice()).map_err(failed)?,
                None => values.remove(place).map_err(failed)?,
            };
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
