//! Prices of gas. The base fee never changes and there are no tips.

use alloy_eips::{BlockId, BlockNumberOrTag};
use alloy_primitives::U64;
use alloy_rpc_types_eth::FeeHistory;
use serde_json::Value;

use super::backend::Backend;
use super::error::RpcError;
use super::params::Params;
use super::view::{json, quantity};

/// Most blocks of one answer.
const MOST_BLOCKS: u64 = 1_024;

/// `eth_gasPrice()`
pub(super) fn gas_price(backend: &Backend, _: &Params) -> Result<Value, RpcError> {
    Ok(quantity(backend.ledger().chain().base_fee()))
}

/// `eth_maxPriorityFeePerGas()`: nothing.
pub(super) fn priority_fee(_: &Backend, _: &Params) -> Result<Value, RpcError> {
    Ok(quantity(0))
}

/// `eth_feeHistory(count, newest block, percentiles?)`
pub(super) fn history(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let count = params.required::<U64>(0, "block count")?.saturating_to::<u64>().min(MOST_BLOCKS);
    let newest: BlockNumberOrTag = params.required(1, "newest block")?;
    let percentiles: Option<Vec<f64>> = params.optional(2, "percentiles")?;

    let ledger = backend.ledger();
    let newest = ledger
        .block_at(BlockId::Number(newest))?
        .map(|block| block.header.number)
        .ok_or_else(|| RpcError::parameter(1, "newest block", "there is no such block"))?;
    let oldest = newest.saturating_sub(count.saturating_sub(1));
    let blocks = if count == 0 { &[] } else { ledger.range(oldest, newest) };
    let base_fee = u128::from(ledger.chain().base_fee());
    // 2^50 is the limit of every block, so the share of any gas used rounds to nothing.
    let history = FeeHistory {
        base_fee_per_gas: vec![base_fee; blocks.len().saturating_add(1)],
        gas_used_ratio: vec![0.0; blocks.len()],
        oldest_block: blocks.first().map_or(newest, |block| block.header.number),
        reward: percentiles.map(|shares| vec![vec![0; shares.len()]; blocks.len()]),
        ..FeeHistory::default()
    };
    json(history)
}
