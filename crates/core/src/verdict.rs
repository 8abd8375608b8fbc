//! What is told to the `EntryPoint`: valid or not, and when.

use crate::window::ValidityWindow;
use crate::word::{self, Word};

/// Whether the signatures hold. Everything else that is wrong is a revert (ERC-4337).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every signature that was needed holds.
    Valid,
    /// A signature does not hold: `SIG_VALIDATION_FAILED`.
    SignatureFailed,
}

impl Verdict {
    /// Returns `validationData`: `validAfter` (48 bits) ‖ `validUntil` (48) ‖ authorizer (160),
    /// where authorizer 0 means valid and 1 a failed signature (ERC-4337).
    pub fn validation_data(self, window: &ValidityWindow) -> Word {
        let failed = match self {
            Self::Valid => 0,
            Self::SignatureFailed => 1,
        };
        let after = u128::from(window.valid_after().seconds());
        let until = u128::from(window.valid_until().seconds());
        word::from_u128_pair(after << 80 | until << 32, failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::Timestamp;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::new(seconds).unwrap()
    }

    #[test]
    fn validation_data_is_after_until_authorizer() {
        let window = ValidityWindow::new(at(0x0102), at(0x0304)).unwrap();

        let valid = Verdict::Valid.validation_data(&window);
        let failed = Verdict::SignatureFailed.validation_data(&window);

        let mut expected = [0; 32];
        expected[4..6].copy_from_slice(&[1, 2]);
        expected[10..12].copy_from_slice(&[3, 4]);
        assert_eq!(valid, expected);
        expected[31] = 1;
        assert_eq!(failed, expected);
    }
}
