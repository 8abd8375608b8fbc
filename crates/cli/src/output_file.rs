//! Files that are written.

use std::path::Path;

use crate::failure::Failure;

/// Writes a file.
pub(crate) fn write_file(path: &Path, content: &str) -> Result<(), Failure> {
    std::fs::write(path, content).map_err(|error| {
        Failure::new(
            format!("{} cannot be written: {error}", path.display()),
            "name a file in a folder that can be written",
        )
    })
}
