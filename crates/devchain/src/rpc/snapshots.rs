//! Moments that a node can go back to.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::clock::Clock;
use super::error::RpcError;
use super::pool::Pool;
use crate::DevChain;

/// Most snapshots that are kept. With one more, the oldest is forgotten.
const MOST_SNAPSHOTS: usize = 256;

/// All that a snapshot holds.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) chain: Arc<DevChain>,
    pub(super) clock: Clock,
    pub(super) pool: Pool,
    /// Number of the newest block.
    pub(super) newest: u64,
}

/// The snapshots of a node, numbered from 1.
#[derive(Debug, Default)]
pub(super) struct Snapshots {
    moments: BTreeMap<u64, Moment>,
    taken: u64,
    /// The highest number that was forgotten because there were too many.
    forgotten: u64,
}

impl Snapshots {
    /// Keeps a moment and returns its number.
    pub(super) fn add(&mut self, moment: Moment) -> u64 {
        if self.moments.len() >= MOST_SNAPSHOTS
            && let Some((number, _)) = self.moments.pop_first()
        {
            self.forgotten = number;
        }
        self.taken = self.taken.saturating_add(1);
        self.moments.insert(self.taken, moment);
        self.taken
    }

    /// Takes a moment out, and all later ones with it; `None` if there is no such snapshot.
    ///
    /// # Errors
    ///
    /// When there were too many since.
    pub(super) fn take(&mut self, number: u64) -> Result<Option<Moment>, RpcError> {
        if (1..=self.forgotten).contains(&number) {
            return Err(RpcError::Refused(format!(
                "snapshot {number:#x} is forgotten: only the last {MOST_SNAPSHOTS} are kept"
            )));
        }
        if !self.moments.contains_key(&number) {
            return Ok(None);
        }
        let mut later = self.moments.split_off(&number);
        Ok(later.remove(&number))
    }
}
