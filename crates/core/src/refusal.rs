//! Refusals: each is one of the ABI's errors, and is written where it is found.
//!
//! There is no error type beside the ABI's declaration. A refusal is encoded as the revert data
//! that the caller sees and handed to the [`Environment`] at once, so that what travels up
//! through the callers has no size: enums of errors with their values, returned by value and
//! matched once more at the edge, took a quarter of the program.

use alloy_sol_types::SolError;

use crate::Environment;
use crate::word::{self, Word};

/// Something was refused, and the environment was told what: only [`Refusal::tell`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused(());

/// The revert data of an error in the making: its selector, then up to three static arguments,
/// in the order in which the ABI declares them.
///
/// The methods are not inlined: there are many refusals, and each costs only its calls.
#[derive(Clone, Debug)]
#[must_use = "a refusal that is not told is none"]
pub struct Refusal {
    data: [u8; 4 + 3 * 32],
    len: usize,
}

impl Refusal {
    /// Begins the data of an error.
    #[expect(clippy::inline_always, reason = "only the selector is of the type")]
    #[inline(always)]
    pub fn of<E: SolError>() -> Self {
        Self::new(E::SELECTOR)
    }

    #[inline(never)]
    fn new(selector: [u8; 4]) -> Self {
        let mut data = [0; 100];
        if let Some(to) = data.first_chunk_mut() {
            *to = selector;
        }
        Self { data, len: 4 }
    }

    /// Adds an argument of 32 bytes.
    #[inline(never)]
    pub fn word(&mut self, word: &Word) -> &mut Self {
        if let Some(to) = self.data.get_mut(self.len..).and_then(|rest| rest.first_chunk_mut()) {
            *to = *word;
            self.len = self.len.wrapping_add(32);
        }
        self
    }

    /// Adds a number.
    #[inline(never)]
    pub fn number(&mut self, number: u64) -> &mut Self {
        self.word(&word::from_u64(number))
    }

    /// Adds a number.
    #[inline(never)]
    pub fn u128(&mut self, number: u128) -> &mut Self {
        self.word(&word::from_u128(number))
    }

    /// Adds a length, an index or an offset.
    #[inline(never)]
    pub fn size(&mut self, size: usize) -> &mut Self {
        self.word(&word::from_usize(size))
    }

    /// Adds a `bytes4`.
    #[inline(never)]
    pub fn selector(&mut self, selector: [u8; 4]) -> &mut Self {
        self.word(&word::from_bytes4(selector))
    }

    /// Tells the environment the revert data of another contract.
    #[inline]
    pub fn foreign(environment: impl Environment, revert_data: &[u8]) -> Refused {
        environment.refuse(revert_data);
        Refused(())
    }

    /// Tells the environment.
    #[inline(never)]
    pub fn tell(&self, environment: impl Environment) -> Refused {
        environment.refuse(self.data.get(..self.len).unwrap_or_default());
        Refused(())
    }
}

/// Refuses with an error that has no arguments.
#[expect(clippy::inline_always, reason = "only the selector is of the type")]
#[inline(always)]
pub fn refuse<E: SolError>(environment: impl Environment) -> Refused {
    Refusal::of::<E>().tell(environment)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{B256, FixedBytes, U256};

    use super::*;
    use crate::OffChain;
    use crate::abi::ISmartSession as Abi;

    #[test]
    fn a_refusal_is_what_the_abi_encodes() {
        let environment = OffChain::default();

        let _ = Refusal::of::<Abi::NumberTooWide>().size(7).number(40).u128(32).tell(&environment);

        let [offset, got, allowed] = [7, 40, 32].map(U256::from);
        let expected = Abi::NumberTooWide { offset, got, allowed };
        assert_eq!(environment.refusal(), expected.abi_encode());

        let _ = Refusal::of::<Abi::UnsupportedCall>().selector([1, 2, 3, 4]).tell(&environment);

        let expected = Abi::UnsupportedCall { selector: FixedBytes([1, 2, 3, 4]) };
        assert_eq!(environment.refusal(), expected.abi_encode());

        let _ = Refusal::of::<Abi::UnsupportedExecutionMode>().word(&[9; 32]).tell(&environment);

        let expected = Abi::UnsupportedExecutionMode { got: B256::repeat_byte(9) };
        assert_eq!(environment.refusal(), expected.abi_encode());
    }

    #[test]
    fn an_error_without_arguments_is_its_selector() {
        let environment = OffChain::default();

        let _ = refuse::<Abi::NotPayable>(&environment);

        assert_eq!(environment.refusal(), Abi::NotPayable {}.abi_encode());
    }
}
