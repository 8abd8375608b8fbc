//! Revoking sessions: one or all, by the account, by a delegate, or relayed by anyone with the
//! owner's signature.
//!
//! This needs no install flag, and the owner's signature no route: whoever may take power away
//! may always do so. Calls by the account must have exactly the canonical length: one that comes
//! through its fallback is anyone's.

use smart_session_core::Refused;
use smart_session_core::abi::ISmartSession as Abi;
use smart_session_core::eip712;
use smart_session_core::packed::{DelegateSignature, PackedSession, Reader};
use smart_session_core::refusal::Refusal;
use smart_session_core::state::Status;
use smart_session_core::word::Word;

use crate::host::{Host, memory};
use crate::store::Store;
use crate::{arguments, epoch, event, signer};

/// Revokes a session of the calling account for ever, also one that was never enabled.
#[inline]
pub(crate) fn by_account<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let session_id = arguments::session_id(host, arguments)?;
    let account = host.caller();
    revoke(host, &account, session_id, &account);
    Ok(())
}

/// Revokes a session with the owner's signature, whoever brings it.
#[inline]
pub(crate) fn relayed<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let (account, session_id, signature) =
        arguments::account_session_id_signature(host, arguments)?;
    let struct_hash = eip712::revoke_session(host, account, session_id);
    signer::check_owner(host, &host.place(account), &struct_hash, signature)?;
    revoke(host, account, session_id, account);
    Ok(())
}

/// Revokes a session as its delegate; the session itself says who that is.
#[inline]
pub(crate) fn by_delegate<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let (account, session, signature) = arguments::account_session_signature(host, arguments)?;
    let session = PackedSession::read_whole(session, account, host, memory::scratch(host))?;
    let caller = host.caller();
    let is_delegate = if signature.is_empty() {
        session.is_delegate(&caller)
    } else {
        has_signed(host, account, &session, signature)?
    };
    if !is_delegate {
        let mut refusal = Refusal::of::<Abi::NotDelegate>();
        return Err(refusal.word(&caller).word(session.delegate()).tell(host));
    }
    revoke(host, account, &session.id.0, session.delegate());
    Ok(())
}

#[inline]
fn has_signed<'h>(
    host: impl Host<'h>,
    account: &Word,
    session: &PackedSession<'_>,
    signature: &'h [u8],
) -> Result<bool, Refused> {
    let mut reader = Reader::new(host, signature);
    let signature = DelegateSignature::read(&mut reader, session.delegate_kind)?;
    let struct_hash = eip712::revoke_session(host, account, &session.id.0);
    let module = host.place(account).module;
    signer::delegate_signed(host, &module, session, &struct_hash, &signature)
}

/// Revoking a revoked session changes nothing.
#[inline(never)]
fn revoke<'h>(host: impl Host<'h>, account: &Word, session_id: &Word, revoker: &Word) {
    let store = Store::new(host, account);
    let mut session = store.session(session_id);
    let former = session.value.status();
    if former != Status::Revoked {
        session.value.set_status(Status::Revoked);
        store.save_session(&session);
        event::session_revoked(host, account, session_id, revoker, former);
    }
}

/// Revokes all sessions of the calling account, however many there are.
#[inline]
pub(crate) fn all_by_account<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let salt = arguments::word(host, arguments)?;
    let account = host.caller();
    let store = Store::new(host, &account);
    let mut state = store.account();
    epoch::advance(host, &account, &mut state.value, salt);
    store.save_account(&state);
    Ok(())
}

/// Revokes all sessions with the owner's signature, which names the current epoch, and so holds
/// once, and the salt.
#[inline]
pub(crate) fn all_relayed<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let (account, salt, signature) = arguments::account_salt_signature(host, arguments)?;
    let place = host.place(account);
    let store = Store::new(host, account);
    let mut state = store.account();
    let epoch = state.value.epoch();
    let struct_hash = eip712::revoke_all_sessions(host, account, &place.chain_id, epoch, salt);
    signer::check_owner(host, &place, &struct_hash, signature)?;
    epoch::advance(host, account, &mut state.value, salt);
    store.save_account(&state);
    Ok(())
}
