//! Enabling and revoking sessions by the account's own call.
//!
//! Such calls must have exactly the canonical length: one that comes through the account's
//! fallback is anyone's.

use alloy_primitives::B256;
use session_core::calldata;
use session_core::calldata::Arguments;
use session_core::packed::PackedSession;
use session_core::policy::{self, Place, Violation};
use session_core::state::{AccountState, ModuleTypes, Status};

use crate::error::Error;
use crate::host::{self, Host};
use crate::store::Store;
use crate::{event, module};

/// Enables a session of the calling account.
pub(crate) fn enable(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let session = calldata::last_bytes(arguments, 0x20).ok_or(Error::MalformedCall)?;
    let place = host.place(host.caller());
    let store = Store::new(host, place.account);
    enable_session(host, &store, &place, &store.account().value, session)
}

/// Enables a session on its account's word, which needs no signature. Enabling an enabled
/// session changes nothing.
#[inline(never)]
pub(crate) fn enable_session(
    host: Host,
    store: &Store,
    place: &Place,
    account: &AccountState,
    session: &'static [u8],
) -> Result<(), Error> {
    let session = PackedSession::read_whole(session, place.account, &host, host::scratch())?;
    session.check_structure(place.account, place.module)?;
    if account.installed() == ModuleTypes::NONE {
        return Err(Violation::NotInstalled { account: place.account }.into());
    }
    policy::check_chain(&session, account, place)?;
    let mut stored = store.session(session.id);
    match stored.value.status {
        Status::Enabled => Ok(()),
        Status::Revoked => Err(Violation::Revoked { session_id: session.id }.into()),
        Status::Unknown => {
            stored.value.status = Status::Enabled;
            store.save_session(&stored);
            event::session_enabled(host, place.account, &session);
            Ok(())
        }
    }
}

/// Revokes a session of the calling account for ever, also one that was never enabled. Revoking
/// a revoked session changes nothing.
///
/// This needs no install flag: an account may always take power away.
pub(crate) fn revoke(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let session_id = only_session_id(arguments).ok_or(Error::MalformedCall)?;
    let account = host.caller();
    let store = Store::new(host, account);
    let mut session = store.session(session_id);
    let former = session.value.status;
    if former != Status::Revoked {
        session.value.status = Status::Revoked;
        store.save_session(&session);
        event::session_revoked(host, account, session_id, account, former);
    }
    Ok(())
}

/// Revokes all sessions of the calling account, however many there are.
pub(crate) fn revoke_all(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    if !arguments.is_empty() {
        return Err(Error::MalformedCall);
    }
    let account = host.caller();
    let store = Store::new(host, account);
    let mut state = store.account();
    module::move_epoch(host, account, &mut state.value);
    store.save_account(&state);
    Ok(())
}

fn only_session_id(arguments: &'static [u8]) -> Option<B256> {
    let mut arguments = Arguments::new(arguments, 1)?;
    let session_id = arguments.session_id()?;
    arguments.end().map(|()| session_id)
}
