//! Deploying contracts, and deploying, activating and caching programs.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::SolCall;

use super::{DETERMINISTIC_DEPLOYER, DevChain};
use crate::arbos_storage::{ARBOS_STATE, program_slot};
use crate::precompile::{ARB_WASM, ARB_WASM_CACHE, ArbWasm, ArbWasmCache};
use crate::program::{self, Activation, Entry};
use crate::{ActivationError, CacheError, DEV_ACCOUNTS, DeployError, StylusError, Transaction};

/// Wei sent with an activation; what the data fee leaves of it comes back.
const ACTIVATION_VALUE: u64 = 1_000_000_000_000_000_000;

impl DevChain {
    /// Deploys a contract from dev account 0.
    ///
    /// # Errors
    ///
    /// When the creation fails.
    pub fn deploy(&mut self, init_code: impl Into<Bytes>) -> Result<Address, DeployError> {
        let outcome = self.transact(Transaction::create(DEV_ACCOUNTS[0].address, init_code))?;
        match outcome.created {
            Some(created) if outcome.is_success() => Ok(created),
            _ => Err(DeployError::Failed(Box::new(outcome))),
        }
    }

    /// Deploys a contract through the [deterministic deployer](DETERMINISTIC_DEPLOYER).
    ///
    /// # Errors
    ///
    /// When there is a contract already or the creation fails.
    pub fn deploy_deterministic(
        &mut self,
        salt: B256,
        init_code: impl Into<Bytes>,
    ) -> Result<Address, DeployError> {
        let init_code = init_code.into();
        let created = DETERMINISTIC_DEPLOYER.create2_from_code(salt, &init_code);
        if !self.code(created).is_empty() {
            return Err(DeployError::AlreadyDeployed(created));
        }
        let data = [salt.as_slice(), &init_code].concat();
        let from = DEV_ACCOUNTS[0].address;
        let outcome =
            self.transact(Transaction::new(from, DETERMINISTIC_DEPLOYER).with_data(data))?;
        if outcome.is_success() && outcome.output.as_ref() == created.as_slice() {
            Ok(created)
        } else {
            Err(DeployError::Failed(Box::new(outcome)))
        }
    }

    /// Compresses a module and deploys it from dev account 0. It must still be
    /// [activated](Self::activate).
    ///
    /// The module is deployed as it is: [`program::pack`] it first if it comes from a compiler.
    ///
    /// # Errors
    ///
    /// When the creation fails.
    pub fn deploy_program(&mut self, wasm: &[u8]) -> Result<Address, DeployError> {
        self.deploy(program::init_code(&program::code(wasm)))
    }

    /// Makes a compiler's module run: packs, deploys, activates and caches it, from dev account 0.
    ///
    /// # Errors
    ///
    /// When one of the steps fails. A program with the same code that is activated already is none.
    pub fn deploy_stylus(&mut self, wasm: &[u8]) -> Result<Address, StylusError> {
        let program = self.deploy_program(&program::pack(wasm)?)?;
        match self.activate(program) {
            Ok(_) | Err(ActivationError::UpToDate(_)) => {}
            Err(error) => return Err(error.into()),
        }
        self.cache_program(program)?;
        Ok(program)
    }

    /// Activates a program from dev account 0, which pays the data fee.
    ///
    /// # Errors
    ///
    /// When the code is no program, the module breaks a rule of Stylus, or the program is activated
    /// already.
    pub fn activate(&mut self, program: Address) -> Result<Activation, ActivationError> {
        let from = DEV_ACCOUNTS[0].address;
        let call = ArbWasm::activateProgramCall { program };
        let transaction = Transaction::new(from, ARB_WASM)
            .with_data(call.abi_encode())
            .with_value(U256::from(ACTIVATION_VALUE));
        let outcome = self.transact(transaction)?;
        if !outcome.is_success() {
            let code = self.code(program);
            return Err(self.why_not_activated(program, &code, outcome.status, &outcome.output));
        }
        let answer = ArbWasm::activateProgramCall::abi_decode_returns(&outcome.output)
            .map_err(|_| ActivationError::NotAProgram(program))?;
        let estimate = self.entry(program).estimate;
        Ok(Activation {
            version: answer.version,
            init_gas: estimate.init_gas(),
            cached_init_gas: estimate.cached_init_gas(),
            footprint_pages: estimate.pages,
            asm_size: estimate.asm_size(),
            gas: outcome.gas_used.saturating_sub(outcome.intrinsic_gas),
            data_fee: answer.dataFee,
        })
    }

    /// Puts an activated program into the cache, so that its calls start at the lower price.
    ///
    /// # Errors
    ///
    /// When the program is not activated.
    pub fn cache_program(&mut self, program: Address) -> Result<(), CacheError> {
        let data = ArbWasmCache::cacheProgramCall { addr: program }.abi_encode();
        self.manage_cache(program, data)
    }

    /// Takes a program out of the cache.
    ///
    /// # Errors
    ///
    /// When the transaction fails.
    pub fn evict_program(&mut self, program: Address) -> Result<(), CacheError> {
        let codehash = self.code_hash(program);
        let data = ArbWasmCache::evictCodehashCall { codehash }.abi_encode();
        self.manage_cache(program, data)
    }

    fn manage_cache(&mut self, program: Address, data: Vec<u8>) -> Result<(), CacheError> {
        let manager = DEV_ACCOUNTS[0].address;
        let transaction = Transaction::new(manager, ARB_WASM_CACHE).with_data(data);
        match self.transact(transaction) {
            Ok(outcome) if outcome.is_success() => Ok(()),
            _ => Err(CacheError::NotActivated(program)),
        }
    }

    /// Whether a cache manager has put the program into the cache.
    pub fn is_cached(&self, program: Address) -> bool {
        self.entry(program).is_cached
    }

    /// What was estimated about an activated program.
    pub(crate) fn estimate(&self, program: Address) -> program::Estimate {
        self.entry(program).estimate
    }

    fn entry(&self, program: Address) -> Entry {
        let slot = program_slot(self.code_hash(program));
        self.storage(ARBOS_STATE, slot).into()
    }
}
