//! Who else may pay for gas.

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::packed::Paymaster;
use crate::refusal::{Refusal, Refused};
use crate::word::{self, Word};

/// The paymaster's address and its two gas limits (ERC-4337).
const SHORTEST: usize = 52;

/// Checks the paymaster of an operation against the word of the session's.
///
/// `paymasterAndData` with address zero is refused: EntryPoint 0.7 would charge the account.
///
/// # Errors
/// `MalformedPaymasterData` if it has no proper shape, `PaymasterNotPermitted` if it is not the
/// one allowed.
#[inline]
pub fn check(
    environment: impl Environment,
    paymaster_and_data: &[u8],
    allowed: &Word,
) -> Result<(), Refused> {
    // Zero where there is none.
    let mut got = word::ZERO;
    word::put_right(&mut got, paymaster_and_data.get(..20).unwrap_or_default());
    let length = paymaster_and_data.len();
    if length != 0 && (length < SHORTEST || word::is_zero(&got)) {
        let mut refusal = Refusal::of::<Abi::MalformedPaymasterData>();
        return Err(refusal.size(length).tell(environment));
    }
    if Paymaster::is_any(allowed) || word::equal(&got, allowed) {
        return Ok(());
    }
    Err(Refusal::of::<Abi::PaymasterNotPermitted>().word(&got).word(allowed).tell(environment))
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Address, U256};

    use super::*;
    use crate::OffChain;
    use crate::abi::ISmartSession::ISmartSessionErrors as Error;

    const SPONSOR: Address = Address::repeat_byte(0x5a);

    fn paid_by(paymaster: Address, length: usize) -> [u8; 60] {
        let mut data = [0; 60];
        data[..20].copy_from_slice(paymaster.as_slice());
        assert!(length <= 60);
        data
    }

    fn ask(paymaster_and_data: &[u8], allowed: Paymaster) -> Result<(), Error> {
        let allowed = word::from_address(allowed.address());
        OffChain::ask(|environment| check(environment, paymaster_and_data, &allowed))
    }

    fn another(got: Address, allowed: Address) -> Result<(), Error> {
        Err(Error::PaymasterNotPermitted(Abi::PaymasterNotPermitted { got, allowed }))
    }

    fn malformed(length: u64) -> Result<(), Error> {
        let length = U256::from(length);
        Err(Error::MalformedPaymasterData(Abi::MalformedPaymasterData { length }))
    }

    #[test]
    fn none_takes_only_empty_data() {
        assert_eq!(ask(&[], Paymaster::None), Ok(()));
        assert_eq!(
            ask(&paid_by(SPONSOR, 52)[..52], Paymaster::None),
            another(SPONSOR, Address::ZERO)
        );
    }

    #[test]
    fn one_takes_exactly_that_one() {
        let other = Address::repeat_byte(0x5b);

        assert_eq!(ask(&paid_by(SPONSOR, 60), Paymaster::One(SPONSOR)), Ok(()));
        assert_eq!(ask(&[], Paymaster::One(SPONSOR)), another(Address::ZERO, SPONSOR));
        assert_eq!(ask(&paid_by(other, 60), Paymaster::One(SPONSOR)), another(other, SPONSOR));
    }

    #[test]
    fn any_takes_none_or_one_of_proper_shape() {
        assert_eq!(ask(&[], Paymaster::Any), Ok(()));
        assert_eq!(ask(&paid_by(SPONSOR, 52)[..52], Paymaster::Any), Ok(()));
        assert_eq!(ask(&paid_by(SPONSOR, 51)[..51], Paymaster::Any), malformed(51));
        assert_eq!(ask(&paid_by(SPONSOR, 1)[..1], Paymaster::None), malformed(1));
        assert_eq!(ask(&paid_by(Address::ZERO, 60), Paymaster::Any), malformed(60));
    }
}
