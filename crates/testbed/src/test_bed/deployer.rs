//! How accounts come to be on a test bed.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::{SolCall, SolValue};
use smart_session_client::SoftwareKey;

use super::TestBed;
use crate::account::Deployer;
use crate::backend::Backend;
use crate::entry_point::EntryPoint;
use crate::error::TestBedError;

impl<B: Backend> Deployer for TestBed<B> {
    fn entry_point(&self) -> EntryPoint {
        self.entry_point
    }

    fn owner_validator(&self) -> Address {
        self.owner_validator
    }

    fn chain_id(&self) -> u64 {
        self.chain.chain_id()
    }

    fn contract(
        &mut self,
        name: &str,
        arguments: &[u8],
        salt: B256,
    ) -> Result<Address, TestBedError> {
        let init_code = [&self.fixtures.contract(name)?.init_code, arguments].concat();
        self.chain.deploy_once(salt, init_code.into())
    }

    fn create_account<C: SolCall>(
        &mut self,
        step: &'static str,
        factory: Address,
        call: &C,
    ) -> Result<Address, TestBedError> {
        let outcome = self.chain.bring(factory, U256::ZERO, call.abi_encode().into())?;
        if !outcome.is_success() {
            let why = format!("the factory reverts with {}", outcome.output);
            return Err(TestBedError::failed(step, why));
        }
        Address::abi_decode(&outcome.output)
            .map_err(|error| TestBedError::failed(step, error.to_string()))
    }

    fn delegated(
        &mut self,
        step: &'static str,
        authority: &SoftwareKey,
        delegate: Address,
        call: Bytes,
    ) -> Result<(), TestBedError> {
        let outcome = self.chain.delegate(authority, delegate, call)?;
        if outcome.is_success() && !self.chain.code_of(authority.address())?.is_empty() {
            return Ok(());
        }
        let why = format!("it ends as {:?} with {}", outcome.status, outcome.output);
        Err(TestBedError::failed(step, why))
    }
}
