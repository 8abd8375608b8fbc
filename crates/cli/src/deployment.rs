//! What is deployed where: `deployments/<chain-id>.json`.

use std::path::PathBuf;

use alloy_primitives::{Address, B256};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::source::write_file;

/// Where deployments are written down.
#[derive(Args, Clone, Debug)]
pub(crate) struct Deployments {
    /// The folder with CHAIN-ID.json.
    #[arg(long = "deployments", value_name = "FOLDER", default_value = "deployments")]
    folder: PathBuf,
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
    fn path(&self, chain_id: u64) -> PathBuf {
        self.folder.join(format!("{chain_id}.json"))
    }

    /// Returns what is written down for a chain, if anything is.
    pub(crate) fn read(&self, chain_id: u64) -> Result<Option<Deployment>, Failure> {
        let path = self.path(chain_id);
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

    /// Returns the module on a chain.
    pub(crate) fn module(&self, chain_id: u64) -> Result<Address, Failure> {
        self.read(chain_id)?.map(|deployment| deployment.address).ok_or_else(|| {
            Failure::new(
                format!(
                    "no module is known on chain {chain_id}: there is no {}",
                    self.path(chain_id).display()
                ),
                "give --module, or deploy it (session deploy --dry-run tells where it will be)",
            )
        })
    }

    /// Writes a deployment down. Returns whether anything changed.
    pub(crate) fn write(&self, chain_id: u64, deployment: &Deployment) -> Result<bool, Failure> {
        let path = self.path(chain_id);
        let mut text = serde_json::to_string_pretty(deployment).unwrap_or_default();
        text.push('\n');
        if std::fs::read_to_string(&path).is_ok_and(|before| before == text) {
            return Ok(false);
        }
        std::fs::create_dir_all(&self.folder).map_err(|error| {
            Failure::new(
                format!("{} cannot be made: {error}", self.folder.display()),
                "give --deployments with a folder that can be written",
            )
        })?;
        write_file(&path, &text)?;
        Ok(true)
    }
}
