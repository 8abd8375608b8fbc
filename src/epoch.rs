//! The epoch of an account: sessions that name another one are void.

use smart_session_core::state::AccountState;
use smart_session_core::word::{self, Word};

use crate::event;
use crate::host::Host;

/// Makes all sessions of an account void, by an epoch that nobody can foresee who does not know the
/// salt, so that no session is signed for it in advance.
///
/// Block values alone would not do: whoever brings the call to the chain can foresee or choose them.
#[inline(never)]
pub(crate) fn advance<'h>(
    host: impl Host<'h>,
    account: &Word,
    state: &mut AccountState,
    salt: &Word,
) {
    let former = state.epoch();
    let [timestamp, number, base_fee] = host.block_entropy();
    let words = [*account, word::from_u64(former), *salt, timestamp, number, base_fee];
    let epoch = word::low_u64(&host.keccak256(words.as_flattened()).0);
    state.set_epoch(epoch);
    event::epoch_moved(host, account, former, epoch);
}
