//! What the contract needs of the place where it runs: the hostios in use, and no others.
//!
//! | host | where |
//! |---|---|
//! | `on_chain` | on a chain, by Nitro's host functions |
//! | `off_chain` (feature `off-chain`) | natively: storage, clock and other contracts in memory |
//!
//! The contract is written once, for any [`Host`]; on chain it is compiled for a host without size,
//! so that nothing is left of the choice.
//!
//! Validation may not read the clock, the block, balances, code sizes or what gas is left
//! (ERC-7562), so most of what Nitro offers is not here.

pub(crate) mod memory;
#[cfg(feature = "off-chain")]
pub mod off_chain;
mod on_chain;

use alloy_primitives::B256;
use smart_session_core::Environment;
use smart_session_core::place::Place;
use smart_session_core::window::Timestamp;
use smart_session_core::word::{self, Word};

pub(crate) use on_chain::OnChain;

/// A nested call that did not succeed.
#[derive(Clone, Copy, Debug)]
pub struct CallFailed;

/// The host of one call of the contract. What it lends (`'h`) lives as long as the call.
///
/// It is passed by value: on chain it has no size and costs nothing.
pub trait Host<'h>: Environment {
    /// Returns fresh memory, zeroed.
    fn allocate(self, len: usize) -> &'h mut [u8];

    /// Returns whether value was sent along.
    fn has_value(self) -> bool;

    /// Returns the word of the caller's address.
    fn caller(self) -> Word;

    /// Returns the word of the module's own address.
    fn module(self) -> Word;

    /// Returns the chain.
    fn chain_id(self) -> u64;

    /// Returns where something of an account happens.
    #[inline(never)]
    fn place(self, account: &Word) -> Place {
        let chain_id = word::from_u64(self.chain_id());
        Place { account: *account, module: self.module(), chain_id }
    }

    /// Reads a word of storage.
    fn load(self, slot: &B256) -> Word;

    /// Caches a write, for [`Host::flush`].
    fn save(self, slot: &B256, word: &Word);

    /// Writes what was cached, and forgets it.
    fn flush(self);

    /// Answers the call. What is said last counts.
    fn answer(self, data: &[u8]);

    /// Calls a contract that can change nothing. Returns the answer's first word, if the answer has
    /// exactly one.
    ///
    /// The gas is explicit: JavaScript tracers take a nested call with all the gas there is for
    /// one that runs out of it.
    ///
    /// # Errors
    /// If the callee reverts, or runs out of gas.
    fn static_call(self, to: &Word, data: &[u8], gas: u64) -> Result<Option<Word>, CallFailed>;

    /// Calls a contract with all the gas there is, never in validation. Returns the whole answer.
    ///
    /// # Errors
    /// What the callee reverts with.
    fn call(self, to: &Word, data: &[u8]) -> Result<&'h [u8], &'h [u8]>;

    /// Emits an event: `topics` and `data` as the ABI encodes them.
    fn emit(self, topics: &[Word], data: &[u8]);

    /// Reads the clock. Never in validation: ERC-7562 bans it. A clock past 2^47 seconds reads as
    /// the last moment.
    fn clock(self) -> Timestamp;

    /// Returns how much gas is left. Never in validation: ERC-7562 bans it.
    fn gas_left(self) -> u64;

    /// Reads what few can choose of a block: its time, its number and its base fee. Never in
    /// validation: ERC-7562 bans all three.
    fn block_entropy(self) -> [Word; 3];
}
