//! The life cycle of an ERC-7579 module: installed, asked, uninstalled.
//!
//! Install data: types (0x01 validator, 0x02 executor, 0x03 both) ‖ u8 route length ‖ route ‖
//! u8 count of sessions ‖ (u16 length ‖ packed session) each; empty data is a validator without a
//! route. The last install's route wins. Calls by the account must
//! have exactly the canonical length: one that comes through its fallback is anyone's.

use session_core::abi::ISmartSession as Abi;
use session_core::calldata::{self, Arguments};
use session_core::packed::Reader;
use session_core::refusal::Refusal;
use session_core::state::{AccountState, ModuleTypes, Route};
use session_core::word::{self, Word};
use session_core::{Environment, Refused};

use crate::host::Host;
use crate::store::Store;
use crate::{enable, event, malformed_call, view};

/// The highest module type that this is (ERC-7579): 1 validator, 2 executor.
const HIGHEST_TYPE: u64 = 2;

/// Most sessions in one install.
const MAX_SESSIONS: u8 = 8;

pub(crate) fn on_install(host: Host, arguments: &'static [u8]) -> Result<(), Refused> {
    let data = calldata::last_bytes(arguments, 0x20).ok_or_else(|| malformed_call(host))?;
    let mut reader = Reader::new(host, data);
    let (types, route) = if data.is_empty() {
        (ModuleTypes::VALIDATOR, Route::default())
    } else {
        read_types_and_route(&mut reader)?
    };

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

    if !data.is_empty() {
        let count = reader.byte()?;
        if count > MAX_SESSIONS {
            let mut refusal = Refusal::of::<Abi::TooManySessions>();
            return Err(refusal.number(count.into()).number(MAX_SESSIONS.into()).tell(host));
        }
        for _ in 0..count {
            let length = reader.u16()?;
            let session = reader.bytes(length)?;
            enable::session_of(host, &store, &place, &account.value, session, None)?;
        }
    }
    reader.end()
}

fn read_types_and_route(
    reader: &mut Reader<'static, Host>,
) -> Result<(ModuleTypes, Route<'static>), Refused> {
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
/// It never reverts on its data: some accounts swallow that and would keep the state.
pub(crate) fn on_uninstall(host: Host, arguments: &'static [u8]) -> Result<(), Refused> {
    let data = calldata::last_bytes(arguments, 0x20).ok_or_else(|| malformed_call(host))?;
    let types = match data {
        [byte @ 1..=2] => ModuleTypes::from_byte(*byte).unwrap_or(ModuleTypes::BOTH),
        _ => ModuleTypes::BOTH,
    };
    let caller = host.caller();
    let store = Store::new(host, &caller);
    let mut account = store.account();
    let before = account.value.installed();
    let after = before.without(types);
    account.value.set_installed(after);
    let lost_validator =
        before.has_any(ModuleTypes::VALIDATOR) && !after.has_any(ModuleTypes::VALIDATOR);
    if lost_validator || after == ModuleTypes::NONE {
        move_epoch(host, &caller, &mut account.value);
    }
    store.save_account(&account);
    Ok(())
}

/// Makes all sessions of an account void, by an epoch that nobody can foresee, so that no session
/// is signed for it in advance.
#[inline(never)]
pub(crate) fn move_epoch(host: Host, account: &Word, state: &mut AccountState) {
    let former = state.epoch();
    let [timestamp, number, base_fee] = host.block_entropy();
    let words = [*account, word::from_u64(former), timestamp, number, base_fee];
    let epoch = word::low_u64(&host.keccak256(words.as_flattened()).0);
    state.set_epoch(epoch);
    event::epoch_moved(host, account, former, epoch);
}

pub(crate) fn is_module_type(host: Host, arguments: &'static [u8]) -> Result<(), Refused> {
    let module_type = only_word(arguments).ok_or_else(|| malformed_call(host))?;
    let is_one = word::to_u64(module_type).is_some_and(|it| (1..=HIGHEST_TYPE).contains(&it));
    host.answer(&word::from_u64(is_one.into()));
    Ok(())
}

pub(crate) fn is_initialized(host: Host, arguments: &'static [u8]) -> Result<(), Refused> {
    let account = view::only_account(arguments).ok_or_else(|| malformed_call(host))?;
    let installed = Store::new(host, account).account().value.installed();
    host.answer(&word::from_u64((installed != ModuleTypes::NONE).into()));
    Ok(())
}

fn only_word(arguments: &'static [u8]) -> Option<&'static Word> {
    let mut arguments = Arguments::new(arguments, 1)?;
    let word = arguments.word()?;
    arguments.end().map(|()| word)
}
