//! Files that nobody else can have made what they are.

use std::os::fd::AsFd;

use rustix::fs::{FileType, Mode, fstat};
use rustix::io::Result;
use rustix::process::geteuid;

/// Whether an open file is a regular one of this user, with no other name, that nobody else can write.
pub(crate) fn is_ours_alone(file: impl AsFd) -> Result<bool> {
    let stat = fstat(file)?;
    Ok(stat.st_uid == geteuid().as_raw()
        && FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
        && !Mode::from_raw_mode(stat.st_mode).intersects(Mode::WGRP | Mode::WOTH)
        && stat.st_nlink == 1)
}
