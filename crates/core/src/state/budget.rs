//! What is kept of a budget.

use crate::word::{self, Word};

/// What is kept of a budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BudgetState {
    /// What was spent, in that period.
    pub spent: u128,
    /// The latest period in which anything was spent, counted from 0.
    pub period: u64,
}

impl BudgetState {
    /// Reads the budget's word.
    pub fn from_word(word: &Word) -> Self {
        let (spent, low) = word::to_u128_pair(word);
        let [a, b, c, d, e, f, g, h, ..] = low.to_be_bytes();
        Self { spent, period: u64::from_be_bytes([a, b, c, d, e, f, g, h]) }
    }

    /// Returns the budget's word.
    pub fn to_word(self) -> Word {
        word::from_u128_pair(self.spent, u128::from(self.period) << 64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_word_is_spent_and_period() {
        let state = BudgetState { spent: 0x0102, period: 0x0304 };
        let mut expected = [0; 32];
        expected[14..16].copy_from_slice(&[1, 2]);
        expected[22..24].copy_from_slice(&[3, 4]);

        assert_eq!(state.to_word(), expected);
        assert_eq!(BudgetState::from_word(&expected), state);
    }
}
