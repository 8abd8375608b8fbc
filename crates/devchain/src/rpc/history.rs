//! Blocks, transactions and receipts.

use alloy_consensus::TxEnvelope;
use alloy_consensus::transaction::Recovered;
use alloy_eips::{BlockId, BlockNumberOrTag, Encodable2718};
use alloy_primitives::{B256, Bytes, U64};
use serde_json::{Value, json};

use super::backend::Backend;
use super::block::{Block, Mined};
use super::error::RpcError;
use super::params::Params;
use super::view::{self, json, quantity};

/// `eth_blockNumber()`
pub(super) fn block_number(backend: &Backend, _: &Params) -> Result<Value, RpcError> {
    Ok(quantity(backend.ledger().newest()))
}

fn by_number(params: &Params) -> Result<BlockId, RpcError> {
    params.required::<BlockNumberOrTag>(0, "block").map(BlockId::Number)
}

fn by_hash(params: &Params) -> Result<BlockId, RpcError> {
    params.required::<B256>(0, "block hash").map(BlockId::from)
}

/// Shows a block, or null where there is none.
fn show(
    backend: &Backend,
    id: BlockId,
    view: impl FnOnce(&Block) -> Result<Value, RpcError>,
) -> Result<Value, RpcError> {
    backend.ledger().block_at(id)?.map_or(Ok(Value::Null), view)
}

/// `eth_getBlockByNumber(block, full transactions?)`
pub(super) fn block_by_number(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let (id, full) = (by_number(params)?, full(params)?);
    show(backend, id, |block| block.to_json(full))
}

/// `eth_getBlockByHash(hash, full transactions?)`
pub(super) fn block_by_hash(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let (id, full) = (by_hash(params)?, full(params)?);
    show(backend, id, |block| block.to_json(full))
}

fn full(params: &Params) -> Result<bool, RpcError> {
    Ok(params.optional(1, "full transactions")?.unwrap_or(false))
}

/// `eth_getHeaderByNumber(block)`
pub(super) fn header_by_number(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    show(backend, by_number(params)?, Block::header_json)
}

/// `eth_getHeaderByHash(hash)`
pub(super) fn header_by_hash(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    show(backend, by_hash(params)?, Block::header_json)
}

/// `eth_getBlockTransactionCountByNumber(block)`
pub(super) fn count_by_number(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    show(backend, by_number(params)?, |block| Ok(quantity(block.mined.is_some().into())))
}

/// `eth_getBlockTransactionCountByHash(hash)`
pub(super) fn count_by_hash(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    show(backend, by_hash(params)?, |block| Ok(quantity(block.mined.is_some().into())))
}

/// `eth_getUncleCountByBlockNumber(block)`: there are none.
pub(super) fn uncles_by_number(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    show(backend, by_number(params)?, |_| Ok(quantity(0)))
}

/// `eth_getUncleCountByBlockHash(hash)`: there are none.
pub(super) fn uncles_by_hash(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    show(backend, by_hash(params)?, |_| Ok(quantity(0)))
}

/// Shows the transaction at the index in the second parameter.
fn show_indexed(
    backend: &Backend,
    id: BlockId,
    params: &Params,
    view: impl FnOnce(&Block, &Mined) -> Result<Value, RpcError>,
) -> Result<Value, RpcError> {
    let index: U64 = params.required(1, "index")?;
    show(backend, id, |block| {
        let mined = block.mined.as_ref().filter(|_| index.is_zero());
        mined.map_or(Ok(Value::Null), |mined| view(block, mined))
    })
}

/// `eth_getTransactionByBlockNumberAndIndex(block, index)`
pub(super) fn transaction_in_number(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    show_indexed(backend, by_number(params)?, params, |block, mined| json(mined.in_block(block)))
}

/// `eth_getTransactionByBlockHashAndIndex(hash, index)`
pub(super) fn transaction_in_hash(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    show_indexed(backend, by_hash(params)?, params, |block, mined| json(mined.in_block(block)))
}

/// `eth_getRawTransactionByBlockNumberAndIndex(block, index)`
pub(super) fn raw_in_number(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    show_indexed(backend, by_number(params)?, params, |_, mined| Ok(raw(&mined.transaction)))
}

/// `eth_getRawTransactionByBlockHashAndIndex(hash, index)`
pub(super) fn raw_in_hash(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    show_indexed(backend, by_hash(params)?, params, |_, mined| Ok(raw(&mined.transaction)))
}

fn raw(transaction: &Recovered<TxEnvelope>) -> Value {
    json!(Bytes::from(transaction.inner().encoded_2718()))
}

/// `eth_getTransactionByHash(hash)`, also of one that waits for another.
pub(super) fn transaction(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required(0, "transaction hash")?;
    let ledger = backend.ledger();
    if let Some((block, mined)) = ledger.transaction(hash) {
        return json(mined.in_block(block));
    }
    let waiting = ledger.pool().get(hash);
    waiting.map_or(Ok(Value::Null), |transaction| json(view::waiting(transaction)))
}

/// `eth_getRawTransactionByHash(hash)`, also of one that waits for another.
pub(super) fn raw_transaction(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required(0, "transaction hash")?;
    let ledger = backend.ledger();
    let mined = ledger.transaction(hash).map(|(_, mined)| &mined.transaction);
    let known = mined.or_else(|| ledger.pool().get(hash));
    Ok(known.map_or(Value::Null, raw))
}

/// `eth_getTransactionReceipt(hash)`
pub(super) fn receipt(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required(0, "transaction hash")?;
    let ledger = backend.ledger();
    ledger.transaction(hash).map_or(Ok(Value::Null), |(block, mined)| mined.receipt_json(block))
}

/// `eth_getBlockReceipts(block)`
pub(super) fn block_receipts(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let id: BlockId = params.required(0, "block")?;
    show(backend, id, |block| {
        let receipts: Result<Vec<_>, _> =
            block.mined.iter().map(|mined| mined.receipt_json(block)).collect();
        receipts.map(Value::Array)
    })
}
