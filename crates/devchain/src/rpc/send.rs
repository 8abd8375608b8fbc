//! Transactions that change the chain.

use alloy_primitives::Bytes;
use alloy_rpc_types_eth::TransactionRequest;
use serde_json::{Value, json};

use super::call::{self, GAS_CAP};
use super::error::RpcError;
use super::estimate::least_gas;
use super::node::Node;
use super::params::Params;
use super::signed;
use crate::Transaction;

/// `eth_sendRawTransaction(bytes)`
pub(super) fn send_raw(node: &Node, params: &Params) -> Result<Value, RpcError> {
    let bytes: Bytes = params.required(0, "signed transaction")?;
    let signed = signed::decode(&bytes)
        .map_err(|reason| RpcError::parameter(0, "signed transaction", reason))?;
    let mut ledger = node.ledger();
    let request = signed::admit(ledger.chain(), &signed)?;
    ledger.mine(signed, request).map(|hash| json!(hash))
}

/// `eth_sendTransaction(transaction)` for a dev account. What it leaves open is filled in.
pub(super) fn send(node: &Node, params: &Params) -> Result<Value, RpcError> {
    let mut wanted: TransactionRequest = params.required(0, "transaction")?;
    let wrong = |reason: &str| RpcError::parameter(0, "transaction", reason);
    let from = wanted.from.ok_or_else(|| wrong("from is missing"))?;

    let mut ledger = node.ledger();
    let chain = ledger.state(alloy_eips::BlockId::pending())?;
    wanted.chain_id = wanted.chain_id.or(Some(chain.chain_id()));
    wanted.nonce = wanted.nonce.or_else(|| Some(chain.nonce(from)));
    wanted.to = wanted.to.or(Some(alloy_primitives::TxKind::Create));
    if wanted.gas_price.is_none() {
        let fee = u128::from(chain.base_fee()).saturating_mul(2);
        wanted.max_fee_per_gas = wanted.max_fee_per_gas.or(Some(fee));
        wanted.max_priority_fee_per_gas = wanted.max_priority_fee_per_gas.or(Some(0));
    }
    if wanted.gas.is_none() {
        let most = GAS_CAP.min(Transaction::DEFAULT_GAS_LIMIT);
        let attempt = call::transaction(&wanted, chain.chain_id())?.with_gas_limit(most);
        wanted.gas = Some(least_gas(&chain, &attempt)?);
    }
    let transaction = wanted.build_consensus_tx().map_err(|error| wrong(&error.error))?;
    let signed = signed::sign(transaction, from)
        .ok_or_else(|| wrong("from is no dev account: sign it and send it raw"))?;
    if signed.inner().is_eip4844() {
        return Err(wrong("transaction type not supported: Arbitrum has no blobs"));
    }
    let request = signed::admit(ledger.chain(), &signed)?;
    ledger.mine(signed, request).map(|hash| json!(hash))
}
