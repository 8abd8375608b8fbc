//! Which paymasters a session lets pay for gas.

use alloy_primitives::Address;

use super::Reader;
use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::refusal::{Refusal, Refused};
use crate::word::{self, Word};

/// Which paymaster an operation must, or may, carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paymaster {
    /// None: `paymasterAndData` must be empty.
    None,
    /// Exactly this one, in every operation.
    One(Address),
    /// Any, or none.
    Any,
}

impl Paymaster {
    /// The address that stands for "any or none" in the struct.
    pub const ANY: Address = Address::repeat_byte(0xff);

    /// Reads a paymaster into the word of its address: tag 0 none, 1 one, 0xff any.
    #[inline]
    pub(super) fn read<E: Environment>(
        reader: &mut Reader<'_, E>,
        to: &mut Word,
    ) -> Result<(), Refused> {
        let at = reader.at();
        *to = word::ZERO;
        match reader.byte()? {
            0 => Ok(()),
            1 => {
                word::put_right(to, reader.bytes(20)?);
                if word::is_zero(to) || Self::is_any(to) {
                    let mut refusal = Refusal::of::<Abi::ReservedPaymaster>();
                    return Err(refusal.size(at).tell(reader.environment()));
                }
                Ok(())
            }
            0xff => {
                let [_, _, _, _, _, _, _, _, _, _, _, _, address @ ..] = to;
                *address = Self::ANY.0.0;
                Ok(())
            }
            got => Err(reader.unknown_tag(at, got)),
        }
    }

    /// Returns whether a paymaster's word stands for any or none.
    pub(crate) fn is_any(word: &Word) -> bool {
        let [_, _, _, _, _, _, _, _, _, _, _, _, address @ ..] = word;
        address.iter().all(|byte| *byte == 0xff)
    }

    /// Returns the address that stands for it in the struct.
    pub const fn address(self) -> Address {
        match self {
            Self::None => Address::ZERO,
            Self::One(address) => address,
            Self::Any => Self::ANY,
        }
    }
}
