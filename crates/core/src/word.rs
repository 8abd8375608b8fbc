//! 32-byte words as the EVM and EIP-712 write them: big-endian, numbers aligned right.
//!
//! The conversions are not inlined: turning bytes around takes many WASM instructions.
//! Words stay bytes: comparing them as arrays is comparing the unsigned numbers, and nothing has
//! to be converted there and back.

use alloy_primitives::{Address, B256};

/// One word.
pub type Word = [u8; 32];

/// The word of zeros.
pub const ZERO: Word = [0; 32];

/// A constant word that lives in the code and not in the data segment.
///
/// Every byte of data costs 0.75 gas in every call of the contract, used or not (Nitro: program
/// initialisation); as four numbers the word costs where it is used, and less.
#[derive(Clone, Copy, Debug)]
pub struct Constant([u64; 4]);

impl Constant {
    /// Takes a word at compile time.
    pub const fn new(word: B256) -> Self {
        // In the byte order of WASM memory, so that nothing is turned around at run time.
        match word.0.as_chunks::<8>().0 {
            [a, b, c, d] => Self([
                u64::from_le_bytes(*a),
                u64::from_le_bytes(*b),
                u64::from_le_bytes(*c),
                u64::from_le_bytes(*d),
            ]),
            _ => Self([0; 4]),
        }
    }

    /// Returns the word.
    #[expect(clippy::inline_always, reason = "a call would bring the data segment back")]
    #[inline(always)]
    pub fn word(self) -> Word {
        let [a, b, c, d] = self.0;
        join(a, b, c, d)
    }
}

#[inline(never)]
fn join(a: u64, b: u64, c: u64, d: u64) -> Word {
    let parts = [a, b, c, d].map(u64::to_le_bytes);
    parts.as_flattened().first_chunk().copied().unwrap_or(ZERO)
}

/// Returns the word of an address: 12 zero bytes, then the address.
#[inline(never)]
pub fn from_address(address: Address) -> Word {
    let mut word = ZERO;
    put_last(&mut word, address.0.0);
    word
}

/// Writes the last bytes of a word.
#[inline]
pub fn put_last<const N: usize>(word: &mut Word, bytes: [u8; N]) {
    if let Some(to) = word.last_chunk_mut() {
        *to = bytes;
    }
}

/// Writes the first bytes of a word.
#[inline]
pub fn put_first<const N: usize>(word: &mut Word, bytes: [u8; N]) {
    if let Some(to) = word.first_chunk_mut() {
        *to = bytes;
    }
}

/// Returns the word of a number.
#[inline(never)]
pub fn from_u64(number: u64) -> Word {
    let mut word = ZERO;
    put_last(&mut word, number.to_be_bytes());
    word
}

/// Returns the word of a number.
#[inline]
pub fn from_u128(number: u128) -> Word {
    from_u128_pair(0, number)
}

/// Joins two halves of a word, each a `uint128`.
#[inline(never)]
pub fn from_u128_pair(high: u128, low: u128) -> Word {
    let halves = [high, low].map(u128::to_be_bytes);
    halves.as_flattened().first_chunk().copied().unwrap_or(ZERO)
}

/// Returns the word of a length, an index or an offset.
#[inline]
pub fn from_usize(number: usize) -> Word {
    // usize has 32 bits on chain and 64 off chain: this conversion never saturates.
    from_u64(u64::try_from(number).unwrap_or(u64::MAX))
}

/// Returns the word of up to 32 bytes of text: the bytes first, then zeros.
pub fn from_text(text: &[u8]) -> Word {
    let mut word = ZERO;
    for (to, from) in word.iter_mut().zip(text) {
        *to = *from;
    }
    word
}

/// Returns a big-endian number of up to 4 bytes; bytes before the last 4 are ignored.
pub fn number_u32(number: &[u8]) -> u32 {
    number.iter().fold(0, |sum, byte| (sum << 8) | u32::from(*byte))
}

/// Returns a big-endian number of up to 8 bytes; bytes before the last 8 are ignored.
pub fn number_u64(number: &[u8]) -> u64 {
    number.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// Returns a big-endian number of up to 16 bytes; bytes before the last 16 are ignored.
pub fn number_u128(number: &[u8]) -> u128 {
    number.iter().fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}

/// Returns the word of a `bytes4`: the bytes first, then zeros.
#[inline(never)]
pub fn from_bytes4(bytes: [u8; 4]) -> Word {
    let mut word = ZERO;
    put_first(&mut word, bytes);
    word
}

/// Returns whether one unsigned number is at most another.
///
/// A loop and not `<=` on the arrays, which the compiler unrolls into hundreds of instructions
/// wherever it stands; most numbers differ early, or are equal in zeros.
#[inline(never)]
pub fn is_at_most(number: &Word, limit: &Word) -> bool {
    for (a, b) in number.as_chunks::<8>().0.iter().zip(limit.as_chunks::<8>().0) {
        if a != b {
            return u64::from_be_bytes(*a) < u64::from_be_bytes(*b);
        }
    }
    true
}

/// Returns the number that a word holds, if it fits 64 bits.
#[inline(never)]
pub fn to_u64(word: &Word) -> Option<u64> {
    match word.as_chunks::<8>().0 {
        [a, b, c, d] if [a, b, c] == [&[0; 8]; 3] => Some(u64::from_be_bytes(*d)),
        _ => None,
    }
}

/// Returns the number in the last 8 bytes of a word.
#[inline]
pub fn low_u64(word: &Word) -> u64 {
    let [.., a, b, c, d, e, f, g, h] = *word;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// Returns the number that a word holds, if it fits `usize`, which has 32 bits on chain.
#[inline]
pub fn to_usize(word: &Word) -> Option<usize> {
    usize::try_from(to_u64(word)?).ok()
}

/// Returns the address that a word holds, if its first 12 bytes are zero.
#[inline(never)]
pub fn to_address(word: &Word) -> Option<Address> {
    let (padding, address) = word.split_first_chunk::<12>()?;
    if *padding != [0; 12] {
        return None;
    }
    Some(Address::new(*address.first_chunk::<20>()?))
}

/// Returns the number that a word holds, if it fits 128 bits.
#[inline]
pub fn to_u128(word: &Word) -> Option<u128> {
    match to_u128_pair(word) {
        (0, low) => Some(low),
        _ => None,
    }
}

/// Splits a word into its two halves, each a `uint128`.
#[inline(never)]
pub fn to_u128_pair(word: &Word) -> (u128, u128) {
    match word.as_chunks::<16>() {
        ([high, low], []) => (u128::from_be_bytes(*high), u128::from_be_bytes(*low)),
        _ => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_right_aligned() {
        let mut expected = ZERO;
        expected[30] = 0x12;
        expected[31] = 0x34;

        assert_eq!(from_u64(0x1234), expected);
        assert_eq!(from_u128(0x1234), expected);
        assert_eq!(from_usize(0x1234), expected);
    }

    #[test]
    fn a_number_over_64_bits_is_not_narrowed() {
        let mut word = ZERO;
        word[23] = 1;
        word[31] = 64;

        assert_eq!(to_u64(&word), None);
        assert_eq!(to_usize(&word), None);
    }

    #[test]
    fn an_address_with_dirty_upper_bytes_is_none() {
        let mut word = from_address(Address::repeat_byte(7));
        assert_eq!(to_address(&word), Some(Address::repeat_byte(7)));

        word[0] = 1;
        assert_eq!(to_address(&word), None);
    }

    #[test]
    fn halves_come_high_first() {
        let mut word = ZERO;
        word[15] = 1;
        word[31] = 2;

        assert_eq!(to_u128_pair(&word), (1, 2));
    }
}
