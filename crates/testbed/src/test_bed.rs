//! What a session needs around it: EntryPoint, module, owner validator, game, accounts.

use std::sync::Arc;

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolValue};
use smart_session_client::{KeyError, OperationDraft, SoftwareKey};
use smart_session_core::session::EncodeError;
use stylus_devchain::{
    ActivationError, ArbOs, CacheError, DETERMINISTIC_DEPLOYER, Delegation, DeployError, DevChain,
    Transaction, TransactionError,
};

use crate::abi::PackedUserOperation;
use crate::account::{AccountKind, Deployer, ModuleType, OzAccount, SafeAccount, SmartAccount};
use crate::entry_point::{EntryPoint, OpOutcome, Verdict};
use crate::fixtures::{EntryPointVersion, FixtureError, Fixtures};

/// The time at which the embedded chain starts: 2026-01-01 00:00 UTC.
pub const START_TIME: u64 = 1_767_225_600;

/// A dev chain with everything on it that a session needs. A clone is a snapshot.
#[derive(Clone, Debug)]
pub struct TestBed {
    /// The chain.
    pub chain: DevChain,
    /// The EntryPoint, at its canonical address.
    pub entry_point: EntryPoint,
    /// The session module: deployed, activated, cached.
    pub module: Address,
    /// An ECDSA validator for owners.
    pub owner_validator: Address,
    /// The game that sessions are granted for.
    pub game: Address,
    fixtures: Arc<Fixtures>,
}

/// Why the test bed cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TestBedError {
    /// Something that npm or the build brings is missing.
    #[error(transparent)]
    Fixture(#[from] FixtureError),
    /// A contract could not be deployed.
    #[error(transparent)]
    Deploy(#[from] DeployError),
    /// The module could not be activated.
    #[error(transparent)]
    Activation(#[from] ActivationError),
    /// The module could not be cached.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// A transaction was not valid.
    #[error(transparent)]
    Transaction(#[from] TransactionError),
    /// A key cannot sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A session has no packed form.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// A chain behind a URL does not do what it should.
    #[cfg(feature = "by-url")]
    #[error(transparent)]
    Remote(#[from] crate::remote::RemoteError),
    /// A step that must work did not.
    #[error("{step} failed: {why}")]
    Failed {
        /// What was tried.
        step: &'static str,
        /// What came of it.
        why: String,
    },
}

impl Deployer for TestBed {
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
        Self::contract(self, name, arguments, salt)
    }

    fn create_account<C: SolCall>(
        &mut self,
        step: &'static str,
        factory: Address,
        call: &C,
    ) -> Result<Address, TestBedError> {
        Self::create_account(self, step, factory, call)
    }

    fn delegated(
        &mut self,
        step: &'static str,
        authority: &SoftwareKey,
        delegate: Address,
        call: Bytes,
    ) -> Result<(), TestBedError> {
        Self::delegated(self, step, authority.address(), delegate, call)
    }
}

impl TestBed {
    /// Sets it up on a new chain, with EntryPoint v0.7.
    ///
    /// # Errors
    /// [`TestBedError`], which says what to run if something is missing.
    pub fn set() -> Result<Self, TestBedError> {
        Self::set_for(EntryPointVersion::V07)
    }

    /// Sets it up on a new chain, with an EntryPoint of some version.
    ///
    /// # Errors
    /// [`TestBedError`], which says what to run if something is missing.
    pub fn set_for(version: EntryPointVersion) -> Result<Self, TestBedError> {
        Self::build(new_chain(ArbOs::default()), version)
    }

    /// Sets it up on a new chain under the rules of a version of `ArbOS`, with EntryPoint v0.7.
    ///
    /// # Errors
    /// [`TestBedError`], which says what to run if something is missing.
    pub fn set_under(arbos: ArbOs) -> Result<Self, TestBedError> {
        Self::set_on(new_chain(arbos))
    }

    /// Sets it up on a given chain, with EntryPoint v0.7.
    ///
    /// # Errors
    /// [`TestBedError`], which says what to run if something is missing.
    pub fn set_on(chain: DevChain) -> Result<Self, TestBedError> {
        Self::build(chain, EntryPointVersion::V07)
    }

    fn build(mut chain: DevChain, version: EntryPointVersion) -> Result<Self, TestBedError> {
        let fixtures = Arc::new(Fixtures::load()?);
        let bundler = chain.dev_accounts().first().map(|account| account.address);
        let bundler = bundler.ok_or_else(|| failed("finding a bundler", "no dev account"))?;

        let entry_point = fixtures.entry_point(version)?;
        let address =
            chain.deploy_deterministic(entry_point.salt, entry_point.init_code.clone())?;
        if address != entry_point.address {
            return Err(failed("deploying the EntryPoint", format!("it is at {address}")));
        }
        let module = chain.deploy_program(&fixtures.module_wasm()?)?;
        chain.activate(module)?;
        chain.cache_program(module)?;
        let owner_validator =
            chain.deploy(fixtures.contract("EcdsaOwnerValidator")?.init_code.clone())?;
        let game = chain.deploy(fixtures.contract("Game")?.init_code.clone())?;
        let entry_point = EntryPoint { address, bundler, version };
        Ok(Self { chain, entry_point, module, owner_validator, game, fixtures })
    }

    /// Creates OpenZeppelin's account with 10 ETH, owned by the key that a name stands for.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be created.
    pub fn oz_account(&mut self, name: &str) -> Result<OzAccount, TestBedError> {
        let account = OzAccount::create(self, key(name)?, keccak256(name))?;
        self.chain.set_balance(account.address(), ether(10_000));
        Ok(account)
    }

    /// Creates a Safe with 10 ETH, owned by the key that a name stands for.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be created.
    pub fn safe_account(&mut self, name: &str) -> Result<SafeAccount, TestBedError> {
        let account = SafeAccount::create(self, key(name)?, keccak256(name))?;
        self.chain.set_balance(account.address(), ether(10_000));
        Ok(account)
    }

    /// Creates an account of any kind with 10 ETH, owned by the key that a name stands for.
    ///
    /// For kinds [over the limit](AccountKind::is_over_code_size_limit) the chain's limit for code
    /// is lifted, from then on.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be created.
    pub fn account(
        &mut self,
        kind: AccountKind,
        name: &str,
    ) -> Result<Arc<dyn SmartAccount>, TestBedError> {
        if kind.is_over_code_size_limit() {
            self.chain = std::mem::take(&mut self.chain).with_code_size_limit(usize::MAX);
        }
        let account = kind.create(self, key(name)?, keccak256(name))?;
        self.chain.set_balance(account.address(), ether(10_000));
        Ok(account)
    }

    /// Deploys a contract of the fixtures that takes no arguments.
    ///
    /// # Errors
    /// [`TestBedError`] if there is none of that name, or it cannot be deployed.
    pub fn deploy(&mut self, name: &str) -> Result<Address, TestBedError> {
        self.library(name, &[])
    }

    /// Deploys a contract of the fixtures once: the second time it is where it was.
    pub(crate) fn library(
        &mut self,
        name: &str,
        arguments: &[u8],
    ) -> Result<Address, TestBedError> {
        self.contract(name, arguments, B256::ZERO)
    }

    /// The same with a salt.
    pub(crate) fn contract(
        &mut self,
        name: &str,
        arguments: &[u8],
        salt: B256,
    ) -> Result<Address, TestBedError> {
        let init_code = [&self.fixtures.contract(name)?.init_code, arguments].concat();
        let address = DETERMINISTIC_DEPLOYER.create2_from_code(salt, &init_code);
        if self.chain.code(address).is_empty() {
            self.chain.deploy_deterministic(salt, init_code)?;
        }
        Ok(address)
    }

    /// Calls a factory, which answers with the account that it made.
    pub(crate) fn create_account<C: SolCall>(
        &mut self,
        step: &'static str,
        factory: Address,
        call: &C,
    ) -> Result<Address, TestBedError> {
        let create = Transaction::new(self.entry_point.bundler, factory);
        let outcome = self.chain.transact(create.with_data(call.abi_encode()))?;
        if !outcome.is_success() {
            return Err(failed(step, format!("the factory reverts with {}", outcome.output)));
        }
        Address::abi_decode(&outcome.output).map_err(|error| failed(step, error.to_string()))
    }

    /// Has an EOA delegate its code, and call itself in the same transaction.
    pub(crate) fn delegated(
        &mut self,
        step: &'static str,
        authority: Address,
        delegate: Address,
        call: Bytes,
    ) -> Result<(), TestBedError> {
        // The sender's nonce moves before its own authorization is looked at.
        let nonce = self.chain.nonce(authority).saturating_add(1);
        let transaction = Transaction::new(authority, authority)
            .with_data(call)
            .with_delegations(vec![Delegation { authority, delegate, nonce }]);
        let outcome = self.chain.transact(transaction)?;
        if outcome.is_success() && !self.chain.code(authority).is_empty() {
            return Ok(());
        }
        Err(failed(step, format!("it ends as {:?} with {}", outcome.status, outcome.output)))
    }

    /// Installs the module on an account, with its owner's signature as enable route.
    ///
    /// # Errors
    /// [`TestBedError`] if it is not installed.
    pub fn install(&mut self, account: &(impl SmartAccount + ?Sized)) -> Result<(), TestBedError> {
        self.install_as(account, ModuleType::Validator)
    }

    /// Installs the module on an account as one type, with its owner's signature as enable route.
    ///
    /// # Errors
    /// [`TestBedError`] if it is not installed.
    pub fn install_as(
        &mut self,
        account: &(impl SmartAccount + ?Sized),
        module_type: ModuleType,
    ) -> Result<(), TestBedError> {
        let data = install_data(account, module_type);
        let call_data = account.install_module(module_type, self.module, data);
        self.expect_executed("installing the module", account, call_data)
    }

    /// Sends an operation that the owner signs and expects that it is run.
    ///
    /// # Errors
    /// [`TestBedError`] if it is not.
    pub fn expect_executed(
        &mut self,
        step: &'static str,
        account: &(impl SmartAccount + ?Sized),
        call_data: Bytes,
    ) -> Result<(), TestBedError> {
        match self.owner_op(account, call_data)?.verdict {
            Verdict::Executed => Ok(()),
            verdict => Err(failed(step, verdict.reason().unwrap_or("it reverted"))),
        }
    }

    /// Sends an operation that the owner signs.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be signed or sent.
    pub fn owner_op(
        &mut self,
        account: &(impl SmartAccount + ?Sized),
        call_data: Bytes,
    ) -> Result<OpOutcome, TestBedError> {
        let op = self.signed_owner_op(account, call_data)?;
        Ok(self.entry_point.handle_op(&mut self.chain, self.module, op)?)
    }

    /// Returns an operation that the owner has signed, for whoever sends it.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be signed.
    pub fn signed_owner_op(
        &self,
        account: &(impl SmartAccount + ?Sized),
        call_data: Bytes,
    ) -> Result<PackedUserOperation, TestBedError> {
        let key = account.owner_nonce_key();
        let mut op = self.entry_point.user_op(&self.chain, account.address(), key, call_data)?;
        let hash = self.entry_point.user_op_hash(&self.chain, &op)?;
        op.signature = account.owner().sign(hash)?.into();
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
        let key = account.nonce_key(self.module);
        let mut op = self.entry_point.user_op(&self.chain, account.address(), key, call_data)?;
        let hash = self.entry_point.user_op_hash(&self.chain, &op)?;
        op.signature = draft.sealed(&delegate.sign(draft.digest(self.module, hash))?);
        Ok(op)
    }

    /// Asks a contract something; nothing is kept.
    ///
    /// # Errors
    /// [`TestBedError`] if it reverts, or answers something else.
    pub fn ask<C: SolCall>(&self, contract: Address, call: &C) -> Result<C::Return, TestBedError> {
        let question = Transaction::new(self.entry_point.bundler, contract);
        let outcome = self.chain.call(question.with_data(call.abi_encode()))?;
        if !outcome.is_success() {
            return Err(failed("asking a contract", format!("it reverts with {}", outcome.output)));
        }
        C::abi_decode_returns_validate(&outcome.output)
            .map_err(|error| failed("asking a contract", error.to_string()))
    }

    /// Sends an operation through the EntryPoint, alone in its bundle.
    ///
    /// # Errors
    /// [`TestBedError`] if the transaction is not valid.
    pub fn send(&mut self, op: PackedUserOperation) -> Result<OpOutcome, TestBedError> {
        Ok(self.entry_point.handle_op(&mut self.chain, self.module, op)?)
    }
}

/// Returns what the module is installed with as one type: the owner's enable route, no session.
pub fn install_data(account: &(impl SmartAccount + ?Sized), module_type: ModuleType) -> Bytes {
    let route = account.owner_route();
    let module_type = match module_type {
        ModuleType::Validator => 0x01,
        ModuleType::Executor => 0x02,
    };
    let mut data = vec![module_type, u8::try_from(route.len()).unwrap_or(u8::MAX)];
    data.extend(route);
    data.push(0);
    data.into()
}

/// Returns the key that a name stands for.
///
/// # Errors
/// [`KeyError`] for a name that hashes to no key: none is known.
pub fn key(name: &str) -> Result<SoftwareKey, KeyError> {
    SoftwareKey::new(keccak256(name))
}

/// Returns thousandths of an ether in wei.
pub fn ether(thousandths: u64) -> U256 {
    U256::from(thousandths).saturating_mul(U256::from(1_000_000_000_000_000_u64))
}

fn new_chain(arbos: ArbOs) -> DevChain {
    DevChain::new().with_arbos(arbos).with_timestamp(START_TIME)
}

fn failed(step: &'static str, why: impl Into<String>) -> TestBedError {
    TestBedError::Failed { step, why: why.into() }
}
