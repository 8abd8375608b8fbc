//! `eth_newFilter` and what belongs to it.

use alloy_primitives::U64;
use alloy_rpc_types_eth::Filter;
use serde_json::{Value, json};

use super::backend::Backend;
use super::error::RpcError;
use super::feed::{Feed, Topic};
use super::logs;
use super::params::Params;
use super::view::quantity;

/// `eth_newFilter(filter)`
pub(super) fn new_filter(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let filter: Filter = params.required(0, "filter")?;
    Ok(add(backend, Topic::Logs(Box::new(filter))))
}

/// `eth_newBlockFilter()`
pub(super) fn new_block_filter(backend: &Backend, _: &Params) -> Result<Value, RpcError> {
    Ok(add(backend, Topic::Blocks))
}

/// `eth_newPendingTransactionFilter(full?)`
pub(super) fn new_transaction_filter(
    backend: &Backend,
    params: &Params,
) -> Result<Value, RpcError> {
    let full = params.optional(0, "full transactions")?.unwrap_or(false);
    Ok(add(backend, Topic::Transactions { full }))
}

fn add(backend: &Backend, topic: Topic) -> Value {
    let feed = Feed::new(topic, &backend.ledger());
    quantity(backend.filters().add(feed))
}

/// `eth_getFilterChanges(id)`
pub(super) fn changes(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let id: U64 = params.required(0, "filter id")?;
    let ledger = backend.ledger();
    let mut filters = backend.filters();
    filters.feed(id.saturating_to())?.take(&ledger).map(Value::Array)
}

/// `eth_getFilterLogs(id)`
pub(super) fn filter_logs(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let id: U64 = params.required(0, "filter id")?;
    let topic = backend.filters().feed(id.saturating_to())?.topic().clone();
    match topic {
        Topic::Logs(filter) => logs::matching(&backend.ledger(), &filter),
        Topic::Blocks | Topic::Transactions { .. } => {
            Err(RpcError::parameter(0, "filter id", "it is no filter of logs"))
        }
    }
}

/// `eth_uninstallFilter(id) → whether there was one`
pub(super) fn uninstall(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let id: U64 = params.required(0, "filter id")?;
    Ok(json!(backend.filters().remove(id.saturating_to())))
}
