//! A chain that begins where another one is.
//!
//! Accounts and slots are fetched from a node when they are first read, always at one block, and
//! kept: in memory, and in a file if the node is not on this machine. Programs of that chain run by
//! their own activation data, which is a part of the state.
//!
//! # When the node fails
//!
//! A transaction or call that needs something which cannot be fetched is refused
//! ([`TransactionError::Fork`](crate::TransactionError::Fork)) and changes nothing. Reads such as
//! [`DevChain::balance`] return zero then; [`DevChain::take_fork_failure`] says so.

mod parameters;

use std::path::PathBuf;
use std::sync::Arc;

use alloy_primitives::{B256, U64};
use serde::Deserialize;
use serde_json::json;

use crate::remote::{Disk, ForkError, RemoteNode, Source, failure};
use crate::state::Base;
use crate::{ArbOs, DevChain};

/// A fork that is about to be opened.
///
/// ```no_run
/// use stylus_devchain::Fork;
///
/// let forked = Fork::of("https://rpc.example").at_block(123_456_789).open()?;
/// for warning in &forked.warnings {
///     eprintln!("{warning}");
/// }
/// let chain = forked.chain;
/// # Ok::<(), stylus_devchain::ForkError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Fork {
    url: String,
    block: Option<u64>,
    arbos: Option<ArbOs>,
    cache: Cache,
}

#[derive(Clone, Debug)]
enum Cache {
    /// In the user's cache folder, unless the node is on this machine.
    Usual,
    Folder(PathBuf),
    Nowhere,
}

/// A chain that begins where another one is.
#[derive(Clone, Debug)]
pub struct Forked {
    /// The chain.
    pub chain: DevChain,
    /// Number of the block that it begins with.
    pub block: u64,
    /// What the other chain does in another way than this crate, in words.
    pub warnings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    number: U64,
    hash: B256,
    timestamp: U64,
    base_fee_per_gas: Option<U64>,
    l1_block_number: Option<U64>,
}

impl Fork {
    /// A fork of the chain behind a JSON-RPC address, at its newest block.
    pub fn of(url: impl Into<String>) -> Self {
        Self { url: url.into(), block: None, arbos: None, cache: Cache::Usual }
    }

    /// The same at another block, whose state the node must have.
    #[must_use]
    pub fn at_block(mut self, number: u64) -> Self {
        self.block = Some(number);
        self
    }

    /// The same under these rules, whatever version of `ArbOS` the chain runs.
    #[must_use]
    pub fn with_arbos(mut self, arbos: ArbOs) -> Self {
        self.arbos = Some(arbos);
        self
    }

    /// The same with what was fetched kept in a folder.
    ///
    /// Without it that is `devchain` in the user's cache folder; nothing is kept of a node on this
    /// machine, whose state may be changed by hand without a new block.
    #[must_use]
    pub fn with_cache(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cache = Cache::Folder(folder.into());
        self
    }

    /// The same with nothing kept on disk.
    #[must_use]
    pub fn without_cache(mut self) -> Self {
        self.cache = Cache::Nowhere;
        self
    }

    /// Asks the node what the chain is, and begins there.
    ///
    /// The dev accounts have at least 10,000 ether on it.
    ///
    /// # Errors
    ///
    /// When the node does not answer, does not have the block, or runs unknown rules.
    pub fn open(&self) -> Result<Forked, ForkError> {
        let mut node = RemoteNode::new(&self.url);
        let chain_id: U64 = node.ask("eth_chainId", &json!([]))?;
        let wanted = self.block.map_or(json!("latest"), |number| json!(U64::from(number)));
        let header: Option<Header> = node.ask("eth_getBlockByNumber", &json!([wanted, false]))?;
        let header = header.ok_or_else(|| ForkError::NoBlock {
            node: node.name(),
            block: self.block.map_or_else(|| "latest".to_owned(), |number| number.to_string()),
        })?;
        let block = header.number.saturating_to();
        node.set_block(block);

        let version = node.arbos_version()?;
        let known = [ArbOs::V51, ArbOs::V60, ArbOs::V61];
        let same = known.into_iter().find(|arbos| arbos.version == version);
        let arbos = self.arbos.or(same).ok_or(ForkError::ArbOs { version })?;
        let warnings = node.differences(arbos)?;

        let disk = self
            .folder(&node)
            .map(|folder| Disk::open(&folder, chain_id.saturating_to(), block, header.hash));
        let source = Source::new(node, disk.transpose()?)?;
        let mut chain = DevChain::on(Base::Fork(Arc::new(source)))
            .with_arbos(arbos)
            .with_chain_id(chain_id.saturating_to())
            .with_timestamp(header.timestamp.saturating_to());
        chain.set_block_number(block);
        let time = chain.timestamp();
        let fields = chain.block_fields_mut();
        if let Some(base_fee) = header.base_fee_per_gas {
            fields.base_fee = base_fee.saturating_to();
        }
        if let Some(number) = header.l1_block_number {
            fields.set_parent(number.saturating_to(), time);
        }
        chain.fund_dev_accounts();
        match failure::take() {
            Some(failure) => Err(failure),
            None => Ok(Forked { chain, block, warnings }),
        }
    }

    fn folder(&self, node: &RemoteNode) -> Option<PathBuf> {
        match &self.cache {
            Cache::Folder(folder) => Some(folder.clone()),
            Cache::Usual if !node.is_on_this_machine() => user_folder(),
            Cache::Usual | Cache::Nowhere => None,
        }
    }
}

/// `devchain` in the user's cache folder.
fn user_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|path| !path.is_empty());
    let folder = set("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".cache")));
    folder.map(|folder| folder.join("devchain"))
}

impl DevChain {
    /// A chain that begins where the one behind a JSON-RPC address is now.
    ///
    /// [`Fork`] has more to choose.
    ///
    /// # Errors
    ///
    /// When the node does not answer or runs unknown rules.
    pub fn fork(url: &str) -> Result<Self, ForkError> {
        Fork::of(url).open().map(|forked| forked.chain)
    }

    /// What could not be read of the forked chain by this thread since this was asked last.
    ///
    /// Transactions and calls report it themselves.
    pub fn take_fork_failure() -> Option<ForkError> {
        failure::take()
    }
}
