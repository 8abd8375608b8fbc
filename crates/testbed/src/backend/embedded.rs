//! The embedded chain.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use smart_session_client::SoftwareKey;
use stylus_devchain::{
    DETERMINISTIC_DEPLOYER, DEV_ACCOUNTS, Delegation, DevChain, Outcome, Transaction,
};

use super::Backend;
use crate::error::TestBedError;

/// Gas of transactions: the limit is the same for all, so that figures compare.
const GAS_LIMIT: u64 = 10_000_000;

impl Backend for DevChain {
    const SEES_FRAMES: bool = true;
    const ENDOWMENT: u64 = 10_000;

    fn sender(&self) -> Address {
        let [first, ..] = DEV_ACCOUNTS;
        first.address
    }

    fn chain_id(&self) -> u64 {
        Self::chain_id(self)
    }

    fn now(&self) -> Result<u64, TestBedError> {
        Ok(self.timestamp())
    }

    fn balance_of(&self, account: Address) -> Result<U256, TestBedError> {
        Ok(self.balance(account))
    }

    fn code_of(&self, account: Address) -> Result<Bytes, TestBedError> {
        Ok(self.code(account))
    }

    fn ask(&self, to: Address, data: Bytes) -> Result<Outcome, TestBedError> {
        Ok(self.call(Transaction::new(self.sender(), to).with_data(data))?)
    }

    fn bring(&mut self, to: Address, value: U256, data: Bytes) -> Result<Outcome, TestBedError> {
        let transaction = Transaction::new(self.sender(), to).with_value(value).with_data(data);
        Ok(self.transact(transaction.with_gas_limit(GAS_LIMIT))?)
    }

    fn bring_as(
        &mut self,
        key: &SoftwareKey,
        to: Address,
        data: Bytes,
    ) -> Result<Outcome, TestBedError> {
        let from = key.address();
        self.endow(from, crate::ether(10_000))?;
        Ok(self.transact(Transaction::new(from, to).with_data(data).with_gas_limit(GAS_LIMIT))?)
    }

    fn delegate(
        &mut self,
        authority: &SoftwareKey,
        delegate: Address,
        call: Bytes,
    ) -> Result<Outcome, TestBedError> {
        let authority = authority.address();
        // The sender's nonce moves before its own authorization is looked at.
        let nonce = self.nonce(authority).saturating_add(1);
        let transaction = Transaction::new(authority, authority)
            .with_data(call)
            .with_delegations(vec![Delegation { authority, delegate, nonce }]);
        Ok(self.transact(transaction)?)
    }

    fn endow(&mut self, account: Address, wei: U256) -> Result<(), TestBedError> {
        self.set_balance(account, wei);
        Ok(())
    }

    fn deploy_once(&mut self, salt: B256, init_code: Bytes) -> Result<Address, TestBedError> {
        let address = DETERMINISTIC_DEPLOYER.create2_from_code(salt, &init_code);
        if self.code(address).is_empty() {
            self.deploy_deterministic(salt, init_code)?;
        }
        Ok(address)
    }

    fn deploy_contract(&mut self, init_code: Bytes) -> Result<Address, TestBedError> {
        Ok(self.deploy(init_code)?)
    }

    fn deploy_module(&mut self, wasm: &[u8]) -> Result<Address, TestBedError> {
        let module = self.deploy_program(wasm)?;
        self.activate(module)?;
        self.cache_program(module)?;
        Ok(module)
    }

    fn secret(&self, name: &str) -> Result<B256, TestBedError> {
        Ok(keccak256(name))
    }

    fn lift_code_size_limit(&mut self) {
        *self = std::mem::take(self).with_code_size_limit(usize::MAX);
    }

    fn pass_a_second(&mut self) {
        self.warp(1);
    }
}
