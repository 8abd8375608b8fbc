//! Canonical reading of ABI-encoded arguments.

use crate::state;
use crate::word::{self, Word};

/// Splits off the first word.
#[inline]
pub fn split_word(bytes: &[u8]) -> Option<(&Word, &[u8])> {
    bytes.split_first_chunk::<32>()
}

/// Splits off a length and so many bytes, padded to a whole word with zeros.
///
/// The padding is looked at: where it is left out, something appended could stand in its place.
#[inline(never)]
fn split_bytes(tail: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = split_word(tail)?;
    let length = word::to_usize(length)?;
    let (padded, rest) = rest.split_at_checked(length.checked_next_multiple_of(32)?)?;
    let (bytes, padding) = padded.split_at_checked(length)?;
    padding.iter().all(|byte| *byte == 0).then_some((bytes, rest))
}

/// Reads the one dynamic argument left, a `bytes` that ends the calldata: its offset, which must
/// be exactly `offset`, its length, and its bytes, padded to a whole word.
pub fn last_bytes(arguments: &[u8], offset: usize) -> Option<&[u8]> {
    let (got, tail) = split_word(arguments)?;
    match split_bytes(tail)? {
        (bytes, []) if word::to_usize(got)? == offset => Some(bytes),
        _ => None,
    }
}

/// The arguments of a call in their one canonical encoding: heads in order, then the dynamic
/// ones in order, each right behind the one before, and nothing after them.
///
/// Anything appended is refused. That stops a call that comes through an account's fallback with the
/// original sender behind its arguments (ERC-2771), but not one whose arguments were made for it, with
/// the sender as the end of their last bytes: the module is no fallback handler
/// (`isModuleType(3)` is false), and no account may register it as one.
#[derive(Clone, Debug)]
pub struct Arguments<'a> {
    heads: &'a [u8],
    tail: &'a [u8],
    /// Where the tail begins, counted from the first head.
    tail_at: usize,
}

impl<'a> Arguments<'a> {
    /// Begins to read so many arguments.
    pub fn new(calldata: &'a [u8], count: usize) -> Option<Self> {
        let tail_at = count.checked_mul(32)?;
        let (heads, tail) = calldata.split_at_checked(tail_at)?;
        Some(Self { heads, tail, tail_at })
    }

    /// Reads a static argument.
    #[inline(never)]
    pub fn word(&mut self) -> Option<&'a Word> {
        let (word, heads) = split_word(self.heads)?;
        self.heads = heads;
        Some(word)
    }

    /// Reads a session id; `None` for the one value that stands for the account's own word and
    /// that no session has.
    pub fn session_id(&mut self) -> Option<&'a Word> {
        self.word().filter(|word| !state::is_account_tag(word))
    }

    /// Reads the word of an address.
    pub fn address(&mut self) -> Option<&'a Word> {
        self.word().filter(|word| word::is_address(word))
    }

    /// Reads a `uint48`.
    pub fn uint48(&mut self) -> Option<u64> {
        self.word().and_then(word::to_u64).filter(|number| *number < 1 << 48)
    }

    /// Reads a `bytes`.
    #[inline(never)]
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        if word::to_usize(self.word()?)? != self.tail_at {
            return None;
        }
        let (bytes, rest) = split_bytes(self.tail)?;
        let read = self.tail.len().checked_sub(rest.len())?;
        self.tail_at = self.tail_at.checked_add(read)?;
        self.tail = rest;
        Some(bytes)
    }

    /// Ends the reading; `None` if anything is left.
    pub fn end(&self) -> Option<()> {
        (self.heads.is_empty() && self.tail.is_empty()).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use alloy_primitives::{Address, B256, Bytes};
    use alloy_sol_types::SolValue;

    use super::*;

    fn read(calldata: &[u8]) -> Option<(Address, Vec<u8>, Word, Vec<u8>)> {
        let mut arguments = Arguments::new(calldata, 4)?;
        let address = Address::from_word(B256::new(*arguments.address()?));
        let first = arguments.bytes()?.to_vec();
        let word = *arguments.word()?;
        let second = arguments.bytes()?.to_vec();
        arguments.end()?;
        Some((address, first, word, second))
    }

    fn encoded(first: &[u8], second: &[u8]) -> Vec<u8> {
        let [first, second] = [first, second].map(Bytes::copy_from_slice);
        (Address::repeat_byte(1), first, B256::repeat_byte(2), second).abi_encode_params()
    }

    #[test]
    fn what_alloy_encodes_is_read() {
        for lengths in [(0, 0), (1, 0), (0, 1), (31, 32), (33, 64), (65, 3)] {
            let (first, second) = (vec![7; lengths.0], vec![8; lengths.1]);
            assert_eq!(
                read(&encoded(&first, &second)),
                Some((Address::repeat_byte(1), first, [2; 32], second))
            );
        }
    }

    #[test]
    fn anything_longer_or_shorter_is_refused() {
        let good = encoded(&[7; 40], &[8; 3]);
        for len in 0..good.len() {
            assert_eq!(read(&good[..len]), None, "{len}");
        }
        for extra in [1, 20, 32] {
            let mut longer = good.clone();
            longer.extend(vec![0; extra]);
            assert_eq!(read(&longer), None, "{extra}");
        }
    }

    #[test]
    fn any_other_offset_is_refused() {
        let good = encoded(&[7; 40], &[8; 3]);
        for head in [1, 3] {
            for byte in 0..32 {
                let mut bad = good.clone();
                bad[32 * head + byte] ^= 1;
                assert_eq!(read(&bad), None, "{head} {byte}");
            }
        }
    }
}
