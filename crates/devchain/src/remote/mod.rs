//! Another chain, read through a node: what a fork stands on.
//!
//! Accounts and slots are fetched when they are first read, always at one block, and kept.

mod disk;
pub(crate) mod failure;
mod node;
mod source;

use alloy_primitives::Bytes;

pub(crate) use disk::Disk;
pub(crate) use node::RemoteNode;
pub(crate) use source::Source;

/// Why a chain could not be forked, or the fork not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForkError {
    /// The node does not answer.
    #[error("the node {node} does not answer: {reason}")]
    Unreachable {
        /// Its scheme and host.
        node: String,
        /// What went wrong.
        reason: String,
    },
    /// The node answers with an error, or with something else than was asked for.
    #[error("the node {node} answers {method} with: {reason}")]
    Answer {
        /// Its scheme and host.
        node: String,
        /// What was asked.
        method: &'static str,
        /// What it said.
        reason: String,
        /// The data of its error, if it is hex.
        data: Option<Bytes>,
    },
    /// There is no such block.
    #[error("the node {node} has no block {block}")]
    NoBlock {
        /// Its scheme and host.
        node: String,
        /// The block.
        block: String,
    },
    /// The chain runs a version of `ArbOS` that this crate does not know.
    #[error(
        "the chain runs ArbOS {version}; known are 51, 60 and 61: name one of them to run the fork \
         by its rules"
    )]
    ArbOs {
        /// The version.
        version: u64,
    },
    /// The cache's file cannot be used.
    #[error("the cache {path} cannot be used: {reason}")]
    Cache {
        /// The file.
        path: String,
        /// What went wrong.
        reason: String,
    },
}
