//! A chain behind JSON-RPC as what a test bed stands on. What is there already is found.

use alloy_primitives::{Address, B256, Bytes, U256, address, keccak256};
use alloy_sol_types::{SolCall, SolValue, sol};
use serde_json::json;
use smart_session_client::SoftwareKey;
use stylus_devchain::{DETERMINISTIC_DEPLOYER, Outcome, Status, program};

use super::keyless::KeylessDeployment;
use super::{Receipt, Remote, RemoteError};
use crate::backend::Backend;
use crate::error::TestBedError;
use crate::units::ether;

/// Nitro's precompile that activates programs.
const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
sol! {
    interface ArbWasm {
        function activateProgram(address program) external payable returns (uint16, uint256);
        function programVersion(address program) external view returns (uint16);
    }
}

/// What a key is given for the gas of its transactions, and less than which makes it poor:
/// thousandths of an ether.
const GAS_MONEY: u64 = 20;
const POOR: u64 = 10;

impl From<RemoteError> for TestBedError {
    fn from(error: RemoteError) -> Self {
        Self::Chain(Box::new(error))
    }
}

impl Backend for Remote {
    const SEES_FRAMES: bool = false;
    const ENDOWMENT: u64 = 200;

    fn sender(&self) -> Address {
        Self::sender(self)
    }

    fn chain_id(&self) -> u64 {
        Self::chain_id(self)
    }

    fn now(&self) -> Result<u64, TestBedError> {
        Ok(self.timestamp()?)
    }

    fn balance_of(&self, account: Address) -> Result<U256, TestBedError> {
        Ok(Self::ask(self, "eth_getBalance", json!([account, "latest"]))?)
    }

    fn code_of(&self, account: Address) -> Result<Bytes, TestBedError> {
        Ok(self.code(account)?)
    }

    fn ask(&self, to: Address, data: Bytes) -> Result<Outcome, TestBedError> {
        self.called(self.sender(), to, U256::ZERO, &data)
    }

    fn bring(&mut self, to: Address, value: U256, data: Bytes) -> Result<Outcome, TestBedError> {
        self.sent(&self.key, to, value, data)
    }

    fn bring_as(
        &mut self,
        key: &SoftwareKey,
        to: Address,
        data: Bytes,
    ) -> Result<Outcome, TestBedError> {
        self.give_gas_money(key.address())?;
        self.sent(key, to, U256::ZERO, data)
    }

    fn delegate(
        &mut self,
        authority: &SoftwareKey,
        delegate: Address,
        call: Bytes,
    ) -> Result<Outcome, TestBedError> {
        self.give_gas_money(authority.address())?;
        Ok(outcome(Self::delegate(self, authority, delegate, call)?, Bytes::new()))
    }

    fn endow(&mut self, account: Address, wei: U256) -> Result<(), TestBedError> {
        let lacking = wei.saturating_sub(self.balance_of(account)?);
        if !lacking.is_zero() {
            self.send(&self.key, account, lacking, Bytes::new())?;
        }
        Ok(())
    }

    fn deploy_once(&mut self, salt: B256, init_code: Bytes) -> Result<Address, TestBedError> {
        self.have_deployer()?;
        let address = DETERMINISTIC_DEPLOYER.create2_from_code(salt, &init_code);
        if self.code(address)?.is_empty() {
            let data = [salt.as_slice(), &init_code].concat();
            self.send(&self.key, DETERMINISTIC_DEPLOYER, U256::ZERO, data)?;
            if self.code(address)?.is_empty() {
                let why = format!("there is no code at {address}");
                return Err(TestBedError::failed("deploying a contract", why));
            }
        }
        Ok(address)
    }

    fn deploy_contract(&mut self, init_code: Bytes) -> Result<Address, TestBedError> {
        self.deploy_once(B256::ZERO, init_code)
    }

    fn deploy_module(&mut self, wasm: &[u8]) -> Result<Address, TestBedError> {
        let init_code = program::init_code(&program::code(wasm));
        let module = self.deploy_once(B256::ZERO, init_code)?;
        self.activate(module)?;
        Ok(module)
    }

    /// New in every run, and at each of the sender's transactions.
    fn secret(&self, name: &str) -> Result<B256, TestBedError> {
        let sender = self.sender();
        Ok(keccak256((name, sender, self.nonce(sender)?).abi_encode()))
    }

    /// The limit is the node's.
    fn lift_code_size_limit(&mut self) {}

    /// The EntryPoint is v0.7, which takes an operation in its window's first second.
    fn pass_a_second(&mut self) {}
}

impl Remote {
    fn called(
        &self,
        from: Address,
        to: Address,
        value: U256,
        data: &Bytes,
    ) -> Result<Outcome, TestBedError> {
        let call = json!({ "from": from, "to": to, "value": value, "data": data });
        match Self::ask(self, "eth_call", json!([call, "latest"])) {
            Ok(output) => Ok(ended(Status::Success, output)),
            Err(error) => reverted(error),
        }
    }

    /// As bundlers do, what would be refused is not sent.
    fn sent(
        &self,
        key: &SoftwareKey,
        to: Address,
        value: U256,
        data: Bytes,
    ) -> Result<Outcome, TestBedError> {
        let simulated = self.called(key.address(), to, value, &data)?;
        if !simulated.is_success() {
            return Ok(simulated);
        }
        match self.send(key, to, value, data) {
            Ok(receipt) => Ok(outcome(receipt, simulated.output)),
            Err(error) => reverted(error),
        }
    }

    fn give_gas_money(&mut self, account: Address) -> Result<(), TestBedError> {
        if self.balance_of(account)? < ether(POOR) {
            self.endow(account, ether(GAS_MONEY))?;
        }
        Ok(())
    }

    /// Deploys the deterministic deployer if the chain lacks it: pays whoever signed its
    /// deployment, and sends that.
    fn have_deployer(&self) -> Result<(), TestBedError> {
        if !self.code(DETERMINISTIC_DEPLOYER)?.is_empty() {
            return Ok(());
        }
        let deployment = KeylessDeployment::of_deterministic_deployer()?;
        self.send(&self.key, deployment.sender(), deployment.cost(), Bytes::new())?;
        self.send_raw(deployment.raw())?;
        if self.code(DETERMINISTIC_DEPLOYER)?.is_empty() {
            let step = "deploying the deterministic deployer";
            return Err(TestBedError::failed(step, "the node does not take it"));
        }
        Ok(())
    }

    fn activate(&self, module: Address) -> Result<(), TestBedError> {
        let version = ArbWasm::programVersionCall { program: module };
        match self.call(ARB_WASM, version.abi_encode()) {
            Ok(_) => return Ok(()),
            Err(RemoteError::Refused { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let activation = ArbWasm::activateProgramCall { program: module };
        // What the fee leaves of it comes back.
        let receipt = self.send(&self.key, ARB_WASM, ether(1_000), activation.abi_encode())?;
        if receipt.succeeded {
            return Ok(());
        }
        Err(TestBedError::failed("activating the module", "it reverts"))
    }
}

/// Returns what a transaction came to, with what the same call answered before it was sent.
fn outcome(receipt: Receipt, output: Bytes) -> Outcome {
    let status = if receipt.succeeded { Status::Success } else { Status::Revert };
    Outcome { gas_used: receipt.gas_used, logs: receipt.logs, ..ended(status, output) }
}

/// Returns what a revert is, of an error that has its data.
fn reverted(error: RemoteError) -> Result<Outcome, TestBedError> {
    match error.revert_data() {
        Some(data) => Ok(ended(Status::Revert, data.clone())),
        None => Err(error.into()),
    }
}

const fn ended(status: Status, output: Bytes) -> Outcome {
    Outcome {
        status,
        gas_used: 0,
        gas_refunded: 0,
        intrinsic_gas: 0,
        output,
        created: None,
        logs: Vec::new(),
        frames: Vec::new(),
    }
}
