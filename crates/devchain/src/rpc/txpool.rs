//! `txpool_*`: the transactions that wait for another.

use std::collections::BTreeMap;

use alloy_consensus::Transaction as _;
use alloy_primitives::Address;
use serde_json::{Value, json};

use super::backend::Backend;
use super::error::RpcError;
use super::ledger::Ledger;
use super::params::Params;
use super::view::{self, quantity};

/// `txpool_status()`
pub(super) fn status(backend: &Backend, _: &Params) -> Result<Value, RpcError> {
    let queued = u64::try_from(backend.ledger().pool().len()).unwrap_or(u64::MAX);
    Ok(json!({ "pending": quantity(0), "queued": quantity(queued) }))
}

/// `txpool_content()`
pub(super) fn content(backend: &Backend, _: &Params) -> Result<Value, RpcError> {
    let ledger = backend.ledger();
    Ok(json!({ "pending": {}, "queued": queued(&ledger)? }))
}

/// `txpool_contentFrom(account)`
pub(super) fn content_from(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let account: Address = params.required(0, "account")?;
    let ledger = backend.ledger();
    let own = queued(&ledger)?.remove(&account).unwrap_or_default();
    Ok(json!({ "pending": {}, "queued": own }))
}

fn queued(ledger: &Ledger) -> Result<BTreeMap<Address, BTreeMap<String, Value>>, RpcError> {
    let mut queued: BTreeMap<Address, BTreeMap<String, Value>> = BTreeMap::new();
    for ((sender, nonce), transaction) in ledger.pool().iter() {
        let shown = view::json(view::waiting(transaction))?;
        queued.entry(*sender).or_default().insert(nonce.to_string(), shown);
    }
    Ok(queued)
}

/// `txpool_inspect()`
pub(super) fn inspect(backend: &Backend, _: &Params) -> Result<Value, RpcError> {
    let ledger = backend.ledger();
    let mut queued: BTreeMap<Address, BTreeMap<String, String>> = BTreeMap::new();
    for ((sender, nonce), transaction) in ledger.pool().iter() {
        let inner = transaction.inner();
        let to = inner.to().map_or("contract creation".to_owned(), |to| to.to_string());
        let text = format!(
            "{to}: {} wei + {} gas × {} wei",
            inner.value(),
            inner.gas_limit(),
            inner.max_fee_per_gas()
        );
        queued.entry(*sender).or_default().insert(nonce.to_string(), text);
    }
    Ok(json!({ "pending": {}, "queued": queued }))
}
