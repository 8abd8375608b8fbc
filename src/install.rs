//! The life cycle of an ERC-7579 module: installed, asked, uninstalled.
//!
//! Install data: types (0x01 validator, 0x02 executor, 0x03 both) ‖ u8 route length ‖ route ‖
//! u8 count of sessions ‖ (u32 length ‖ packed session) each. The last install's route wins.
//!
//! Uninstall data: types ‖ salt (32 bytes), or types alone; anything else means both.
//!
//! Calls by the account must have exactly the canonical length: one that comes through its fallback
//! is anyone's.

use smart_session_core::Refused;
use smart_session_core::abi::ISmartSession as Abi;
use smart_session_core::packed::Reader;
use smart_session_core::refusal::{Refusal, refuse};
use smart_session_core::state::{ModuleTypes, Route};
use smart_session_core::word::{self, Word};

use crate::host::Host;
use crate::store::Store;
use crate::{arguments, enable, epoch};

/// The highest module type that this is (ERC-7579): 1 validator, 2 executor.
const HIGHEST_TYPE: u64 = 2;

/// Most sessions in one install.
const MAX_SESSIONS: u8 = 8;

#[inline]
pub(crate) fn on_install<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let data = arguments::bytes(host, arguments)?;
    if data.is_empty() {
        // It says neither the type nor whose signature enables sessions.
        return Err(refuse::<Abi::EmptyInstallData>(host));
    }
    let mut reader = Reader::new(host, data);
    let (types, route) = read_types_and_route(&mut reader)?;

    let place = host.place(&host.caller());
    let store = Store::new(host, &place.account);
    let mut account = store.account();
    let installed = account.value.installed();
    if installed.has_any(types) {
        let mut refusal = Refusal::of::<Abi::AlreadyInstalled>();
        return Err(refusal.number(installed.to_byte().into()).tell(host));
    }
    account.value.set_installed(installed.with(types));
    account.value.set_route(route);
    store.save_account(&account);

    let count = reader.byte()?;
    if count > MAX_SESSIONS {
        let mut refusal = Refusal::of::<Abi::TooManySessions>();
        return Err(refusal.number(count.into()).number(MAX_SESSIONS.into()).tell(host));
    }
    for _ in 0..count {
        let length = reader.u32()?;
        let session = reader.bytes(length)?;
        enable::with_install(host, &store, &place, &account.value, session)?;
    }
    reader.end()
}

#[inline]
fn read_types_and_route<'h>(
    reader: &mut Reader<'h, impl Host<'h>>,
) -> Result<(ModuleTypes, Route<'h>), Refused> {
    let host = reader.environment();
    let types = reader.byte()?;
    let Some(types) = ModuleTypes::from_byte(types) else {
        let mut refusal = Refusal::of::<Abi::UnknownModuleTypes>();
        return Err(refusal.number(types.into()).tell(host));
    };
    let length = reader.byte()?;
    let bytes = reader.bytes(Route::bytes_of(length))?;
    let Some(route) = Route::new(length, bytes) else {
        let mut refusal = Refusal::of::<Abi::RouteTooLong>();
        return Err(refusal.number(length.into()).size(Route::MAX_LEN).tell(host));
    };
    Ok((types, route))
}

/// Ends being installed as the types that the data names, or as all. All sessions are void once
/// the module is no validator any more, so that nothing revives when it is installed again.
///
/// Types that are not all installed mean both: otherwise an account that is rid of the module could
/// not install it again. It never reverts on its data: some accounts swallow that and would keep
/// the state.
#[inline]
pub(crate) fn on_uninstall<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let data = arguments::bytes(host, arguments)?;
    let caller = host.caller();
    let store = Store::new(host, &caller);
    let mut account = store.account();
    let before = account.value.installed();
    let (types, salt) = read_types_and_salt(data);
    let types = types.filter(|types| before.has_all(*types)).unwrap_or(ModuleTypes::BOTH);
    let after = before.without(types);
    account.value.set_installed(after);
    let lost_validator =
        before.has_any(ModuleTypes::VALIDATOR) && !after.has_any(ModuleTypes::VALIDATOR);
    if lost_validator || after == ModuleTypes::NONE {
        let salt = salt.copied().unwrap_or_else(|| host.keccak256(data).0);
        epoch::advance(host, &caller, &mut account.value, &salt);
    }
    store.save_account(&account);
    Ok(())
}

/// Reads uninstall data: the types, and the salt of the next epoch. What is no uninstall data names
/// neither.
fn read_types_and_salt(data: &[u8]) -> (Option<ModuleTypes>, Option<&Word>) {
    match data.split_first() {
        Some((types, salt)) if salt.is_empty() || salt.len() == 32 => {
            let types = ModuleTypes::from_byte(*types);
            (types, types.and(salt.first_chunk()))
        }
        _ => (None, None),
    }
}

#[inline]
pub(crate) fn is_module_type<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let module_type = arguments::word(host, arguments)?;
    let is_one = word::to_u64(module_type).is_some_and(|it| (1..=HIGHEST_TYPE).contains(&it));
    host.answer(&word::from_u64(is_one.into()));
    Ok(())
}

#[inline]
pub(crate) fn is_initialized<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let account = arguments::account(host, arguments)?;
    let installed = Store::new(host, account).account().value.installed();
    host.answer(&word::from_u64((installed != ModuleTypes::NONE).into()));
    Ok(())
}
