//! The gas that an operation names, and how the EntryPoint packs it.

use alloy_primitives::{B256, U256};

use crate::operation::abi::UserOperation;

/// The gas that an operation names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GasNeeds {
    /// Gas of the validation.
    pub verification: u128,
    /// Gas of the calls.
    pub call: u128,
    /// What who bundles it wants beside that.
    pub pre_verification: u128,
}

impl GasNeeds {
    /// Writes the needs into an operation.
    pub(super) fn put_into(self, op: &mut UserOperation) {
        op.accountGasLimits = two_numbers(self.verification, self.call);
        op.preVerificationGas = U256::from(self.pre_verification);
    }
}

/// Packs two numbers into one word, as the EntryPoint does with gas limits and fees.
pub(super) fn two_numbers(high: u128, low: u128) -> B256 {
    U256::from(high).wrapping_shl(128).wrapping_add(U256::from(low)).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::user_operation::split_numbers;

    #[test]
    fn two_numbers_share_a_word() {
        let word = two_numbers(0x0102, u128::MAX);

        assert_eq!(word[14..16], [1, 2]);
        assert_eq!(word[16..], [0xff; 16]);
        assert_eq!(split_numbers(word), (0x0102, u128::MAX));
    }
}
