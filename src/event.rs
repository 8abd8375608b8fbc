//! What is told to indexers.

use alloy_sol_types::SolEvent;
use smart_session_core::abi::ISmartSession as Abi;
use smart_session_core::packed::PackedSession;
use smart_session_core::state::Status;
use smart_session_core::word::{self, Constant, Word};

use crate::host::{Host, memory};

const SESSION_ENABLED: Constant = Constant::new(Abi::SessionEnabled::SIGNATURE_HASH);
const SESSION_REVOKED: Constant = Constant::new(Abi::SessionRevoked::SIGNATURE_HASH);
const EPOCH_MOVED: Constant = Constant::new(Abi::EpochMoved::SIGNATURE_HASH);

/// A session is in force; the whole packed session is shown.
#[inline]
pub(crate) fn session_enabled<'h>(
    host: impl Host<'h>,
    account: &Word,
    session: &PackedSession<'_>,
) {
    let packed = session.bytes;
    let data = memory::concat(
        host,
        &[
            &word::from_u64(0x20),
            &word::from_usize(packed.len()),
            packed,
            memory::padding(host, packed),
        ],
    );
    host.emit(&[SESSION_ENABLED.word(), *account, session.id.0, *session.delegate()], data);
}

/// A session has ended for good.
#[inline]
pub(crate) fn session_revoked<'h>(
    host: impl Host<'h>,
    account: &Word,
    session_id: &Word,
    revoker: &Word,
    former: Status,
) {
    let topics = [SESSION_REVOKED.word(), *account, *session_id, *revoker];
    host.emit(&topics, &word::from_u64(former.to_byte().into()));
}

/// All sessions of the former epoch are void.
#[inline]
pub(crate) fn epoch_moved<'h>(host: impl Host<'h>, account: &Word, former: u64, epoch: u64) {
    let topics = [EPOCH_MOVED.word(), *account];
    host.emit(&topics, [word::from_u64(former), word::from_u64(epoch)].as_flattened());
}
