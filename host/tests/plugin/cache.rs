use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use pintle::plugin::{Cache, Engine, EngineOptions, Isolation};

use crate::{COMPONENT, HOSTILE, load, ok, options};

async fn run(directory: &Path, capacity: u64, wat: &str) {
    let cache = Some(Cache::open(directory, capacity).unwrap());
    let engine = Engine::new(EngineOptions { slots: 10, cache, ..EngineOptions::default() }).unwrap();
    ok(&load(&engine, wat, options(Isolation::Pool)).await.unwrap()).await;
}

fn files(directory: &Path) -> Vec<PathBuf> {
    fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn a_plugin_is_compiled_once_and_again_when_its_file_is_corrupt() {
    for guest in [HOSTILE, COMPONENT] {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("cache");
        run(&directory, 1 << 30, guest).await;
        let [file] = files(&directory).try_into().unwrap();
        let whole = fs::read(&file).unwrap();
        let inode = |path: &Path| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap());
        let first = inode(&file);
        run(&directory, 1 << 30, guest).await;
        assert_eq!((inode(&file), files(&directory).len()), (first, 1));
        let mut corrupt = whole.clone();
        *corrupt.last_mut().unwrap() ^= 1;
        for broken in [&corrupt[..], &whole[..100], b""] {
            fs::write(&file, broken).unwrap();
            run(&directory, 1 << 30, guest).await;
            assert_eq!(fs::read(&file).unwrap().len(), whole.len());
        }
    }
}

#[tokio::test]
async fn the_directory_stays_within_its_capacity() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("cache");
    run(&directory, 1 << 30, HOSTILE).await;
    let [first] = files(&directory).try_into().unwrap();
    let size = fs::metadata(&first).unwrap().len();
    let other = HOSTILE.replace("running", "walking");
    run(&directory, size + size / 2, &other).await;
    let left = files(&directory);
    assert_eq!(left.len(), 1);
    assert_ne!(left[0], first);
    run(&directory, 10, HOSTILE).await;
    assert_eq!(files(&directory), left);
}

#[test]
fn only_a_directory_of_our_own_is_trusted() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("cache");
    Cache::open(&path, 1).unwrap();
    for mode in [0o770, 0o707, 0o755] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        assert!(Cache::open(&path, 1).unwrap_err().contains("expected 700"), "{mode:o}");
    }
    fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
    let link = parent.path().join("link");
    symlink(&path, &link).unwrap();
    assert!(Cache::open(&link, 1).unwrap_err().contains("no link"));
    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(Cache::open(&file, 1).is_err());
    assert!(Cache::open(&parent.path().join("missing/cache"), 1).is_err());
}

#[tokio::test]
async fn a_file_that_others_can_write_is_not_loaded() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("cache");
    run(&directory, 1 << 30, HOSTILE).await;
    let [file] = files(&directory).try_into().unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o666)).unwrap();
    run(&directory, 1 << 30, HOSTILE).await;
    // Compiled again, and the file replaced.
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}
