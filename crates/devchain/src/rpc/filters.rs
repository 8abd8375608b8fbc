//! Feeds that clients ask for by number.

use std::collections::BTreeMap;

use super::error::RpcError;
use super::feed::Feed;

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
    /// Adds a feed and returns its number.
    pub(super) fn add(&mut self, feed: Feed) -> u64 {
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

    /// Returns the feed with a number.
    ///
    /// # Errors
    ///
    /// When there is none, or no longer.
    pub(super) fn feed(&mut self, id: u64) -> Result<&mut Feed, RpcError> {
        self.questions = self.questions.saturating_add(1);
        let asked = self.feeds.get_mut(&id).ok_or_else(|| {
            RpcError::Refused(format!("filter not found: there is no filter {id:#x}"))
        })?;
        asked.question = self.questions;
        Ok(&mut asked.feed)
    }

    /// Ends a feed; returns whether there was one.
    pub(super) fn remove(&mut self, id: u64) -> bool {
        self.feeds.remove(&id).is_some()
    }
}
