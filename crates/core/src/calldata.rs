//! Canonical reading of ABI-encoded arguments.

use crate::word::{self, Word};

/// Splits off the first word.
#[inline]
pub fn split_word(bytes: &[u8]) -> Option<(&Word, &[u8])> {
    bytes.split_first_chunk::<32>()
}

/// Reads the one dynamic argument left, a `bytes` that ends the calldata: its offset, which must
/// be exactly `offset`, its length, and its bytes, padded to a whole word.
///
/// Anything appended is refused: a call that comes through an account's fallback carries the
/// original sender behind its arguments (ERC-2771), and such a call is anyone's.
pub fn last_bytes(arguments: &[u8], offset: u64) -> Option<&[u8]> {
    let (got, rest) = split_word(arguments)?;
    let (length, padded) = split_word(rest)?;
    let length = word::to_usize(length)?;
    if *got != word::from_u64(offset) || padded.len() != length.checked_next_multiple_of(32)? {
        return None;
    }
    padded.get(..length)
}

/// Reads arguments that are exactly `N` words.
pub fn words<const N: usize>(arguments: &[u8]) -> Option<&[Word; N]> {
    match arguments.as_chunks::<32>() {
        (words, []) => words.try_into().ok(),
        _ => None,
    }
}
