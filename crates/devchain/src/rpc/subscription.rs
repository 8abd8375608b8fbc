//! `eth_subscribe`: feeds that are pushed over a WebSocket.

use std::collections::BTreeMap;

use alloy_primitives::U64;
use alloy_rpc_types_eth::Filter;
use serde_json::{Value, json};

use super::backend::Backend;
use super::error::RpcError;
use super::feed::{Feed, Topic};
use super::params::Params;
use super::view::quantity;

/// Most subscriptions of a connection.
const MOST_SUBSCRIPTIONS: usize = 100;

/// The subscriptions of a connection.
#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    feeds: BTreeMap<u64, Feed>,
    next: u64,
}

impl Subscriptions {
    /// Serves a request that concerns this connection; `None` if it is for the node.
    pub(super) fn serve(
        &mut self,
        backend: &Backend,
        method: &str,
        params: &Params,
    ) -> Option<Result<Value, RpcError>> {
        match method {
            "eth_subscribe" => Some(self.subscribe(backend, params)),
            "eth_unsubscribe" => Some(self.unsubscribe(params)),
            _ => None,
        }
    }

    /// `eth_subscribe(kind, filter or full?)`
    fn subscribe(&mut self, backend: &Backend, params: &Params) -> Result<Value, RpcError> {
        let kind: String = params.required(0, "kind")?;
        let topic = match kind.as_str() {
            "newHeads" => Topic::Blocks,
            "logs" => {
                let filter: Option<Filter> = params.optional(1, "filter")?;
                Topic::Logs(Box::new(filter.unwrap_or_default()))
            }
            "newPendingTransactions" => {
                let full = params.optional(1, "full transactions")?.unwrap_or(false);
                Topic::Transactions { full }
            }
            other => {
                let reason = format!(
                    "{other} cannot be followed here, only newHeads, logs and \
                     newPendingTransactions"
                );
                return Err(RpcError::parameter(0, "kind", reason));
            }
        };
        if self.feeds.len() >= MOST_SUBSCRIPTIONS {
            return Err(RpcError::Refused(format!(
                "a connection has at most {MOST_SUBSCRIPTIONS} subscriptions: end one with \
                 eth_unsubscribe"
            )));
        }
        self.next = self.next.saturating_add(1);
        self.feeds.insert(self.next, Feed::new(topic, &backend.ledger()));
        Ok(quantity(self.next))
    }

    /// `eth_unsubscribe(id) → whether there was one`
    fn unsubscribe(&mut self, params: &Params) -> Result<Value, RpcError> {
        let id: U64 = params.required(0, "subscription id")?;
        Ok(json!(self.feeds.remove(&id.saturating_to()).is_some()))
    }

    /// The notifications that are due.
    pub(super) fn take(&mut self, backend: &Backend) -> Vec<Value> {
        let ledger = backend.ledger();
        let mut due = Vec::new();
        for (id, feed) in &mut self.feeds {
            // What cannot be shown is told by the method that asks for it.
            for result in feed.take_headers(&ledger).unwrap_or_default() {
                let params = json!({ "subscription": quantity(*id), "result": result });
                due.push(json!({
                    "jsonrpc": "2.0", "method": "eth_subscription", "params": params,
                }));
            }
        }
        due
    }
}

/// `eth_subscribe` over plain HTTP.
pub(super) fn refuse(_: &Backend, _: &Params) -> Result<Value, RpcError> {
    Err(RpcError::Refused(
        "notifications not supported over HTTP: open a WebSocket at the same address, or use \
         eth_newFilter"
            .to_owned(),
    ))
}
