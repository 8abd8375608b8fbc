//! What is deployed where: `deployments/<chain-id>.json`.

use std::path::PathBuf;

use alloy_primitives::{Address, B256};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::output_file::write_file;

/// Where deployments are written down. No folder is looked at that the user does not name: the
/// current one may be anybody's.
#[derive(Args, Clone, Debug)]
pub(crate) struct Deployments {
    /// The folder with records of deployments, CHAIN-ID.json; none is read if left out.
    #[arg(long = "deployments", value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// One deployment of the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Deployment {
    /// Where the module is.
    pub(crate) address: Address,
    /// keccak256 of the code there.
    pub(crate) code_hash: B256,
    /// SHA-256 of the WASM, in hex.
    pub(crate) wasm_sha256: String,
    /// The block that it was deployed in, or a lower one: no event of the module is older.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) block: Option<u64>,
    /// The commit that it was built from.
    pub(crate) commit: Option<String>,
    /// The toolchain that built it.
    pub(crate) toolchain: Option<String>,
}

impl Deployments {
    fn path(&self, chain_id: u64) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(format!("{chain_id}.json")))
    }

    /// Returns whether a folder is named.
    pub(crate) const fn are_named(&self) -> bool {
        self.folder.is_some()
    }

    /// Returns what is written down for a chain, if anything is.
    pub(crate) fn read(&self, chain_id: u64) -> Result<Option<Deployment>, Failure> {
        let Some(path) = self.path(chain_id) else { return Ok(None) };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Failure::new(
                    format!("{} cannot be read: {error}", path.display()),
                    "make it readable, or give --module",
                ));
            }
        };
        serde_json::from_str(&text).map(Some).map_err(|error| {
            Failure::new(
                format!("{}: {error}", path.display()),
                "mend that place of the file, or write it anew with session deploy",
            )
        })
    }

    /// Writes a deployment down, where a folder is named. Returns whether anything changed.
    pub(crate) fn write(&self, chain_id: u64, deployment: &Deployment) -> Result<bool, Failure> {
        let (Some(folder), Some(path)) = (&self.folder, self.path(chain_id)) else {
            return Ok(false);
        };
        let mut text = serde_json::to_string_pretty(deployment).unwrap_or_default();
        text.push('\n');
        if std::fs::read_to_string(&path).is_ok_and(|before| before == text) {
            return Ok(false);
        }
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::new(
                format!("{} cannot be made: {error}", folder.display()),
                "give --deployments with a folder that can be written",
            )
        })?;
        write_file(&path, &text)?;
        Ok(true)
    }
}
