//! The module as a Stylus program: whether it can be called, and what its start costs.

use alloy_primitives::{Address, B256, U256, address, keccak256};
use alloy_sol_types::{SolCall, SolError, sol};

use crate::keys::software_key::SoftwareKey;
use crate::rpc::act_error::ActError;
use crate::rpc::error::NodeError;
use crate::rpc::node::Node;

/// `ArbWasm`.
pub const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
/// `ArbWasmCache`.
pub const ARB_WASM_CACHE: Address = address!("0000000000000000000000000000000000000072");

sol! {
    /// The part of `ArbWasm` that is used here.
    interface IArbWasm {
        error ProgramNotWasm();
        error ProgramNotActivated();
        error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
        error ProgramExpired(uint64 ageInSeconds);
        error ProgramUpToDate();

        function activateProgram(address program)
            external payable returns (uint16 version, uint256 dataFee);
        function stylusVersion() external view returns (uint16);
        function programVersion(address program) external view returns (uint16);
        function programInitGas(address program)
            external view returns (uint64 gas, uint64 gasWhenCached);
        function programTimeLeft(address program) external view returns (uint64);
    }

    /// The part of `ArbWasmCache` that is used here.
    interface IArbWasmCache {
        function cacheProgram(address program) external;
        function codehashIsCached(bytes32 codehash) external view returns (bool);
    }
}

/// Whether a program may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// It may, for so many seconds still.
    Active {
        /// How long.
        seconds_left: u64,
    },
    /// It was never activated.
    NotActivated,
    /// It was activated for an older version of Stylus.
    NeedsUpgrade {
        /// That version.
        version: u16,
    },
    /// Its activation has expired.
    Expired,
    /// It is no Stylus program.
    NotWasm,
}

/// A Stylus program on a node's chain.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    /// The node.
    pub node: &'a Node,
    /// Its address.
    pub address: Address,
}

/// What the code of every Stylus program begins with.
const PREFIX: [u8; 2] = [0xef, 0xf0];
/// Wei sent along with an activation; what the data fee leaves of it comes back.
const ACTIVATION_VALUE: u64 = 10_000_000_000_000_000;

impl Program<'_> {
    /// Returns whether it may be called, and how long still.
    ///
    /// # Errors
    /// [`NodeError`] if the chain cannot be asked, or has no Stylus.
    pub async fn activation(&self) -> Result<Activation, NodeError> {
        if !self.node.code(self.address).await?.starts_with(&PREFIX) {
            return Ok(Activation::NotWasm);
        }
        let call = IArbWasm::programTimeLeftCall { program: self.address };
        match self.node.ask(ARB_WASM, &call).await {
            Ok(seconds_left) => Ok(Activation::Active { seconds_left }),
            Err(NodeError::Reverted { data }) => why_not_callable(&data)
                .ok_or(NodeError::Garbled { what: "what ArbWasm says about the program" }),
            Err(error) => Err(error),
        }
    }

    /// Returns the chain's version of Stylus.
    ///
    /// # Errors
    /// [`NodeError`] if the chain cannot be asked, or has no Stylus.
    pub async fn stylus_version(&self) -> Result<u16, NodeError> {
        self.node.ask(ARB_WASM, &IArbWasm::stylusVersionCall {}).await
    }

    /// Returns the hash of its code.
    ///
    /// # Errors
    /// [`NodeError`] if the chain cannot be asked.
    pub async fn code_hash(&self) -> Result<B256, NodeError> {
        self.node.code(self.address).await.map(keccak256)
    }

    /// Returns whether its start is cheap because a cache manager has cached it.
    ///
    /// # Errors
    /// [`NodeError`] if the chain cannot be asked.
    pub async fn is_cached(&self) -> Result<bool, NodeError> {
        let codehash = self.code_hash().await?;
        self.node.ask(ARB_WASM_CACHE, &IArbWasmCache::codehashIsCachedCall { codehash }).await
    }

    /// Returns the gas of its start beyond that of a cached one, 0 where it is cached.
    ///
    /// # Errors
    /// [`NodeError`] if the chain cannot be asked.
    pub async fn start_gas(&self) -> Result<u64, NodeError> {
        if self.is_cached().await? {
            return Ok(0);
        }
        let call = IArbWasm::programInitGasCall { program: self.address };
        Ok(self.node.ask(ARB_WASM, &call).await?.gas)
    }

    /// Activates it. Anyone may; the sender pays the data fee.
    ///
    /// # Errors
    /// [`ActError`] if that fails.
    pub async fn activate(&self, sender: &SoftwareKey) -> Result<(), ActError> {
        let data = IArbWasm::activateProgramCall { program: self.address }.abi_encode();
        let value = U256::from(ACTIVATION_VALUE);
        self.node.transact(sender, ARB_WASM, data.into(), value).await.map(|_| ())
    }

    /// Caches it, which cache managers may.
    ///
    /// # Errors
    /// [`ActError`] if the sender may not.
    pub async fn cache(&self, sender: &SoftwareKey) -> Result<(), ActError> {
        let data = IArbWasmCache::cacheProgramCall { program: self.address }.abi_encode();
        self.node.transact(sender, ARB_WASM_CACHE, data.into(), U256::ZERO).await.map(|_| ())
    }
}

fn why_not_callable(data: &[u8]) -> Option<Activation> {
    use IArbWasm::{ProgramExpired, ProgramNeedsUpgrade, ProgramNotActivated, ProgramNotWasm};

    if let Ok(error) = ProgramNeedsUpgrade::abi_decode(data) {
        return Some(Activation::NeedsUpgrade { version: error.version });
    }
    match *data.first_chunk::<4>()? {
        ProgramNotActivated::SELECTOR => Some(Activation::NotActivated),
        ProgramExpired::SELECTOR => Some(Activation::Expired),
        ProgramNotWasm::SELECTOR => Some(Activation::NotWasm),
        _ => None,
    }
}
