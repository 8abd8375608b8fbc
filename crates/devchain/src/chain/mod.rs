//! The chain itself: its state, its clock, and what can be asked of it.

mod block_fields;
mod execution;
mod genesis;
mod programs;
mod refused_activation;

use std::borrow::Borrow;

use alloy_primitives::{Address, B256, Bytes, U256};
use revm::DatabaseCommit;
use revm::bytecode::Bytecode;
use revm::state::AccountInfo;
#[cfg(feature = "js-tracer")]
use revm::state::EvmState;

pub(crate) use block_fields::BlockFields;
pub use genesis::DETERMINISTIC_DEPLOYER;

use crate::bytecode::bytecode;
use crate::engine::Engine;
use crate::program::RecentPrograms;
#[cfg(feature = "fork")]
use crate::state::Base;
use crate::state::ChainState;
#[cfg(feature = "js-tracer")]
use crate::watch::Watcher;
use crate::{ArbOs, DEV_ACCOUNTS, DevAccount, Outcome, Transaction, TransactionError};

/// Chain id of Arbitrum's dev nodes.
const DEV_CHAIN_ID: u64 = 412_346;
/// Code size limit of EIP-170, which Arbitrum keeps; bytes.
pub(crate) const CODE_SIZE_LIMIT: usize = 24_576;
/// Time of the first block: 2026-01-01 00:00 UTC.
const GENESIS_TIME: u64 = 1_767_225_600;

/// An Arbitrum chain in memory.
///
/// A clone is a snapshot: it goes its own way from then on.
///
/// ```
/// use alloy_primitives::{U256, bytes};
/// use stylus_devchain::{DevChain, Transaction};
///
/// let mut chain = DevChain::new();
/// let alice = chain.dev_accounts()[0].address;
///
/// // A contract that returns 42: its init code, then what it deploys.
/// let contract = chain.deploy(bytes!("600a600c600039600a6000f3602a60005260206000f3"))?;
/// let outcome = chain.call(Transaction::new(alice, contract))?;
///
/// assert_eq!(U256::from_be_slice(&outcome.output), U256::from(42));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Time
///
/// The clock stands still: every block has the time of [`timestamp`](Self::timestamp) until
/// [`warp`](Self::warp) or [`set_timestamp`](Self::set_timestamp) moves it.
#[derive(Clone, Debug)]
pub struct DevChain {
    arbos: ArbOs,
    engine: Engine,
    chain_id: u64,
    timestamp: u64,
    block_number: u64,
    code_size_limit: usize,
    shows_phantom_reads: bool,
    fields: BlockFields,
    state: ChainState,
}

impl DevChain {
    /// A chain at `ArbOS` 61 with chain id 412346 and a base fee of 0.1 gwei.
    ///
    /// In its state are the [dev accounts](DEV_ACCOUNTS) with 10,000 ether each and the
    /// [deterministic deployer](DETERMINISTIC_DEPLOYER).
    pub fn new() -> Self {
        Self {
            arbos: ArbOs::default(),
            engine: Engine::default(),
            chain_id: DEV_CHAIN_ID,
            timestamp: GENESIS_TIME,
            block_number: 0,
            code_size_limit: CODE_SIZE_LIMIT,
            shows_phantom_reads: false,
            fields: BlockFields::new(GENESIS_TIME),
            state: genesis::genesis(),
        }
    }

    /// A chain whose state is another's.
    #[cfg(feature = "fork")]
    pub(crate) fn on(base: Base) -> Self {
        Self { state: ChainState::new(base), ..Self::new() }
    }

    /// Gives every dev account the wealth that it has on a new chain, if it has less.
    #[cfg(feature = "fork")]
    pub(crate) fn fund_dev_accounts(&mut self) {
        for account in DEV_ACCOUNTS {
            let balance = self.balance(account.address).max(genesis::WEALTH);
            self.set_balance(account.address, balance);
        }
    }

    /// Sets the number of the newest block.
    #[cfg(any(feature = "rpc", feature = "fork"))]
    pub(crate) fn set_block_number(&mut self, number: u64) {
        self.block_number = number;
    }

    /// What the chain's blocks say beside their number and time.
    #[cfg(feature = "rpc")]
    pub(crate) fn block_fields(&self) -> &BlockFields {
        &self.fields
    }

    /// The same, to be changed for the next blocks.
    #[cfg(any(feature = "rpc", feature = "fork"))]
    pub(crate) fn block_fields_mut(&mut self) -> &mut BlockFields {
        &mut self.fields
    }

    /// Sets the hash that contracts see for a block.
    #[cfg(feature = "rpc")]
    pub(crate) fn set_block_hash(&mut self, number: u64, hash: B256) {
        self.state.set_block_hash(number, hash);
    }

    /// The same under other rules.
    #[must_use]
    pub fn with_arbos(mut self, arbos: ArbOs) -> Self {
        self.arbos = arbos;
        self
    }

    /// The same with programs run by another engine.
    #[must_use]
    pub fn with_engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// The same with another chain id.
    #[must_use]
    pub fn with_chain_id(mut self, chain_id: u64) -> Self {
        self.chain_id = chain_id;
        self
    }

    /// The same at another time, in seconds since 1970.
    #[must_use]
    pub fn with_timestamp(mut self, timestamp: u64) -> Self {
        self.timestamp = timestamp;
        self
    }

    /// The same with another limit for the code of contracts, in bytes.
    ///
    /// Without it the limit is Arbitrum's: 24,576. `usize::MAX` lifts it.
    #[must_use]
    pub fn with_code_size_limit(mut self, bytes: usize) -> Self {
        self.code_size_limit = bytes;
        self
    }

    /// The same with or without two reads in its traces that no contract makes.
    ///
    /// For the first program of a transaction Nitro reads two slots of `ArbOS`. Its tracing shows
    /// them as reads of the transaction's sender, which bundlers that check ERC-7562 refuse.
    #[must_use]
    pub fn with_phantom_reads(mut self, shown: bool) -> Self {
        self.shows_phantom_reads = shown;
        self
    }

    /// The chain's id.
    pub fn chain_id(&self) -> u64 {
        self.chain_id
    }

    /// The rules.
    pub fn arbos(&self) -> ArbOs {
        self.arbos
    }

    /// Number of the newest block. `NUMBER` in a contract is the parent chain's instead.
    pub fn block_number(&self) -> u64 {
        self.block_number
    }

    /// Wei per unit of gas.
    pub fn base_fee(&self) -> u64 {
        self.fields.base_fee
    }

    /// Time of the newest and the next block, in seconds since 1970.
    pub fn timestamp(&self) -> u64 {
        self.timestamp
    }

    /// Sets the time of the next blocks.
    pub fn set_timestamp(&mut self, timestamp: u64) {
        self.timestamp = timestamp;
    }

    /// Lets so many seconds pass before the next block.
    pub fn warp(&mut self, seconds: u64) {
        self.timestamp = self.timestamp.saturating_add(seconds);
    }

    /// The funded accounts whose keys are public.
    pub fn dev_accounts(&self) -> &[DevAccount] {
        &DEV_ACCOUNTS
    }

    /// Balance of an account in wei.
    pub fn balance(&self, account: Address) -> U256 {
        self.account(account).balance
    }

    /// Sets the balance of an account.
    pub fn set_balance(&mut self, account: Address, balance: U256) {
        let mut info = self.account(account);
        info.balance = balance;
        self.state.set_info(account, info);
    }

    /// Nonce of an account.
    pub fn nonce(&self, account: Address) -> u64 {
        self.account(account).nonce
    }

    /// Sets the nonce of an account.
    pub fn set_nonce(&mut self, account: Address, nonce: u64) {
        let mut info = self.account(account);
        info.nonce = nonce;
        self.state.set_info(account, info);
    }

    /// Code of an account; of a delegated one, the delegation.
    pub fn code(&self, account: Address) -> Bytes {
        self.bytecode(account).original_bytes()
    }

    /// Puts code at an address, as no transaction could.
    pub fn set_code(&mut self, account: Address, code: impl Into<Bytes>) {
        let mut info = self.account(account);
        let code = bytecode(code.into());
        info.code_hash = code.hash_slow();
        info.code = Some(code);
        info.nonce = info.nonce.max(1);
        self.state.set_info(account, info);
    }

    /// A storage slot of an account.
    pub fn storage(&self, account: Address, slot: U256) -> U256 {
        self.state.slot(account, slot)
    }

    /// Sets a storage slot, as no transaction could.
    pub fn set_storage(&mut self, account: Address, slot: U256, value: U256) {
        self.state.set_slot(account, slot, value);
    }

    /// Sets all the storage of an account: slots that are not named become zero.
    pub fn replace_storage(
        &mut self,
        account: Address,
        slots: impl IntoIterator<Item = (U256, U256)>,
    ) {
        self.state.replace_slots(account, slots);
    }

    /// Mines a block without transactions.
    pub fn mine_empty(&mut self) {
        self.block_number = self.block_number.saturating_add(1);
    }

    /// Mines a transaction alone in its block.
    ///
    /// # Errors
    ///
    /// When the transaction cannot start: then there is no block. A transaction that runs and
    /// fails is an [`Outcome`].
    pub fn transact(
        &mut self,
        transaction: impl Borrow<Transaction>,
    ) -> Result<Outcome, TransactionError> {
        let mut recent = RecentPrograms::default();
        let outcome = self.apply(transaction.borrow(), &mut recent)?;
        self.block_number = self.block_number.saturating_add(1);
        Ok(outcome)
    }

    /// Mines transactions in one block, in this order. Those that cannot start are left out.
    pub fn mine(
        &mut self,
        transactions: impl IntoIterator<Item: Borrow<Transaction>>,
    ) -> Vec<Result<Outcome, TransactionError>> {
        let mut recent = RecentPrograms::default();
        let outcomes: Vec<_> = transactions
            .into_iter()
            .map(|transaction| self.apply(transaction.borrow(), &mut recent))
            .collect();
        if outcomes.iter().any(Result::is_ok) {
            self.block_number = self.block_number.saturating_add(1);
        }
        outcomes
    }

    /// Runs a transaction in the block that is being made.
    pub(crate) fn apply(
        &mut self,
        transaction: &Transaction,
        recent: &mut RecentPrograms,
    ) -> Result<Outcome, TransactionError> {
        if transaction.gas_price == Some(0) && self.base_fee() > 0 {
            return Err(TransactionError::GasPriceTooLow { base_fee: self.base_fee() });
        }
        self.apply_at_any_price(transaction, recent)
    }

    /// The same for one that may name a price of 0, as a call may.
    pub(crate) fn apply_at_any_price(
        &mut self,
        transaction: &Transaction,
        recent: &mut RecentPrograms,
    ) -> Result<Outcome, TransactionError> {
        let (outcome, changes) = self.execute(transaction, recent, None)?;
        self.state.commit(changes);
        Ok(outcome)
    }

    /// Runs a transaction in the next block and keeps nothing of it.
    ///
    /// One that names a gas price of 0 finds base fee and price to be 0, as `eth_call` has it on a
    /// node if no price is given.
    ///
    /// # Errors
    ///
    /// When the transaction cannot start.
    pub fn call(&self, transaction: impl Borrow<Transaction>) -> Result<Outcome, TransactionError> {
        let mut recent = RecentPrograms::default();
        self.execute(transaction.borrow(), &mut recent, None).map(|(outcome, _)| outcome)
    }

    /// The same, with a watcher that is told of every step. Returns what the transaction changed, too.
    #[cfg(feature = "js-tracer")]
    pub(crate) fn call_watched(
        &self,
        transaction: &Transaction,
        watcher: Box<dyn Watcher>,
    ) -> Result<(Outcome, EvmState), TransactionError> {
        let mut recent = RecentPrograms::default();
        self.execute(transaction, &mut recent, Some(watcher))
    }

    fn account(&self, account: Address) -> AccountInfo {
        self.state.info(account)
    }

    fn code_hash(&self, account: Address) -> B256 {
        self.account(account).code_hash()
    }

    fn bytecode(&self, account: Address) -> Bytecode {
        let info = self.account(account);
        let hash = info.code_hash();
        info.code.unwrap_or_else(|| self.state.code(hash))
    }
}

impl Default for DevChain {
    fn default() -> Self {
        Self::new()
    }
}
