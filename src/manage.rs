//! Enabling and revoking sessions outside an operation.
//!
//! The account does both with a call; its owner by signature, which anyone may relay; and a
//! delegate may end its own session. Calls by the account must have exactly the canonical length:
//! one that comes through its fallback is anyone's.

use alloy_primitives::{Address, B256};
use session_core::calldata::{self, Arguments};
use session_core::eip712;
use session_core::packed::{DelegateSignature, PackedSession};
use session_core::policy::{self, Place, Violation};
use session_core::state::{AccountState, ModuleTypes, Status};

use crate::error::Error;
use crate::host::{self, Host};
use crate::store::Store;
use crate::{event, module, signer};

/// Gas for the owner's ERC-1271 outside validation: all that is left.
const ALL_GAS: u64 = u64::MAX;

/// Reads a packed session that is shown whole.
#[inline(never)]
pub(crate) fn read_whole(
    host: Host,
    session: &'static [u8],
    account: Address,
) -> Result<PackedSession<'static>, Error> {
    Ok(PackedSession::read_whole(session, account, &host, host::scratch())?)
}

/// Enables a session of the calling account.
pub(crate) fn enable(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let session = calldata::last_bytes(arguments, 0x20).ok_or(Error::MalformedCall)?;
    let place = host.place(host.caller());
    let store = Store::new(host, place.account);
    enable_own(host, &store, &place, &store.account().value, session)
}

/// Enables a session on an account's own word.
pub(crate) fn enable_own(
    host: Host,
    store: &Store,
    place: &Place,
    account: &AccountState,
    session: &'static [u8],
) -> Result<(), Error> {
    enable_session(host, store, place, account, session, None)
}

/// Enables a session with the owner's signature, whoever brings it.
pub(crate) fn enable_relayed(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let (account, session, signature) =
        account_session_signature(arguments).ok_or(Error::MalformedCall)?;
    let place = host.place(account);
    let store = Store::new(host, account);
    let state = store.account().value;
    enable_session(host, &store, &place, &state, session, Some(signature))
}

/// Enabling an enabled session changes nothing. With an owner's signature, that is checked; the
/// account itself needs none.
#[inline(never)]
fn enable_session(
    host: Host,
    store: &Store,
    place: &Place,
    account: &AccountState,
    session: &'static [u8],
    owner_signature: Option<&[u8]>,
) -> Result<(), Error> {
    let session = read_whole(host, session, place.account)?;
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
            if let Some(signature) = owner_signature {
                signer::check_route(&account.route(), signature)?;
                check_owner(host, place, session.id, signature)?;
            }
            stored.value.status = Status::Enabled;
            store.save_session(&stored);
            event::session_enabled(host, place.account, &session);
            Ok(())
        }
    }
}

/// Revokes a session of the calling account for ever, also one that was never enabled.
///
/// This needs no install flag: an account may always take power away.
pub(crate) fn revoke(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let session_id = only_hash(arguments).ok_or(Error::MalformedCall)?;
    let account = host.caller();
    revoke_session(host, account, session_id, account);
    Ok(())
}

/// Revokes a session with the owner's signature, whoever brings it. It is not bound to the
/// enable route: any owner that the account knows may take power away.
pub(crate) fn revoke_relayed(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let (account, session_id, signature) =
        account_id_signature(arguments).ok_or(Error::MalformedCall)?;
    let struct_hash = eip712::revoke_session(&host, account, session_id);
    check_owner(host, &host.place(account), struct_hash, signature)?;
    revoke_session(host, account, session_id, account);
    Ok(())
}

/// Revokes a session as its delegate; the session itself says who that is.
pub(crate) fn revoke_by_delegate(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let (account, session, signature) =
        account_session_signature(arguments).ok_or(Error::MalformedCall)?;
    let session = read_whole(host, session, account)?;
    let (delegate, caller) = (session.delegate, host.caller());
    if !(signature.is_empty() && session.names_caller(caller)) {
        let signature = DelegateSignature::read_all(signature, session.delegate_kind)?;
        let struct_hash = eip712::revoke_session(&host, account, session.id);
        let digest = digest(host, &host.place(account), struct_hash);
        if !signer::delegate_signed(host, delegate, digest, &signature)? {
            return Err(Error::NotDelegate { got: caller, allowed: delegate });
        }
    }
    revoke_session(host, account, session.id, delegate);
    Ok(())
}

/// Revoking a revoked session changes nothing.
#[inline(never)]
fn revoke_session(host: Host, account: Address, session_id: B256, revoker: Address) {
    let store = Store::new(host, account);
    let mut session = store.session(session_id);
    let former = session.value.status;
    if former != Status::Revoked {
        session.value.status = Status::Revoked;
        store.save_session(&session);
        event::session_revoked(host, account, session_id, revoker, former);
    }
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

/// Revokes all sessions with the owner's signature, which names the current epoch and so holds
/// once.
pub(crate) fn revoke_all_relayed(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let (account, signature) = account_bytes(arguments).ok_or(Error::MalformedCall)?;
    let place = host.place(account);
    let store = Store::new(host, account);
    let mut state = store.account();
    let epoch = state.value.epoch();
    let struct_hash = eip712::revoke_all_sessions(&host, account, place.chain_id, epoch);
    check_owner(host, &place, struct_hash, signature)?;
    module::move_epoch(host, account, &mut state.value);
    store.save_account(&state);
    Ok(())
}

/// Checks that the account's own ERC-1271 accepts a signature of a struct.
#[inline(never)]
fn check_owner(
    host: Host,
    place: &Place,
    struct_hash: B256,
    signature: &[u8],
) -> Result<(), Error> {
    let digest = digest(host, place, struct_hash);
    if signer::owner_signed(host, place.account, digest, signature, ALL_GAS)? {
        Ok(())
    } else {
        Err(Error::NotOwnersSignature)
    }
}

#[inline(never)]
fn digest(host: Host, place: &Place, struct_hash: B256) -> B256 {
    let domain = eip712::domain_separator(&host, place.module);
    eip712::digest(&host, &domain, &struct_hash)
}

fn account_session_signature(
    arguments: &'static [u8],
) -> Option<(Address, &'static [u8], &'static [u8])> {
    let mut arguments = Arguments::new(arguments, 3)?;
    let read = (arguments.address()?, arguments.bytes()?, arguments.bytes()?);
    arguments.end().map(|()| read)
}

fn account_id_signature(arguments: &'static [u8]) -> Option<(Address, B256, &'static [u8])> {
    let mut arguments = Arguments::new(arguments, 3)?;
    let read = (arguments.address()?, arguments.hash()?, arguments.bytes()?);
    arguments.end().map(|()| read)
}

/// Reads an account and the one dynamic argument.
pub(crate) fn account_bytes(arguments: &'static [u8]) -> Option<(Address, &'static [u8])> {
    let mut arguments = Arguments::new(arguments, 2)?;
    let read = (arguments.address()?, arguments.bytes()?);
    arguments.end().map(|()| read)
}

fn only_hash(arguments: &'static [u8]) -> Option<B256> {
    let mut arguments = Arguments::new(arguments, 1)?;
    let hash = arguments.hash()?;
    arguments.end().map(|()| hash)
}
