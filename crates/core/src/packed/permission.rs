//! Permissions and their argument rules, as they travel.

use alloy_primitives::Address;

use super::{MAX_RULES, Malformed, Reader};
use crate::word::{self, Word};
use crate::{Keccak256, eip712};

/// A permission that travels in full: one target and selector, and the limits on such a call.
#[derive(Clone, Copy, Debug)]
pub struct PackedPermission<'a> {
    /// The contract, or the receiver of a plain transfer.
    pub target: Address,
    /// The function, or one of the two values of [`crate::policy::selector`].
    pub selector: [u8; 4],
    /// Most wei in one call.
    pub value_limit: Word,
    /// Bounds on words of the calldata.
    pub rules: PackedRules<'a>,
}

impl<'a> PackedPermission<'a> {
    /// Reads `target ‖ selector ‖ valueLimit ‖ rules`.
    ///
    /// # Errors
    /// [`Malformed`] if the bytes are not canonical.
    #[inline(never)]
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let target = reader.address()?;
        let selector = *reader.array()?;
        let mut value_limit = word::ZERO;
        reader.number_into(32, &mut value_limit)?;
        Ok(Self { target, selector, value_limit, rules: PackedRules::read(reader)? })
    }

    /// Hashes it into `to`.
    pub(super) fn hash(&self, keccak: &impl Keccak256, scratch: &mut [Word], to: &mut Word) {
        let mut words = [
            eip712::PERMISSION.word(),
            word::from_address(self.target),
            word::ZERO,
            self.value_limit,
            word::ZERO,
        ];
        word::put_first(&mut words[2], self.selector);
        self.rules.hash(keccak, scratch, &mut words[4]);
        eip712::hash_into(keccak, &words, to);
    }
}

/// Argument rules: always in full, because hiding one would add power.
#[derive(Clone, Copy, Debug)]
pub struct PackedRules<'a> {
    count: usize,
    bytes: &'a [u8],
}

impl<'a> PackedRules<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let count = reader.count(MAX_RULES)?;
        let start = reader.at();
        for _ in 0..count {
            reader.byte()?;
            reader.number(32)?;
            reader.number(32)?;
        }
        Ok(Self { count, bytes: reader.since(start) })
    }

    /// Returns the rules in order.
    pub fn iter(&self) -> impl Iterator<Item = PackedRule> + use<'a> {
        let mut reader = Reader::new(self.bytes);
        // These bytes were read before: the error cannot come back.
        (0..self.count).map_while(move |_| PackedRule::read(&mut reader).ok())
    }

    /// Returns whether there is no rule.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Hashes the array into `to`; `scratch` holds at least [`MAX_RULES`] words.
    pub(super) fn hash(&self, keccak: &impl Keccak256, scratch: &mut [Word], to: &mut Word) {
        for (hash, rule) in scratch.iter_mut().zip(self.iter()) {
            let mut words = [eip712::ARGUMENT_RULE.word(), word::ZERO, rule.min, rule.max];
            words[1][31] = rule.index;
            eip712::hash_into(keccak, &words, hash);
        }
        eip712::hash_into(keccak, scratch.get(..self.count).unwrap_or_default(), to);
    }
}

/// A bound on one word of the calldata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackedRule {
    /// Which word.
    pub index: u8,
    /// The lowest value, unsigned.
    pub min: Word,
    /// The highest value, unsigned.
    pub max: Word,
}

impl PackedRule {
    #[inline(never)]
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let mut rule = Self { index: reader.byte()?, min: word::ZERO, max: word::ZERO };
        reader.number_into(32, &mut rule.min)?;
        reader.number_into(32, &mut rule.max)?;
        Ok(rule)
    }
}
