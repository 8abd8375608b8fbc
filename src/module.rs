//! The life cycle of an ERC-7579 module: installed, asked, uninstalled.
//!
//! Install data: types (0x01 validator, 0x02 executor, 0x03 both) ‖ u8 route length ‖ route ‖
//! u8 count of sessions ‖ (u16 length ‖ packed session) each; empty data is a validator without a
//! route. The last install's route wins. Calls by the account must
//! have exactly the canonical length: one that comes through its fallback is anyone's.

use alloy_primitives::Address;
use session_core::Keccak256;
use session_core::calldata::{self, Arguments};
use session_core::packed::{Malformed, Part, Reader, StructureError};
use session_core::state::{AccountState, ModuleTypes, Route};
use session_core::word::{self, Word};

use crate::error::Error;
use crate::host::Host;
use crate::store::Store;
use crate::{event, manage, view};

/// Module type validator (ERC-7579).
const TYPE_VALIDATOR: u64 = 1;

/// Most sessions in one install.
pub(crate) const MAX_SESSIONS_AT_INSTALL: u8 = 8;

pub(crate) fn on_install(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let data = calldata::last_bytes(arguments, 0x20).ok_or(Error::MalformedCall)?;
    let install = InstallData::read(data)?;
    let place = host.place(host.caller());
    let store = Store::new(host, place.account);
    let mut account = store.account();
    if account.value.installed().has_any(install.types) {
        return Err(Error::AlreadyInstalled { types: account.value.installed() });
    }
    account.value.set_installed(account.value.installed().with(install.types));
    account.value.set_route(install.route);
    store.save_account(&account);
    let mut sessions = Reader::new(install.sessions);
    for _ in 0..install.count {
        let session = read_session(&mut sessions).map_err(|_| sessions.error())?;
        manage::enable_session(host, &store, &place, &account.value, session)?;
    }
    sessions.end().map_err(|_| sessions.error())?;
    Ok(())
}

/// What the account says when it installs the module.
struct InstallData {
    types: ModuleTypes,
    route: Route<'static>,
    count: u8,
    sessions: &'static [u8],
}

impl InstallData {
    fn read(data: &'static [u8]) -> Result<Self, Error> {
        if data.is_empty() {
            let (types, route) = (ModuleTypes::VALIDATOR, Route::default());
            return Ok(Self { types, route, count: 0, sessions: &[] });
        }
        let (types, length, route, count, sessions) = Reader::read(data, |reader| {
            let types = reader.byte()?;
            let length = reader.byte()?;
            let route = reader.bytes(if length == u8::MAX { 0 } else { length.into() })?;
            Ok((types, length, route, reader.byte()?, reader.rest()))
        })?;
        let types =
            ModuleTypes::from_byte(types).ok_or(Error::UnknownModuleTypes { got: types })?;
        if types.has_any(ModuleTypes::EXECUTOR) {
            return Err(StructureError::NotSupported(Part::Executor).into());
        }
        let route = Route::new(length, route).ok_or(Error::RouteTooLong { got: length })?;
        if count > MAX_SESSIONS_AT_INSTALL {
            return Err(Error::TooManySessions { got: count });
        }
        Ok(Self { types, route, count, sessions })
    }
}

fn read_session<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Malformed> {
    let length = reader.u16()?;
    reader.bytes(length.into())
}

/// Ends being installed as the types that the data names, or as all. All sessions are void once
/// the module is no validator any more, so that nothing revives when it is installed again.
///
/// It never reverts on its data: some accounts swallow that and would keep the state.
pub(crate) fn on_uninstall(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let data = calldata::last_bytes(arguments, 0x20).ok_or(Error::MalformedCall)?;
    let types = match data {
        [byte] => ModuleTypes::from_byte(*byte).unwrap_or(ModuleTypes::BOTH),
        _ => ModuleTypes::BOTH,
    };
    let caller = host.caller();
    let store = Store::new(host, caller);
    let mut account = store.account();
    let was_validator = account.value.installed().has_any(ModuleTypes::VALIDATOR);
    account.value.set_installed(account.value.installed().without(types));
    let is_validator = account.value.installed().has_any(ModuleTypes::VALIDATOR);
    if (was_validator && !is_validator) || account.value.installed() == ModuleTypes::NONE {
        move_epoch(host, caller, &mut account.value);
    }
    store.save_account(&account);
    Ok(())
}

/// Makes all sessions of an account void.
pub(crate) fn move_epoch(host: Host, account: Address, state: &mut AccountState) {
    let former = state.epoch();
    let epoch = next_epoch(host, account, former);
    state.set_epoch(epoch);
    event::epoch_moved(host, account, former, epoch);
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

pub(crate) fn is_module_type(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let module_type = only_word(arguments).ok_or(Error::MalformedCall)?;
    host.answer(&word::from_u64((*module_type == word::from_u64(TYPE_VALIDATOR)).into()));
    Ok(())
}

pub(crate) fn is_initialized(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let account = view::only_account(arguments).ok_or(Error::MalformedCall)?;
    let installed = Store::new(host, account).account().value.installed();
    host.answer(&word::from_u64((installed != ModuleTypes::NONE).into()));
    Ok(())
}

fn only_word(arguments: &'static [u8]) -> Option<&'static Word> {
    let mut arguments = Arguments::new(arguments, 1)?;
    let word = arguments.word()?;
    arguments.end().map(|()| word)
}
