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

    /// Takes the word of an address at compile time.
    pub const fn of_address(address: Address) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t] = address.0.0;
        Self([
            0,
            u64::from_le_bytes([0, 0, 0, 0, a, b, c, d]),
            u64::from_le_bytes([e, f, g, h, i, j, k, l]),
            u64::from_le_bytes([m, n, o, p, q, r, s, t]),
        ])
    }

    /// Takes up to 32 bytes of text at compile time: the bytes first, then zeros.
    pub const fn of_text(text: &str) -> Self {
        let mut word = [0; 32];
        let mut index = 0;
        while index < text.len() && index < 32 {
            #[expect(clippy::indexing_slicing, reason = "both have so many, at compile time")]
            {
                word[index] = text.as_bytes()[index];
            }
            index = index.saturating_add(1);
        }
        Self::new(B256::new(word))
    }

    /// Returns whether a word is this one.
    #[expect(clippy::inline_always, reason = "a call would bring the data segment back")]
    #[inline(always)]
    pub fn is(self, word: &Word) -> bool {
        equal(&self.word(), word)
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
    put_right(&mut word, &address.0.0);
    word
}

/// Writes bytes to the end of a word; more than 32 are not written.
#[inline(never)]
pub fn put_right(word: &mut Word, bytes: &[u8]) {
    if let Some(to) = word.get_mut(32_usize.saturating_sub(bytes.len())..) {
        copy(to, bytes);
    }
}

/// Writes bytes to the beginning of a word; what is over 32 is not written.
#[inline(never)]
pub fn put_left(word: &mut Word, bytes: &[u8]) {
    copy(word, bytes);
}

/// Copies as much as both have.
///
/// The one unsafe line of this crate. `copy_from_slice` compares lengths that are equal already
/// and could panic, which brings 7 KB of WASM and 900 bytes of data; a loop over bytes costs half
/// a gas for each, where the one instruction that this becomes costs a hundredth.
#[inline]
#[expect(unsafe_code, reason = "see above")]
pub fn copy(to: &mut [u8], from: &[u8]) {
    let len = to.len().min(from.len());
    // SAFETY: both have at least `len` bytes, and `to` is borrowed alone.
    unsafe { core::ptr::copy_nonoverlapping(from.as_ptr(), to.as_mut_ptr(), len) };
}

/// Returns whether two words are equal.
///
/// Not `==`, which the compiler unrolls wherever it stands.
#[inline(never)]
pub fn equal(a: &Word, b: &Word) -> bool {
    a == b
}

/// Returns whether all bytes of a word are zero.
#[inline(never)]
pub fn is_zero(word: &Word) -> bool {
    word.as_chunks::<8>().0.iter().fold(0, |bits, part| bits | u64::from_ne_bytes(*part)) == 0
}

/// Returns whether the first 12 bytes of a word are zero.
#[inline(never)]
pub fn is_address(word: &Word) -> bool {
    let [a, b, c, ..] = word.as_chunks::<4>().0 else { return false };
    [a, b, c].into_iter().fold(0, |bits, part| bits | u32::from_ne_bytes(*part)) == 0
}

/// Returns the word of a number.
#[inline(never)]
pub fn from_u64(number: u64) -> Word {
    let mut word = ZERO;
    let [.., low] = word.as_chunks_mut::<8>().0 else { return word };
    *low = number.to_be_bytes();
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

/// Returns the word of a `bytes4`: the bytes first, then zeros.
#[inline(never)]
pub fn from_bytes4(bytes: [u8; 4]) -> Word {
    let mut word = ZERO;
    put_left(&mut word, &bytes);
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
#[inline(never)]
pub fn low_u64(word: &Word) -> u64 {
    let [.., a, b, c, d, e, f, g, h] = *word;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// Returns the number in the last 16 bytes of a word.
#[inline]
pub fn low_u128(word: &Word) -> u128 {
    let (_, low) = to_u128_pair(word);
    low
}

/// Returns the number that a word holds, if it fits `usize`, which has 32 bits on chain.
#[inline]
pub fn to_usize(word: &Word) -> Option<usize> {
    usize::try_from(to_u64(word)?).ok()
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
    fn a_word_with_dirty_upper_bytes_is_no_address() {
        let word = from_address(Address::repeat_byte(7));
        assert!(is_address(&word));

        for byte in 0..12 {
            let mut dirty = word;
            dirty[byte] = 1;
            assert!(!is_address(&dirty), "{byte}");
        }
    }

    #[test]
    fn only_zeros_are_zero_whatever_cancels_out() {
        assert!(is_zero(&ZERO));
        for byte in 0..32 {
            let mut word = ZERO;
            word[byte] = 0x80;
            assert!(!is_zero(&word), "{byte}");
            for other in 0..byte {
                // The same bit in two parts of the word.
                let mut twice = word;
                twice[other] = 0x80;
                assert!(!is_zero(&twice), "{byte} {other}");
                assert_eq!(is_address(&twice), other >= 12, "{byte} {other}");
            }
        }
    }

    #[test]
    fn a_constant_is_its_word() {
        let address = Address::new(core::array::from_fn(|index| u8::try_from(index).unwrap() + 1));
        let word = from_address(address);

        assert_eq!(Constant::of_address(address).word(), word);
        assert_eq!(Constant::new(B256::new(word)).word(), word);
        for byte in 0..32 {
            let mut other = word;
            other[byte] ^= 1;
            assert!(!Constant::new(B256::new(word)).is(&other), "{byte}");
        }
    }

    #[test]
    fn a_constant_of_text_is_its_bytes_and_zeros() {
        let mut expected = ZERO;
        expected[..3].copy_from_slice(b"abc");
        assert_eq!(Constant::of_text("abc").word(), expected);
        assert_eq!(Constant::of_text("").word(), ZERO);

        let long = "0123456789abcdef0123456789ABCDEFmore";
        assert_eq!(Constant::of_text(long).word(), long.as_bytes()[..32]);
        assert_eq!(Constant::of_text(&long[..32]).word(), long.as_bytes()[..32]);
    }

    #[test]
    fn bytes_are_put_to_either_end() {
        let mut expected = ZERO;
        expected[30..].copy_from_slice(&[1, 2]);
        let mut word = ZERO;
        put_right(&mut word, &[1, 2]);
        assert_eq!(word, expected);

        let mut expected = ZERO;
        expected[..2].copy_from_slice(&[1, 2]);
        let mut word = ZERO;
        put_left(&mut word, &[1, 2]);
        assert_eq!(word, expected);
    }

    #[test]
    fn halves_come_high_first() {
        let mut word = ZERO;
        word[15] = 1;
        word[31] = 2;

        assert_eq!(to_u128_pair(&word), (1, 2));
    }
}
