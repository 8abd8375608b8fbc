//! The module as a program of a chain, and who pays for what is done to it: flags that commands
//! share.

use std::path::PathBuf;

use clap::Args;
use smart_session_client::{Node, SoftwareKey};

use crate::deployment::Deployments;
use crate::failure::Failure;
use crate::network::{Rpc, Terms};
use crate::secret::{self, Role};

/// Which chain, what is on record of it, and who pays.
#[derive(Args, Debug)]
pub(crate) struct ProgramFlags {
    #[command(flatten)]
    rpc: Rpc,
    /// The file with the secret key that pays; SESSION_SENDER_KEY or a prompt if left out.
    #[arg(long, value_name = "FILE")]
    sender_key_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) deployments: Deployments,
    #[command(flatten)]
    terms: Terms,
}

impl ProgramFlags {
    /// Returns the node.
    pub(crate) async fn node(&self) -> Result<Node, Failure> {
        self.terms.node(&self.rpc).await
    }

    /// Returns the key that pays: asked for only where something is sent.
    pub(crate) fn sender(&self) -> Result<SoftwareKey, Failure> {
        secret::secp256k1(Role::Sender, self.sender_key_file.as_deref())
    }
}
