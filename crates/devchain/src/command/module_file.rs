//! Modules in files.

use stylus_devchain::program;

use super::stop::{Stop, fail};

/// Reads a file.
pub(crate) fn read(path: &str) -> Result<Vec<u8>, Stop> {
    std::fs::read(path).or_else(|error| fail(format!("{path} cannot be read: {error}")))
}

/// Reads a module and makes it fit for deployment.
pub(crate) fn packed(path: &str) -> Result<Vec<u8>, Stop> {
    program::pack(&read(path)?).or_else(|error| fail(format!("{path}: {error}")))
}
