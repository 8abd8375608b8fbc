//! What has happened on the chain since it was asked last: behind filters and subscriptions.

use alloy_rpc_types_eth::{Filter, FilterBlockOption};
use serde_json::{Value, json};

use super::block::{Block, Mined};
use super::error::RpcError;
use super::ledger::Ledger;
use super::view;

/// What a feed tells of.
#[derive(Clone, Debug)]
pub(super) enum Topic {
    /// Every block: its hash in a filter, its header in a subscription.
    Blocks,
    /// Every transaction: its hash, or all of it.
    Transactions {
        /// All of it.
        full: bool,
    },
    /// The logs that a filter lets through.
    Logs(Box<Filter>),
}

/// A topic, and how far it has been told.
///
/// Blocks that `evm_revert` took back stay told; the blocks mined in their place are told too.
#[derive(Clone, Debug)]
pub(super) struct Feed {
    topic: Topic,
    told: u64,
}

impl Feed {
    /// A feed of what happens from now on.
    pub(super) fn new(topic: Topic, ledger: &Ledger) -> Self {
        Self { topic, told: ledger.sequence() }
    }

    /// What is followed.
    pub(super) fn topic(&self) -> &Topic {
        &self.topic
    }

    /// What is new, with blocks as their hashes.
    pub(super) fn take(&mut self, ledger: &Ledger) -> Result<Vec<Value>, RpcError> {
        self.take_with(ledger, |block| Ok(json!(block.hash())))
    }

    /// What is new, with blocks as their headers.
    pub(super) fn take_headers(&mut self, ledger: &Ledger) -> Result<Vec<Value>, RpcError> {
        self.take_with(ledger, Block::header_json)
    }

    fn take_with(
        &mut self,
        ledger: &Ledger,
        show: impl Fn(&Block) -> Result<Value, RpcError>,
    ) -> Result<Vec<Value>, RpcError> {
        let new = ledger.since(self.told);
        self.told = ledger.sequence();
        match &self.topic {
            Topic::Blocks => new.iter().map(show).collect(),
            Topic::Transactions { full } => new
                .iter()
                .filter_map(|block| block.mined.as_ref().map(|mined| (block, mined)))
                .map(|(block, mined)| shown(block, mined, *full))
                .collect(),
            Topic::Logs(filter) => {
                let within = new.iter().filter(|block| covers(filter, block.header.number));
                let logs = within.flat_map(Block::logs);
                logs.filter(|log| filter.matches(&log.inner)).map(view::json).collect()
            }
        }
    }
}

fn shown(block: &Block, mined: &Mined, full: bool) -> Result<Value, RpcError> {
    if full { view::json(mined.in_block(block)) } else { Ok(json!(mined.hash())) }
}

/// Whether a block's number is within the filter's range; a tag is no bound.
fn covers(filter: &Filter, number: u64) -> bool {
    let FilterBlockOption::Range { from_block, to_block } = &filter.block_option else {
        return true;
    };
    let first = from_block.and_then(|bound| bound.as_number()).unwrap_or(0);
    let last = to_block.and_then(|bound| bound.as_number()).unwrap_or(u64::MAX);
    (first..=last).contains(&number)
}
