//! How much native value a call may send.

use super::Violation;
use crate::word::{self, Word};

pub(super) fn check(execution: usize, got: &Word, allowed: &Word) -> Result<(), Violation> {
    if word::is_at_most(got, allowed) {
        Ok(())
    } else {
        Err(Violation::Value { execution, got: *got, allowed: *allowed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_up_to_the_limit_is_let_through_and_no_more() {
        let [zero, ten, eleven] = [0, 10, 11].map(word::from_u64);

        assert_eq!(check(3, &ten, &ten), Ok(()));
        assert_eq!(
            check(3, &eleven, &ten),
            Err(Violation::Value { execution: 3, got: eleven, allowed: ten })
        );
        assert!(check(0, &[0xff; 32], &ten).is_err());
        assert!(check(0, &word::from_u128(1 << 64), &ten).is_err());
        assert_eq!(check(0, &zero, &zero), Ok(()));
    }
}
