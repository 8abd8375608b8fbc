//! Whom a session may call.

use alloy_primitives::{Address, address};

use super::{Place, Violation};

/// The canonical EntryPoints: they hold the account's deposit.
///
/// Compared as numbers, which live in the code: see [`crate::word::Constant`].
mod entry_point {
    use super::{Limbs, address, limbs};

    pub(super) const V06: Limbs = limbs(address!("5FF137D4b0FDCD49DcA30c7CF57E578a026d2789"));
    pub(super) const V07: Limbs = limbs(address!("0000000071727De22E5E9d8BAf0edAc6f37da032"));
    pub(super) const V08: Limbs = limbs(address!("4337084D9E255Ff0702461CF8895CE9E3b5Ff108"));
    pub(super) const V09: Limbs = limbs(address!("433709009B8330FDa32311DF1C2AFA402eD8D009"));
}

/// An address as three numbers.
type Limbs = (u64, u64, u32);

const fn limbs(address: Address) -> Limbs {
    let [a, b, c, d, e, f, g, h, rest @ ..] = address.0.0;
    let [i, j, k, l, m, n, o, p, q, r, s, t] = rest;
    (
        u64::from_be_bytes([a, b, c, d, e, f, g, h]),
        u64::from_be_bytes([i, j, k, l, m, n, o, p]),
        u32::from_be_bytes([q, r, s, t]),
    )
}

/// Returns whether no session may ever call `target`.
///
/// Accounts rewrite the zero address to themselves, and a call to the account or to this module
/// could grant more than the session has. Tested at every use, whatever was enabled.
pub fn is_banned(target: Address, place: &Place) -> bool {
    use entry_point::{V06, V07, V08, V09};

    target == place.account
        || target == place.module
        || matches!(limbs(target), (0, 0, 0) | V06 | V07 | V08 | V09)
}

pub(super) fn check(
    execution: usize,
    got: Address,
    allowed: Address,
    place: &Place,
) -> Result<(), Violation> {
    if is_banned(got, place) {
        return Err(Violation::BannedTarget { execution, target: got });
    }
    if got != allowed {
        return Err(Violation::Target { execution, got, allowed });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_calls_the_account_the_module_the_zero_address_or_an_entry_point() {
        let place = Place {
            account: Address::repeat_byte(0xaa),
            module: Address::repeat_byte(0xbb),
            chain_id: 1,
        };
        let banned = [
            Address::ZERO,
            place.account,
            place.module,
            address!("5FF137D4b0FDCD49DcA30c7CF57E578a026d2789"),
            address!("0000000071727De22E5E9d8BAf0edAc6f37da032"),
            address!("4337084D9E255Ff0702461CF8895CE9E3b5Ff108"),
            address!("433709009B8330FDa32311DF1C2AFA402eD8D009"),
        ];

        for target in banned {
            assert!(is_banned(target, &place), "{target}");
            assert_eq!(
                check(2, target, target, &place),
                Err(Violation::BannedTarget { execution: 2, target }),
                "even with a permission"
            );
        }
        for byte in 0..20 {
            let mut other = address!("0000000071727De22E5E9d8BAf0edAc6f37da032");
            other[byte] ^= 1;
            assert!(!is_banned(other, &place), "{other}");
        }
    }

    #[test]
    fn a_permission_is_for_one_target() {
        let place = Place { account: Address::ZERO, module: Address::ZERO, chain_id: 1 };
        let [game, other] = [1, 2].map(Address::repeat_byte);

        assert_eq!(check(0, game, game, &place), Ok(()));
        assert_eq!(
            check(1, other, game, &place),
            Err(Violation::Target { execution: 1, got: other, allowed: game })
        );
    }
}
