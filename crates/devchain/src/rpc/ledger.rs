//! The chain with its history.

use std::collections::HashMap;
use std::sync::Arc;

use alloy_consensus::TxEnvelope;
use alloy_consensus::transaction::Recovered;
use alloy_eips::{BlockId, BlockNumberOrTag};
use alloy_primitives::B256;

use super::block::{Block, Mined};
use super::clock::Clock;
use super::error::RpcError;
use crate::{DevChain, Transaction};

/// So many of the newest blocks can still be asked for their state.
const KEPT_STATES: u64 = 256;

/// The chain with its blocks and its clock.
///
/// The state is shared by whoever runs a call on it and copied when the next block changes it.
#[derive(Debug)]
pub(super) struct Ledger {
    chain: Arc<DevChain>,
    pub(super) clock: Clock,
    /// The oldest block first; never empty.
    blocks: Vec<Block>,
    /// Number of the block by the transaction in it.
    transactions: HashMap<B256, u64>,
    snapshots: Vec<Snapshot>,
}

#[derive(Debug)]
struct Snapshot {
    chain: Arc<DevChain>,
    clock: Clock,
    newest: u64,
}

impl Ledger {
    /// A ledger that begins with the chain's newest block.
    pub(super) fn new(chain: DevChain) -> Self {
        let clock = Clock::standing(chain.timestamp());
        Self {
            blocks: vec![Block::new(&chain, B256::ZERO, None, None)],
            chain: Arc::new(chain),
            clock,
            transactions: HashMap::new(),
            snapshots: Vec::new(),
        }
    }

    /// The newest state.
    pub(super) fn chain(&self) -> &Arc<DevChain> {
        &self.chain
    }

    /// The newest state, to be changed as no transaction could.
    pub(super) fn chain_mut(&mut self) -> &mut DevChain {
        Arc::make_mut(&mut self.chain)
    }

    fn oldest(&self) -> u64 {
        self.blocks.first().map_or(0, |block| block.header.number)
    }

    /// Number of the newest block.
    pub(super) fn newest(&self) -> u64 {
        self.chain.block_number()
    }

    /// The block with that number.
    pub(super) fn block(&self, number: u64) -> Option<&Block> {
        self.blocks.get(self.index(number)?)
    }

    fn index(&self, number: u64) -> Option<usize> {
        usize::try_from(number.checked_sub(self.oldest())?).ok()
    }

    /// The block that is meant.
    pub(super) fn block_at(&self, id: BlockId) -> Option<&Block> {
        match id {
            BlockId::Hash(hash) => self.block_by_hash(hash.block_hash),
            BlockId::Number(number) => self.block(self.number(number)),
        }
    }

    /// The block with that hash.
    pub(super) fn block_by_hash(&self, hash: B256) -> Option<&Block> {
        self.blocks.iter().rev().find(|block| block.hash() == hash)
    }

    /// The number that is meant. There is one chain here, so the newest block is final.
    pub(super) fn number(&self, number: BlockNumberOrTag) -> u64 {
        match number {
            BlockNumberOrTag::Number(number) => number,
            BlockNumberOrTag::Earliest => self.oldest(),
            BlockNumberOrTag::Latest
            | BlockNumberOrTag::Pending
            | BlockNumberOrTag::Safe
            | BlockNumberOrTag::Finalized => self.newest(),
        }
    }

    /// The block that a transaction was mined in, and the transaction.
    pub(super) fn transaction(&self, hash: B256) -> Option<(&Block, &Mined)> {
        let block = self.block(*self.transactions.get(&hash)?)?;
        Some((block, block.mined.as_ref()?))
    }

    /// The blocks in a range of numbers.
    pub(super) fn range(&self, first: u64, last: u64) -> &[Block] {
        let first = self.index(first.max(self.oldest())).unwrap_or(usize::MAX);
        let last = self.index(last.min(self.newest())).unwrap_or(0);
        self.blocks.get(first..=last).unwrap_or_default()
    }

    /// The state after a block. That of the pending block has the time of the next one.
    pub(super) fn state(&self, id: BlockId) -> Result<Arc<DevChain>, RpcError> {
        if id.is_pending() {
            return Ok(self.pending());
        }
        let block = self.block_at(id).ok_or_else(|| {
            RpcError::Refused(format!("header not found: there is no block {id}"))
        })?;
        let number = block.header.number;
        if number == self.newest() {
            return Ok(Arc::clone(&self.chain));
        }
        self.block(number.saturating_add(1)).and_then(|block| block.before.clone()).ok_or_else(
            || {
                let reason = format!("only the last {KEPT_STATES} states are kept");
                RpcError::Refused(format!("missing state of block {number}: {reason}"))
            },
        )
    }

    /// The newest state at the time of the next block.
    fn pending(&self) -> Arc<DevChain> {
        let time = self.next_time(self.clock.peek());
        if time == self.chain.timestamp() {
            return Arc::clone(&self.chain);
        }
        let mut chain = DevChain::clone(&self.chain);
        chain.set_timestamp(time);
        Arc::new(chain)
    }

    /// No block is older than the one before it.
    fn next_time(&self, time: u64) -> u64 {
        time.max(self.chain.timestamp())
    }

    /// Mines a transaction.
    pub(super) fn mine(
        &mut self,
        transaction: Recovered<TxEnvelope>,
        request: Transaction,
    ) -> Result<B256, RpcError> {
        let before = Arc::clone(&self.chain);
        let mut clock = self.clock;
        let mut chain = DevChain::clone(&before);
        chain.set_timestamp(self.next_time(clock.take()));
        let mut outcome = chain.transact(&request)?;
        outcome.frames = Vec::new();

        let mined = Mined { transaction, request, outcome };
        let hash = mined.hash();
        self.clock = clock;
        self.chain = Arc::new(chain);
        self.transactions.insert(hash, self.newest());
        self.push(Some(mined), before);
        Ok(hash)
    }

    /// Mines a block without transactions.
    pub(super) fn mine_empty(&mut self) {
        let before = Arc::clone(&self.chain);
        let time = self.clock.take();
        let time = self.next_time(time);
        let chain = self.chain_mut();
        chain.set_timestamp(time);
        chain.mine_empty();
        self.push(None, before);
    }

    fn push(&mut self, mined: Option<Mined>, before: Arc<DevChain>) {
        let parent = self.blocks.last().map(Block::hash).unwrap_or_default();
        self.blocks.push(Block::new(&self.chain, parent, mined, Some(before)));
        let forgotten = self.newest().checked_sub(KEPT_STATES).and_then(|old| self.index(old));
        if let Some(block) = forgotten.and_then(|index| self.blocks.get_mut(index)) {
            block.before = None;
        }
    }

    /// Remembers everything as it is now.
    pub(super) fn snapshot(&mut self) -> u64 {
        let chain = Arc::clone(&self.chain);
        self.snapshots.push(Snapshot { chain, clock: self.clock, newest: self.newest() });
        u64::try_from(self.snapshots.len()).unwrap_or(u64::MAX)
    }

    /// Goes back to a snapshot, which is used up with all later ones. Says whether there was one.
    pub(super) fn revert(&mut self, snapshot: u64) -> bool {
        let index = snapshot.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        let Some(index) = index.filter(|index| *index < self.snapshots.len()) else { return false };
        let Some(snapshot) = self.snapshots.drain(index..).next() else { return false };
        let kept = self.index(snapshot.newest).map_or(1, |index| index.saturating_add(1));
        for block in self.blocks.drain(kept..) {
            if let Some(mined) = block.mined {
                self.transactions.remove(&mined.hash());
            }
        }
        self.chain = snapshot.chain;
        self.clock = snapshot.clock;
        true
    }
}
