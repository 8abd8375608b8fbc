//! Whose signatures enable sessions.

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::refusal::{Refused, refuse};
use crate::state::AccountState;

/// Checks that an owner's signature takes the account's enable route.
///
/// # Errors
/// `RouteClosed` or `WrongRoute`.
#[inline]
pub fn check(
    environment: impl Environment,
    account: &AccountState,
    signature: &[u8],
) -> Result<(), Refused> {
    let route = account.route();
    if route.is_closed() {
        return Err(refuse::<Abi::RouteClosed>(environment));
    }
    if !route.is_taken_by(signature) {
        return Err(refuse::<Abi::WrongRoute>(environment));
    }
    Ok(())
}
