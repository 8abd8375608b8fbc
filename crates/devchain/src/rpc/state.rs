//! What accounts hold.

use alloy_eips::BlockId;
use alloy_primitives::{Address, B256, U256};
use serde_json::{Value, json};

use super::backend::Backend;
use super::error::RpcError;
use super::params::Params;
use super::view::quantity;
use crate::DevChain;

/// Reads something of the account in the first parameter, in the block at an index.
fn read(
    backend: &Backend,
    params: &Params,
    block_index: usize,
    read: impl FnOnce(&DevChain, Address) -> Value,
) -> Result<Value, RpcError> {
    let account: Address = params.required(0, "account")?;
    let block = params.optional(block_index, "block")?.unwrap_or(BlockId::latest());
    let state = backend.ledger().state(block)?;
    Ok(read(&state, account))
}

/// `eth_getBalance(account, block?)`
pub(super) fn balance(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    read(backend, params, 1, |chain, account| json!(chain.balance(account)))
}

/// `eth_getTransactionCount(account, block?)`
pub(super) fn nonce(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    read(backend, params, 1, |chain, account| quantity(chain.nonce(account)))
}

/// `eth_getCode(account, block?)`
pub(super) fn code(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    read(backend, params, 1, |chain, account| json!(chain.code(account)))
}

/// `eth_getStorageAt(account, slot, block?)`
pub(super) fn storage(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let slot: U256 = params.required(1, "slot")?;
    read(backend, params, 2, |chain, account| json!(B256::from(chain.storage(account, slot))))
}

/// `eth_getProof`: there is no trie whose root a proof could lead to.
pub(super) fn refuse_proof(_: &Backend, _: &Params) -> Result<Value, RpcError> {
    Err(RpcError::Refused(
        "proofs are not supported: this chain computes no state root (it is zero in every block); \
         read eth_getBalance, eth_getTransactionCount, eth_getCode and eth_getStorageAt instead"
            .to_owned(),
    ))
}
