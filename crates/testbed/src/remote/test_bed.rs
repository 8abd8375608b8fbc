//! A test bed on a chain behind JSON-RPC. It deploys what is not there yet.

use std::sync::Arc;

use alloy_primitives::aliases::U192;
use alloy_primitives::{Address, B256, Bytes, U256, address, keccak256};
use alloy_sol_types::{SolCall, SolEvent, SolValue, sol};
use smart_session_client::{OperationDraft, SoftwareKey};
use stylus_devchain::{DETERMINISTIC_DEPLOYER, program};

use super::keyless::KeylessDeployment;
use super::{Receipt, Remote, RemoteError};
use crate::abi::{IEntryPoint, PackedUserOperation};
use crate::account::{AccountKind, Deployer, ModuleType, SmartAccount};
use crate::entry_point::{self, EntryPoint, Verdict};
use crate::fixtures::{EntryPointVersion, Fixtures};
use crate::game::Board;
use crate::test_bed::{self, TestBedError, ether};

/// Nitro's precompile that activates programs.
const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
sol! {
    interface ArbWasm {
        function activateProgram(address program) external payable returns (uint16, uint256);
        function programVersion(address program) external view returns (uint16);
    }
}

/// What a session needs around it, on a chain behind JSON-RPC.
///
/// Contracts go through the deterministic deployer, so a second run finds them where they are.
/// Accounts are new in every run.
#[derive(Debug)]
pub struct RemoteTestBed {
    /// The chain.
    pub remote: Remote,
    /// EntryPoint v0.7, at its canonical address.
    pub entry_point: EntryPoint,
    /// The session module: deployed and activated.
    pub module: Address,
    /// An ECDSA validator for owners.
    pub owner_validator: Address,
    /// The game that sessions are granted for.
    pub game: Address,
    fixtures: Fixtures,
}

impl RemoteTestBed {
    /// Deploys what is missing.
    ///
    /// # Errors
    /// [`TestBedError`] if something cannot be deployed.
    pub fn set(remote: Remote) -> Result<Self, TestBedError> {
        let fixtures = Fixtures::load()?;
        have_deployer(&remote)?;
        let artifact = fixtures.entry_point(EntryPointVersion::V07)?;
        let entry_point = deploy(&remote, artifact.salt, &artifact.init_code)?;
        let contract =
            |name: &str| deploy(&remote, B256::ZERO, &fixtures.contract(name)?.init_code);
        let owner_validator = contract("EcdsaOwnerValidator")?;
        let game = contract("Game")?;
        let code = program::code(&fixtures.module_wasm()?);
        let module = deploy(&remote, B256::ZERO, &program::init_code(&code))?;
        activate(&remote, module)?;
        let bundler = remote.sender();
        let entry_point =
            EntryPoint { address: entry_point, bundler, version: EntryPointVersion::V07 };
        Ok(Self { remote, entry_point, module, owner_validator, game, fixtures })
    }

    /// Creates an account of any kind, new in every run, with so many thousandths of an ether.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be created.
    pub fn account(
        &mut self,
        kind: AccountKind,
        thousandths: u64,
    ) -> Result<Arc<dyn SmartAccount>, TestBedError> {
        let nonce = self.remote.nonce(self.remote.sender())?;
        let salt = keccak256((self.remote.sender(), nonce).abi_encode());
        let account = kind.create(self, SoftwareKey::new(salt)?, salt)?;
        self.remote.send(account.address(), ether(thousandths), Bytes::new())?;
        Ok(account)
    }

    /// Installs the module on an account, with its owner's signature as enable route.
    ///
    /// # Errors
    /// [`TestBedError`] if it is not installed.
    pub fn install(&self, account: &(impl SmartAccount + ?Sized)) -> Result<(), TestBedError> {
        let call_data = account
            .install_validator(self.module, test_bed::install_data(account, ModuleType::Validator));
        match self.send(self.owner_op(account, call_data)?)? {
            Verdict::Executed => Ok(()),
            verdict => Err(failed("installing the module", verdict.summary())),
        }
    }

    /// Returns where and when a game session begins.
    ///
    /// # Errors
    /// [`TestBedError`] if the node does not answer.
    pub fn board(&self) -> Result<Board, TestBedError> {
        Ok(Board {
            module: self.module,
            game: self.game,
            chain_id: self.remote.chain_id(),
            now: self.remote.timestamp()?,
        })
    }

    /// Returns an operation that the owner has signed.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be signed.
    pub fn owner_op(
        &self,
        account: &(impl SmartAccount + ?Sized),
        call_data: Bytes,
    ) -> Result<PackedUserOperation, TestBedError> {
        let mut op = self.draft(account.address(), account.owner_nonce_key(), call_data)?;
        op.signature = account.owner().sign(self.hash(&op)?)?.into();
        Ok(op)
    }

    /// Returns an operation under a session, signed by its delegate.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be signed.
    pub fn session_op(
        &self,
        account: &(impl SmartAccount + ?Sized),
        draft: &OperationDraft,
        delegate: &SoftwareKey,
        call_data: Bytes,
    ) -> Result<PackedUserOperation, TestBedError> {
        let nonce_key = account.nonce_key(self.module);
        let mut op = self.draft(account.address(), nonce_key, call_data)?;
        self.seal(&mut op, draft, delegate)?;
        Ok(op)
    }

    /// Returns an operation with the next nonce of a lane, not signed yet.
    ///
    /// # Errors
    /// [`TestBedError`] if the EntryPoint does not answer.
    pub fn draft(
        &self,
        sender: Address,
        nonce_key: U192,
        call_data: Bytes,
    ) -> Result<PackedUserOperation, TestBedError> {
        let nonce = IEntryPoint::getNonceCall { sender, key: nonce_key };
        let nonce = self.ask(self.entry_point.address, &nonce)?;
        Ok(entry_point::draft(sender, nonce, call_data))
    }

    /// Has a delegate sign an operation.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be signed.
    pub fn seal(
        &self,
        op: &mut PackedUserOperation,
        draft: &OperationDraft,
        delegate: &SoftwareKey,
    ) -> Result<(), TestBedError> {
        let hash = self.hash(op)?;
        op.signature = draft.sealed(&delegate.sign(draft.digest(self.module, hash))?);
        Ok(())
    }

    fn hash(&self, op: &PackedUserOperation) -> Result<B256, TestBedError> {
        let call = IEntryPoint::getUserOpHashCall { userOp: op.clone() };
        self.ask(self.entry_point.address, &call)
    }

    /// Sends an operation through the EntryPoint, alone in its bundle. As with bundlers, one that
    /// would be refused is not sent.
    ///
    /// # Errors
    /// [`TestBedError`] if the node does not answer.
    pub fn send(&self, op: PackedUserOperation) -> Result<Verdict, TestBedError> {
        self.bundle(op).map(|(verdict, _)| verdict)
    }

    /// The same, with the receipt if it was sent.
    ///
    /// # Errors
    /// [`TestBedError`] if the node does not answer.
    pub fn bundle(
        &self,
        op: PackedUserOperation,
    ) -> Result<(Verdict, Option<Receipt>), TestBedError> {
        let bundle =
            IEntryPoint::handleOpsCall { ops: vec![op], beneficiary: self.remote.sender() };
        match self.remote.send(self.entry_point.address, U256::ZERO, bundle.abi_encode()) {
            Ok(receipt) => {
                let executed = receipt.logs.iter().any(|log| {
                    IEntryPoint::UserOperationEvent::decode_log(log)
                        .is_ok_and(|event| event.success)
                });
                let verdict = if executed { Verdict::Executed } else { Verdict::Reverted };
                Ok((verdict, Some(receipt)))
            }
            Err(error) => match error.revert_data() {
                Some(data) => Ok((Verdict::refused(data), None)),
                None => Err(error.into()),
            },
        }
    }

    /// Asks a contract something.
    ///
    /// # Errors
    /// [`TestBedError`] if it reverts, or answers something else.
    pub fn ask<C: SolCall>(&self, contract: Address, call: &C) -> Result<C::Return, TestBedError> {
        let answer = self.remote.call(contract, call.abi_encode())?;
        C::abi_decode_returns(&answer)
            .map_err(|error| failed("asking a contract", error.to_string()))
    }
}

impl Deployer for RemoteTestBed {
    fn entry_point(&self) -> EntryPoint {
        self.entry_point
    }

    fn owner_validator(&self) -> Address {
        self.owner_validator
    }

    fn chain_id(&self) -> u64 {
        self.remote.chain_id()
    }

    fn contract(
        &mut self,
        name: &str,
        arguments: &[u8],
        salt: B256,
    ) -> Result<Address, TestBedError> {
        let init_code = [&self.fixtures.contract(name)?.init_code, arguments].concat();
        deploy(&self.remote, salt, &init_code)
    }

    fn create_account<C: SolCall>(
        &mut self,
        step: &'static str,
        factory: Address,
        call: &C,
    ) -> Result<Address, TestBedError> {
        let answer = self.remote.call(factory, call.abi_encode())?;
        let address =
            Address::abi_decode(&answer).map_err(|error| failed(step, error.to_string()))?;
        self.remote.send(factory, U256::ZERO, call.abi_encode())?;
        Ok(address)
    }

    fn delegated(
        &mut self,
        step: &'static str,
        authority: &SoftwareKey,
        delegate: Address,
        call: Bytes,
    ) -> Result<(), TestBedError> {
        let address = authority.address();
        // It pays for the transaction itself.
        self.remote.send(address, ether(10), Bytes::new())?;
        let receipt = self.remote.delegate(authority, delegate, call)?;
        if receipt.succeeded && !self.remote.code(address)?.is_empty() {
            return Ok(());
        }
        Err(failed(step, "the transaction fails"))
    }
}

/// Deploys the deterministic deployer if the chain lacks it: pays whoever signed its deployment,
/// and sends that.
fn have_deployer(remote: &Remote) -> Result<(), TestBedError> {
    if !remote.code(DETERMINISTIC_DEPLOYER)?.is_empty() {
        return Ok(());
    }
    let deployment = KeylessDeployment::of_deterministic_deployer()?;
    remote.send(deployment.sender(), deployment.cost(), Bytes::new())?;
    remote.send_raw(deployment.raw())?;
    if remote.code(DETERMINISTIC_DEPLOYER)?.is_empty() {
        return Err(failed("deploying the deterministic deployer", "the node does not take it"));
    }
    Ok(())
}

fn deploy(remote: &Remote, salt: B256, init_code: &[u8]) -> Result<Address, TestBedError> {
    let address = DETERMINISTIC_DEPLOYER.create2_from_code(salt, init_code);
    if remote.code(address)?.is_empty() {
        let data = [salt.as_slice(), init_code].concat();
        remote.send(DETERMINISTIC_DEPLOYER, U256::ZERO, data)?;
        if remote.code(address)?.is_empty() {
            return Err(failed("deploying a contract", format!("there is no code at {address}")));
        }
    }
    Ok(address)
}

fn activate(remote: &Remote, module: Address) -> Result<(), TestBedError> {
    let version = ArbWasm::programVersionCall { program: module };
    match remote.call(ARB_WASM, version.abi_encode()) {
        Ok(_) => return Ok(()),
        Err(RemoteError::Refused { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let activation = ArbWasm::activateProgramCall { program: module };
    // What the fee leaves of it comes back.
    let receipt = remote.send(ARB_WASM, ether(1_000), activation.abi_encode())?;
    if receipt.succeeded { Ok(()) } else { Err(failed("activating the module", "it reverts")) }
}

fn failed(step: &'static str, why: impl Into<String>) -> TestBedError {
    TestBedError::Failed { step, why: why.into() }
}
