//! `eth_newFilter` and what belongs to it: feeds that a client asks for by number.

use std::collections::BTreeMap;

use alloy_primitives::U64;
use alloy_rpc_types_eth::Filter;
use serde_json::{Value, json};

use super::backend::Backend;
use super::error::RpcError;
use super::feed::{Feed, Topic};
use super::logs;
use super::params::Params;
use super::view::quantity;

/// Most filters of a node. With one more, the one that was asked longest ago ends.
const MOST_FILTERS: usize = 1_000;

/// The filters of a node.
#[derive(Debug, Default)]
pub(super) struct Filters {
    feeds: BTreeMap<u64, Asked>,
    next: u64,
    /// Counts questions, so that the filter asked longest ago is known.
    questions: u64,
}

#[derive(Debug)]
struct Asked {
    feed: Feed,
    question: u64,
}

impl Filters {
    fn add(&mut self, feed: Feed) -> u64 {
        if self.feeds.len() >= MOST_FILTERS {
            let oldest = self.feeds.iter().min_by_key(|(_, asked)| asked.question);
            if let Some(id) = oldest.map(|(id, _)| *id) {
                self.feeds.remove(&id);
            }
        }
        self.next = self.next.saturating_add(1);
        self.questions = self.questions.saturating_add(1);
        self.feeds.insert(self.next, Asked { feed, question: self.questions });
        self.next
    }

    fn feed(&mut self, id: u64) -> Result<&mut Feed, RpcError> {
        self.questions = self.questions.saturating_add(1);
        let asked = self.feeds.get_mut(&id).ok_or_else(|| {
            RpcError::Refused(format!("filter not found: there is no filter {id:#x}"))
        })?;
        asked.question = self.questions;
        Ok(&mut asked.feed)
    }
}

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
    Ok(json!(backend.filters().feeds.remove(&id.saturating_to()).is_some()))
}
