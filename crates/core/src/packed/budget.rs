//! Budgets, as they travel: always in full, because hiding one would add power.

use alloy_primitives::Address;

use super::{MAX_BUDGETS, Malformed, Reader};
use crate::word::{self, Word};
use crate::{Keccak256, eip712};

/// The budgets of a session.
#[derive(Clone, Copy, Debug)]
pub struct PackedBudgets<'a> {
    count: usize,
    bytes: &'a [u8],
    has_period: bool,
}

/// A total over the session, or over each period of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackedBudget {
    /// An ERC-20, or [`crate::policy::budget::NATIVE`].
    pub token: Address,
    /// The most, in the token's smallest unit.
    pub amount: u128,
    /// Seconds; 0 for the whole session.
    pub period: u32,
}

impl<'a> PackedBudgets<'a> {
    /// Reads the list and hashes it into `to`.
    pub(super) fn read(
        reader: &mut Reader<'a>,
        keccak: &impl Keccak256,
        scratch: &mut [Word],
        to: &mut Word,
    ) -> Result<Self, Malformed> {
        let count = reader.count(MAX_BUDGETS)?;
        let start = reader.at();
        let mut has_period = false;
        for hash in scratch.iter_mut().take(count) {
            let budget = PackedBudget::read(reader)?;
            has_period |= budget.period > 0;
            let words = [
                eip712::BUDGET.word(),
                word::from_address(budget.token),
                word::from_u128(budget.amount),
                word::from_u64(budget.period.into()),
            ];
            eip712::hash_into(keccak, &words, hash);
        }
        eip712::hash_into(keccak, scratch.get(..count).unwrap_or_default(), to);
        Ok(Self { count, bytes: reader.since(start), has_period })
    }

    /// Returns the budgets in order.
    pub fn iter(&self) -> impl Iterator<Item = PackedBudget> + use<'a> {
        let mut reader = Reader::new(self.bytes);
        // These bytes were read before: the error cannot come back.
        (0..self.count).map_while(move |_| PackedBudget::read(&mut reader).ok())
    }

    /// Returns whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns how many there are.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Returns whether any of them is for a period, so that operations carry a claimed time.
    pub const fn has_period(&self) -> bool {
        self.has_period
    }
}

impl PackedBudget {
    #[inline(never)]
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let token = reader.address()?;
        let amount = word::number_u128(reader.number(16)?);
        let period = word::number_u32(reader.number(4)?);
        Ok(Self { token, amount, period })
    }
}
