//! Putting a program onto a chain behind JSON-RPC, in one step.
//!
//! ```no_run
//! use stylus_devchain::deploy::Deployer;
//!
//! let wasm = std::fs::read("counter.wasm")?;
//! let deployed = Deployer::to("http://127.0.0.1:8545").deploy(&wasm)?;
//! println!("{}", deployed.address);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod sender;

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolError};
use serde_json::{Value, json};

use crate::ForkError;
use crate::chain::CODE_SIZE_LIMIT;
use crate::precompile::{ARB_WASM, ARB_WASM_CACHE, ArbWasm, ArbWasmCache};
use crate::program;
use crate::remote::RemoteNode;
use sender::Sender;

pub use error::DeployerError;

/// What share of the data fee is sent on top, as a divisor.
const FEE_MARGIN: U256 = alloy_primitives::uint!(5_U256);
/// Wei of the attempt that finds out the data fee; it is not paid.
const ATTEMPT: U256 = alloy_primitives::uint!(1_000_000_000_000_000_000_U256);

/// Deploys programs to a chain.
#[derive(Debug)]
pub struct Deployer {
    node: RemoteNode,
    key: Option<B256>,
    caches: bool,
}

/// A program that was deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployed {
    /// Where it is.
    pub address: Address,
    /// Hash of its code.
    pub code_hash: B256,
    /// Who deployed it.
    pub from: Address,
    /// The data fee in wei; `None` if a program with the same code was activated before.
    pub data_fee: Option<U256>,
    /// Whether it is cached now, or why it is not.
    pub cached: Result<(), String>,
}

impl Deployer {
    /// A deployer to the chain behind an address, from the node's first account.
    pub fn to(url: &str) -> Self {
        Self { node: RemoteNode::new(url), key: None, caches: true }
    }

    /// The same from the account of a key.
    #[must_use]
    pub fn with_key(mut self, key: B256) -> Self {
        self.key = Some(key);
        self
    }

    /// The same with or without putting programs into the cache, which cache managers can.
    #[must_use]
    pub fn with_caching(mut self, caches: bool) -> Self {
        self.caches = caches;
        self
    }

    /// Packs, deploys, activates and caches a compiler's module.
    ///
    /// # Errors
    ///
    /// When the module breaks a rule of Stylus: then nothing is sent. When the node or the chain
    /// refuses a step.
    pub fn deploy(&self, wasm: &[u8]) -> Result<Deployed, DeployerError> {
        let module = program::pack(wasm)?;
        program::inspect(&module)?;
        let code = program::code(&module);
        if code.len() > CODE_SIZE_LIMIT {
            return Err(DeployerError::TooLong { got: code.len() });
        }
        let sender = Sender::new(&self.node, self.key)?;
        let created = sender.send("deploying", None, program::init_code(&code), U256::ZERO)?;
        let address = created.contract_address.unwrap_or_default();
        let data_fee = self.activate(&sender, address)?;
        let cached = if self.caches {
            Self::cache(&sender, address)
        } else {
            Err("it was not asked for".to_owned())
        };
        Ok(Deployed { address, code_hash: keccak256(&code), from: sender.from(), data_fee, cached })
    }

    /// Activates a program; returns the fee, or `None` if there was nothing to do.
    fn activate(
        &self,
        sender: &Sender<'_>,
        program: Address,
    ) -> Result<Option<U256>, DeployerError> {
        const STEP: &str = "activating";
        let data: Bytes = ArbWasm::activateProgramCall { program }.abi_encode().into();
        let call = json!({ "from": sender.from(), "to": ARB_WASM, "data": data, "value": ATTEMPT });
        let rich = json!({ sender.from().to_string(): { "balance": U256::MAX.wrapping_shr(1) } });
        let attempt: Result<Bytes, _> = self.node.ask("eth_call", &json!([call, "latest", rich]));
        let answer = match attempt {
            Ok(answer) => answer,
            Err(ForkError::Answer { data: Some(data), .. })
                if data.as_ref() == ArbWasm::ProgramUpToDate::SELECTOR =>
            {
                return Ok(None);
            }
            Err(error) => return Err(DeployerError::Node { step: STEP, error }),
        };
        let fee = ArbWasm::activateProgramCall::abi_decode_returns(&answer);
        let fee = fee.map(|answer| answer.dataFee).map_err(|error| DeployerError::Node {
            step: STEP,
            error: self.node.unexpected("eth_call", &error.to_string()),
        })?;
        // Demand may raise it until the transaction is mined; what is too much comes back.
        let value = fee.saturating_add(fee.wrapping_div(FEE_MARGIN));
        sender.send(STEP, Some(ARB_WASM), data, value)?;
        Ok(Some(fee))
    }

    fn cache(sender: &Sender<'_>, program: Address) -> Result<(), String> {
        let data = ArbWasmCache::cacheProgramCall { addr: program }.abi_encode();
        let sent = sender.send("caching", Some(ARB_WASM_CACHE), data.into(), U256::ZERO);
        match sent {
            Ok(_) => Ok(()),
            Err(error) => Err(format!("{} may not cache it: {error}", sender.from())),
        }
    }
}

impl Deployed {
    /// As JSON.
    pub fn to_json(&self) -> Value {
        json!({
            "address": self.address,
            "codeHash": self.code_hash,
            "from": self.from,
            "dataFee": self.data_fee,
            "cached": self.cached.is_ok(),
        })
    }
}
