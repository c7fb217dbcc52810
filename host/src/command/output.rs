//! How what was made reaches the disk: whole, or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use pintle_toolchain::File;

use crate::cli::{self, Exit, Failure, Outcome, visible};

/// Writes `files` into the directory `dir`, which is made if it is missing, and answers with their paths.
///
/// All are written beside their places first and moved there when nothing can fail any more but the moving. Files of
/// the same names are replaced; nothing else in the directory is touched.
pub(crate) fn write(dir: &Path, files: &[File], json: bool) -> Outcome {
    if dir.exists() && !dir.is_dir() {
        return Err(Failure::cannot(format!("{}: is no directory", dir.display())));
    }
    let missing: Vec<&Path> = dir.ancestors().take_while(|parent| !parent.exists()).collect();
    let written = fs::create_dir_all(dir).map_err(|error| (dir.to_owned(), error));
    let written = written.and_then(|()| place(dir, files));
    if let Err((path, error)) = written {
        for parent in missing {
            // What holds something by now is not ours alone.
            let _ = fs::remove_dir(parent);
        }
        return Err(Failure::cannot(format!("{}: {error}", path.display())));
    }
    let paths: Vec<String> = files.iter().map(|file| dir.join(&file.path).display().to_string()).collect();
    if json {
        cli::answer(&format!("{}\n", serde_json::json!({ "files": paths })))?;
    } else {
        paths.iter().try_for_each(|path| cli::answer(&visible(&format!("{path}\n"))))?;
    }
    Ok(Exit::Yes)
}

fn place(dir: &Path, files: &[File]) -> Result<(), (PathBuf, io::Error)> {
    // In the directory itself: there, moving is renaming, whatever is mounted where.
    let beside = tempfile::Builder::new().prefix(".pintle-").tempdir_in(dir);
    let beside = beside.map_err(|error| (dir.to_owned(), error))?;
    for file in files {
        let inside = Path::new(&file.path).components().all(|part| matches!(part, Component::Normal(_)));
        let path = beside.path().join(&file.path);
        let result = match path.parent() {
            Some(parent) if inside => fs::create_dir_all(parent).and_then(|()| fs::write(&path, &file.text)),
            _ => Err(io::Error::other("would be outside of the directory")),
        };
        result.map_err(|error| (dir.join(&file.path), error))?;
    }
    for file in files {
        let path = dir.join(&file.path);
        let parents = path.parent().map_or(Ok(()), fs::create_dir_all);
        let free = parents.and_then(|()| match path.is_dir() {
            true => Err(io::Error::other("is a directory")),
            false => Ok(()),
        });
        free.map_err(|error| (path, error))?;
    }
    for file in files {
        let path = dir.join(&file.path);
        fs::rename(beside.path().join(&file.path), &path).map_err(|error| (path, error))?;
    }
    Ok(())
}

/// Gives the file `path` another text. Whoever reads it sees one or the other; its permissions stay.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link stays one.
    let path = fs::canonicalize(path)?;
    let mut beside = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().set_permissions(fs::metadata(&path)?.permissions())?;
    beside.as_file().sync_all()?;
    beside.persist(&path)?;
    Ok(())
}
