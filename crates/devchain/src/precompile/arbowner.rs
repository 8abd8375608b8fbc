//! `ArbOwner`: what the chain's owners may set. Every dev account is one.

use alloy_sol_types::{SolCall, sol};

use super::call::{Call, Failure, READ_STATE, Reply};
use crate::DEV_ACCOUNTS;
use crate::arbos_storage::AddressSet;

sol! {
    /// The part of `ArbOwner` that is here.
    interface ArbOwner {
        function addWasmCacheManager(address manager) external;
        function removeWasmCacheManager(address manager) external;
    }
}

pub(super) fn run(call: &mut Call<'_, '_>) -> Reply {
    if !is_owner(call) {
        return Err(Failure::Refusal);
    }
    let input = call.input.clone();
    let refuse = |_| Failure::Refusal;
    let managers = AddressSet::cache_managers();
    match input.first_chunk::<4>().copied().unwrap_or_default() {
        ArbOwner::addWasmCacheManagerCall::SELECTOR => {
            let asked = ArbOwner::addWasmCacheManagerCall::abi_decode(&input).map_err(refuse)?;
            call.forbid_static()?;
            call.charge(READ_STATE)?;
            managers.add(&mut call.slots(), asked.manager);
        }
        ArbOwner::removeWasmCacheManagerCall::SELECTOR => {
            let asked = ArbOwner::removeWasmCacheManagerCall::abi_decode(&input).map_err(refuse)?;
            call.forbid_static()?;
            call.charge(READ_STATE)?;
            managers.remove(&mut call.slots(), asked.manager);
        }
        _ => return Err(Failure::Refusal),
    }
    Ok(alloy_primitives::Bytes::new())
}

/// Whether the caller is an owner of the chain.
pub(super) fn is_owner(call: &Call<'_, '_>) -> bool {
    DEV_ACCOUNTS.iter().any(|account| account.address == call.caller)
}
