//! The chain that a test bed stands on: embedded, or behind a URL.

mod embedded;

use std::fmt::Debug;

use alloy_primitives::{Address, B256, Bytes, U256};
use smart_session_client::SoftwareKey;
use stylus_devchain::Outcome;

use crate::error::TestBedError;

/// A chain: what one can ask and send wherever it is.
///
/// What only the embedded chain can do is not here: the clock moved, state set, frames read. Tests
/// that need it take a `TestBed` of the embedded chain, and are left out by URL.
pub trait Backend: Clone + Debug {
    /// Whether an outcome has the frames of its transaction.
    const SEES_FRAMES: bool;

    /// Thousandths of an ether that a new account is given.
    const ENDOWMENT: u64;

    /// Returns the account that pays for everything here, and brings the bundles.
    fn sender(&self) -> Address;

    /// Returns the chain's id.
    fn chain_id(&self) -> u64;

    /// Returns the time of the newest block, in seconds since 1970.
    ///
    /// # Errors
    /// [`TestBedError`] if the chain does not answer.
    fn now(&self) -> Result<u64, TestBedError>;

    /// Returns an account's balance in wei.
    ///
    /// # Errors
    /// [`TestBedError`] if the chain does not answer.
    fn balance_of(&self, account: Address) -> Result<U256, TestBedError>;

    /// Returns an account's code.
    ///
    /// # Errors
    /// [`TestBedError`] if the chain does not answer.
    fn code_of(&self, account: Address) -> Result<Bytes, TestBedError>;

    /// Calls a contract as [`Backend::sender`]; nothing is kept.
    ///
    /// # Errors
    /// [`TestBedError`] if the chain does not answer. A revert is an outcome.
    fn ask(&self, to: Address, data: Bytes) -> Result<Outcome, TestBedError>;

    /// Sends a transaction of [`Backend::sender`].
    ///
    /// # Errors
    /// [`TestBedError`] if the chain does not take it. A revert is an outcome.
    fn bring(&mut self, to: Address, value: U256, data: Bytes) -> Result<Outcome, TestBedError>;

    /// Sends a transaction of a key, which is given ether for its gas.
    ///
    /// # Errors
    /// [`TestBedError`] if the chain does not take it. A revert is an outcome.
    fn bring_as(
        &mut self,
        key: &SoftwareKey,
        to: Address,
        data: Bytes,
    ) -> Result<Outcome, TestBedError>;

    /// Has an EOA delegate its code (EIP-7702), and call itself in the same transaction.
    ///
    /// # Errors
    /// [`TestBedError`] if the chain does not take it. A revert is an outcome.
    fn delegate(
        &mut self,
        authority: &SoftwareKey,
        delegate: Address,
        call: Bytes,
    ) -> Result<Outcome, TestBedError>;

    /// Sees to it that an account has as much ether.
    ///
    /// # Errors
    /// [`TestBedError`] if the chain does not take it.
    fn endow(&mut self, account: Address, wei: U256) -> Result<(), TestBedError>;

    /// Deploys a contract through the deterministic deployer, unless it is there.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be deployed.
    fn deploy_once(&mut self, salt: B256, init_code: Bytes) -> Result<Address, TestBedError>;

    /// Deploys a contract, or finds one that was deployed with the same bytes.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be deployed.
    fn deploy_contract(&mut self, init_code: Bytes) -> Result<Address, TestBedError>;

    /// Deploys and activates a program, or finds it.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be deployed.
    fn deploy_module(&mut self, wasm: &[u8]) -> Result<Address, TestBedError>;

    /// Returns what a name stands for: the secret of a new account's owner, and its salt.
    ///
    /// # Errors
    /// [`TestBedError`] if the chain does not answer.
    fn secret(&self, name: &str) -> Result<B256, TestBedError>;

    /// Takes contracts of any size from now on, where the chain can be told so.
    fn lift_code_size_limit(&mut self);

    /// Lets the first second of a window pass: EntryPoint 0.8 and later leave it out.
    fn pass_a_second(&mut self);
}
