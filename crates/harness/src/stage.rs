//! Everything a session is played on: EntryPoint, module, owner validator, game, accounts.

use alloy_primitives::{Address, Bytes, U256, keccak256};
use alloy_sol_types::SolCall;
use devchain::{ActivationError, CacheError, DeployError, DevChain, Transaction, TransactionError};
use session_client::{KeyError, OperationDraft, SoftwareKey};
use session_core::session::EncodeError;

use crate::abi::{IOzAccount, PackedUserOperation};
use crate::account::{OzAccount, SmartAccount};
use crate::entry_point::{EntryPoint, OpOutcome, Verdict};
use crate::fixtures::{EntryPointVersion, FixtureError, Fixtures};

/// The time when the curtain rises: 2026-01-01 00:00 UTC.
pub const OPENING: u64 = 1_767_225_600;

/// A dev chain with everything on it that a session needs. A clone is a snapshot.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The chain.
    pub chain: DevChain,
    /// EntryPoint v0.7, at its canonical address.
    pub entry_point: EntryPoint,
    /// The session module: deployed, activated, cached.
    pub module: Address,
    /// An ECDSA validator for owners.
    pub owner_validator: Address,
    /// A game to play.
    pub game: Address,
    oz_factory: Address,
}

/// Why the stage cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
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
    /// A step that must work did not.
    #[error("{step} failed: {why}")]
    Failed {
        /// What was tried.
        step: &'static str,
        /// What came of it.
        why: String,
    },
}

impl Stage {
    /// Sets the stage on a new chain.
    ///
    /// # Errors
    /// [`StageError`], which says what to run if something is missing.
    pub fn set() -> Result<Self, StageError> {
        Self::set_on(DevChain::new().with_timestamp(OPENING))
    }

    /// Sets the stage on a chain of one's choice.
    ///
    /// # Errors
    /// [`StageError`], which says what to run if something is missing.
    pub fn set_on(mut chain: DevChain) -> Result<Self, StageError> {
        let fixtures = Fixtures::load()?;
        let bundler = chain.dev_accounts().first().map(|account| account.address);
        let bundler = bundler.ok_or_else(|| failed("finding a bundler", "no dev account"))?;

        let entry_point = fixtures.entry_point(EntryPointVersion::V07)?;
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
        let oz_factory = chain.deploy(fixtures.contract("OzAccountFactory")?.init_code.clone())?;
        let game = chain.deploy(fixtures.contract("Game")?.init_code.clone())?;
        let entry_point = EntryPoint { address, bundler };
        Ok(Self { chain, entry_point, module, owner_validator, game, oz_factory })
    }

    /// Creates an account with 10 ETH, owned by the key that a name stands for.
    ///
    /// # Errors
    /// [`StageError`] if it cannot be created.
    pub fn oz_account(&mut self, name: &str) -> Result<OzAccount, StageError> {
        let owner = key(name)?;
        let init = IOzAccount::initializeAccountCall {
            validator: self.owner_validator,
            initData: Bytes::copy_from_slice(owner.address().as_slice()),
        };
        let create =
            IOzAccount::createAccountCall { salt: keccak256(name), init: init.abi_encode().into() };
        let outcome = self.chain.transact(
            Transaction::new(self.entry_point.bundler, self.oz_factory)
                .with_data(create.abi_encode())
                .with_gas_limit(3_000_000),
        )?;
        let address = IOzAccount::createAccountCall::abi_decode_returns(&outcome.output)
            .map_err(|error| failed("creating the account", error.to_string()))?;
        self.chain.set_balance(address, ether(10_000));
        Ok(OzAccount { address, owner, owner_validator: self.owner_validator })
    }

    /// Installs the module on an account, with its owner's signature as enable route.
    ///
    /// # Errors
    /// [`StageError`] if it is not installed.
    pub fn install(&mut self, account: &impl SmartAccount) -> Result<(), StageError> {
        let route = account.owner_route();
        let mut data = vec![0x01, u8::try_from(route.len()).unwrap_or(u8::MAX)];
        data.extend(route);
        data.push(0);
        let call_data = account.install_validator(self.module, data.into());
        self.expect_executed("installing the module", account, call_data)
    }

    /// Sends an operation that the owner signs and expects that it is run.
    ///
    /// # Errors
    /// [`StageError`] if it is not.
    pub fn expect_executed(
        &mut self,
        step: &'static str,
        account: &impl SmartAccount,
        call_data: Bytes,
    ) -> Result<(), StageError> {
        match self.owner_op(account, call_data)?.verdict {
            Verdict::Executed => Ok(()),
            verdict => Err(failed(step, verdict.reason().unwrap_or("it reverted"))),
        }
    }

    /// Sends an operation that the owner signs.
    ///
    /// # Errors
    /// [`StageError`] if it cannot be signed or sent.
    pub fn owner_op(
        &mut self,
        account: &impl SmartAccount,
        call_data: Bytes,
    ) -> Result<OpOutcome, StageError> {
        let key = account.nonce_key(account.owner_validator());
        let mut op = self.entry_point.user_op(&self.chain, account.address(), key, call_data)?;
        let hash = self.entry_point.user_op_hash(&self.chain, &op)?;
        op.signature = account.owner().sign(hash)?.into();
        Ok(self.entry_point.handle_op(&mut self.chain, self.module, op)?)
    }

    /// Returns an operation under a session, signed by its delegate.
    ///
    /// # Errors
    /// [`StageError`] if it cannot be signed.
    pub fn session_op(
        &self,
        account: &impl SmartAccount,
        draft: &OperationDraft,
        delegate: &SoftwareKey,
        call_data: Bytes,
    ) -> Result<PackedUserOperation, StageError> {
        let key = account.nonce_key(self.module);
        let mut op = self.entry_point.user_op(&self.chain, account.address(), key, call_data)?;
        let hash = self.entry_point.user_op_hash(&self.chain, &op)?;
        op.signature = draft.sealed(&delegate.sign(draft.digest(self.module, hash))?);
        Ok(op)
    }

    /// Sends an operation through the EntryPoint, alone in its bundle.
    ///
    /// # Errors
    /// [`StageError`] if the transaction is not valid.
    pub fn send(&mut self, op: PackedUserOperation) -> Result<OpOutcome, StageError> {
        Ok(self.entry_point.handle_op(&mut self.chain, self.module, op)?)
    }
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

fn failed(step: &'static str, why: impl Into<String>) -> StageError {
    StageError::Failed { step, why: why.into() }
}
