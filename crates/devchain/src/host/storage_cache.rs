//! The slots that a frame has read or wants to write.

use std::collections::BTreeMap;

use alloy_primitives::B256;

/// What a frame knows of its slots. Writes stay here until they are flushed.
#[derive(Debug, Default)]
pub(super) struct StorageCache {
    pub(super) slots: BTreeMap<B256, Slot>,
    pub(super) reads: u64,
    pub(super) writes: u64,
}

/// A slot's value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) value: B256,
    /// What the chain holds, if it was asked.
    pub(super) known: Option<B256>,
}

impl Slot {
    pub(super) fn is_dirty(&self) -> bool {
        self.known != Some(self.value)
    }
}
