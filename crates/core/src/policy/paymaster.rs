//! Who else may pay for gas.

use alloy_primitives::Address;

use super::Violation;
use crate::packed::Paymaster;

/// The paymaster's address and its two gas limits (ERC-4337).
const SHORTEST: usize = 52;

/// Checks the paymaster of an operation.
///
/// `paymasterAndData` with address zero is refused: EntryPoint 0.7 would charge the account.
///
/// # Errors
/// [`Violation::PaymasterData`] if it has no proper shape, [`Violation::Paymaster`] if it is not
/// the one allowed.
pub fn check(paymaster_and_data: &[u8], allowed: Paymaster) -> Result<(), Violation> {
    let got = read(paymaster_and_data)?;
    let holds = match allowed {
        Paymaster::None => got == Address::ZERO,
        Paymaster::One(address) => got == address,
        Paymaster::Any => true,
    };
    if holds { Ok(()) } else { Err(Violation::Paymaster { got, allowed: allowed.address() }) }
}

/// Returns the paymaster, zero for none.
fn read(paymaster_and_data: &[u8]) -> Result<Address, Violation> {
    let length = paymaster_and_data.len();
    match paymaster_and_data.first_chunk::<20>() {
        None if length == 0 => Ok(Address::ZERO),
        Some(address) if length >= SHORTEST && *address != [0; 20] => Ok(Address::new(*address)),
        _ => Err(Violation::PaymasterData { length }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPONSOR: Address = Address::repeat_byte(0x5a);

    fn paid_by(paymaster: Address, length: usize) -> [u8; 60] {
        let mut data = [0; 60];
        data[..20].copy_from_slice(paymaster.as_slice());
        assert!(length <= 60);
        data
    }

    #[test]
    fn none_takes_only_empty_data() {
        assert_eq!(check(&[], Paymaster::None), Ok(()));
        assert_eq!(
            check(&paid_by(SPONSOR, 52)[..52], Paymaster::None),
            Err(Violation::Paymaster { got: SPONSOR, allowed: Address::ZERO })
        );
    }

    #[test]
    fn one_takes_exactly_that_one() {
        let other = Address::repeat_byte(0x5b);

        assert_eq!(check(&paid_by(SPONSOR, 60), Paymaster::One(SPONSOR)), Ok(()));
        assert_eq!(
            check(&[], Paymaster::One(SPONSOR)),
            Err(Violation::Paymaster { got: Address::ZERO, allowed: SPONSOR })
        );
        assert_eq!(
            check(&paid_by(other, 60), Paymaster::One(SPONSOR)),
            Err(Violation::Paymaster { got: other, allowed: SPONSOR })
        );
    }

    #[test]
    fn any_takes_none_or_one_of_proper_shape() {
        assert_eq!(check(&[], Paymaster::Any), Ok(()));
        assert_eq!(check(&paid_by(SPONSOR, 52)[..52], Paymaster::Any), Ok(()));
        assert_eq!(
            check(&paid_by(SPONSOR, 51)[..51], Paymaster::Any),
            Err(Violation::PaymasterData { length: 51 })
        );
        assert_eq!(
            check(&paid_by(Address::ZERO, 60), Paymaster::Any),
            Err(Violation::PaymasterData { length: 60 })
        );
    }
}
