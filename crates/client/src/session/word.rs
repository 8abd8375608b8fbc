//! Argument words: values of Solidity's types as the 32 bytes that rules compare.

use alloy_dyn_abi::DynSolType;
use alloy_primitives::{I256, U256, hex};

use super::address::parse_address;

/// What one word of a function's arguments holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordType {
    /// `uintN`: so many bits.
    Uint(usize),
    /// `intN`: so many bits, two's complement.
    Int(usize),
    /// `bool`.
    Bool,
    /// `address`.
    Address,
    /// `bytesN`: so many bytes, at the left.
    Bytes(usize),
    /// Where a value of dynamic length begins.
    Offset,
}

impl WordType {
    /// Returns the words that a parameter has among the arguments.
    pub(crate) fn of(parameter: &DynSolType) -> Vec<Self> {
        match parameter {
            DynSolType::Bool => vec![Self::Bool],
            DynSolType::Int(bits) => vec![Self::Int(*bits)],
            DynSolType::Uint(bits) => vec![Self::Uint(*bits)],
            DynSolType::FixedBytes(length) => vec![Self::Bytes(*length)],
            DynSolType::Address => vec![Self::Address],
            DynSolType::Function => vec![Self::Bytes(24)],
            DynSolType::FixedArray(inner, count) => {
                let one = Self::of(inner);
                if one.contains(&Self::Offset) {
                    return vec![Self::Offset];
                }
                one.iter().copied().cycle().take(one.len().saturating_mul(*count)).collect()
            }
            DynSolType::Tuple(parts) => {
                let words: Vec<Self> = parts.iter().flat_map(Self::of).collect();
                if words.contains(&Self::Offset) { vec![Self::Offset] } else { words }
            }
            // Strings, bytes, arrays of any length, and whatever a feature of the library adds.
            _ => vec![Self::Offset],
        }
    }

    /// Returns its name in Solidity.
    pub fn name(self) -> String {
        match self {
            Self::Uint(bits) => format!("uint{bits}"),
            Self::Int(bits) => format!("int{bits}"),
            Self::Bool => "bool".into(),
            Self::Address => "address".into(),
            Self::Bytes(length) => format!("bytes{length}"),
            Self::Offset => "offset".into(),
        }
    }

    /// Returns the least and the greatest word that a value of the type has, as unsigned numbers.
    /// Of a signed type these are 0 and −1: negative values are above all others.
    pub fn range(self) -> (U256, U256) {
        let ones = |bits: usize| match bits {
            256.. => U256::MAX,
            _ => U256::from(1).wrapping_shl(bits).wrapping_sub(U256::from(1)),
        };
        match self {
            Self::Uint(bits) => (U256::ZERO, ones(bits)),
            Self::Bool => (U256::ZERO, U256::from(1)),
            Self::Address => (U256::ZERO, ones(160)),
            Self::Bytes(length) => {
                let bits = length.saturating_mul(8);
                (U256::ZERO, ones(bits).wrapping_shl(256_usize.saturating_sub(bits)))
            }
            Self::Int(_) | Self::Offset => (U256::ZERO, U256::MAX),
        }
    }

    /// Returns the word of a value as people write it.
    ///
    /// # Errors
    /// The sentence that says why it is none.
    pub fn read(self, text: &str) -> Result<U256, String> {
        let none = || format!("{text:?} is no {}", self.name());
        match self {
            Self::Bool => match text {
                "true" | "1" => Ok(U256::from(1)),
                "false" | "0" => Ok(U256::ZERO),
                _ => Err(format!("{}: write true or false", none())),
            },
            Self::Address => {
                parse_address(text).map(|address| U256::from_be_bytes(address.into_word().0))
            }
            Self::Bytes(length) => {
                let bytes = text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
                let bytes = bytes.filter(|bytes| bytes.len() == length).ok_or_else(|| {
                    format!("{}: write 0x and {} digits", none(), length.saturating_mul(2))
                })?;
                let mut word = [0; 32];
                for (to, from) in word.iter_mut().zip(bytes) {
                    *to = from;
                }
                Ok(U256::from_be_bytes(word))
            }
            Self::Int(bits) => {
                let number = parse_signed(text).ok_or_else(none)?;
                let top = bits.saturating_sub(1);
                // Two's complement of so many bits: nothing but copies of the sign above them.
                let above = number.asr(top);
                let fits = above == I256::ZERO || above == I256::MINUS_ONE;
                if fits { Ok(number.into_raw()) } else { Err(none()) }
            }
            Self::Uint(_) | Self::Offset => {
                let number = parse_unsigned(text).ok_or_else(none)?;
                if number <= self.range().1 { Ok(number) } else { Err(none()) }
            }
        }
    }

    /// Writes the word of a value as people write it; `None` if no value of the type has it.
    pub fn write(self, word: U256) -> Option<String> {
        let text = match self {
            Self::Bool => if word.is_zero() { "false" } else { "true" }.into(),
            Self::Address => {
                let [_, _, _, _, _, _, _, _, _, _, _, _, address @ ..] = word.to_be_bytes::<32>();
                alloy_primitives::Address::new(address).to_string()
            }
            Self::Bytes(length) => {
                hex::encode_prefixed(word.to_be_bytes::<32>().get(..length).unwrap_or_default())
            }
            Self::Int(_) => I256::from_raw(word).to_string(),
            Self::Uint(_) | Self::Offset => word.to_string(),
        };
        (self.read(&text) == Ok(word)).then_some(text)
    }
}

/// Reads a whole number, decimal or hex, up to 256 bits.
pub(crate) fn parse_unsigned(text: &str) -> Option<U256> {
    let (digits, radix) = text.strip_prefix("0x").map_or((text, 10), |hex| (hex, 16));
    let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    is_number.then(|| U256::from_str_radix(digits, radix.into()).ok()).flatten()
}

/// Reads a whole number with or without a sign.
fn parse_signed(text: &str) -> Option<I256> {
    let (sign, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let size = parse_unsigned(digits)?;
    if sign {
        let sign = alloy_primitives::Sign::Negative;
        return I256::checked_from_sign_and_abs(sign, size);
    }
    I256::try_from(size).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> U256 {
        U256::from_str_radix(text, 16).unwrap()
    }

    /// The words as the ABI specification has them.
    #[test]
    fn values_are_words_as_the_abi_encodes_them() {
        let left = "1234567800000000000000000000000000000000000000000000000000000000";
        let minus_five = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffb";
        for (of, text, expected) in [
            (WordType::Bytes(4), "0x12345678", left),
            (WordType::Int(8), "-5", minus_five),
            (WordType::Int(256), "-5", minus_five),
            (WordType::Int(8), "127", "7f"),
            (WordType::Uint(8), "255", "ff"),
            (WordType::Uint(8), "0xff", "ff"),
            (WordType::Bool, "true", "1"),
            (
                WordType::Address,
                "0x00000000000000000000000000000000000a11ce",
                "00000000000000000000000000000000000000000000000000000000000a11ce",
            ),
        ] {
            assert_eq!(of.read(text), Ok(word(expected)), "{of:?} {text}");
        }
    }

    #[test]
    fn what_is_no_value_of_the_type_is_refused() {
        for (of, text) in [
            (WordType::Uint(8), "256"),
            (WordType::Uint(8), "-1"),
            (WordType::Uint(256), "1.5"),
            (WordType::Int(8), "128"),
            (WordType::Int(8), "-129"),
            (WordType::Bytes(4), "305419896"),
            (WordType::Bytes(4), "0x123456"),
            (WordType::Bytes(4), "0x1234567800"),
            (WordType::Bool, "2"),
            (WordType::Address, "0x12"),
            (WordType::Address, "0xF00D00000000000000000000000000000000000f"),
        ] {
            assert!(of.read(text).is_err(), "{of:?} {text}");
        }
        assert!(WordType::Int(8).read("-128").is_ok());
    }

    #[test]
    fn words_are_written_as_they_are_read() {
        for (of, text) in [
            (WordType::Bytes(4), "0x12345678"),
            (WordType::Int(8), "-5"),
            (WordType::Uint(8), "255"),
            (WordType::Bool, "false"),
        ] {
            assert_eq!(of.write(of.read(text).unwrap()).as_deref(), Some(text));
        }
        assert_eq!(WordType::Uint(8).write(U256::from(256)), None);
        assert_eq!(WordType::Bytes(4).write(U256::from(1)), None);
        assert_eq!(WordType::Bool.write(U256::from(2)), None);
    }
}
