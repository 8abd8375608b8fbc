//! What was fetched, in a file: one line of JSON for each account and slot.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use alloy_primitives::{Address, B256, Bytes, U256};
use serde::{Deserialize, Serialize};

use super::ForkError;

/// A file for a block of a chain.
#[derive(Debug)]
pub(crate) struct Disk {
    path: PathBuf,
    file: File,
}

/// One thing that was fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    /// A slot.
    Slot { account: Address, slot: U256, value: U256 },
    /// An account but for its storage.
    Account { account: Address, balance: U256, nonce: u64, code: Bytes },
}

impl Disk {
    /// Opens the file of a block in a folder; makes both if they are missing.
    pub(crate) fn open(
        folder: &Path,
        chain_id: u64,
        block: u64,
        hash: B256,
    ) -> Result<Self, ForkError> {
        let path = folder.join(format!("{chain_id}-{block}-{hash}.jsonl"));
        let opened = fs::create_dir_all(folder)
            .and_then(|()| OpenOptions::new().read(true).append(true).create(true).open(&path));
        match opened {
            Ok(file) => Ok(Self { path, file }),
            Err(error) => Err(refused(&path, &error)),
        }
    }

    /// All lines. One that was not written to its end is left out.
    pub(super) fn read(&mut self) -> Result<Vec<Line>, ForkError> {
        let mut lines = Vec::new();
        for line in BufReader::new(&self.file).lines() {
            let line = line.map_err(|error| refused(&self.path, &error))?;
            lines.extend(serde_json::from_str::<Line>(&line));
        }
        Ok(lines)
    }

    /// Adds a line.
    pub(super) fn write(&mut self, line: &Line) -> Result<(), ForkError> {
        let text = serde_json::to_string(line).map_err(|error| refused(&self.path, &error))?;
        // Begun on a line of its own even if the last one was cut off.
        self.file
            .write_all(format!("{text}\n").as_bytes())
            .map_err(|error| refused(&self.path, &error))
    }
}

fn refused(path: &Path, error: &dyn std::error::Error) -> ForkError {
    ForkError::Cache { path: path.display().to_string(), reason: error.to_string() }
}
