//! Canonical reading of ABI-encoded arguments.

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

    /// Reads a `bytes`.
    #[inline(never)]
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        if word::to_usize(self.word()?)? != self.tail_at {
            return None;
        }
        let (bytes, rest) = split_bytes(self.tail)?;
        self.continue_at(rest)?;
        Some(bytes)
    }

    /// Reads an array of words.
    pub fn words(&mut self) -> Option<&'a [Word]> {
        let (len, rest) = self.array()?;
        let (words, rest) = rest.split_at_checked(len.checked_mul(32)?)?;
        self.continue_at(rest)?;
        let (words, _) = words.as_chunks();
        Some(words)
    }

    /// Reads an array of `bytes`.
    pub fn bytes_array(&mut self) -> Option<BytesArray<'a>> {
        let (len, rest) = self.array()?;
        // Offsets count from the first of them, as those of a function's arguments do.
        let elements = Arguments::new(rest, len)?;
        let mut last = elements.clone();
        for _ in 0..len {
            last.bytes()?;
        }
        self.continue_at(last.tail)?;
        Some(BytesArray { len, elements })
    }

    /// Reads the offset and the length of an array; returns the length and what follows.
    fn array(&mut self) -> Option<(usize, &'a [u8])> {
        if word::to_usize(self.word()?)? != self.tail_at {
            return None;
        }
        let (len, rest) = split_word(self.tail)?;
        Some((word::to_usize(len)?, rest))
    }

    /// Goes on where the tail has `rest` left.
    fn continue_at(&mut self, rest: &'a [u8]) -> Option<()> {
        let read = self.tail.len().checked_sub(rest.len())?;
        self.tail_at = self.tail_at.checked_add(read)?;
        self.tail = rest;
        Some(())
    }

    /// Ends the reading; `None` if anything is left.
    pub fn end(&self) -> Option<()> {
        (self.heads.is_empty() && self.tail.is_empty()).then_some(())
    }
}

/// An array of `bytes` in its canonical encoding, read one by one.
#[derive(Clone, Debug)]
pub struct BytesArray<'a> {
    len: usize,
    elements: Arguments<'a>,
}

impl BytesArray<'_> {
    /// Returns how many elements there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl<'a> Iterator for BytesArray<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        self.elements.bytes()
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
        let address = Address::from_word(B256::new(*arguments.word()?));
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

    type Arrays = (Vec<Vec<u8>>, Vec<Word>, Vec<Vec<u8>>);

    fn read_arrays(calldata: &[u8]) -> Option<Arrays> {
        let mut arguments = Arguments::new(calldata, 3)?;
        let first = arguments.bytes_array()?;
        let words = arguments.words()?.to_vec();
        let second = arguments.bytes_array()?;
        arguments.end()?;
        let [first, second] = [first, second].map(|array| {
            let len = array.len();
            let elements: Vec<_> = array.map(<[u8]>::to_vec).collect();
            assert_eq!(elements.len(), len);
            elements
        });
        Some((first, words, second))
    }

    fn encoded_arrays((first, words, second): &Arrays) -> Vec<u8> {
        let bytes = |array: &[Vec<u8>]| -> Vec<Bytes> {
            array.iter().map(|bytes| Bytes::copy_from_slice(bytes)).collect()
        };
        let words: Vec<B256> = words.iter().copied().map(B256::new).collect();
        (bytes(first), words, bytes(second)).abi_encode_params()
    }

    #[test]
    fn arrays_that_alloy_encodes_are_read() {
        for (first, words, second) in [(0, 0, 0), (1, 1, 1), (3, 2, 0), (0, 1, 5)] {
            let elements = |count: usize| (0..count).map(|index| vec![7; index * 31]).collect();
            let arrays = (elements(first), vec![[5; 32]; words], elements(second));

            assert_eq!(read_arrays(&encoded_arrays(&arrays)), Some(arrays));
        }
    }

    #[test]
    fn arrays_with_anything_changed_added_or_left_out_are_refused_or_read_as_such() {
        let arrays = (vec![vec![7; 40], vec![]], vec![[5; 32]; 2], vec![vec![8; 3]]);
        let good = encoded_arrays(&arrays);
        for len in 0..good.len() {
            assert_eq!(read_arrays(&good[..len]), None, "{len}");
        }
        assert_eq!(read_arrays(&[&good[..], &[0; 20]].concat()), None);
        // Whatever is read is what the encoder would write of it: there is one encoding.
        for at in 0..good.len() {
            for bit in [1, 0x80] {
                let mut bad = good.clone();
                bad[at] ^= bit;
                if let Some(read) = read_arrays(&bad) {
                    assert_eq!(encoded_arrays(&read), bad, "{at}");
                    assert_ne!(read, arrays, "{at}");
                }
            }
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
