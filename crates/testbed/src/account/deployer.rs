//! What an account is made on: the embedded chain, or one behind JSON-RPC.

use alloy_primitives::{Address, B256, Bytes};
use alloy_sol_types::SolCall;
use smart_session_client::SoftwareKey;

use crate::entry_point::EntryPoint;
use crate::error::TestBedError;

/// A chain with an EntryPoint and an owner's validator on it.
pub trait Deployer {
    /// Returns the EntryPoint.
    fn entry_point(&self) -> EntryPoint;

    /// Returns the ECDSA validator for owners.
    fn owner_validator(&self) -> Address;

    /// Returns the chain's id.
    fn chain_id(&self) -> u64;

    /// Deploys a contract of the fixtures with constructor arguments, once for each salt.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be deployed.
    fn contract(
        &mut self,
        name: &str,
        arguments: &[u8],
        salt: B256,
    ) -> Result<Address, TestBedError>;

    /// Deploys a contract of the fixtures once.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be deployed.
    fn library(&mut self, name: &str, arguments: &[u8]) -> Result<Address, TestBedError> {
        self.contract(name, arguments, B256::ZERO)
    }

    /// Calls a factory, which answers with the account that it made.
    ///
    /// # Errors
    /// [`TestBedError`] if it makes none.
    fn create_account<C: SolCall>(
        &mut self,
        step: &'static str,
        factory: Address,
        call: &C,
    ) -> Result<Address, TestBedError>;

    /// Has an EOA delegate its code (EIP-7702), and call itself in the same transaction.
    ///
    /// # Errors
    /// [`TestBedError`] if it does not delegate, or the call fails.
    fn delegated(
        &mut self,
        step: &'static str,
        authority: &SoftwareKey,
        delegate: Address,
        call: Bytes,
    ) -> Result<(), TestBedError>;
}
