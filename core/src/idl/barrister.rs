//! What is different in the files of Barrister.

use alloc::{vec, vec::Vec};

use super::diagnostic::FileId;

/// Whether a file follows the rules of Barrister.
///
/// It needs no namespace, and then its definitions have none. What its imports import it can name as well. Several such
/// files can have one namespace, and be imported for their structs and enums; one that another has too is the same
/// if it says the same.
pub(super) fn is_barrister(key: &str) -> bool {
    key.ends_with(".idl")
}

/// `start` and all that it imports, directly or not; `imports` is by [`FileId`].
pub(super) fn reachable(start: FileId, imports: &[&[FileId]]) -> Vec<FileId> {
    let mut seen = vec![false; imports.len()];
    let (mut open, mut found) = (vec![start], Vec::new());
    while let Some(file) = open.pop() {
        let at = file.0 as usize;
        if seen.get(at) == Some(&false) {
            seen[at] = true;
            found.push(file);
            open.extend_from_slice(imports[at]);
        }
    }
    found
}
