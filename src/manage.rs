//! Revoking sessions, and what everyone may look up.

use alloy_primitives::B256;
use session_core::state::Status;
use session_core::{calldata, word};

use crate::error::Error;
use crate::event;
use crate::host::Host;
use crate::store::Store;

/// Revokes a session of the calling account for ever, also one that was never enabled. Revoking
/// it again changes nothing.
///
/// This needs no install flag: an account may always take power away.
pub(crate) fn revoke(host: Host, arguments: &[u8]) -> Result<(), Error> {
    let [session_id] = calldata::words(arguments).ok_or(Error::MalformedCall)?;
    let session_id = B256::new(*session_id);
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

pub(crate) fn session_state(host: Host, arguments: &[u8]) -> Result<(), Error> {
    let [account, session_id] = calldata::words(arguments).ok_or(Error::MalformedCall)?;
    let account = word::to_address(account).ok_or(Error::MalformedCall)?;
    let state = Store::new(host, account).session(B256::new(*session_id)).value;
    let words = [
        word::from_u64(state.status.to_byte().into()),
        word::from_u64(state.calls.into()),
        word::from_u128(state.fee),
        word::from_u128(state.native),
    ];
    host.answer(words.as_flattened());
    Ok(())
}

pub(crate) fn epoch(host: Host, arguments: &[u8]) -> Result<(), Error> {
    let [account] = calldata::words(arguments).ok_or(Error::MalformedCall)?;
    let account = word::to_address(account).ok_or(Error::MalformedCall)?;
    host.answer(&word::from_u64(Store::new(host, account).account().value.epoch));
    Ok(())
}
