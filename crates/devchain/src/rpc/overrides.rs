//! State that a call finds changed.

use alloy_primitives::{Address, U256};
use alloy_rpc_types_eth::state::{AccountOverride, StateOverride};

use super::error::RpcError;
use crate::DevChain;

/// Changes the state of a chain as a request wants it.
pub(super) fn apply(chain: &mut DevChain, overrides: StateOverride) -> Result<(), String> {
    overrides.into_iter().try_for_each(|(address, change)| apply_one(chain, address, change))
}

/// The overrides of a request as an error of its parameter.
pub(super) fn refused(index: usize, reason: String) -> RpcError {
    RpcError::parameter(index, "state overrides", reason)
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
    // Code alone doesn't change the nonce.
    chain.set_nonce(address, nonce);
    let number = |(slot, value): (alloy_primitives::B256, alloy_primitives::B256)| {
        (U256::from_be_bytes(slot.0), U256::from_be_bytes(value.0))
    };
    if let Some(state) = state {
        chain.replace_storage(address, state.into_iter().map(number));
    }
    for (slot, value) in state_diff.into_iter().flatten().map(number) {
        chain.set_storage(address, slot, value);
    }
    Ok(())
}
