//! Enabling sessions: with an operation, by the account's own call, or relayed by anyone with the
//! owner's signature.
//!
//! Calls by the account must have exactly the canonical length: one that comes through its
//! fallback is anyone's (see `smart_session_core::calldata::Arguments`).

use smart_session_core::Refused;
use smart_session_core::packed::{Mode, Operation, PackedSession};
use smart_session_core::place::Place;
use smart_session_core::policy;
use smart_session_core::state::{AccountState, ModuleTypes, SessionState, Status};

use crate::host::{Host, memory};
use crate::store::Store;
use crate::{arguments, event, signer};

/// Enables the session of an operation in [`Mode::Enable`], in its state, and says so in an
/// event. Returns whether the owner's signature holds, if it was needed.
///
/// Enabling an enabled session is using it: two operations can be prepared before the first one
/// lands.
///
/// # Errors
/// If the owner's signature takes another route, or the owner cannot be asked.
#[inline(never)]
pub(crate) fn with_operation<'h>(
    host: impl Host<'h>,
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
    policy::route::check(host, account, signature)?;
    let is_signed = signer::owner_signed(host, place, &session.id, signature, gas)?;
    if is_signed {
        state.set_status(Status::Enabled);
        event::session_enabled(host, &place.account, session);
    }
    Ok(is_signed)
}

/// Enables a session of the calling account.
#[inline]
pub(crate) fn by_account<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let session = arguments::bytes(host, arguments)?;
    let place = host.place(&host.caller());
    let store = Store::new(host, &place.account);
    session_of(host, &store, &place, &store.account().value, session, Authority::Account)
}

/// Enables a session with the owner's signature, whoever brings it.
#[inline]
pub(crate) fn relayed<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let (account, session, signature) = arguments::account_session_signature(host, arguments)?;
    let place = host.place(account);
    let store = Store::new(host, &place.account);
    let authority = Authority::Signature(signature);
    session_of(host, &store, &place, &store.account().value, session, authority)
}

/// Enables a session that the account's install data carries. One that is revoked is passed over:
/// its delegate could block the install otherwise, by ending it first.
#[inline]
pub(crate) fn with_install<'h, H: Host<'h>>(
    host: H,
    store: &Store<'_, H>,
    place: &Place,
    account: &AccountState,
    session: &'h [u8],
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
fn session_of<'h, H: Host<'h>>(
    host: H,
    store: &Store<'_, H>,
    place: &Place,
    account: &AccountState,
    session: &'h [u8],
    authority: Authority<'_>,
) -> Result<(), Refused> {
    let session = PackedSession::read_whole(session, &place.account, host, memory::scratch(host))?;
    policy::structure::check(host, &session, place)?;
    policy::account::check(host, &session, ModuleTypes::BOTH, account, place)?;
    let mut stored = store.session(&session.id.0);
    match (stored.value.status(), authority) {
        (Status::Enabled, _) | (Status::Revoked, Authority::Install) => return Ok(()),
        _ => policy::status::check(host, &session, &stored.value, Mode::Enable)?,
    }
    if let Authority::Signature(signature) = authority {
        policy::route::check(host, account, signature)?;
        signer::check_owner(host, place, &session.id, signature)?;
    }
    stored.value.set_status(Status::Enabled);
    store.save_session(&stored);
    event::session_enabled(host, &place.account, &session);
    Ok(())
}
