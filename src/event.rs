//! What is told to indexers.

use alloy_primitives::{Address, B256};
use alloy_sol_types::SolEvent;
use session_core::abi::ISmartSession as Abi;
use session_core::packed::PackedSession;
use session_core::state::Status;
use session_core::word::{self, Constant};

use crate::host::{self, Host};

const SESSION_ENABLED: Constant = Constant::new(Abi::SessionEnabled::SIGNATURE_HASH);
const SESSION_REVOKED: Constant = Constant::new(Abi::SessionRevoked::SIGNATURE_HASH);
const EPOCH_MOVED: Constant = Constant::new(Abi::EpochMoved::SIGNATURE_HASH);

/// A session is in force; the whole packed session is shown.
pub(crate) fn session_enabled(host: Host, account: Address, session: &PackedSession<'_>) {
    let packed = session.bytes;
    let data = host::concat(&[
        &word::from_u64(0x20),
        &word::from_usize(packed.len()),
        packed,
        host::padding(packed),
    ]);
    let topics = [
        SESSION_ENABLED.word(),
        word::from_address(account),
        session.id.0,
        word::from_address(session.delegate),
    ];
    host.emit(&topics, data);
}

/// A session has ended for good.
pub(crate) fn session_revoked(
    host: Host,
    account: Address,
    session_id: B256,
    revoker: Address,
    former: Status,
) {
    let topics = [
        SESSION_REVOKED.word(),
        word::from_address(account),
        session_id.0,
        word::from_address(revoker),
    ];
    host.emit(&topics, &word::from_u64(former.to_byte().into()));
}

/// All sessions of the former epoch are void.
pub(crate) fn epoch_moved(host: Host, account: Address, former: u64, epoch: u64) {
    let topics = [EPOCH_MOVED.word(), word::from_address(account)];
    host.emit(&topics, [word::from_u64(former), word::from_u64(epoch)].as_flattened());
}
