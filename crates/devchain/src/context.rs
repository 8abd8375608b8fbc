//! What a frame can reach, in revm's shape: the chain's state, the block, the transaction, and what
//! an Arbitrum chain has beside them.

use alloy_primitives::B256;
use revm::Journal;
use revm::context::{BlockEnv, CfgEnv, TxEnv};
use revm::database::WrapDatabaseRef;

use crate::ArbOs;
use crate::engine::Engine;
use crate::meter::pages::Pages;
use crate::program::{Entry, RecentPrograms};
use crate::state::ChainState;
use crate::trace::Recorder;

/// The chain's state as the EVM reads it; what a transaction changes is applied afterwards.
pub(crate) type State<'db> = WrapDatabaseRef<&'db ChainState>;

/// Everything a frame can reach.
pub(crate) type Context<'db> =
    revm::Context<BlockEnv, TxEnv, CfgEnv, State<'db>, Journal<State<'db>>, Arbitrum>;

/// What an Arbitrum chain has beside an Ethereum chain.
#[derive(Debug)]
pub(crate) struct Arbitrum {
    /// The rules.
    pub(crate) arbos: ArbOs,
    /// What runs programs.
    pub(crate) engine: Engine,
    /// What a unit of gas costs on the chain, also where a call sees a base fee of 0.
    pub(crate) base_fee: u64,
    /// Number of the block on this chain; `NUMBER` is that of the parent chain.
    pub(crate) block_number: u64,
    /// Memory of the transaction's programs.
    pub(crate) pages: Pages,
    /// Programs that ran in this block.
    pub(crate) recent: RecentPrograms,
    /// The frames.
    pub(crate) recorder: Recorder,
}

/// What starting a program costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StartPrice {
    /// Start price and memory pages, in gas.
    pub(crate) gas: u64,
    /// Whether the price is the cached one.
    pub(crate) was_cached: bool,
    /// The transaction's pages once the program runs.
    pub(crate) pages: Pages,
}

impl Arbitrum {
    /// What starting a program costs now.
    ///
    /// The block remembers the program from here on, even if it cannot pay and whatever becomes of
    /// the transaction (shape-same-block).
    pub(crate) fn start_price(&mut self, code_hash: B256, entry: &Entry) -> StartPrice {
        let was_cached =
            entry.is_cached || (self.arbos.has_block_cache && self.recent.insert(code_hash));
        let estimate = &entry.estimate;
        let start = if was_cached { estimate.cached_init_gas() } else { estimate.init_gas() };
        let mut pages = self.pages;
        let gas = pages.take(estimate.pages).saturating_add(start);
        StartPrice { gas, was_cached, pages }
    }
}
