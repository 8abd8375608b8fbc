//! The chain with its history.

use std::collections::HashMap;
use std::sync::Arc;

use alloy_consensus::transaction::Recovered;
use alloy_consensus::{Transaction as _, TxEnvelope};
use alloy_eips::{BlockId, BlockNumberOrTag};
use alloy_primitives::B256;
use tokio::sync::watch;

use super::block::{Block, Mined};
use super::clock::Clock;
use super::error::RpcError;
use super::log::Log;
use super::pool::Pool;
use super::signed;
use super::snapshots::{Moment, Snapshots};
use crate::{DevChain, Outcome};

/// So many of the newest blocks can be asked for their state, if nothing else is said.
pub(super) const KEPT_STATES: u64 = 256;
/// So many of the newest blocks are kept with their transactions and receipts.
const KEPT_BLOCKS: usize = 65_536;

/// The chain with its blocks and its clock.
///
/// The state is shared by all calls that run on it and copied when the next block changes it.
#[derive(Debug)]
pub(super) struct Ledger {
    chain: Arc<DevChain>,
    pub(super) clock: Clock,
    /// The oldest block first; never empty.
    blocks: Vec<Block>,
    /// Number of the first block that there was here.
    first: u64,
    /// Number of the block by the transaction in it.
    transactions: HashMap<B256, u64>,
    pool: Pool,
    snapshots: Snapshots,
    kept_states: u64,
    /// Tells of every new block: how many there have been.
    news: watch::Sender<u64>,
    log: Log,
}

impl Ledger {
    /// A ledger that begins with the chain's newest block.
    pub(super) fn new(chain: DevChain) -> Self {
        let clock = Clock::standing(chain.timestamp());
        Self {
            blocks: vec![Block::new(&chain, B256::ZERO, None, None, 0)],
            first: chain.block_number(),
            chain: Arc::new(chain),
            clock,
            transactions: HashMap::new(),
            pool: Pool::default(),
            snapshots: Snapshots::default(),
            kept_states: KEPT_STATES,
            news: watch::Sender::new(0),
            log: Log::default(),
        }
    }

    /// Lets the clock run from the system's time on. A chain without blocks begins then.
    pub(super) fn run_clock(&mut self) {
        self.clock = Clock::running();
        if self.newest() == 0 {
            let now = self.clock.peek();
            self.chain_mut().set_timestamp(now);
            self.blocks = vec![Block::new(&self.chain, B256::ZERO, None, None, 0)];
        }
    }

    /// Keeps the states of so many of the newest blocks.
    pub(super) fn set_history(&mut self, blocks: u64) {
        self.kept_states = blocks.max(1);
    }

    /// Writes a line for every block and transaction from now on.
    pub(super) fn set_log(&mut self, log: Log) {
        self.log = log;
    }

    /// Tells of every new block.
    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// How many blocks have been mined here, those taken back included.
    pub(super) fn sequence(&self) -> u64 {
        *self.news.borrow()
    }

    /// The blocks that came after so many, and are still there.
    pub(super) fn since(&self, sequence: u64) -> &[Block] {
        let first = self.blocks.partition_point(|block| block.sequence <= sequence);
        self.blocks.get(first..).unwrap_or_default()
    }

    /// The newest state.
    pub(super) fn chain(&self) -> &Arc<DevChain> {
        &self.chain
    }

    /// The newest state, to be changed as no transaction could.
    pub(super) fn chain_mut(&mut self) -> &mut DevChain {
        Arc::make_mut(&mut self.chain)
    }

    /// The transactions that wait for another.
    pub(super) fn pool(&self) -> &Pool {
        &self.pool
    }

    fn oldest(&self) -> u64 {
        self.blocks.first().map_or(0, |block| block.header.number)
    }

    /// Number of the newest block.
    pub(super) fn newest(&self) -> u64 {
        self.chain.block_number()
    }

    fn block(&self, number: u64) -> Option<&Block> {
        self.blocks.get(self.index(number)?)
    }

    fn index(&self, number: u64) -> Option<usize> {
        usize::try_from(number.checked_sub(self.oldest())?).ok()
    }

    /// The block that is meant; `None` if there is none yet.
    ///
    /// # Errors
    ///
    /// When it is older than the blocks that are kept.
    pub(super) fn block_at(&self, id: BlockId) -> Result<Option<&Block>, RpcError> {
        match id {
            BlockId::Hash(hash) => Ok(self.block_by_hash(hash.block_hash)),
            BlockId::Number(number) => {
                let number = self.number(number);
                self.check_kept(number)?;
                Ok(self.block(number))
            }
        }
    }

    /// Refuses a block that is older than those that are kept.
    pub(super) fn check_kept(&self, number: u64) -> Result<(), RpcError> {
        let oldest = self.oldest();
        if number >= oldest {
            return Ok(());
        }
        Err(RpcError::Refused(format!(
            "block {number} is not here: the oldest that this node has is {oldest}"
        )))
    }

    /// The block with that hash.
    pub(super) fn block_by_hash(&self, hash: B256) -> Option<&Block> {
        self.blocks.iter().rev().find(|block| block.hash() == hash)
    }

    /// The number that is meant. There is one chain here, so the newest block is final.
    pub(super) fn number(&self, number: BlockNumberOrTag) -> u64 {
        match number {
            BlockNumberOrTag::Number(number) => number,
            BlockNumberOrTag::Earliest => self.first,
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
        let block = self.block_at(id)?.ok_or_else(|| {
            RpcError::Refused(format!("header not found: there is no block {id}"))
        })?;
        let number = block.header.number;
        if number == self.newest() {
            return Ok(Arc::clone(&self.chain));
        }
        self.block(number.saturating_add(1)).and_then(|block| block.before.clone()).ok_or_else(
            || {
                let kept = self.kept_states;
                let reason = format!("only the last {kept} states are kept (serve --history N)");
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

    /// Takes a transaction in: mines it, or keeps it until its nonce is due.
    pub(super) fn submit(&mut self, transaction: Recovered<TxEnvelope>) -> Result<B256, RpcError> {
        let hash = *transaction.inner().tx_hash();
        signed::check(&self.chain, &transaction)?;
        let (from, nonce) = (transaction.signer(), transaction.inner().nonce());
        let expected = self.chain.nonce(from);
        if nonce < expected {
            return Err(RpcError::Refused(format!(
                "nonce too low: address {from}, tx: {nonce} state: {expected}"
            )));
        }
        if nonce > expected {
            self.pool.add(transaction).map_err(RpcError::Refused)?;
            self.log.line(|| format!("{hash} from {from} waits for nonce {expected}"));
            return Ok(hash);
        }
        self.mine(transaction)?;
        self.mine_due();
        Ok(hash)
    }

    /// Mines the waiting transactions whose turn has come.
    pub(super) fn mine_due(&mut self) {
        loop {
            let now = Arc::clone(&self.chain);
            let Some(due) = self.pool.take_due(|account| now.nonce(account)) else { return };
            let hash = *due.inner().tx_hash();
            let in_time = due.inner().nonce() == now.nonce(due.signer());
            let done = if in_time {
                self.mine(due)
            } else {
                Err(RpcError::Refused("its nonce is used by another".to_owned()))
            };
            if let Err(error) = done {
                self.log.line(|| format!("{hash} waited and is dropped: {error}"));
            }
        }
    }

    /// Mines a transaction whose turn it is.
    fn mine(&mut self, transaction: Recovered<TxEnvelope>) -> Result<(), RpcError> {
        let request = signed::admit(&self.chain, &transaction)?;
        let before = Arc::clone(&self.chain);
        let mut clock = self.clock;
        let mut chain = DevChain::clone(&before);
        chain.set_timestamp(self.next_time(clock.take()));
        let mut outcome = chain.transact(&request)?;
        let end = self.log.is_read().then(|| Self::end(&before, &outcome));
        outcome.frames = Vec::new();

        let mined = Mined { transaction, request, outcome };
        self.clock = clock;
        self.chain = Arc::new(chain);
        self.transactions.insert(mined.hash(), self.newest());
        let line = end.map(|end| mined.line(&end));
        self.push(Some(mined), before);
        if let Some(line) = line {
            self.log.line(|| line);
        }
        Ok(())
    }

    /// How a transaction ended, in words.
    fn end(before: &DevChain, outcome: &Outcome) -> String {
        RpcError::of(before, outcome).map_or_else(|error| error.to_string(), |()| "success".into())
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
        let sequence = self.sequence().saturating_add(1);
        self.blocks.push(Block::new(&self.chain, parent, mined, Some(before), sequence));
        let forgotten = self.newest().checked_sub(self.kept_states);
        let forgotten = forgotten.and_then(|number| self.index(number));
        if let Some(block) = forgotten.and_then(|index| self.blocks.get_mut(index)) {
            block.before = None;
        }
        self.forget();
        self.news.send_replace(sequence);
        let (number, time) = (self.newest(), self.chain.timestamp());
        self.log.line(|| format!("block {number} at {time}"));
    }

    /// Drops the oldest blocks, many at a time.
    fn forget(&mut self) {
        if self.blocks.len() < KEPT_BLOCKS.saturating_add(KEPT_BLOCKS / 8) {
            return;
        }
        let surplus = self.blocks.len().saturating_sub(KEPT_BLOCKS);
        for block in self.blocks.drain(..surplus) {
            if let Some(mined) = block.mined {
                self.transactions.remove(&mined.hash());
            }
        }
    }

    /// Remembers everything as it is now.
    pub(super) fn snapshot(&mut self) -> u64 {
        let chain = Arc::clone(&self.chain);
        let pool = self.pool.clone();
        self.snapshots.add(Moment { chain, clock: self.clock, pool, newest: self.newest() })
    }

    /// Goes back to a snapshot, which is used up with all later ones. Says whether there was one.
    ///
    /// # Errors
    ///
    /// When it is forgotten, or its block is.
    pub(super) fn revert(&mut self, snapshot: u64) -> Result<bool, RpcError> {
        let Some(moment) = self.snapshots.take(snapshot)? else { return Ok(false) };
        self.check_kept(moment.newest)?;
        let kept = self.index(moment.newest).map_or(1, |index| index.saturating_add(1));
        for block in self.blocks.drain(kept..) {
            if let Some(mined) = block.mined {
                self.transactions.remove(&mined.hash());
            }
        }
        self.chain = moment.chain;
        self.clock = moment.clock;
        self.pool = moment.pool;
        let newest = self.newest();
        self.log.line(|| format!("back to block {newest}"));
        Ok(true)
    }
}
