//! Whom a session may call.

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::place::Place;
use crate::refusal::{Refusal, Refused};
use crate::word::{self, Word};

/// The canonical EntryPoints: they hold the account's deposit.
///
/// Compared as numbers, which live in the code: see [`crate::word::Constant`].
mod entry_point {
    use alloy_primitives::{Address, address};

    use crate::word::Constant;

    pub(super) const V06: Constant = of(address!("5FF137D4b0FDCD49DcA30c7CF57E578a026d2789"));
    pub(super) const V07: Constant = of(address!("0000000071727De22E5E9d8BAf0edAc6f37da032"));
    pub(super) const V08: Constant = of(address!("4337084D9E255Ff0702461CF8895CE9E3b5Ff108"));
    pub(super) const V09: Constant = of(address!("433709009B8330FDa32311DF1C2AFA402eD8D009"));

    const fn of(address: Address) -> Constant {
        Constant::of_address(address)
    }
}

/// Returns whether no session may ever call `target`.
///
/// Accounts rewrite the zero address to themselves, and a call to the account or to this module
/// could grant more than the session has. Tested at every use, whatever was enabled.
pub fn is_banned(target: &Word, place: &Place) -> bool {
    use entry_point::{V06, V07, V08, V09};

    word::is_zero(target)
        || word::equal(target, &place.account)
        || word::equal(target, &place.module)
        || V06.is(target)
        || V07.is(target)
        || V08.is(target)
        || V09.is(target)
}

#[inline]
pub(super) fn check(
    environment: impl Environment,
    execution: usize,
    got: &Word,
    allowed: &Word,
    place: &Place,
) -> Result<(), Refused> {
    if is_banned(got, place) {
        let mut refusal = Refusal::of::<Abi::BannedTarget>();
        return Err(refusal.size(execution).word(got).tell(environment));
    }
    if word::equal(got, allowed) {
        return Ok(());
    }
    let mut refusal = Refusal::of::<Abi::TargetNotPermitted>();
    Err(refusal.size(execution).word(got).word(allowed).tell(environment))
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Address, U256, address};

    use super::*;
    use crate::OffChain;
    use crate::abi::ISmartSession::ISmartSessionErrors as Error;

    fn ask(execution: usize, got: Address, allowed: Address, place: &Place) -> Result<(), Error> {
        let [got, allowed] = [got, allowed].map(word::from_address);
        OffChain::ask(|environment| check(environment, execution, &got, &allowed, place))
    }

    #[test]
    fn nobody_calls_the_account_the_module_the_zero_address_or_an_entry_point() {
        let [account, module] = [0xaa, 0xbb].map(Address::repeat_byte);
        let place = Place::new(account, module, 1);
        let banned = [
            Address::ZERO,
            account,
            module,
            address!("5FF137D4b0FDCD49DcA30c7CF57E578a026d2789"),
            address!("0000000071727De22E5E9d8BAf0edAc6f37da032"),
            address!("4337084D9E255Ff0702461CF8895CE9E3b5Ff108"),
            address!("433709009B8330FDa32311DF1C2AFA402eD8D009"),
        ];

        for target in banned {
            let execution = U256::from(2);
            assert_eq!(
                ask(2, target, target, &place),
                Err(Error::BannedTarget(Abi::BannedTarget { execution, target })),
                "even with a permission"
            );
        }
        for byte in 0..20 {
            let mut other = address!("0000000071727De22E5E9d8BAf0edAc6f37da032");
            other[byte] ^= 1;
            assert_eq!(ask(0, other, other, &place), Ok(()), "{other}");
        }
    }

    #[test]
    fn a_permission_is_for_one_target() {
        let place = Place::new(Address::ZERO, Address::ZERO, 1);
        let [game, other] = [1, 2].map(Address::repeat_byte);

        assert_eq!(ask(0, game, game, &place), Ok(()));
        let error = Abi::TargetNotPermitted { execution: U256::from(1), got: other, allowed: game };
        assert_eq!(ask(1, other, game, &place), Err(Error::TargetNotPermitted(error)));
    }
}
