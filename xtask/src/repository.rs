//! The repository's files: where they are, and those that are made.

use std::path::{Path, PathBuf};

use crate::outcome::Outcome;

/// Returns a file of the repository.
pub(crate) fn repository(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)
}

/// Writes a file that is made, or says whether it is the one that would be written.
pub(crate) fn write_or_check(file: &str, content: &str, check: bool, again: &str) -> Outcome {
    let path = repository(file);
    if !check {
        std::fs::write(&path, content).map_err(|error| format!("{file}: {error}"))?;
        return Ok(true);
    }
    // A file that is not there is another one, too.
    let is_same = std::fs::read_to_string(&path).is_ok_and(|found| found == content);
    if !is_same {
        eprintln!("{file} is not what is made now\n  do: {again}");
    }
    Ok(is_same)
}
