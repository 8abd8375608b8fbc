//! The format of the recordings made on a Nitro node.
//!
//! Only what a replay needs is read: see the recordings' own README for the whole format.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, Bytes, U256};
use serde::Deserialize;
use serde_json::Value;

/// One file: a program and what a node answered to it.
#[derive(Clone, Debug, Deserialize)]
pub struct Recording {
    /// The file's name without its ending.
    pub name: String,
    /// The contract code of the program.
    #[serde(default)]
    pub code_hex: Option<Bytes>,
    /// In a file about a limit: the largest module accepted.
    #[serde(default)]
    pub accepted_code_hex: Option<Bytes>,
    /// In a file about a limit: the smallest module rejected.
    #[serde(default)]
    pub rejected_code_hex: Option<Bytes>,
    /// EVM contracts used.
    #[serde(default)]
    pub evm_contracts: Vec<EvmContract>,
    /// Further programs used.
    #[serde(default)]
    pub extras: Vec<ExtraProgram>,
    /// Accounts with a delegation (EIP-7702), by version of `ArbOS`.
    #[serde(default)]
    pub delegated_accounts: BTreeMap<String, Vec<DelegatedAccounts>>,
    /// The pieces of a program in several.
    #[serde(default)]
    pub fragments: Option<Fragments>,
    /// What activation answered, by version of `ArbOS`.
    pub activation: BTreeMap<String, ActivationRecord>,
    /// Addresses of each run.
    pub accounts: Vec<RunAccounts>,
    /// The calls, run by run.
    pub calls: Vec<CallRecord>,
}

/// An EVM contract.
#[derive(Clone, Debug, Deserialize)]
pub struct EvmContract {
    /// Its name in the recording.
    pub name: String,
    /// What creates it, without the constructor's argument.
    #[serde(default)]
    pub initcode_hex: Bytes,
    /// Set where the constructor takes an argument, which is the program's address.
    #[serde(default)]
    pub constructor_argument: Option<String>,
    /// Its code.
    pub runtime_hex: Bytes,
}

/// A program that is used beside the one that the file is about.
#[derive(Clone, Debug, Deserialize)]
pub struct ExtraProgram {
    /// Its name in the recording.
    pub name: String,
    /// Its code.
    pub code_hex: Bytes,
    /// What its activation answered, by version of `ArbOS`.
    pub activation: BTreeMap<String, ActivationRecord>,
}

/// The accounts of one run that delegate.
#[derive(Clone, Debug, Deserialize)]
pub struct DelegatedAccounts {
    /// Which run of that version: whether the program was cached.
    pub cached: bool,
    /// Their code by name; the addresses are among those of the EVM contracts.
    #[serde(flatten)]
    pub code_by_name: BTreeMap<String, Bytes>,
}

/// The pieces of a program in several.
#[derive(Clone, Debug, Deserialize)]
pub struct Fragments {
    /// Code of each piece.
    pub code_hex: Vec<Bytes>,
    /// Addresses of the pieces, for each run.
    pub addresses_by_run: Vec<Vec<Address>>,
    /// Code of the root, for each run.
    pub root_code_by_run: Vec<Bytes>,
}

/// What an activation answered.
#[derive(Clone, Debug, Deserialize)]
pub struct ActivationRecord {
    /// Whether it succeeded.
    #[serde(default)]
    pub accepted: bool,
    /// False where the node could not be asked.
    #[serde(default = "yes")]
    pub recorded: bool,
    /// True where the answer is that of a debug chain only.
    #[serde(default)]
    pub debug_chain_artefact: bool,
    /// Start price in gas when not cached.
    #[serde(default)]
    pub program_init_gas: u64,
    /// Start price in gas when cached.
    #[serde(default)]
    pub program_init_gas_cached: u64,
    /// Memory pages at the start.
    #[serde(default)]
    pub memory_footprint_pages: u16,
    /// Size of the native code in bytes.
    #[serde(default)]
    pub asm_size: u32,
    /// Gas limit of the transaction.
    #[serde(default)]
    pub tx_gas_limit: u64,
    /// Gas of the activation without the intrinsic gas; absent if all was burnt.
    #[serde(default)]
    pub activation_gas: Option<u64>,
    /// Name of the error it reverted with.
    #[serde(default)]
    pub revert_error: Option<String>,
    /// The same activation without value.
    #[serde(default)]
    pub without_value: Option<Box<ActivationRecord>>,
    /// The same activation once more.
    #[serde(default)]
    pub second_activation: Option<Box<ActivationRecord>>,
}

fn yes() -> bool {
    true
}

/// Addresses of one run.
#[derive(Clone, Debug, Deserialize)]
pub struct RunAccounts {
    /// Version of `ArbOS`.
    pub arbos: u64,
    /// Whether the program was cached.
    pub cached: bool,
    /// The program.
    pub program: Address,
    /// EVM contracts and delegating accounts by name.
    #[serde(default)]
    pub evm_contracts: BTreeMap<String, Address>,
    /// Further programs by name.
    #[serde(default)]
    pub extras: BTreeMap<String, Address>,
}

/// A call and its answer.
#[derive(Clone, Debug, Deserialize)]
pub struct CallRecord {
    /// The call's name.
    pub id: String,
    /// Version of `ArbOS`.
    pub arbos: u64,
    /// Whether the program was cached.
    pub cached: bool,
    /// `tx` or `eth_call`.
    pub kind: String,
    /// Sender.
    pub from: Address,
    /// Target.
    pub to: Address,
    /// Wei sent.
    pub value: U256,
    /// Call data.
    pub data: Bytes,
    /// Gas limit.
    pub gas_limit: u64,
    /// Warm accounts and slots.
    #[serde(default)]
    pub access_list: Vec<AccessRecord>,
    /// Transactions with one value here share a block.
    #[serde(default)]
    pub same_block: Option<String>,
    /// Set where the answer is the WASM engine's rather than Nitro's.
    #[serde(default)]
    pub engine_dependent: Option<Value>,
    /// The answer.
    pub result: ResultRecord,
}

/// An entry of an access list.
#[derive(Clone, Debug, Deserialize)]
pub struct AccessRecord {
    /// The account.
    pub address: Address,
    /// Its slots.
    #[serde(default, rename = "storageKeys")]
    pub storage_keys: Vec<B256>,
}

/// The answer to a call.
#[derive(Clone, Debug, Deserialize)]
pub struct ResultRecord {
    /// 1 for success.
    pub status: u64,
    /// How it ended otherwise.
    pub halt: Option<String>,
    /// Gas used after refunds.
    pub gas_used: u64,
    /// Gas charged before the first instruction.
    pub intrinsic_gas: u64,
    /// Return data: text, or the properties of a long one, or `variable`.
    pub output_hex: Value,
    /// Logs.
    pub logs: Vec<LogRecord>,
    /// Calls and ink by host function.
    pub ink_by_hostio: Option<BTreeMap<String, HostioRecord>>,
    /// Calls of host functions in order of completion.
    pub hostio_trace: Option<Vec<Value>>,
    /// Frames in order of entry.
    pub frames: Option<Vec<FrameRecord>>,
    /// Slots after the call.
    #[serde(default)]
    pub storage_after: BTreeMap<Address, BTreeMap<U256, U256>>,
    /// Balances after the call.
    #[serde(default)]
    pub balances_after: BTreeMap<Address, U256>,
}

/// A log.
#[derive(Clone, Debug, Deserialize)]
pub struct LogRecord {
    /// Who logged.
    pub address: Address,
    /// Topics.
    pub topics: Vec<B256>,
    /// Data.
    pub data: Bytes,
}

/// Calls and ink of a host function.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct HostioRecord {
    /// Number of calls.
    pub count: u64,
    /// Ink.
    pub ink: u64,
}

/// Depth, kind, address, gas, gas used and how it broke off.
pub type FrameRecord = (usize, String, Option<Address>, u64, u64, Option<String>);
