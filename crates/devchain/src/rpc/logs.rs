//! `eth_getLogs`.

use alloy_rpc_types_eth::{Filter, FilterBlockOption};
use serde_json::Value;

use super::block::Block;
use super::error::RpcError;
use super::node::Node;
use super::params::Params;
use super::view::json;

/// `eth_getLogs(filter)`
pub(super) fn logs(node: &Node, params: &Params) -> Result<Value, RpcError> {
    let filter: Filter = params.required(0, "filter")?;
    let ledger = node.ledger();
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
            ledger.range(first, last)
        }
    };
    let logs = blocks.iter().flat_map(Block::logs);
    json(logs.filter(|log| filter.matches(&log.inner)).collect::<Vec<_>>())
}
