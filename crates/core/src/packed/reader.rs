//! A cursor over packed bytes.

use super::layout::{Field, Layout, fixed};
use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::refusal::{Refusal, Refused};
use crate::word::{self, Word};

/// Reads packed elements one after the other, without copying.
#[derive(Clone, Debug)]
pub struct Reader<'a, E> {
    environment: E,
    all: &'a [u8],
    rest: &'a [u8],
    has_hidden: bool,
}

impl<'a, E: Environment> Reader<'a, E> {
    /// Starts at the first of `bytes`.
    pub const fn new(environment: E, bytes: &'a [u8]) -> Self {
        Self { environment, all: bytes, rest: bytes, has_hidden: false }
    }

    /// Starts at byte `at` of `bytes`.
    pub(super) fn at_offset(environment: E, bytes: &'a [u8], at: usize) -> Self {
        Self { rest: bytes.get(at..).unwrap_or_default(), ..Self::new(environment, bytes) }
    }

    /// Returns the environment.
    pub const fn environment(&self) -> E {
        self.environment
    }

    /// Returns how many bytes were read.
    pub const fn at(&self) -> usize {
        self.all.len().saturating_sub(self.rest.len())
    }

    /// Returns the bytes not yet read.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Returns the bytes read since the reader was at `start`.
    pub(super) fn since(&self, start: usize) -> &'a [u8] {
        self.all.get(start..self.at()).unwrap_or_default()
    }

    /// Returns whether anything that was read travels as a hash.
    pub(super) const fn has_hidden(&self) -> bool {
        self.has_hidden
    }

    /// Reads `length` bytes.
    ///
    /// # Errors
    /// `Truncated` if fewer are left.
    #[inline]
    pub fn bytes(&mut self, length: usize) -> Result<&'a [u8], Refused> {
        match self.rest.split_at_checked(length) {
            Some((bytes, rest)) => {
                self.rest = rest;
                Ok(bytes)
            }
            None => Err(self.truncated()),
        }
    }

    #[cold]
    #[inline(never)]
    fn truncated(&self) -> Refused {
        Refusal::of::<Abi::Truncated>().size(self.at()).tell(self.environment)
    }

    /// Reads one byte.
    ///
    /// # Errors
    /// `Truncated` if none is left.
    #[inline]
    pub fn byte(&mut self) -> Result<u8, Refused> {
        match self.rest {
            [byte, rest @ ..] => {
                self.rest = rest;
                Ok(*byte)
            }
            [] => Err(self.truncated()),
        }
    }

    /// Reads a `uint16`, as two bytes.
    ///
    /// # Errors
    /// `Truncated` if fewer are left.
    pub fn u16(&mut self) -> Result<usize, Refused> {
        let (high, low) = (self.byte()?, self.byte()?);
        Ok(usize::from(u16::from_be_bytes([high, low])))
    }

    /// Reads a `uint32`, as four bytes.
    ///
    /// # Errors
    /// `Truncated` if fewer are left.
    pub fn u32(&mut self) -> Result<usize, Refused> {
        let mut word = word::ZERO;
        word::put_right(&mut word, self.bytes(4)?);
        // As wide as `usize` on chain.
        Ok(word::to_usize(&word).unwrap_or(usize::MAX))
    }

    /// Reads 32 bytes.
    ///
    /// # Errors
    /// `Truncated` if fewer are left.
    pub fn word(&mut self, to: &mut Word) -> Result<(), Refused> {
        const WORD: Layout = Layout::of([fixed(32)]);
        self.fields(WORD, core::slice::from_mut(to))
    }

    /// Reads a number: a length, then so many bytes, big-endian, the first one not zero.
    #[inline]
    fn number(&mut self, width: usize) -> Result<&'a [u8], Refused> {
        let length = usize::from(self.byte()?);
        if length > width {
            return Err(self.too_wide(length, width));
        }
        let number = self.bytes(length)?;
        if number.first() == Some(&0) {
            return Err(self.not_canonical(length));
        }
        Ok(number)
    }

    /// Refuses the number whose length was just read.
    #[cold]
    #[inline(never)]
    fn too_wide(&self, length: usize, width: usize) -> Refused {
        let at = self.at().saturating_sub(1);
        let mut refusal = Refusal::of::<Abi::NumberTooWide>();
        refusal.size(at).size(length).size(width).tell(self.environment)
    }

    /// Refuses the number that was just read.
    #[cold]
    #[inline(never)]
    fn not_canonical(&self, length: usize) -> Refused {
        let at = self.at().saturating_sub(length);
        Refusal::of::<Abi::NonCanonicalNumber>().size(at).tell(self.environment)
    }

    /// Reads fields into words, one for each.
    ///
    /// # Errors
    /// `Truncated`, `NumberTooWide` or `NonCanonicalNumber`.
    #[inline(never)]
    pub(super) fn fields(&mut self, mut layout: Layout, to: &mut [Word]) -> Result<(), Refused> {
        for word in to {
            let Field { width, is_number, is_first } = layout.next();
            let bytes = if is_number { self.number(width)? } else { self.bytes(width)? };
            *word = word::ZERO;
            let at = if is_first { 0 } else { 32_usize.saturating_sub(bytes.len()) };
            if let Some(to) = word.get_mut(at..) {
                word::copy(to, bytes);
            }
        }
        Ok(())
    }

    /// Reads the count of a list.
    ///
    /// # Errors
    /// `TooMany` if it is over `cap`.
    pub fn count(&mut self, cap: usize) -> Result<usize, Refused> {
        let at = self.at();
        let got = usize::from(self.byte()?);
        if got > cap {
            let mut refusal = Refusal::of::<Abi::TooMany>();
            return Err(refusal.size(at).size(got).size(cap).tell(self.environment));
        }
        Ok(got)
    }

    /// Reads the tag of an element, and its hash where it travels as that (tag 0).
    ///
    /// Returns whether it travels in full (tag 1) and is still to be read.
    ///
    /// # Errors
    /// `UnknownTag` for any other.
    #[inline(never)]
    pub(super) fn tag(&mut self, hash: &mut Word) -> Result<bool, Refused> {
        let at = self.at();
        match self.byte()? {
            0 => {
                self.has_hidden = true;
                self.word(hash).map(|()| false)
            }
            1 => Ok(true),
            got => Err(self.unknown_tag(at, got)),
        }
    }

    #[inline(never)]
    pub(super) fn unknown_tag(&self, at: usize, got: u8) -> Refused {
        Refusal::of::<Abi::UnknownTag>().size(at).number(got.into()).tell(self.environment)
    }

    /// Reads the hash that stands for a whole list, if that is what comes next.
    ///
    /// # Errors
    /// `EmptyListHashed` if the list is empty: that has one form only.
    pub(super) fn list_hash(&mut self, hash: &mut Word) -> Result<bool, Refused> {
        /// The count byte of a list that travels as its array hash.
        const LIST_HASH: u8 = 0xff;
        /// `keccak256` of no bytes: the hash of an empty array.
        const EMPTY: word::Constant = word::Constant::new(alloy_primitives::KECCAK256_EMPTY);

        if self.rest.first() != Some(&LIST_HASH) {
            return Ok(false);
        }
        let at = self.at();
        self.byte()?;
        self.has_hidden = true;
        self.word(hash)?;
        if word::equal(hash, &EMPTY.word()) {
            return Err(Refusal::of::<Abi::EmptyListHashed>().size(at).tell(self.environment));
        }
        Ok(true)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// `TrailingBytes` if bytes are left.
    pub fn end(&self) -> Result<(), Refused> {
        match self.rest.len() {
            0 => Ok(()),
            got => {
                let mut refusal = Refusal::of::<Abi::TrailingBytes>();
                Err(refusal.size(self.at()).size(got).tell(self.environment))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::U256;

    use super::super::layout::{first, number};
    use super::*;
    use crate::OffChain;
    use crate::abi::ISmartSession::ISmartSessionErrors as Error;

    fn read<T>(
        bytes: &[u8],
        read: impl FnOnce(&mut Reader<'_, &OffChain>) -> Result<T, Refused>,
    ) -> Result<T, Error> {
        OffChain::ask(|environment| read(&mut Reader::new(environment, bytes)))
    }

    #[test]
    fn a_number_is_its_length_and_its_bytes() {
        let read = read(&[2, 0x12, 0x34, 0], |reader| {
            let first = reader.number(32)?;
            let second = reader.number(32)?;
            reader.end().map(|()| (first.to_vec(), second.to_vec()))
        });

        assert_eq!(read, Ok((alloc::vec![0x12, 0x34], alloc::vec![])));
    }

    #[test]
    fn a_number_that_begins_with_zero_is_refused() {
        assert_eq!(
            read(&[2, 0, 0x34], |reader| reader.number(32).map(<[u8]>::len)),
            Err(Error::NonCanonicalNumber(Abi::NonCanonicalNumber { offset: U256::from(1) }))
        );
    }

    #[test]
    fn a_number_wider_than_its_field_is_refused() {
        let [offset, got, allowed] = [0, 5, 4].map(U256::from);
        assert_eq!(
            read(&[5, 1, 2, 3, 4, 5], |reader| reader.number(4).map(<[u8]>::len)),
            Err(Error::NumberTooWide(Abi::NumberTooWide { offset, got, allowed }))
        );
    }

    #[test]
    fn reading_past_the_end_says_where() {
        let past = read(&[1, 2, 3], |reader| {
            reader.byte()?;
            reader.bytes(3).map(|_| ())
        });
        assert_eq!(past, Err(Error::Truncated(Abi::Truncated { offset: U256::from(1) })));

        let left = read(&[1, 2, 3], |reader| {
            reader.byte()?;
            reader.end()
        });
        let [offset, got] = [1, 2].map(U256::from);
        assert_eq!(left, Err(Error::TrailingBytes(Abi::TrailingBytes { offset, got })));
    }

    #[test]
    fn a_list_longer_than_its_cap_is_refused() {
        let [offset, got, allowed] = [0, 17, 16].map(U256::from);
        assert_eq!(
            read(&[17], |reader| reader.count(16)),
            Err(Error::TooMany(Abi::TooMany { offset, got, allowed }))
        );
    }

    #[test]
    fn fields_stand_in_their_words_as_the_abi_has_them() {
        const LAYOUT: Layout = Layout::of([first(4), fixed(2), number(8)]);
        let mut words = [[7; 32]; 3];

        read(&[1, 2, 3, 4, 5, 6, 1, 9], |reader| reader.fields(LAYOUT, &mut words)).unwrap();

        let mut expected = [word::ZERO; 3];
        expected[0][..4].copy_from_slice(&[1, 2, 3, 4]);
        expected[1][30..].copy_from_slice(&[5, 6]);
        expected[2][31] = 9;
        assert_eq!(words, expected);
    }
}
