//! Enabling sessions: with an operation, by the account's own call, or relayed by anyone with the
//! owner's signature.
//!
//! Calls by the account must have exactly the canonical length: one that comes through its
//! fallback is anyone's (see `session_core::calldata::Arguments`).

use session_core::calldata::{self, Arguments};
use session_core::packed::{Mode, Operation, PackedSession};
use session_core::policy::{self, Place};
use session_core::state::{AccountState, ModuleTypes, SessionState, Status};
use session_core::{Refused, word::Word};

use crate::host::{self, Host};
use crate::store::Store;
use crate::{event, malformed_call, signer};

/// Enables the session of an operation in [`Mode::Enable`], in its state, and says so in an
/// event. Returns whether the owner's signature holds, if it was needed.
///
/// Enabling an enabled session is using it: two operations can be prepared before the first one
/// lands.
///
/// # Errors
/// If the owner's signature takes another route, or the owner cannot be asked.
#[inline(never)]
pub(crate) fn with_operation(
    host: Host,
    operation: &Operation<'_>,
    account: &AccountState,
    state: &mut SessionState,
    place: &Place,
    gas: u64,
) -> Result<bool, Refused> {
    if operation.mode != Mode::Enable {
        return Ok(true);
    }
    let session = &operation.session;
    if state.status() != Status::Unknown {
        return Ok(true);
    }
    let signature = operation.owner_signature;
    policy::check_route(host, account, signature)?;
    let is_signed = signer::owner_signed(host, place, &session.id, signature, gas)?;
    if is_signed {
        state.set_status(Status::Enabled);
        event::session_enabled(host, &place.account, session);
    }
    Ok(is_signed)
}

/// Enables a session of the calling account.
pub(crate) fn by_account(host: Host, arguments: &'static [u8]) -> Result<(), Refused> {
    let session = calldata::last_bytes(arguments, 0x20).ok_or_else(|| malformed_call(host))?;
    let place = host.place(&host.caller());
    let store = Store::new(host, &place.account);
    session_of(host, &store, &place, &store.account().value, session, Authority::Account)
}

/// Enables a session with the owner's signature, whoever brings it.
pub(crate) fn relayed(host: Host, arguments: &'static [u8]) -> Result<(), Refused> {
    let (account, session, signature) =
        account_session_signature(arguments).ok_or_else(|| malformed_call(host))?;
    let place = host.place(account);
    let store = Store::new(host, &place.account);
    let authority = Authority::Signature(signature);
    session_of(host, &store, &place, &store.account().value, session, authority)
}

/// Enables a session that the account's install data carries. One that is revoked is passed over:
/// its delegate could block the install otherwise, by ending it first.
pub(crate) fn with_install(
    host: Host,
    store: &Store<'_>,
    place: &Place,
    account: &AccountState,
    session: &'static [u8],
) -> Result<(), Refused> {
    session_of(host, store, place, account, session, Authority::Install)
}

/// Why a session may be enabled.
#[derive(Clone, Copy, Debug)]
enum Authority<'a> {
    /// The account installs the module with it.
    Install,
    /// The account calls.
    Account,
    /// The owner signed it.
    Signature(&'a [u8]),
}

/// Enables a session of an account. Enabling an enabled session changes nothing.
#[inline(never)]
fn session_of(
    host: Host,
    store: &Store<'_>,
    place: &Place,
    account: &AccountState,
    session: &'static [u8],
    authority: Authority<'_>,
) -> Result<(), Refused> {
    let session = PackedSession::read_whole(session, &place.account, host, host::scratch())?;
    session.check_structure(host, place)?;
    policy::check_account(host, &session, ModuleTypes::BOTH, account, place)?;
    let mut stored = store.session(&session.id.0);
    match (stored.value.status(), authority) {
        (Status::Enabled, _) | (Status::Revoked, Authority::Install) => return Ok(()),
        _ => policy::check_status(host, &session, &stored.value, Mode::Enable)?,
    }
    if let Authority::Signature(signature) = authority {
        policy::check_route(host, account, signature)?;
        signer::check_owner(host, place, &session.id, signature)?;
    }
    stored.value.set_status(Status::Enabled);
    store.save_session(&stored);
    event::session_enabled(host, &place.account, &session);
    Ok(())
}

/// Reads an account and two `bytes`.
pub(crate) fn account_session_signature(
    arguments: &'static [u8],
) -> Option<(&'static Word, &'static [u8], &'static [u8])> {
    let mut arguments = Arguments::new(arguments, 3)?;
    let read = (arguments.address()?, arguments.bytes()?, arguments.bytes()?);
    arguments.end().map(|()| read)
}
