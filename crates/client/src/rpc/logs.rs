//! Logs of many blocks, asked for in pieces.

use alloy_provider::Provider;
use alloy_rpc_types_eth::{Filter, Log};

use crate::rpc::error::NodeError;
use crate::rpc::node::Node;

impl Node {
    /// Returns the logs of a range of blocks, both ends included, that a filter selects.
    ///
    /// Nodes limit how many blocks, or logs, they answer about at once. So the whole range is
    /// asked for first; where that is refused, half of it, and so on. After each piece, `progress`
    /// is told the next block.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer, or a single block is refused.
    pub async fn logs_between(
        &self,
        filter: &Filter,
        from_block: u64,
        to_block: u64,
        mut progress: impl FnMut(u64),
    ) -> Result<Vec<Log>, NodeError> {
        let mut logs = Vec::new();
        let mut next = from_block;
        // Blocks of a piece beside its first.
        let mut more = to_block.saturating_sub(from_block);
        while next <= to_block {
            let last = next.saturating_add(more).min(to_block);
            let piece = filter.clone().from_block(next).to_block(last);
            match self.asked(|| self.provider.get_logs(&piece)).await {
                Ok(found) => {
                    // Not every node answers what it was asked for.
                    let is_asked = |log: &Log| {
                        filter.matches_address(log.address()) && filter.matches_topics(log.topics())
                    };
                    logs.extend(found.into_iter().filter(is_asked));
                    let Some(after) = last.checked_add(1) else { break };
                    next = after;
                    progress(next);
                    more = more.saturating_mul(2).saturating_add(1);
                }
                Err(NodeError::Refused { .. }) if last > next => {
                    more = last.saturating_sub(next) / 2;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(logs)
    }
}
