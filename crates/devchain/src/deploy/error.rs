//! Why a program could not be deployed.

use alloy_primitives::B256;

use crate::chain::CODE_SIZE_LIMIT;
use crate::{ForkError, program};

/// Why a program could not be deployed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeployerError {
    /// The bytes are no module.
    #[error("nothing was sent: {0}")]
    Pack(#[from] program::PackError),
    /// The module breaks a rule of Stylus.
    #[error("nothing was sent: the module cannot be activated: {0}")]
    Module(#[from] program::ModuleError),
    /// The code is too long for one contract.
    #[error(
        "nothing was sent: the compressed code has {got} bytes, and a contract at most \
         {CODE_SIZE_LIMIT}; make the module smaller (code in fragments is not deployed here)"
    )]
    TooLong {
        /// Its length.
        got: usize,
    },
    /// The key is no key.
    #[error("the key is not a secp256k1 key of 32 bytes")]
    Key,
    /// The node has no accounts of its own.
    #[error("the node has no accounts: give the key of one that can pay")]
    NoAccount,
    /// The node refused something or does not answer.
    #[error("{step}: {error}")]
    Node {
        /// What was being done.
        step: &'static str,
        /// What went wrong.
        error: ForkError,
    },
    /// A transaction was mined and failed.
    #[error("{step}: the transaction {hash} failed")]
    Failed {
        /// What was being done.
        step: &'static str,
        /// The transaction.
        hash: B256,
    },
    /// A transaction was not mined in a minute.
    #[error("{step}: the transaction {hash} is not mined after a minute")]
    NotMined {
        /// What was being done.
        step: &'static str,
        /// The transaction.
        hash: B256,
    },
}
