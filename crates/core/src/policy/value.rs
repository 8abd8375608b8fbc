//! How much native value a call may send.

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::refusal::{Refusal, Refused};
use crate::word::{self, Word};

#[inline]
pub(super) fn check(
    environment: impl Environment,
    execution: usize,
    got: &Word,
    allowed: &Word,
) -> Result<(), Refused> {
    if word::is_at_most(got, allowed) {
        return Ok(());
    }
    let mut refusal = Refusal::of::<Abi::ValueOverLimit>();
    Err(refusal.size(execution).word(got).word(allowed).tell(environment))
}

#[cfg(test)]
mod tests {
    use alloy_primitives::U256;

    use super::*;
    use crate::OffChain;
    use crate::abi::ISmartSession::ISmartSessionErrors as Error;

    #[test]
    fn value_up_to_the_limit_is_let_through_and_no_more() {
        let [zero, ten, eleven] = [0, 10, 11].map(word::from_u64);
        let ask = |got: &Word, allowed: &Word| {
            OffChain::ask(|environment| check(environment, 3, got, allowed))
        };

        assert_eq!(ask(&ten, &ten), Ok(()));
        let [execution, got, allowed] = [3, 11, 10].map(U256::from);
        assert_eq!(
            ask(&eleven, &ten),
            Err(Error::ValueOverLimit(Abi::ValueOverLimit { execution, got, allowed }))
        );
        assert!(ask(&[0xff; 32], &ten).is_err());
        assert!(ask(&word::from_u128(1 << 64), &ten).is_err());
        assert_eq!(ask(&zero, &zero), Ok(()));
    }
}
