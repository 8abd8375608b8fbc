//! What a node says of itself and its network.

use alloy_primitives::{Address, Bytes, address, keccak256};
use serde_json::{Value, json};

use super::backend::Backend;
use super::error::RpcError;
use super::params::Params;
use super::view::quantity;

/// Who Arbitrum's blocks name as beneficiary: the sequencer.
pub(super) const SEQUENCER: Address = address!("a4b000000000000000000073657175656e636572");

/// `web3_clientVersion()`, in the shape of other nodes: name, version, rules.
pub(super) fn client_version(backend: &Backend, _: &Params) -> Result<Value, RpcError> {
    let arbos = backend.ledger().chain().arbos().version;
    Ok(json!(format!("devchain/v{}/arbos{arbos}", env!("CARGO_PKG_VERSION"))))
}

/// `web3_sha3(bytes)`
pub(super) fn sha3(_: &Backend, params: &Params) -> Result<Value, RpcError> {
    Ok(json!(keccak256(params.required::<Bytes>(0, "bytes")?)))
}

/// `net_version()`
pub(super) fn net_version(backend: &Backend, _: &Params) -> Result<Value, RpcError> {
    Ok(json!(backend.ledger().chain().chain_id().to_string()))
}

/// `net_listening()`
pub(super) fn listening(_: &Backend, _: &Params) -> Result<Value, RpcError> {
    Ok(json!(true))
}

/// `net_peerCount()`, `eth_hashrate()`: none.
pub(super) fn zero(_: &Backend, _: &Params) -> Result<Value, RpcError> {
    Ok(quantity(0))
}

/// `eth_chainId()`
pub(super) fn chain_id(backend: &Backend, _: &Params) -> Result<Value, RpcError> {
    Ok(quantity(backend.ledger().chain().chain_id()))
}

/// `eth_syncing()`, `eth_mining()`: there is nothing to wait for.
pub(super) fn no(_: &Backend, _: &Params) -> Result<Value, RpcError> {
    Ok(json!(false))
}

/// `eth_coinbase()`
pub(super) fn coinbase(_: &Backend, _: &Params) -> Result<Value, RpcError> {
    Ok(json!(SEQUENCER))
}

/// `rpc_modules()`
pub(super) fn modules(_: &Backend, _: &Params) -> Result<Value, RpcError> {
    let names = ["anvil", "debug", "eth", "evm", "hardhat", "net", "personal", "txpool", "web3"];
    Ok(names.iter().map(|name| ((*name).to_owned(), json!("1.0"))).collect())
}
