//! `eth_getLogs`.

use alloy_rpc_types_eth::{Filter, FilterBlockOption};
use serde_json::Value;

use super::backend::Backend;
use super::block::Block;
use super::error::RpcError;
use super::ledger::Ledger;
use super::params::Params;
use super::view::json;

/// `eth_getLogs(filter)`
pub(super) fn logs(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let filter: Filter = params.required(0, "filter")?;
    matching(&backend.ledger(), &filter)
}

/// The logs that a filter lets through.
pub(super) fn matching(ledger: &Ledger, filter: &Filter) -> Result<Value, RpcError> {
    let blocks: &[Block] = match filter.block_option {
        FilterBlockOption::AtBlockHash(hash) => {
            let block = ledger.block_by_hash(hash);
            std::slice::from_ref(block.ok_or_else(|| {
                RpcError::Refused(format!("unknown block: there is no block {hash}"))
            })?)
        }
        FilterBlockOption::Range { from_block, to_block } => {
            let bound = |bound: Option<_>| {
                bound.map_or_else(|| ledger.newest(), |number| ledger.number(number))
            };
            let (first, last) = (bound(from_block), bound(to_block));
            if first > last {
                let reason = format!("fromBlock {first} is after toBlock {last}");
                return Err(RpcError::parameter(0, "filter", reason));
            }
            ledger.check_kept(first)?;
            ledger.range(first, last)
        }
    };
    let logs = blocks.iter().flat_map(Block::logs);
    json(logs.filter(|log| filter.matches(&log.inner)).collect::<Vec<_>>())
}
