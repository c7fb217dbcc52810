//! Compiled plugins on disk.
//!
//! Loading compiled code is trusting it: only what this user wrote, into a directory that only this user can
//! enter, is loaded. The directory is opened once and every file is reached through that handle, so that
//! nothing on the way to it can be swapped.

use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rustix::fs::{AtFlags, Dir, Mode, OFlags, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};
use wasmtime::component::Component;
use wasmtime::{Engine, Module, Result};

use crate::owned::is_ours_alone;

/// A directory of compiled modules and components.
#[derive(Debug)]
pub struct Cache {
    directory: OwnedFd,
    /// Bytes that the files may have together.
    capacity: u64,
}

/// Every file ends with the BLAKE3 of the rest. Large plugins start within the time that hashing takes, and SHA-256 takes
/// many times as long where the processor does not help.
const DIGEST: usize = blake3::OUT_LEN;
const SUFFIX: &str = ".cwasm";
const TEMPORARY: &str = ".tmp-";

static NAMES: AtomicU64 = AtomicU64::new(0);

impl Cache {
    /// Opens the directory, or makes it. The error says why it is not to be trusted; the server then runs
    /// without a cache and says so.
    pub fn open(path: &Path, capacity: u64) -> Result<Cache, String> {
        let shown = path.display();
        match rustix::fs::mkdir(path, Mode::RWXU) {
            Ok(()) | Err(rustix::io::Errno::EXIST) => {}
            Err(error) => return Err(format!("cannot make {shown}: {error}")),
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let directory = rustix::fs::open(path, flags, Mode::empty())
            .map_err(|error| format!("cannot open {shown} as a directory that is no link: {error}"))?;
        let stat =
            rustix::fs::fstat(&directory).map_err(|error| format!("cannot look at {shown}: {error}"))?;
        if stat.st_uid != rustix::process::geteuid().as_raw() {
            return Err(format!("{shown} belongs to another user"));
        }
        let mode = Mode::from_raw_mode(stat.st_mode);
        if mode.intersects(Mode::RWXG | Mode::RWXO) {
            return Err(format!("{shown} has the mode {:o}, expected 700", mode.as_raw_mode()));
        }
        Ok(Cache { directory, capacity })
    }

    /// The compiled form of a plugin: from the directory, or compiled and kept there. A fault of the
    /// directory costs a compilation, never the plugin.
    pub(super) fn compiled<C: Compiled>(&self, engine: &Engine, bytes: &[u8]) -> Result<C> {
        let name = name::<C>(engine, bytes);
        if let Some(code) = self.load(&name)
            && let Ok(compiled) = C::read(engine, &code)
        {
            return Ok(compiled);
        }
        let compiled = C::compile(engine, bytes)?;
        if let Err(error) = compiled.write().and_then(|code| Ok(self.store(&name, &code)?)) {
            tracing::warn!("a compiled plugin was not kept: {error:#}");
        }
        Ok(compiled)
    }

    fn load(&self, name: &str) -> Option<Trusted> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = rustix::fs::openat(&self.directory, name, flags, Mode::empty()).ok()?;
        if !is_ours_alone(&file).ok()? {
            return None;
        }
        let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        let keep = Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT };
        // The time of the last use decides what is removed first; without it, the order is only worse.
        let _ = rustix::fs::futimens(&file, &Timestamps { last_access: keep, last_modification: now });
        let file = File::from(file);
        let size = file.metadata().ok()?.len().min(self.capacity);
        let mut code = Vec::with_capacity(usize::try_from(size).ok()?);
        file.take(self.capacity).read_to_end(&mut code).ok()?;
        let (rest, digest) = code.split_last_chunk::<DIGEST>()?;
        if blake3::hash(rest) != *digest {
            return None;
        }
        code.truncate(code.len() - DIGEST);
        Some(Trusted(code))
    }

    /// Writes beside and renames, so that no reader sees half a file; then makes room.
    fn store(&self, name: &str, code: &[u8]) -> std::io::Result<()> {
        let size = (code.len() + DIGEST) as u64;
        if size > self.capacity {
            return Ok(());
        }
        let temporary = format!("{TEMPORARY}{}-{}", std::process::id(), NAMES.fetch_add(1, Relaxed));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = rustix::fs::openat(&self.directory, &temporary, flags, Mode::RUSR | Mode::WUSR)?;
        let mut file = File::from(file);
        let written = file
            .write_all(code)
            .and_then(|()| file.write_all(blake3::hash(code).as_bytes()))
            .and_then(|()| Ok(rustix::fs::renameat(&self.directory, &temporary, &self.directory, name)?));
        if written.is_err() {
            let _ = rustix::fs::unlinkat(&self.directory, &temporary, AtFlags::empty());
        }
        written?;
        self.prune(name)
    }

    /// Removes the files that were not used for longest until the rest fits, and what crashes left behind.
    fn prune(&self, newest: &str) -> std::io::Result<()> {
        let mut files = Vec::new();
        for entry in Dir::read_from(&self.directory)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().to_str() else { continue };
            if !name.ends_with(SUFFIX) && !name.starts_with(TEMPORARY) {
                continue;
            }
            let Ok(stat) = rustix::fs::statat(&self.directory, name, AtFlags::SYMLINK_NOFOLLOW) else {
                continue;
            };
            files.push((
                stat.st_mtime,
                stat.st_mtime_nsec,
                u64::try_from(stat.st_size).unwrap_or(0),
                name.to_owned(),
            ));
        }
        files.sort();
        let mut total: u64 = files.iter().map(|file| file.2).sum();
        for (_, _, size, name) in files {
            if total <= self.capacity {
                break;
            }
            if name != newest {
                rustix::fs::unlinkat(&self.directory, &name, AtFlags::empty())?;
                total = total.saturating_sub(size);
            }
        }
        Ok(())
    }
}

/// The name of a plugin compiled by an engine: what it was compiled from, as what, and what can run it.
fn name<C: Compiled>(engine: &Engine, bytes: &[u8]) -> String {
    let mut compatibility = Fingerprint::default();
    engine.precompile_compatibility_hash().hash(&mut compatibility);
    let (plugin, engine, kind) = (blake3::hash(bytes).to_hex(), compatibility.finish(), C::KIND);
    format!("{plugin}{engine:016x}{kind}{SUFFIX}")
}

/// Hashes the same in every process, which the standard hasher does not promise.
#[derive(Default)]
struct Fingerprint(blake3::Hasher);

impl Hasher for Fingerprint {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let mut first = [0; 8];
        self.0.finalize_xof().fill(&mut first);
        u64::from_be_bytes(first)
    }
}

/// What wasmtime compiles, writes out and reads again.
pub(super) trait Compiled: Sized {
    /// Tells its files from those of the other kind.
    const KIND: &'static str;

    /// Compiles a plugin in the binary format.
    fn compile(engine: &Engine, bytes: &[u8]) -> Result<Self>;

    /// The compiled code.
    fn write(&self) -> Result<Vec<u8>>;

    /// Takes compiled code back.
    fn read(engine: &Engine, code: &Trusted) -> Result<Self>;
}

/// Compiled code that was read from the directory of a [`Cache`], and only from there.
///
/// `deserialize` trusts its bytes to come from `serialize`. These do: they were read through the handle of a directory
/// that, when it was opened, was no link, belonged to this user and gave nobody else any right ([`Cache::open`]); the file
/// itself is a regular file of this user that nobody else can write and that has no other name ([`Cache::load`], the only
/// place that makes this type); only [`Cache::store`] writes there, with the output of `serialize`, by rename; and the
/// digest behind the bytes holds, so they are whole. They are a private copy, which nobody can change now. That they
/// fit this engine and version, and are a module or a component, is checked by wasmtime itself. Whoever can still forge
/// such a file runs as this user, or as root, already.
pub(super) struct Trusted(Vec<u8>);

impl Compiled for Module {
    const KIND: &'static str = "";

    fn compile(engine: &Engine, bytes: &[u8]) -> Result<Module> {
        Module::from_binary(engine, bytes)
    }

    fn write(&self) -> Result<Vec<u8>> {
        self.serialize()
    }

    #[allow(unsafe_code)]
    fn read(engine: &Engine, code: &Trusted) -> Result<Module> {
        // SAFETY: as `Trusted` says.
        unsafe { Module::deserialize(engine, &code.0) }
    }
}

impl Compiled for Component {
    const KIND: &'static str = "-component";

    fn compile(engine: &Engine, bytes: &[u8]) -> Result<Component> {
        Component::from_binary(engine, bytes)
    }

    fn write(&self) -> Result<Vec<u8>> {
        self.serialize()
    }

    #[allow(unsafe_code)]
    fn read(engine: &Engine, code: &Trusted) -> Result<Component> {
        // SAFETY: as `Trusted` says.
        unsafe { Component::deserialize(engine, &code.0) }
    }
}
