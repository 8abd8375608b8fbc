//! Whether the account has installed the module, and the session is of its chain and epoch.

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::packed::PackedSession;
use crate::place::Place;
use crate::refusal::{Refusal, Refused};
use crate::state::{AccountState, ModuleTypes};
use crate::word;

/// Checks that the account has the module installed as any of some types, and that a session
/// holds on this chain, in the account's epoch.
///
/// # Errors
/// `NotInstalled`, `ChainNotListed` or `WrongEpoch`.
#[inline(never)]
pub fn check(
    environment: impl Environment,
    session: &PackedSession<'_>,
    types: ModuleTypes,
    account: &AccountState,
    place: &Place,
) -> Result<(), Refused> {
    if !account.installed().has_any(types) {
        let mut refusal = Refusal::of::<Abi::NotInstalled>();
        let refusal = refusal.word(&place.account).number(types.to_byte().into());
        return Err(refusal.tell(environment));
    }
    let Some(got) = session.epoch_on(environment, &place.chain_id) else {
        let mut refusal = Refusal::of::<Abi::ChainNotListed>();
        return Err(refusal.word(&place.chain_id).tell(environment));
    };
    let allowed = account.epoch();
    if word::low_u64(&got) == allowed {
        return Ok(());
    }
    Err(Refusal::of::<Abi::WrongEpoch>().word(&got).number(allowed).tell(environment))
}
