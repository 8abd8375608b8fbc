//! What the chain's blocks say beside their number and time.

use alloy_primitives::{Address, B256, U256, address};

/// Base fee of Arbitrum's dev nodes: 0.1 gwei.
const BASE_FEE: u64 = 100_000_000;
/// Gas limit that Arbitrum's blocks name.
const GAS_LIMIT: u64 = 1 << 50;
/// Who Arbitrum's blocks name as beneficiary: the sequencer.
const SEQUENCER: Address = address!("a4b000000000000000000073657175656e636572");
/// Number of the parent chain's block at the time of the first block here.
const GENESIS_PARENT_BLOCK: u64 = 24_000_000;
/// Seconds between blocks of the parent chain.
const PARENT_BLOCK_TIME: u64 = 12;

/// What the chain's blocks say beside their number and time.
#[derive(Clone, Debug)]
pub(crate) struct BlockFields {
    /// Wei per unit of gas.
    pub(crate) base_fee: u64,
    /// `COINBASE`.
    pub(crate) coinbase: Address,
    /// `GASLIMIT`.
    pub(crate) gas_limit: u64,
    /// `PREVRANDAO`.
    pub(crate) random: B256,
    /// The header's difficulty.
    pub(crate) difficulty: U256,
    /// A block of the parent chain: its number and time.
    parent: (u64, u64),
}

impl BlockFields {
    /// Those of a chain that began at a time.
    pub(super) fn new(genesis_time: u64) -> Self {
        Self {
            base_fee: BASE_FEE,
            coinbase: SEQUENCER,
            gas_limit: GAS_LIMIT,
            random: B256::from(U256::ONE),
            difficulty: U256::ONE,
            parent: (GENESIS_PARENT_BLOCK, genesis_time),
        }
    }

    /// Number of the parent chain's block at a time.
    pub(super) fn parent_number(&self, time: u64) -> u64 {
        let (number, at) = self.parent;
        number.saturating_add(time.saturating_sub(at) / PARENT_BLOCK_TIME)
    }

    /// Sets the number that the parent chain's block has at a time.
    #[cfg(feature = "fork")]
    pub(crate) fn set_parent(&mut self, number: u64, time: u64) {
        self.parent = (number, time);
    }
}
