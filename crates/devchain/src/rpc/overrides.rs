//! State and block that a call finds changed.

use alloy_primitives::{Address, B256, U256};
use alloy_rpc_types_eth::BlockOverrides;
use alloy_rpc_types_eth::state::{AccountOverride, StateOverride};
use serde::Deserialize;
use serde_json::Value;

use crate::DevChain;

/// The fields of a block that can be overridden, in the spellings of geth and erigon.
const BLOCK_FIELDS: [&str; 14] = [
    "number",
    "blockNumber",
    "difficulty",
    "time",
    "timestamp",
    "gasLimit",
    "coinbase",
    "feeRecipient",
    "random",
    "prevRandao",
    "baseFee",
    "baseFeePerGas",
    "blockHash",
    "blockHashes",
];

/// Changes the state of a chain as a request wants it.
pub(super) fn apply(chain: &mut DevChain, overrides: StateOverride) -> Result<(), String> {
    overrides.into_iter().try_for_each(|(address, change)| apply_one(chain, address, change))
}

fn apply_one(
    chain: &mut DevChain,
    address: Address,
    change: AccountOverride,
) -> Result<(), String> {
    let AccountOverride { balance, nonce, code, state, state_diff, move_precompile_to } = change;
    if move_precompile_to.is_some() {
        return Err(format!("{address}: precompiles cannot be moved here"));
    }
    if state.is_some() && state_diff.is_some() {
        return Err(format!("{address}: either state or stateDiff"));
    }
    let nonce = nonce.unwrap_or_else(|| chain.nonce(address));
    if let Some(code) = code {
        chain.set_code(address, code);
    }
    if let Some(balance) = balance {
        chain.set_balance(address, balance);
    }
    // Code alone does not change the nonce.
    chain.set_nonce(address, nonce);
    let number =
        |(slot, value): (B256, B256)| (U256::from_be_bytes(slot.0), U256::from_be_bytes(value.0));
    if let Some(state) = state {
        chain.replace_storage(address, state.into_iter().map(number));
    }
    for (slot, value) in state_diff.into_iter().flatten().map(number) {
        chain.set_storage(address, slot, value);
    }
    Ok(())
}

/// Reads the overrides of a block. A field that is not known is an error: what is asked for is
/// never left out.
pub(super) fn block(overrides: &Value) -> Result<BlockOverrides, String> {
    let fields = overrides.as_object().ok_or("it must be an object")?;
    if let Some(unknown) = fields.keys().find(|name| !BLOCK_FIELDS.contains(&name.as_str())) {
        return Err(format!("{unknown} cannot be overridden here"));
    }
    BlockOverrides::deserialize(overrides).map_err(|error| error.to_string())
}

/// Changes the next block of a chain.
///
/// `number` is the chain's own number, which `ArbSys` tells; `NUMBER` in a contract is that of the
/// parent chain and follows `time`.
pub(super) fn apply_block(chain: &mut DevChain, overrides: BlockOverrides) -> Result<(), String> {
    if let Some(number) = overrides.number {
        let number = u64::try_from(number).map_err(|_| "number has more than 64 bits")?;
        let before = number.checked_sub(1).ok_or("number is at least 1")?;
        chain.set_block_number(before);
    }
    if let Some(time) = overrides.time {
        chain.set_timestamp(time);
    }
    let fields = chain.block_fields_mut();
    if let Some(base_fee) = overrides.base_fee {
        fields.base_fee = u64::try_from(base_fee).map_err(|_| "baseFee has more than 64 bits")?;
    }
    if let Some(difficulty) = overrides.difficulty {
        fields.difficulty = difficulty;
    }
    if let Some(gas_limit) = overrides.gas_limit {
        fields.gas_limit = gas_limit;
    }
    if let Some(coinbase) = overrides.coinbase {
        fields.coinbase = coinbase;
    }
    if let Some(random) = overrides.random {
        fields.random = random;
    }
    for (number, hash) in overrides.block_hash.into_iter().flatten() {
        chain.set_block_hash(number, hash);
    }
    Ok(())
}
