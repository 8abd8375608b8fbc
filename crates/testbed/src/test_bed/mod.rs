//! What a session needs around it: EntryPoint, module, owner validator, game, accounts.

mod deployer;
mod operation;

use std::sync::Arc;

use alloy_primitives::{Address, B256, Bytes, keccak256};
use smart_session_client::{KeyError, SoftwareKey};
use stylus_devchain::{ArbOs, DevChain};

use crate::account::{AccountKind, Deployer, ModuleType, OzAccount, SafeAccount, SmartAccount};
use crate::backend::Backend;
use crate::entry_point::EntryPoint;
pub use crate::error::TestBedError;
use crate::fixtures::{EntryPointVersion, Fixtures};
pub use crate::units::ether;

/// The time at which the embedded chain starts: 2026-01-01 00:00 UTC.
pub const START_TIME: u64 = 1_767_225_600;

/// A chain with everything on it that a session needs. A clone of the embedded one is a snapshot;
/// of one behind a URL it is the same chain.
#[derive(Clone, Debug)]
pub struct TestBed<B: Backend = DevChain> {
    /// The chain.
    pub chain: B,
    /// The EntryPoint, at its canonical address.
    pub entry_point: EntryPoint,
    /// The session module: deployed and activated; on the embedded chain cached.
    pub module: Address,
    /// An ECDSA validator for owners.
    pub owner_validator: Address,
    /// The game that sessions are granted for.
    pub game: Address,
    fixtures: Arc<Fixtures>,
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

    /// Creates OpenZeppelin's account with 10 ETH, owned by the key that a name stands for.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be created.
    pub fn oz_account(&mut self, name: &str) -> Result<OzAccount, TestBedError> {
        let account = OzAccount::create(self, key(name)?, keccak256(name))?;
        self.chain.set_balance(account.address(), ether(DevChain::ENDOWMENT));
        Ok(account)
    }

    /// Creates a Safe with 10 ETH, owned by the key that a name stands for.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be created.
    pub fn safe_account(&mut self, name: &str) -> Result<SafeAccount, TestBedError> {
        let account = SafeAccount::create(self, key(name)?, keccak256(name))?;
        self.chain.set_balance(account.address(), ether(DevChain::ENDOWMENT));
        Ok(account)
    }
}

impl<B: Backend> TestBed<B> {
    /// Sets it up on a given chain, with EntryPoint v0.7. What is there already is found.
    ///
    /// # Errors
    /// [`TestBedError`], which says what to run if something is missing.
    pub fn set_on(chain: B) -> Result<Self, TestBedError> {
        Self::build(chain, EntryPointVersion::V07)
    }

    fn build(mut chain: B, version: EntryPointVersion) -> Result<Self, TestBedError> {
        let fixtures = Arc::new(Fixtures::load()?);
        let entry_point = fixtures.entry_point(version)?;
        let address = chain.deploy_once(entry_point.salt, entry_point.init_code.clone())?;
        if address != entry_point.address {
            let why = format!("it is at {address}");
            return Err(TestBedError::failed("deploying the EntryPoint", why));
        }
        let module = chain.deploy_module(&fixtures.module_wasm()?)?;
        let mut contract =
            |name: &str| chain.deploy_contract(fixtures.contract(name)?.init_code.clone());
        let owner_validator = contract("EcdsaOwnerValidator")?;
        let game = contract("Game")?;
        let entry_point = EntryPoint { address, bundler: chain.sender(), version };
        Ok(Self { chain, entry_point, module, owner_validator, game, fixtures })
    }

    /// Creates an account of any kind with [some ether](Backend::ENDOWMENT), owned by the key that
    /// a name stands for.
    ///
    /// For kinds [over the limit](AccountKind::is_over_code_size_limit) the limit for code is
    /// lifted from then on, where the chain can be told so.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be created.
    pub fn account(
        &mut self,
        kind: AccountKind,
        name: &str,
    ) -> Result<Arc<dyn SmartAccount>, TestBedError> {
        if kind.is_over_code_size_limit() {
            self.chain.lift_code_size_limit();
        }
        let secret = self.chain.secret(name)?;
        let account = kind.create(self, SoftwareKey::new(secret)?, secret)?;
        self.chain.endow(account.address(), ether(B::ENDOWMENT))?;
        Ok(account)
    }

    /// Deploys a contract of the fixtures that takes no arguments.
    ///
    /// # Errors
    /// [`TestBedError`] if there is none of that name, or it cannot be deployed.
    pub fn deploy(&mut self, name: &str) -> Result<Address, TestBedError> {
        self.contract(name, &[], B256::ZERO)
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
}

fn new_chain(arbos: ArbOs) -> DevChain {
    DevChain::new().with_arbos(arbos).with_timestamp(START_TIME)
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
