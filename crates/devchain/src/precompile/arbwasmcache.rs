//! `ArbWasmCache`: which programs start at the cached price.

use alloy_primitives::{B256, Bytes};
use alloy_sol_types::{SolCall, SolEvent, sol};
use revm::context_interface::ContextTr;

use super::arbowner::is_owner;
use super::call::{Call, Failure, READ_STATE, Reply};
use crate::account_code::peek_code;
use crate::arbos_storage::AddressSet;
use crate::program::{load_entry, store_entry};

sol! {
    /// The part of `ArbWasmCache` that is here. Cache managers are those whom `ArbOwner` names, on
    /// a new chain dev account 0; the chain's owners may do what they may.
    interface ArbWasmCache {
        event UpdateProgramCache(address indexed manager, bytes32 indexed codehash, bool cached);
        error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);

        function isCacheManager(address manager) external view returns (bool);
        function allCacheManagers() external view returns (address[] memory managers);
        function cacheProgram(address addr) external;
        function evictCodehash(bytes32 codehash) external;
        function codehashIsCached(bytes32 codehash) external view returns (bool);
    }
}

pub(super) fn run(call: &mut Call<'_, '_>) -> Reply {
    let managers = AddressSet::cache_managers();
    let input = call.input.clone();
    let refuse = |_| Failure::Refusal;
    match input.first_chunk::<4>().copied().unwrap_or_default() {
        ArbWasmCache::isCacheManagerCall::SELECTOR => {
            let asked = ArbWasmCache::isCacheManagerCall::abi_decode(&input).map_err(refuse)?;
            call.charge(READ_STATE)?;
            let answer = managers.contains(&mut call.slots(), asked.manager);
            Ok(ArbWasmCache::isCacheManagerCall::abi_encode_returns(&answer).into())
        }
        ArbWasmCache::allCacheManagersCall::SELECTOR => {
            call.charge(READ_STATE)?;
            let all = managers.all(&mut call.slots());
            Ok(ArbWasmCache::allCacheManagersCall::abi_encode_returns(&all).into())
        }
        ArbWasmCache::codehashIsCachedCall::SELECTOR => {
            let asked = ArbWasmCache::codehashIsCachedCall::abi_decode(&input).map_err(refuse)?;
            call.charge(READ_STATE)?;
            let Ok(entry) = load_entry(call.context.journal_mut(), asked.codehash);
            Ok(ArbWasmCache::codehashIsCachedCall::abi_encode_returns(&entry.is_cached).into())
        }
        ArbWasmCache::cacheProgramCall::SELECTOR => {
            let asked = ArbWasmCache::cacheProgramCall::abi_decode(&input).map_err(refuse)?;
            let (hash, _) = peek_code(call.context, asked.addr);
            set_cached(call, hash, true)
        }
        ArbWasmCache::evictCodehashCall::SELECTOR => {
            let asked = ArbWasmCache::evictCodehashCall::abi_decode(&input).map_err(refuse)?;
            set_cached(call, asked.codehash, false)
        }
        _ => Err(Failure::Refusal),
    }
}

fn set_cached(call: &mut Call<'_, '_>, codehash: B256, cached: bool) -> Reply {
    call.forbid_static()?;
    let caller = call.caller;
    if !is_owner(call) && !AddressSet::cache_managers().contains(&mut call.slots(), caller) {
        return Err(Failure::Refusal);
    }
    call.charge(READ_STATE)?;
    let Ok(mut entry) = load_entry(call.context.journal_mut(), codehash);
    let version = call.context.chain.arbos.stylus_version;
    if cached && (entry.version != version || entry.check(version, call.now()).is_err()) {
        let error =
            ArbWasmCache::ProgramNeedsUpgrade { version: entry.version, stylusVersion: version };
        return Err(Failure::Revert(alloy_sol_types::SolError::abi_encode(&error).into()));
    }
    if entry.is_cached != cached {
        entry.is_cached = cached;
        let Ok(()) = store_entry(call.context.journal_mut(), codehash, &entry);
        let manager = call.caller;
        let event = ArbWasmCache::UpdateProgramCache { manager, codehash, cached };
        call.emit(event.encode_log_data());
    }
    Ok(Bytes::new())
}
