//! A cursor over packed bytes.

use alloy_primitives::Address;

use super::DecodeError;
use crate::word::{self, Word};

/// Reads packed elements one after the other, without copying.
///
/// A read that fails says [`Malformed`], and the reader keeps why: the error travels up through
/// many calls, and an empty one costs nothing there.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    all: &'a [u8],
    rest: &'a [u8],
    error: Option<DecodeError>,
}

/// What was read is not canonical: [`Reader::error`] says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl<'a> Reader<'a> {
    /// Starts at the first of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { all: bytes, rest: bytes, error: None }
    }

    /// Runs `read` over all of `bytes`, or as much as it takes.
    ///
    /// # Errors
    /// [`DecodeError`], the reason for which `read` failed.
    pub fn read<T>(
        bytes: &'a [u8],
        read: impl FnOnce(&mut Self) -> Result<T, Malformed>,
    ) -> Result<T, DecodeError> {
        let mut reader = Self::new(bytes);
        read(&mut reader).map_err(|Malformed| reader.error())
    }

    /// Starts at byte `at` of `bytes`.
    pub(super) fn at_offset(bytes: &'a [u8], at: usize) -> Self {
        Self { all: bytes, rest: bytes.get(at..).unwrap_or_default(), error: None }
    }

    /// Returns why a read failed.
    pub fn error(&self) -> DecodeError {
        self.error.unwrap_or(DecodeError::Truncated { at: self.at() })
    }

    /// Fails, and keeps why.
    pub(crate) fn fail<T>(&mut self, error: DecodeError) -> Result<T, Malformed> {
        self.error = Some(error);
        Err(Malformed)
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

    /// Reads `length` bytes.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] if fewer are left.
    pub fn bytes(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(Malformed)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// Reads `N` bytes.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] if fewer are left.
    pub fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], Malformed> {
        let (bytes, rest) = self.rest.split_first_chunk::<N>().ok_or(Malformed)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// Reads one byte.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] if none is left.
    pub fn byte(&mut self) -> Result<u8, Malformed> {
        let [byte] = *self.array::<1>()?;
        Ok(byte)
    }

    /// Reads an address.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] if fewer than 20 bytes are left.
    pub fn address(&mut self) -> Result<Address, Malformed> {
        Ok(Address::new(*self.array::<20>()?))
    }

    /// Reads a `uint16`, as two bytes.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] if fewer are left.
    pub fn u16(&mut self) -> Result<u16, Malformed> {
        Ok(u16::from_be_bytes(*self.array::<2>()?))
    }

    /// Reads a `uint48`, as six bytes.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] if fewer are left.
    pub fn u48(&mut self) -> Result<u64, Malformed> {
        Ok(word::number_u64(self.array::<6>()?))
    }

    /// Reads a number: a length, then so many bytes, big-endian, the first one not zero.
    ///
    /// # Errors
    /// [`DecodeError`] if it is wider than `width` bytes, not canonical or cut off.
    #[inline(never)]
    pub fn number(&mut self, width: usize) -> Result<&'a [u8], Malformed> {
        let at = self.at();
        let length = usize::from(self.byte()?);
        if length > width {
            return self.fail(DecodeError::NumberTooWide { at, got: length, allowed: width });
        }
        let number = self.bytes(length)?;
        match number.first() {
            Some(0) => self.fail(DecodeError::NonCanonicalNumber { at: at.saturating_add(1) }),
            _ => Ok(number),
        }
    }

    /// Reads a number into a word of zeros.
    ///
    /// # Errors
    /// As [`Reader::number`].
    #[inline(never)]
    pub(super) fn number_into(&mut self, width: usize, to: &mut Word) -> Result<(), Malformed> {
        let number = self.number(width)?;
        for (to, from) in to.iter_mut().rev().zip(number.iter().rev()) {
            *to = *from;
        }
        Ok(())
    }

    /// Reads the count of a list.
    ///
    /// # Errors
    /// [`DecodeError::TooMany`] if it is over `cap`.
    pub fn count(&mut self, cap: usize) -> Result<usize, Malformed> {
        let at = self.at();
        let got = usize::from(self.byte()?);
        if got > cap {
            return self.fail(DecodeError::TooMany { at, got, allowed: cap });
        }
        Ok(got)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`DecodeError::TrailingBytes`] if bytes are left.
    pub fn end(&mut self) -> Result<(), Malformed> {
        match self.rest.len() {
            0 => Ok(()),
            got => self.fail(DecodeError::TrailingBytes { at: self.at(), got }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(
        bytes: &[u8],
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, Malformed>,
    ) -> Result<T, DecodeError> {
        Reader::read(bytes, |reader| read(reader))
    }

    #[test]
    fn a_number_is_its_length_and_its_bytes() {
        let mut reader = Reader::new(&[2, 0x12, 0x34, 0]);

        assert_eq!(reader.number(32), Ok(&[0x12, 0x34][..]));
        assert_eq!(reader.number(32), Ok(&[][..]));
        assert_eq!(reader.end(), Ok(()));
    }

    #[test]
    fn a_number_that_begins_with_zero_is_refused() {
        assert_eq!(
            read(&[2, 0, 0x34], |reader| reader.number(32).map(<[u8]>::len)),
            Err(DecodeError::NonCanonicalNumber { at: 1 })
        );
    }

    #[test]
    fn a_number_wider_than_its_field_is_refused() {
        assert_eq!(
            read(&[5, 1, 2, 3, 4, 5], |reader| reader.number(4).map(<[u8]>::len)),
            Err(DecodeError::NumberTooWide { at: 0, got: 5, allowed: 4 })
        );
    }

    #[test]
    fn reading_past_the_end_says_where() {
        let past = |reader: &mut Reader<'_>| {
            reader.byte()?;
            reader.array::<3>().map(|_| ())
        };

        assert_eq!(read(&[1, 2, 3], past), Err(DecodeError::Truncated { at: 1 }));
        assert_eq!(
            read(&[1, 2, 3], |reader| {
                reader.byte()?;
                reader.end()
            }),
            Err(DecodeError::TrailingBytes { at: 1, got: 2 })
        );
    }

    #[test]
    fn a_list_longer_than_its_cap_is_refused() {
        assert_eq!(
            read(&[17], |reader| reader.count(16)),
            Err(DecodeError::TooMany { at: 0, got: 17, allowed: 16 })
        );
    }
}
