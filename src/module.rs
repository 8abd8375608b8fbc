//! The life cycle of an ERC-7579 module: installed, asked, uninstalled.
//!
//! Install data: types (0x01 validator, 0x02 executor, 0x03 both) ‖ u8 route length ‖ route ‖
//! u8 count of sessions; empty data is a validator without a route. Calls by the account must
//! have exactly the canonical length: one that comes through its fallback is anyone's.

use alloy_primitives::Address;
use session_core::calldata;
use session_core::packed::{Part, Reader, StructureError};
use session_core::state::{ModuleTypes, Route};
use session_core::{Keccak256, word};

use crate::error::Error;
use crate::event;
use crate::host::Host;
use crate::store::Store;

/// Module type validator (ERC-7579).
const TYPE_VALIDATOR: u64 = 1;

pub(crate) fn on_install(host: Host, arguments: &[u8]) -> Result<(), Error> {
    let data = calldata::last_bytes(arguments, 0x20).ok_or(Error::MalformedCall)?;
    let (types, route) = read_install_data(data)?;
    let store = Store::new(host, host.caller());
    let mut account = store.account();
    if account.value.installed.has_any(types) {
        return Err(Error::AlreadyInstalled { types: account.value.installed });
    }
    account.value.installed = account.value.installed.with(types);
    account.value.route = route;
    store.save_account(&account);
    Ok(())
}

fn read_install_data(data: &[u8]) -> Result<(ModuleTypes, Route), Error> {
    if data.is_empty() {
        return Ok((ModuleTypes::VALIDATOR, Route::default()));
    }
    let (types, length, route, sessions) = Reader::read(data, |reader| {
        let types = reader.byte()?;
        let length = reader.byte()?;
        let route = reader.bytes(if length == u8::MAX { 0 } else { length.into() })?;
        let sessions = reader.byte()?;
        if sessions == 0 {
            reader.end()?;
        }
        Ok((types, length, route, sessions))
    })?;
    let types = ModuleTypes::from_byte(types).ok_or(Error::UnknownModuleTypes { got: types })?;
    if types.has_any(ModuleTypes::EXECUTOR) {
        return Err(StructureError::NotSupported(Part::Executor).into());
    }
    let route = Route::new(length, route).ok_or(Error::RouteTooLong { got: length })?;
    if sessions > 0 {
        return Err(StructureError::NotSupported(Part::SessionsAtInstall).into());
    }
    Ok((types, route))
}

/// Ends being installed as the types that the data names, or as all. All sessions are void once
/// the module is no validator any more, so that nothing revives when it is installed again.
///
/// It never reverts on its data: some accounts swallow that and would keep the state.
pub(crate) fn on_uninstall(host: Host, arguments: &[u8]) -> Result<(), Error> {
    let data = calldata::last_bytes(arguments, 0x20).ok_or(Error::MalformedCall)?;
    let types = match data {
        [byte] => ModuleTypes::from_byte(*byte).unwrap_or(ModuleTypes::BOTH),
        _ => ModuleTypes::BOTH,
    };
    let caller = host.caller();
    let store = Store::new(host, caller);
    let mut account = store.account();
    let was_validator = account.value.installed.has_any(ModuleTypes::VALIDATOR);
    account.value.installed = account.value.installed.without(types);
    let is_validator = account.value.installed.has_any(ModuleTypes::VALIDATOR);
    if (was_validator && !is_validator) || account.value.installed == ModuleTypes::NONE {
        let former = account.value.epoch;
        account.value.epoch = next_epoch(host, caller, former);
        event::epoch_moved(host, caller, former, account.value.epoch);
    }
    store.save_account(&account);
    Ok(())
}

/// Returns an epoch that nobody can foresee, so that no session is signed for it in advance.
fn next_epoch(host: Host, account: Address, epoch: u64) -> u64 {
    let block = host.block_entropy();
    let words = [
        word::from_address(account),
        word::from_u64(epoch),
        word::from_u64(block.timestamp),
        word::from_u64(block.number),
        block.base_fee,
    ];
    let [.., a, b, c, d, e, f, g, h] = host.keccak256(words.as_flattened()).0;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

pub(crate) fn is_module_type(host: Host, arguments: &[u8]) -> Result<(), Error> {
    let [module_type] = calldata::words(arguments).ok_or(Error::MalformedCall)?;
    host.answer(&word::from_u64((*module_type == word::from_u64(TYPE_VALIDATOR)).into()));
    Ok(())
}

pub(crate) fn is_initialized(host: Host, arguments: &[u8]) -> Result<(), Error> {
    let [account] = calldata::words(arguments).ok_or(Error::MalformedCall)?;
    let account = word::to_address(account).ok_or(Error::MalformedCall)?;
    let installed = Store::new(host, account).account().value.installed;
    host.answer(&word::from_u64((installed != ModuleTypes::NONE).into()));
    Ok(())
}
